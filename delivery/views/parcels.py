"""Parcels for staff: what is on its way, late ones first, and everything about one."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from delivery import wording
from delivery.addresses.rules import Precision
from delivery.addresses.wording import PRECISION
from delivery.dispatch.operations.calling_off import MAY_CALL_OFF, call_off, is_callable_off, is_called_off
from delivery.door.operations.elsewhere import MAY_ACCEPT, accept_place
from delivery.door.redirects import NONE, Orders, is_late, orders_of, orders_of_one
from delivery.door.staff import staff_part
from delivery.errors import ParcelNotFound
from delivery.forms import AcceptPlaceForm, CallOffForm, EndWorkForm, SettleForm
from delivery.indemnities.forms import ReissueForm
from delivery.indemnities.models import Indemnity
from delivery.indemnities.operations import MAY_CLAIM
from delivery.indemnities.rules import IndemnityKind, IndemnityState
from delivery.indemnities.words import FACES as INDEMNITY_FACES
from delivery.indemnities.words import KINDS as INDEMNITY_KINDS
from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel, ParcelQuerySet
from delivery.operations.parcel_work import may_end
from delivery.operations.review import MAY_SETTLE, open_outcomes, settle_contradiction
from delivery.operations.splitting import may_pack
from delivery.papers.label import label_pdf
from delivery.promise.rules import expected
from delivery.queries.parcel_work import with_work, work_of
from delivery.queries.parcels import events_of, family_of, find_seen, seen_by
from delivery.rules import FINAL_PARCEL_STATES, Direction, ParcelState
from delivery.rules.codes import EVENT_CODES
from delivery.rules.readers import PARCEL_READERS
from delivery.rules.standing import contradictions_of
from delivery.rules.summaries import from_data
from delivery.searches.forms import ReportForm
from delivery.searches.models import SearchCase
from delivery.searches.queries import silent
from delivery.searches.rules import MAY_REPORT, SearchState
from delivery.searches.words import FACES as SEARCH_FACES
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.formatting import speaks_vietnamese
from shared.places import get_place
from shared.text import clean
from shared.working_days import work_calendar

READERS: Final = tuple(sorted(PARCEL_READERS))
ON_A_PAGE: Final = 50

PICKS: Final = {
    "live": gettext_lazy("On their way"),
    "late": gettext_lazy("Late"),
    "silent": gettext_lazy("Silent"),
    "searched": gettext_lazy("Looked for"),
    "work": gettext_lazy("To be looked after"),
    "review": gettext_lazy("Need a check"),
    "ended": gettext_lazy("Ended"),
}


@require_safe
@require_role(*READERS)
def parcel_list(request: WardpostRequest) -> HttpResponse:
    """List the parcels in sight; `q` finds one by its number, its tracking code or a dossier's code."""
    today = timezone.localdate()
    query, pick = clean(request.GET.get("q", ""))[:40], request.GET.get("pick", "live")
    pick = pick if pick in PICKS else "live"
    seen = seen_by(request.actor)
    found = _found(seen, query) if query else _picked(seen, pick, today)
    listed = found.order_by("-state_at", "id") if pick == "ended" and not query else _ordered(found, today)
    page = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    orders = orders_of(list(page))
    rows = [_row(parcel, today, orders.get(parcel.id, NONE)) for parcel in page]
    told = {"page": page, "rows": rows, "query": query, "pick": pick,
            "picks": PICKS.items()}  # fmt: skip
    return render(request, "delivery/parcels.html#rows" if request.htmx else "delivery/parcels.html", told)


def _picked(rows: ParcelQuerySet, pick: str, today: date) -> ParcelQuerySet:
    narrowed = {"late": lambda: rows.live().filter(is_late(rows, today)), "work": lambda: with_work(rows),
                "silent": lambda: silent(rows, work_calendar(), timezone.now())}
    if pick in narrowed:
        return narrowed[pick]()
    match pick:
        case "searched":
            return rows.filter(searches__ended_at=None, searches__isnull=False)
        case "review":
            return rows.filter(state=ParcelState.NEEDS_REVIEW)
        case "ended":
            return rows.ended()
        case _:
            return rows.live()


def _found(rows: ParcelQuerySet, query: str) -> ParcelQuerySet:
    code = query.upper().replace(" ", "")
    return rows.filter(Q(number=code) | Q(tracking_code=code) | Q(contents__dossier_code__iexact=query)).distinct()


