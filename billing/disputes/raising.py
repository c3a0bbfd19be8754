"""Raising a dispute of lines, saying more in it, taking it back; and answering a whole month "except these"."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from billing.disputes import rules
from billing.disputes.files import Evidence, seal
from billing.disputes.models import Dispute, DisputeEntry, DisputeFile, DisputeLine
from billing.disputes.rules import MOST_FILES, MOST_LINES, DisputeAction, DisputeState, Reason, Side
from billing.disputes.steps import hand_on, locked, note, refused, side_of, step, text_of
from billing.errors import DisputeNotFound, LineDisputedAlready, LineNotFound
from billing.events import DisputeClosed, DisputeRaised, EvidenceGiven
from billing.models.ledger import Charge
from billing.operations.lines import violated
from billing.operations.standing_hold import hold_disputing
from billing.queries.books import Books, books_of
from billing.queries.digests import LineDigest
from billing.rules.periods import month_of
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.money import Money
from shared.outbox.publishing import publish
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What somebody objects to. `missing`: codes of dossiers for which a line should be there and is none."""

    lines: Sequence[UUID] = ()
    missing: Sequence[str] = ()
    reason: Reason = Reason.UNCLEAR
    text: str = ""
    wanted: Mapping[UUID, Money] = field(default_factory=dict)
    """What a line should be, in whole đồng, where that is said."""
    files: Sequence[Evidence] = ()


def raise_dispute(objection: Objection, *, by: Actor, at: datetime) -> list[Dispute]:
    """Dispute lines: a number, a clock and, where money is taken away, a hold. One dispute for each outlet and month.

    Raises:
        LineNotFound: a line that `by` does not see.
        LineDisputedAlready: it is in dispute, or was decided on.
        DisputeRefused: what is missing stands in its errors.
    """
    try:
        return _raise(objection, by=by, at=at)
    except IntegrityError as error:
        if violated(error) == "dispute_line_open_once":
            raise LineDisputedAlready from error
        raise


@operation
def _raise(objection: Objection, *, by: Actor, at: datetime) -> list[Dispute]:
    return write_disputes(objection, by=by, at=at)


def write_disputes(objection: Objection, *, by: Actor, at: datetime) -> list[Dispute]:
    """As `raise_dispute`, inside the caller's operation."""
    side = side_of(by)
    if side not in {Side.OUTLET, Side.OPERATOR}:
        raise DisputeNotFound
    _check(objection)
    books = books_of(by)
    for province_code in _provinces(objection.lines, books):
        hold_disputing(province_code)
    groups = _grouped(_lines(objection.lines, books))
    for code in objection.missing:
        groups[_place_of_missing(books, at)].append(code)
    return [_one(key, things, objection, side=side, by=by, at=at) for key, things in groups.items()]


type _Key = tuple[str, str, UUID | None, date]
type _Thing = Charge | str


def _check(objection: Objection) -> None:
    text_of(objection.text, required=objection.reason in {Reason.OTHER, Reason.MISSING})
    if not objection.lines and not objection.missing:
        raise refused("/lines", "required", _("Choose the line that you dispute."))
    if len(objection.lines) + len(objection.missing) > MOST_LINES:
        raise refused("/lines", "too-many", _("At most 500 lines at once."))
    if len(objection.files) > MOST_FILES:
        raise refused("/files", "too-many", _("At most 10 files."))
    if any(not clean(code) for code in objection.missing):
        raise refused("/missing", "required", _("Give the dossier's code."))


def _provinces(line_ids: Sequence[UUID], books: Books) -> list[str]:
    found = Charge.objects.filter(books.lines, id__in=set(line_ids)).order_by("province_code")
    return list(found.values_list("province_code", flat=True).distinct())


def _lines(line_ids: Sequence[UUID], books: Books) -> Sequence[Charge]:
    wanted = set(line_ids)
    mirror = Charge.objects.filter(reverses=OuterRef("id"))
    decided = DisputeLine.objects.filter(charge=OuterRef("id")).exclude(dispute__state=DisputeState.WITHDRAWN)
    rows = list(Charge.objects.filter(books.lines, id__in=wanted).annotate(
        digest=LineDigest(), is_taken_back=Exists(mirror), is_disputed=Exists(decided)).order_by("occurred_at", "id"))
    if len(rows) < len(wanted):
        raise LineNotFound
    if any(line.is_disputed for line in rows):
        raise LineDisputedAlready
    if any(line.is_taken_back for line in rows):
        raise refused("/lines", "taken-back", _("This line was taken back: dispute the line that took it back."))
    return rows


def _grouped(lines: Iterable[Charge]) -> dict[_Key, list[_Thing]]:
    groups: dict[_Key, list[_Thing]] = defaultdict(list)
    for line in lines:
        groups[line.province_code, line.operator_code, line.outlet_id, line.period].append(line)
    return groups


