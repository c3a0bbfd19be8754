"""What people do about a parcel that is missed: report it, look for it, say where it is or that it is lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from delivery.door.redirects import zone_now
from delivery.errors import (
    MayNotAnswerSearch,
    NothingToSearch,
    ParcelNotFound,
    SearchAnswerIncomplete,
    SearchNotFound,
    SearchRunning,
)
from delivery.events import ParcelFound, SearchOpened
from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel, ParcelDossier
from delivery.operations import telling
from delivery.operations.standings import changes_of, lock_parcels
from delivery.queries.parcels import seen_by
from delivery.rules import ParcelState
from delivery.rules.codes import SETTLED
from delivery.rules.standing import Fact
from delivery.searches.models import SearchCase, SearchStep
from delivery.searches.queries import searches_seen_by
from delivery.searches.rules import (
    DECIDE_DAYS,
    FINAL_SEARCH,
    MAY_ANSWER,
    REPORTED_WITHIN,
    SearchAction,
    SearchCause,
    SearchState,
    answer_date,
    next_state,
)
from shared import audit, work
from shared.actors import Actor
from shared.calendar import CLOSING, at_local, local
from shared.errors import FieldError
from shared.ids import uuid7
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

OWNED: Final = "parcel-search"
TAKEN_OVER: Final = "parcel-search-overdue"
OURS: Final = "wardpost"


@operation
def report_missing(*, parcel_id: UUID, words: str, by: Actor, at: datetime) -> SearchCase:
    """Have a parcel looked for because somebody misses it.

    Raises:
        ParcelNotFound: none that `by` may know of.
        SearchAnswerIncomplete: nothing is said about who misses it and why.
        NothingToSearch: it is lost or back already, or the time for complaints has passed.
        SearchRunning: it is being looked for.
    """
    parcel = seen_by(by).filter(id=parcel_id).first()
    if parcel is None:
        raise ParcelNotFound
    _required("words", words, _("Say who misses it, and what is known."))
    if parcel.state in {ParcelState.LOST, ParcelState.RETURNED, ParcelState.CANCELLED}:
        raise NothingToSearch
    if local(at).date() > parcel.promised_date + REPORTED_WITHIN:
        raise NothingToSearch(_("Complaints can be made within six months of the promised day."))
    cause = SearchCause.NOT_RECEIVED if parcel.state == ParcelState.DELIVERED else SearchCause.REPORTED
    return open_search(parcel, cause, by=by, at=at, words=words)


def open_search(parcel: Parcel, cause: SearchCause, *, by: Actor, at: datetime, words: str = "") -> SearchCase:
    """Open a search in the caller's transaction and give it to the operator. Raises SearchRunning."""
    answer_by = answer_date(work_calendar(), zone_now(parcel), local(at).date())
    try:
        with transaction.atomic():
            search = SearchCase.objects.create(
                parcel=parcel, operator_code=parcel.operator_code, province_code=parcel.province_code,
                outlet_id=parcel.outlet_id, centre_id=parcel.centre_id, cause=cause, opened_at=at, answer_by=answer_by)
    except IntegrityError:
        raise SearchRunning from None
    _write(search, "open", by, at, words=words)
    if cause is SearchCause.LOST:  # there is nothing left to look for
        return search
    _give(search, OWNED, (Role.OPERATOR_HQ, parcel.operator_code), at)
    publish(SearchOpened(parcel.id, search.id, parcel.number, parcel.direction, _inside(parcel.id), cause.value, at))
    return search


@operation
def note(*, search_id: UUID, words: str, by: Actor, at: datetime) -> SearchCase:
    """Write down what was asked or found out, for everybody who follows the search.

    Raises:
        SearchNotFound: none that `by` may know of.
        SearchOver: it has ended.
        SearchAnswerIncomplete: nothing is said.
    """
    search = _locked(search_id, by)
    _running(search)
    _required("words", words, _("Say what was asked or found out."))
    _write(search, "note", by, at, words=words)
    return search


@dataclass(frozen=True, slots=True)
class Answer:
    """`outcome`: "found" or "lost"; `office` says where it was found."""

    outcome: str
    words: str
    office: str = ""


@operation
def answer(*, search_id: UUID, said: Answer, by: Actor, at: datetime) -> SearchCase:
    """End a search: it was found somewhere, or it is lost, which settles what its events left open.

    Raises:
        SearchNotFound: none that `by` may know of.
        MayNotAnswerSearch: another role, or the city while the operator still has time.
        SearchOver: it has ended.
        SearchAnswerIncomplete: what is missing stands in its errors.
    """
    search = _locked(search_id, by)
    _running(search)
    if by.role not in MAY_ANSWER or (by.role == Role.ADMINISTRATOR and search.state != SearchState.OVERDUE):
        raise MayNotAnswerSearch
    _required("words", said.words, _("Say how you know, for whoever asks later."))
    if said.outcome == SearchState.FOUND:
        _required("office", said.office, _("Say at which office it lies."))
        end_search(search, SearchAction.FIND, by=by, at=at, words=said.words, office=said.office)
    elif said.outcome == SearchState.LOST:
        end_search(search, SearchAction.GIVE_UP, by=by, at=at, words=said.words)
        _settle_as_lost(search.parcel, said.words, by, at)
    else:
        raise SearchAnswerIncomplete(errors=(FieldError("/outcome", "not-a-choice", _("Say whether it was found.")),))
    return search


