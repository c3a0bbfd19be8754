"""A refusal on a page: each fault beside its field, everything else above the page."""

from django.contrib import messages
from django.http import HttpRequest

from shared.errors import DomainError


def beside(refusal: DomainError) -> dict[str, str]:
    """Field → what is wrong with it; the field is the last part of its pointer."""
    return {each.pointer.rpartition("/")[2]: str(each.message) for each in refusal.errors}


def tell_refusal(request: HttpRequest, refusal: DomainError) -> None:
    """Say what cannot be done; what stands beside a field is not said twice."""
    messages.error(request, f"{refusal.title}." if refusal.errors else f"{refusal.title}. {refusal.detail}".rstrip())