def _place_of_missing(books: Books, at: datetime) -> _Key:
    if books.outlet_id is None:
        raise refused("/missing", "outlet-only", _("The outlet that did the work says so itself."))
    return agents.get_outlet(books.outlet_id).province_code, books.operator_code, books.outlet_id, month_of(at)


def _one(key: _Key, things: Sequence[_Thing], objection: Objection, *, side: Side, by: Actor,
         at: datetime) -> Dispute:
    province_code, operator_code, outlet_id, period = key
    calendar = work_calendar()
    dispute = Dispute.objects.create(
        number=_next_number(province_code, at), province_code=province_code, operator_code=operator_code,
        outlet_id=outlet_id, period=period, reason=objection.reason, side=side, raised_by=by.id,
        raised_by_name=by.name or by.id, raised_at=at, state_at=at,
        due_at=rules.due(at, rules.TAKE_WORKING_DAYS, calendar),
        decide_by=rules.due(at, rules.DECIDE_WORKING_DAYS, calendar))
    DisputeLine.objects.bulk_create(_disputed(dispute, thing, objection) for thing in things)
    entry = note(dispute, "raised", by=by, at=at, text=text_of(objection.text), facts={"lines": len(things)})
    _keep_files(dispute, entry, objection.files)
    hand_on(dispute, before="", at=at)
    audit.record(actor=by, action="raise_dispute", object_type="dispute", object_id=dispute.id, at=at,
                 after={"number": dispute.number, "lines": len(things), "reason": str(objection.reason)})
    publish(DisputeRaised(dispute.id, dispute.number, province_code, operator_code, outlet_id, raised_at=at))
    return dispute


def _disputed(dispute: Dispute, thing: _Thing, objection: Objection) -> DisputeLine:
    if isinstance(thing, str):
        return DisputeLine(dispute=dispute, dossier_code=clean(thing)[:40].upper(), is_held=False)
    owed = thing.city_owes or thing.other
    wanted = objection.wanted.get(thing.id)
    return DisputeLine(
        dispute=dispute, charge=thing, dossier_code=thing.dossier_code, amount=owed, settled=owed,
        wanted_vnd=None if wanted is None else wanted.amount, digest=thing.digest,  # type: ignore[attr-defined]  # annotated
        is_held=rules.holds(objection.reason, owed))


def _next_number(province_code: str, at: datetime) -> str:
    """One after another for each city and year, also when two ask at once."""
    year = local(at).year
    key = blake2b(f"dispute-number|{province_code}|{year}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(key, signed=True)])
    prefix = rules.number_of(province_code, year, 0)[:-5]
    last = Dispute.objects.filter(number__startswith=prefix).aggregate(last=Max("number"))["last"]
    return rules.number_of(province_code, year, int(last[-5:]) + 1 if last else 1)


def _keep_files(dispute: Dispute, entry: DisputeEntry, files: Sequence[Evidence]) -> None:
    if files:
        publish(EvidenceGiven(dispute.id, entry.id, given_at=entry.said_at))
    DisputeFile.objects.bulk_create(
        DisputeFile(dispute=dispute, entry=entry, name=each.name, content_type=each.content_type,
                    size_bytes=len(each.content), sha256=each.sha256, sealed=seal(each.content, dispute.id))
        for each in files)


@operation
def say(*, dispute_id: UUID, text: str, files: Sequence[Evidence] = (), by: Actor, at: datetime) -> DisputeEntry:
    """Add something that both sides read. Somebody asked who now answers gives the dispute back to its reviewer.

    Raises:
        DisputeNotFound, DisputeRefused.
        DisputeStateForbids: the dispute is over.
    """
    dispute = locked(dispute_id, by)
    said = text_of(text, required=not files)
    if len(files) + dispute.files.count() > MOST_FILES:
        raise refused("/files", "too-many", _("At most 10 files."))
    if not dispute.is_open:
        dispute.move(DisputeAction.REPLY)
    if dispute.state == DisputeState.ASKED and side_of(by) is not Side.CITY:
        entry = step(dispute, DisputeAction.REPLY, by=by, at=at, text=said)
        dispute.save()
    else:
        entry = note(dispute, "said", by=by, at=at, text=said)
    _keep_files(dispute, entry, files)
    return entry


@operation
def withdraw(*, dispute_id: UUID, text: str = "", by: Actor, at: datetime) -> Dispute:
    """Whoever raised it takes it back: the lines stand as they are, and may be disputed again.

    Raises:
        DisputeNotFound, DisputeStateForbids.
    """
    dispute = locked(dispute_id, by)
    if side_of(by) != dispute.side:
        raise DisputeNotFound
    step(dispute, DisputeAction.WITHDRAW, by=by, at=at, text=text_of(text))
    dispute.save()
    publish(DisputeClosed(dispute.id, dispute.number, "", "", closed_at=at))
    return dispute
