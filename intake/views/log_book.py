"""The dossier log book (form 07): ask for a period, fetch the file when the worker has made it."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agents.auth import require_role
from intake import blobs
from intake.models.papers import LogBookFormat
from intake.operations.log_books import ask_log_book
from intake.queries.log_book import books_of
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES

STAFF: Final = tuple(sorted(CENTRE_ROLES))
SHOWN: Final = 20
TYPES: Final = {
    LogBookFormat.PDF: "application/pdf", LogBookFormat.CSV: "text/csv; charset=utf-8",
    LogBookFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class LogBookForm(forms.Form):
    use_required_attribute = False
    from_day = forms.DateField(label=gettext_lazy("From day"), widget=forms.DateInput(attrs={"type": "date"}))
    until_day = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    format = forms.ChoiceField(label=gettext_lazy("As"), choices=[
        (LogBookFormat.PDF, gettext_lazy("PDF, form 07")), (LogBookFormat.XLSX, "XLSX"), (LogBookFormat.CSV, "CSV")])

    def take_errors(self, refusal: DomainError) -> None:
        for error in refusal.errors:
            name = error.pointer.strip("/")
            self.add_error(name if name in self.fields else None, str(error.message))
        if not refusal.errors:
            self.add_error(None, f"{refusal.title}. {refusal.detail}")


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*STAFF)
def log_book(request: WardpostRequest) -> HttpResponse:
    """Ask for a book, and see the books that were asked for."""
    today = timezone.localdate()
    form = LogBookForm(request.POST or None, initial={"from_day": today.replace(day=1).isoformat(),
                                                      "until_day": today.isoformat(), "format": LogBookFormat.PDF})
    if request.method == "POST" and form.is_valid():
        try:
            ask_log_book(**form.cleaned_data, by=request.actor, at=timezone.now())
        except DomainError as refusal:
            form.take_errors(refusal)
        else:
            messages.success(request, _("The book is being made; it appears below in a moment."))
            return redirect("intake:log-book")
    books = list(books_of(request.actor)[:SHOWN])
    context: dict[str, Any] = {"form": form, "books": books, "tab": "log-book",
                               "is_waiting": any(book.ready_at is None for book in books)}
    # Also while it waits: the page picks the list out of the whole answer (hx-select).
    return render(request, "intake/centre/log_book.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
@require_role(*STAFF)
def log_book_file(request: WardpostRequest, log_book_id: UUID) -> HttpResponse:
    """The file, once it is made."""
    book = books_of(request.actor).filter(id=log_book_id, ready_at__isnull=False).first()
    if book is None:
        raise Http404
    name = f"so-theo-doi-{book.from_day:%Y%m%d}-{book.until_day:%Y%m%d}.{book.format}"
    return HttpResponse(blobs.read(book.storage_name), content_type=TYPES[LogBookFormat(book.format)],
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})