def _ordered(rows: ParcelQuerySet, today: date) -> ParcelQuerySet:
    """Contradictory ones, late ones, the rest by promised day; what has ended comes last."""
    rank = Case(
        When(state=ParcelState.NEEDS_REVIEW, then=Value(0)), When(state__in=FINAL_PARCEL_STATES, then=Value(3)),
        When(is_late(rows, today), then=Value(1)), default=Value(2), output_field=IntegerField())  # fmt: skip
    return rows.annotate(rank=rank).order_by("rank", "promised_date", "-state_at", "id")


def _row(parcel: Parcel, today: date, orders: Orders) -> dict[str, object]:
    state = ParcelState(parcel.state)
    is_live = parcel.state not in FINAL_PARCEL_STATES
    awaited = expected(parcel, work_calendar(), today, agreed=orders.agreed, redirect=orders.redirect)
    return {
        "parcel": parcel, "face": wording.FACES[state], "dossiers": list(parcel.contents.all()),
        "direction": wording.DIRECTIONS[Direction(parcel.direction)],
        "is_late": is_live and orders.promised(parcel) < today, "redirect": orders.redirect,
        "awaited": awaited if is_live else None, "ground": wording.GROUNDS[awaited.ground]}  # fmt: skip


@require_safe
@require_role(*READERS)
def parcel_page(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Everything about one parcel: where it is, what was told of it, who received it."""
    return _page(request, _seen(request, parcel_id), SettleForm(outcomes=()))


def ended_badly(request: WardpostRequest, parcel: Parcel, kind: str, form: EndWorkForm) -> HttpResponse:
    """The page with what keeps a piece of work from being ended, beside what was typed."""
    return _page(request, parcel, SettleForm(outcomes=()), HTTPStatus.UNPROCESSABLE_ENTITY, ending={kind: form})


def _page(request: WardpostRequest, parcel: Parcel, form: SettleForm, status: int = HTTPStatus.OK, *,
          calling_off: CallOffForm | None = None, accepting: AcceptPlaceForm | None = None,
          ending: Mapping[str, EndWorkForm] | None = None) -> HttpResponse:  # fmt: skip
    may_settle = request.actor.role in MAY_SETTLE and parcel.state == ParcelState.NEEDS_REVIEW
    if may_settle and not form.is_bound:
        form = SettleForm(outcomes=_outcomes(parcel))
    proof = parcel.proof_or_none
    searches = list(SearchCase.objects.filter(parcel_id=parcel.id).order_by("-opened_at"))
    may_report = request.actor.role in MAY_REPORT and all(search.ended_at for search in searches) and (
        parcel.state not in {ParcelState.LOST, ParcelState.RETURNED, ParcelState.CANCELLED})
    told = _row(parcel, timezone.localdate(), orders_of_one(parcel)) | {
        "events": [_event(event) for event in events_of(parcel.id)], "proof": proof,
        "form": form if may_settle else None, "may_pack": may_pack(parcel, request.actor),
        "family": family_of(parcel), "address_words": PRECISION[Precision(parcel.recipient_precision)]
        if parcel.recipient_precision and parcel.direction == Direction.RESULT else "",
        "work": _work(request, parcel, ending or {}),
        **_calling_off(request, parcel, calling_off), **_elsewhere(request, parcel, accepting),
        "relation": wording.RELATIONS.get(proof.relation, proof.relation) if proof else "",
        "method": wording.METHODS.get(proof.method, proof.method) if proof else "",
        "searches": [(search, SEARCH_FACES[SearchState(search.state)]) for search in searches],
        "report": ReportForm() if may_report else None,
        "indemnities": [(row, INDEMNITY_FACES[IndemnityState(row.state)], INDEMNITY_KINDS[IndemnityKind(row.kind)])
                        for row in Indemnity.objects.filter(parcel_id=parcel.id).order_by("opened_at")],
        "reissue": ReissueForm() if parcel.state == ParcelState.LOST and request.actor.role in MAY_CLAIM else None,
        **staff_part(parcel, request.actor),
        "contradictions": [wording.CONTRADICTIONS[code] for code in parcel.contradictions],
    }  # fmt: skip
    return render(request, "delivery/parcel.html", told, status=status)


def _calling_off(request: WardpostRequest, parcel: Parcel, form: CallOffForm | None) -> dict[str, object]:
    """The form for those who may call the trip off; that it was asked for, while the carrier has not answered."""
    if parcel.state != ParcelState.BOOKED or request.actor.role not in MAY_CALL_OFF:
        return {}
    if is_called_off(parcel):
        return {"is_called_off": True}
    return {"call_off": form or CallOffForm()} if is_callable_off(parcel) else {}


def _work(request: WardpostRequest, parcel: Parcel, ending: Mapping[str, EndWorkForm]) -> list[dict[str, object]]:
    """What is open about it in words, with the form for those whose word ends it."""
    return [{"item": item, "words": wording.WORK[item.kind],
             "form": ending.get(item.kind) or EndWorkForm() if may_end(item, request.actor) else None}
            for item in work_of(parcel.number)]


def _elsewhere(request: WardpostRequest, parcel: Parcel, form: AcceptPlaceForm | None) -> dict[str, object]:
    """Where it was handed over, if not in its commune, and the form for those who may accept that."""
    place = get_place(parcel.delivered_in) if parcel.delivered_in else None
    may_accept = bool(parcel.delivered_in) and request.actor.role in MAY_ACCEPT
    return {"elsewhere": place.full_name if place else parcel.delivered_in,
            "accept_place": (form or AcceptPlaceForm()) if may_accept else None}


def _event(event: TrackingEvent) -> dict[str, object]:
    code = EVENT_CODES[event.code]
    words = code.words_vi if speaks_vietnamese() else code.words_en
    return {"event": event, "words": words, "said": event.carrier_code if event.carrier_code != event.code else ""}


@require_POST
@require_role(*sorted(MAY_SETTLE))
def settle(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Say what is true of contradictory events."""
    parcel = _seen(request, parcel_id)
    form = SettleForm(request.POST, outcomes=_outcomes(parcel))
    if form.is_valid():
        try:
            settle_contradiction(parcel_id=parcel_id, outcome=form.cleaned_data["outcome"],
                                 reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())  # fmt: skip
            messages.success(request, _("Settled; everybody concerned is told."))
            return redirect("delivery:parcel", parcel_id=parcel_id)
        except DomainError as refusal:
            form.add_error(None, str(refusal.detail))
    return _page(request, parcel, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@require_role(*sorted(MAY_CALL_OFF))
def cancel(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Ask the carrier not to fetch it."""
    parcel, form = _seen(request, parcel_id), CallOffForm(request.POST)
    if form.is_valid():
        try:
            call_off(parcel_id=parcel_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
            messages.success(request, _("The carrier is asked to call it off; its answer shows here."))
            return redirect("delivery:parcel", parcel_id=parcel_id)
        except DomainError as refusal:
            form.add_error(None, str(refusal.detail))
    return _page(request, parcel, SettleForm(outcomes=()), HTTPStatus.UNPROCESSABLE_ENTITY, calling_off=form)


@require_POST
@require_role(*sorted(MAY_ACCEPT))
def accept(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Say that it was rightly handed over in another commune."""
    parcel, form = _seen(request, parcel_id), AcceptPlaceForm(request.POST)
    if form.is_valid():
        try:
            accept_place(parcel_id=parcel_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
            messages.success(request, _("Accepted; its postage may be claimed."))
            return redirect("delivery:parcel", parcel_id=parcel_id)
        except DomainError as refusal:
            form.add_error(None, str(refusal.detail))
    return _page(request, parcel, SettleForm(outcomes=()), HTTPStatus.UNPROCESSABLE_ENTITY, accepting=form)


@never_cache
@require_safe
@require_role(*READERS)
def label(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """The label as PDF; printing it again gives the same."""
    try:
        name, pdf = label_pdf(parcel_id=parcel_id, by=request.actor)
    except ParcelNotFound:
        raise Http404 from None
    shown = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=shown)


def _seen(request: WardpostRequest, parcel_id: UUID) -> Parcel:
    try:
        return find_seen(request.actor, parcel_id)
    except ParcelNotFound:
        raise Http404 from None


def _outcomes(parcel: Parcel) -> list[tuple[str, object]]:
    summary = from_data(parcel.summary)
    return [(code, wording.OUTCOMES[code]) for code in open_outcomes(summary.ends, contradictions_of(summary))]
