"""How the programme's pages answer a refusal."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404

from shared.errors import DomainError
from shared.roles import Role

READERS = (Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
WRITER = Role.PROGRAMME_OFFICER


def show_or_raise(error: DomainError, form: forms.Form) -> None:
    """Beside the field that it names, on top of the form, or as a page of its own."""
    if error.status == 404:
        raise Http404 from error
    if error.status == 403 and error.code != "programme-second-person-needed":
        raise PermissionDenied from error
    for each in error.errors:
        parts = each.pointer.strip("/").split("/")
        name = next((name for name in ("-".join(parts), parts[0]) if name in form.fields), None)
        form.add_error(name, str(each.message))
    if not error.errors:
        form.add_error(None, str(error.detail))
