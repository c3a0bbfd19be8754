"""The written agreements with an operator, notice, and the tasks that are delegated to its outlets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.programme import admission
from agents.programme.errors import InvalidProgramme, ProgrammeNotFound, ProgrammeStepImpossible
from agents.programme.kept import AGREEMENT_ENDS, in_order, keep_step, officer, open_entry, reason_of, words
from agents.programme.models import OperatorAgreement, ProgrammeOperator
from agents.programme.rules import LONGEST_NOTICE, OPERATOR_FINAL, OWNER, renewed_from
from shared import work
from shared.actors import Actor
from shared.calendar import at_local, local
from shared.errors import ErrorCollector
from shared.problems import told
from shared.transactions import operation

MOST_CONTACTS: Final = 10
MOST_PRICES: Final = 20
_MIDNIGHT: Final = time(0)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call for what: an office or duty line of the operator."""

    what: str
    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What a citizen pays at the counter for a service, in đồng."""

    what: str
    amount: int


@dataclass(frozen=True, slots=True)
class Agreement:
    number: str
    valid_from: date
    valid_until: date | None
    notice_days: int
    contacts: Sequence[Contact] = ()
    prices: Sequence[Price] = ()


@operation
def keep_agreement(*, entry_id: UUID, agreement: Agreement, by: Actor, at: datetime) -> OperatorAgreement:
    """Keep a signed agreement; one that renews another begins where that ends.

    Raises:
        NotYourRole, ProgrammeNotFound.
        InvalidProgramme: entries that need correcting; a term that overlaps another agreement's.
        ProgrammeStepImpossible: the operator's part has ended.
    """
    officer(by)
    entry = open_entry(entry_id, by)
    made = _checked(entry, agreement, by, at)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ProgrammeStepImpossible(_("An agreement of this number is kept already.")) from error
    for former in OperatorAgreement.objects.filter(entry=entry, valid_until=made.valid_from):
        work.close_item(kind=AGREEMENT_ENDS, reference=str(former.id), by=by.id, at=at, outcome="renewed")
    keep_step(entry, "keep_agreement", by, at, reason=made.number, after=made.valid_from.isoformat())
    admission.forget_after_commit()
    return made


def _checked(entry: ProgrammeOperator, asked: Agreement, by: Actor, at: datetime) -> OperatorAgreement:
    wrong = ErrorCollector()
    made = OperatorAgreement(
        entry=entry, province_code=entry.province_code, operator_id=entry.operator_id,
        number=words(wrong, "/number", asked.number, most=60), valid_from=asked.valid_from,
        valid_until=asked.valid_until, notice_days=asked.notice_days, kept_at=at, kept_by_name=by.name)
    in_order(wrong, asked.valid_from, asked.valid_until, "/valid_until")
    if not 0 <= asked.notice_days <= LONGEST_NOTICE:
        wrong.add("/notice_days", "out-of-range", _("Notice is 0 to 730 days."))
    if not 1 <= len(asked.contacts) <= MOST_CONTACTS:
        wrong.add("/contacts", "required", _("Name one to ten contacts."))
    if len(asked.prices) > MOST_PRICES:
        wrong.add("/prices", "too-many", _("At most twenty prices are possible."))
    made.contacts = [_contact(each, f"/contacts/{number}", wrong) for number, each in enumerate(asked.contacts)]
    made.prices = [_price(each, f"/prices/{number}", wrong) for number, each in enumerate(asked.prices)]
    _check_overlap(made, wrong)
    wrong.raise_if_any(InvalidProgramme)
    return made


def _contact(asked: Contact, pointer: str, wrong: ErrorCollector) -> Mapping[str, str]:
    kept = {"what": words(wrong, f"{pointer}/what", asked.what, least=2, most=80),
            "name": words(wrong, f"{pointer}/name", asked.name, least=2, most=120),
            "phone": words(wrong, f"{pointer}/phone", asked.phone, least=0, most=20),
            "email": words(wrong, f"{pointer}/email", asked.email, least=0, most=120)}
    if not kept["phone"] and not kept["email"]:
        wrong.add(pointer, "required", _("A contact has a phone number or an e-mail address."))
    return kept


def _price(asked: Price, pointer: str, wrong: ErrorCollector) -> Mapping[str, object]:
    if not 0 <= asked.amount <= 100_000_000:
        wrong.add(f"{pointer}/amount", "out-of-range", _("A price is 0 to 100,000,000 đ."))
    return {"what": words(wrong, f"{pointer}/what", asked.what, least=3, most=120), "amount": asked.amount}


def _check_overlap(made: OperatorAgreement, wrong: ErrorCollector) -> None:
    others = OperatorAgreement.objects.filter(Q(valid_until=None) | Q(valid_until__gt=made.valid_from),
                                              entry=made.entry)
    if made.valid_until is not None:
        others = others.filter(valid_from__lt=made.valid_until)
    other = others.first()
    if other is not None:
        wrong.add("/valid_from", "overlap", told(_("Agreement {number} holds then; end it first, or begin behind it."),
                                                 number=other.number))


@operation
def give_notice(*, agreement_id: UUID, ends_on: date, reason: str, by: Actor, at: datetime) -> OperatorAgreement:
    """End an agreement on a day, not before its notice period is over. From that day on its outlets take nothing new.

    Raises:
        NotYourRole, ProgrammeNotFound, InvalidProgramme: no reason, or a day that is too early or too late.
    """
    officer(by)
    found = _agreement(agreement_id, by)
    said, first = reason_of(reason), local(at).date() + timedelta(days=found.notice_days)
    wrong = ErrorCollector()
    if ends_on < first or ends_on <= found.valid_from:
        wrong.add("/ends_on", "out-of-range", told(_("With its notice of {days} days it ends on {day} at the soonest."),
                                                   days=found.notice_days, day=f"{first:%d/%m/%Y}"))
    elif found.valid_until is not None and ends_on >= found.valid_until:
        wrong.add("/ends_on", "out-of-range", _("It ends before that day as it is."))
    wrong.raise_if_any(InvalidProgramme)
    found.valid_until, found.notice_at, found.notice_by_name, found.notice_reason = ends_on, at, by.name, said
    found.save()
    keep_step(found.entry, "give_notice", by, at, reason=f"{found.number}: {said}", after=ends_on.isoformat())
    admission.forget_after_commit()
    return found


def _agreement(agreement_id: UUID, by: Actor) -> OperatorAgreement:
    found: OperatorAgreement | None = OperatorAgreement.objects.seen_by(by).select_related("entry").select_for_update(
        of=("self",)).filter(id=agreement_id).first()
    if found is None:
        raise ProgrammeNotFound
    return found


def watch_agreements(*, now: datetime) -> int:
    """Make the end of agreements work in time; safe at any time. Returns how many stand on the list.

    Ends that are renewed by an agreement that begins there are no work.
    """
    today, waiting = local(now).date(), 0
    ending = OperatorAgreement.objects.filter(valid_until__gt=today).exclude(
        entry__state__in=sorted(OPERATOR_FINAL)).select_related("entry__operator")
    for found in ending.order_by("id"):
        assert found.valid_until is not None  # noqa: S101  # as filtered
        if today < renewed_from(found.valid_until, found.notice_days) or _is_renewed(found):
            continue
        waiting += 1
        work.open_item(kind=AGREEMENT_ENDS, reference=str(found.id), owner_role=OWNER,
                       owner_place=found.province_code, at=now, due_at=at_local(found.valid_until, _MIDNIGHT),
                       detail={"operator": found.entry.operator.code, "number": found.number})
    return waiting


def _is_renewed(found: OperatorAgreement) -> bool:
    behind = OperatorAgreement.objects.filter(entry=found.entry, valid_from__gt=found.valid_from)
    return any(each.valid_from == found.valid_until for each in behind)
