"""What the place that packed a parcel may still do with it: print labels, weigh it, split it."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agents.auth import require_role
from delivery.errors import ParcelNotFound
from delivery.models.parcels import Parcel
from delivery.operations.printing import note_labels_printed
from delivery.operations.splitting import Moved, split_parcel, weigh_parcel
from delivery.papers.label import labels_pdf
from delivery.queries.parcels import find_seen
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

PACKERS: Final = tuple(sorted(OUTLET_ROLES | CENTRE_ROLES))


@never_cache
@require_POST
@require_role(*PACKERS, Role.OPERATOR_HQ)
def labels(request: WardpostRequest) -> HttpResponse:
    """The ticked labels as one PDF, a label to a page."""
    ids = [_uuid(text) for text in request.POST.getlist("parcel")]
    try:
        parcels = note_labels_printed(parcel_ids=ids, by=request.actor, at=timezone.now())
    except ParcelNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, " ".join(str(error.message) for error in refusal.errors))
        return redirect("delivery:dispatch" if request.actor.role in PACKERS else "delivery:parcels")
    name, pdf = labels_pdf(parcels)
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"'})


@require_POST
@require_role(*PACKERS)
def weigh(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Write down what the scales say."""
    try:
        weigh_parcel(parcel_id=parcel_id, weight_grams=_grams(request.POST.get("weight_grams", "")), by=request.actor,
                     at=timezone.now())
        messages.success(request, _("Weighed; the postage follows."))
    except ParcelNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, _said(refusal))
    return redirect("delivery:parcel", parcel_id=parcel_id)


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*PACKERS)
def split(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Choose what goes into another parcel."""
    try:
        parcel = find_seen(request.actor, parcel_id)
    except ParcelNotFound:
        raise Http404 from None
    if request.method != "POST":
        return _page(request, parcel)
    try:
        part = split_parcel(
            parcel_id=parcel_id, moved=_moved(request, parcel), by=request.actor, at=timezone.now(),
            weight_grams=_grams(request.POST.get("weight_grams", "")),
            weight_left_grams=_grams(request.POST.get("weight_left_grams", "")))
    except DomainError as refusal:
        return _page(request, parcel, refusal=refusal)
    messages.success(request, _("Split: %(number)s is the new parcel. Print its label.") % {"number": part.number})
    return redirect("delivery:parcel", parcel_id=part.id)


def _moved(request: WardpostRequest, parcel: Parcel) -> list[Moved]:
    """Ticks are named `c-<row>-<line>` for papers and `o-<row>-<line>` for originals."""
    ticked = set(request.POST.getlist("thing"))
    moved = []
    for row in parcel.contents.all():
        contents = tuple(i for i in range(len(row.contents)) if f"c-{row.pk}-{i}" in ticked)
        originals = tuple(i for i in range(len(row.originals)) if f"o-{row.pk}-{i}" in ticked)
        if contents or originals or f"d-{row.pk}" in ticked:
            is_all = f"d-{row.pk}" in ticked
            moved.append(Moved(row.dossier_id, None if is_all else contents, originals))
    return moved


def _page(request: WardpostRequest, parcel: Parcel, refusal: DomainError | None = None) -> HttpResponse:
    errors = {error.pointer.strip("/"): str(error.message) for error in refusal.errors} if refusal else {}
    if refusal is not None and not errors:
        errors = {"": _said(refusal)}
    rows = [{"row": row, "papers": [(f"c-{row.pk}-{i}", words) for i, words in enumerate(row.contents)],
             "originals": [(f"o-{row.pk}-{i}", each) for i, each in enumerate(row.originals)],
             "is_single": len(row.contents) + len(row.originals) < 2} for row in parcel.contents.all()]
    return render(request, "delivery/split.html", {
        "parcel": parcel, "rows": rows, "errors": errors, "ticked": set(request.POST.getlist("thing")),
        "entered": request.POST}, status=HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK)


def _said(refusal: DomainError) -> str:
    if refusal.errors:
        return " ".join(str(error.message) for error in refusal.errors)
    return str(refusal.detail)


def _grams(typed: str) -> int:
    """A whole number of grams; 0, which is refused, for anything else."""
    digits = typed.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 6 else 0


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