def end_search(search: SearchCase, action: SearchAction, *, by: Actor, at: datetime, words: str = "",
               office: str = "") -> None:
    """End a locked search in the caller's transaction."""
    search.state = next_state(SearchState(search.state), action)
    search.ended_at = at
    search.save(update_fields=["state", "ended_at"])
    _write(search, action, by, at, words=words, office=office)
    parcel = search.parcel
    for kind in (OWNED, TAKEN_OVER):
        work.close_item(kind=kind, reference=parcel.number, by=by.id, at=at, outcome=search.state)
    if search.state == SearchState.FOUND:
        publish(ParcelFound(parcel.id, search.id, parcel.number, parcel.direction, _inside(parcel.id), at))


def take_over(search: SearchCase, *, by: Actor, at: datetime) -> None:
    """Give a locked search whose answer is overdue to the city, in the caller's transaction."""
    search.state = next_state(SearchState(search.state), SearchAction.ESCALATE)
    search.answer_by = work_calendar().due_date(local(at).date(), DECIDE_DAYS)
    search.save(update_fields=["state", "answer_by"])
    _write(search, SearchAction.ESCALATE, by, at)
    work.close_item(kind=OWNED, reference=search.parcel.number, by=by.id, at=at, outcome="no answer in time")
    _give(search, TAKEN_OVER, (Role.ADMINISTRATOR, search.province_code), at)


def locked_running(search_id: UUID) -> SearchCase | None:
    """The search, locked with its parcel loaded; None when it has ended meanwhile."""
    return (SearchCase.objects.running().select_related("parcel").select_for_update(of=("self",))
            .filter(id=search_id).first())


def _locked(search_id: UUID, by: Actor) -> SearchCase:
    seen = searches_seen_by(by).filter(id=search_id)
    search = seen.select_related("parcel").select_for_update(of=("self",)).first()
    if search is None:
        raise SearchNotFound
    return search


def _running(search: SearchCase) -> None:
    if search.state in FINAL_SEARCH:
        next_state(SearchState(search.state), SearchAction.FIND)  # says why not


def _required(field: str, text: str, message: object) -> None:
    if not clean(text):
        raise SearchAnswerIncomplete(errors=(FieldError(f"/{field}", "required", str(message)),))


def _settle_as_lost(parcel: Parcel, words: str, by: Actor, at: datetime) -> None:
    """Her word is one more event; those of the carrier stay."""
    kept = lock_parcels(parcel.carrier, [parcel.number])[parcel.number]
    event_id = f"settled:{uuid7()}"
    TrackingEvent.objects.create(
        parcel_id=kept.id, carrier=OURS, event_id=event_id, code=SETTLED, occurred_at=at, received_at=at,
        note=clean(words)[:300], data={"outcome": ParcelState.LOST.value, "by": by.id})  # fmt: skip
    kept.summary.learn(Fact(SETTLED, event_id, at, at, outcome=ParcelState.LOST.value), kept.booked_at)
    changes = changes_of([kept])
    telling.pass_on(by, changes, {}, at)
    if "delivered" in kept.told:
        telling.doubt_postage(changes[0], at)


def _give(search: SearchCase, kind: str, owner: tuple[str, str], at: datetime) -> None:
    """Make it the work of `owner`: role and place."""
    work.open_item(kind=kind, reference=search.parcel.number, owner_role=owner[0], owner_place=owner[1], at=at,
                   due_at=at_local(search.answer_by, CLOSING), detail={"search": str(search.id), "cause": search.cause})


def _write(search: SearchCase, action: str, by: Actor, at: datetime, *, words: str = "", office: str = "") -> None:
    SearchStep.objects.create(
        search=search, at=at, action=action, by_kind=by.kind, by_id=by.id, by_name=by.name[:120],
        words=clean(words)[:500], office=clean(office)[:120])
    audit.record(actor=by, action=f"search.{action}", object_type="search", object_id=search.id, at=at,
                 after={"state": search.state, "parcel": str(search.parcel_id), "answer_by": str(search.answer_by)})


def _inside(parcel_id: UUID) -> tuple[UUID, ...]:
    return tuple(ParcelDossier.objects.filter(parcel_id=parcel_id).order_by("id").values_list("dossier_id", flat=True))

