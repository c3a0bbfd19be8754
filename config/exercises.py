"""The exercises of practice: what each tells, and how the practice database shows that a step was really done."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import Centre, Outlet
from agents.practice.exercises import Exercise, Step, Try, register, register_furnisher
from agents.practice.people import MadeUp
from agents.room.models import Incident
from agents.room.rules import IncidentKind
from billing.payments.models import CashShift
from delivery.operations import numbers
from intake.models.citizens import ActingSession, Citizen
from intake.models.counter import ComeBackSlip
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest
from intake.models.receipts import OutletRange
from intake.operations import receipt_numbers, reference_bundles
from intake.operations.citizens import COLUMN
from intake.rules.catalogue import Channel
from intake.rules.states import Handling, MoneyState
from shared import crypto
from shared.actors import Actor, ActorKind, job
from shared.calendar import local
from shared.practice import PARCEL_SERVICE

BIRTH: Final = "1.001193"
"""Registration of birth."""
EXTRACT: Final = "2.000635"
"""An extract from the civil register: a fee for each copy."""
SYSTEMS: Final = (IncidentKind.NETWORK, IncidentKind.SOFTWARE, IncidentKind.EQUIPMENT)


# --- what was done --------------------------------------------------------------------------------------------------


def _citizen(asked: Try, number: int = 0) -> Citizen | None:
    person: MadeUp = asked.people[number]
    return Citizen.objects.filter(national_id_index=crypto.blind_index(person.national_id, bound_to=COLUMN)).first()


def _is_registered(asked: Try) -> bool:
    return _citizen(asked) is not None


def _dossiers(asked: Try) -> QuerySet[Dossier]:
    """Of the made-up citizen, at the trainee's own outlet, since the try began."""
    return Dossier.objects.filter(outlet_id=asked.outlet_id, citizen=_citizen(asked), created_at__gte=asked.since)


def _sent(asked: Try) -> QuerySet[Dossier]:
    return _dossiers(asked).filter(submitted_at__isnull=False).exclude(handling=Handling.DRAFT)


def _has_agreed(asked: Try) -> bool:
    return ActingSession.objects.filter(citizen=_citizen(asked), clerk_id=asked.account_id,
                                        opened_at__gte=asked.since).exclude(citizen=None).exists()


def _has_sent(*codes: str) -> Callable[[Try], bool]:
    return lambda asked: _sent(asked).filter(procedure_code__in=codes).exists()


def _said_goodbye(asked: Try) -> bool:
    mine = ActingSession.objects.filter(citizen=_citizen(asked), clerk_id=asked.account_id, opened_at__gte=asked.since)
    return mine.exclude(closed_at=None).exists() and not mine.filter(closed_at=None).exists()


def _kept_a_draft(asked: Try) -> bool:
    return _dossiers(asked).filter(handling=Handling.DRAFT).exists() and not _sent(asked).exists()


def _gave_a_slip(asked: Try) -> bool:
    told = ComeBackSlip.objects.filter(dossier__in=_dossiers(asked).filter(handling=Handling.DRAFT))
    return told.exists() and not _sent(asked).exists()


def _took_paper(asked: Try) -> bool:
    return _sent(asked).filter(channel=Channel.POST).exists()


def _bags(asked: Try) -> QuerySet[Manifest]:
    return Manifest.objects.filter(outlet_id=asked.outlet_id, sealed_at__gte=asked.since)


def _sealed_a_bag(asked: Try) -> bool:
    return _bags(asked).exists()


def _gave_the_bag_away(asked: Try) -> bool:
    return _bags(asked).filter(picked_up_at__gte=asked.since).exists()


def _shifts(asked: Try) -> QuerySet[CashShift]:
    return CashShift.objects.filter(outlet_id=asked.outlet_id, clerk_id=str(asked.account_id),
                                    opened_at__gte=asked.since)


def _opened_a_shift(asked: Try) -> bool:
    return _shifts(asked).filter(is_opened_by_money=False).exists()


def _took_the_money(asked: Try) -> bool:
    return _sent(asked).filter(money=MoneyState.PAID).exists()


def _counted_the_drawer(asked: Try) -> bool:
    return _shifts(asked).exclude(closed_at=None).exists()


def _reports(asked: Try) -> QuerySet[Incident]:
    return Incident.objects.filter(outlet_id=asked.outlet_id, reported_by=str(asked.account_id), kind__in=SYSTEMS,
                                   reported_at__gte=asked.since)


def _reported(asked: Try) -> bool:
    return _reports(asked).exists()


def _caught_up(asked: Try) -> bool:
    first = _reports(asked).order_by("reported_at").first()
    return first is not None and _sent(asked).filter(submitted_at__gte=first.reported_at).exists()


# --- the exercises --------------------------------------------------------------------------------------------------

_REGISTER: Final = Step(
    "register", _("Register the made-up citizen."),
    _("“Take a dossier”, then type the ID number of the card below: nobody is found, so register her with what the "
      "card says."), _is_registered)
_AGREE: Final = Step(
    "agree", _("Ask her consent and begin to act for her."),
    _("On the same page, behind her name: read the purposes to her, tick what she agrees to."), _has_agreed)

register(Exercise(
    "birth-certificate", _("Register a birth, from the card to the end of the visit"),
    _("A mother comes with her child’s birth paper. She has everything with her and wants the result sent home."),
    (_REGISTER, _AGREE,
     Step("send", _("File the registration of birth."),
          _("Look for the procedure “khai sinh”, choose the way online, tick the papers that she shows, send."),
          _has_sent(BIRTH)),
     Step("goodbye", _("End the visit, so that nothing of hers stays on the screen."),
          _("The dark bar on top names the citizen you act for; its button ends the visit."), _said_goodbye)),
    start="intake:take", minutes=8))

register(Exercise(
    "incomplete-dossier", _("Send nobody away with half an answer"),
    _("The citizen wants to register a birth and has left one paper at home. Nothing is sent today: the draft waits, "
      "and a slip says what to bring."),
    (_REGISTER, _AGREE,
     Step("draft", _("Keep what is there as a draft; send nothing."),
          _("Tick the papers that she has, leave out the one that she lacks, and keep the draft."), _kept_a_draft),
     Step("slip", _("Give her the slip that says what to bring."),
          _("Beside the button that sends: “Come-back slip”. It keeps the draft, and says what is missing."),
          _gave_a_slip)),
    start="intake:take", minutes=7))

register(Exercise(
    "hand-over-a-bag", _("Hand paper dossiers over, sealed and signed"),
    _("A dossier on paper goes to the centre. It leaves the outlet in a sealed bag, and the postman signs for it."),
    (_REGISTER, _AGREE,
     Step("paper", _("Take one dossier in on paper."),
          _("Any procedure that can go by post: choose the way on paper, tick the papers, send."), _took_paper),
     Step("seal", _("Put it into a bag and seal the bag."),
          _("“Hand-over”: scan or type the dossier’s reference, open the bag, write seal number and weight."),
          _sealed_a_bag),
     Step("postman", _("Give the bag to the postman, who signs."),
          _("On the bag’s page: his name, his signature on the pad, confirm."), _gave_the_bag_away)),
    start="intake:take", minutes=10))

register(Exercise(
    "cash-at-the-counter", _("Take the citizen’s share in cash, and count the drawer"),
    _("An extract from the civil register costs a fee, and the citizen pays her part in cash."),
    (Step("open", _("Count the small change and open your shift."),
          _("“At the counter”, “Cash shift”: how many notes of each kind lie in the drawer."), _opened_a_shift),
     _REGISTER, _AGREE,
     Step("send", _("File an extract from the civil register."),
          _("Look for the procedure “trích lục”, tick the papers, send."), _has_sent(EXTRACT)),
     Step("take", _("Take the money."),
          _("On the page of the dossier that was just sent: the amount due, “Taken in cash”."), _took_the_money),
     Step("count", _("Count the drawer and close the shift."),
          _("“Cash shift” again: count every kind of note; what is missing is asked about, nobody owes it."),
          _counted_the_drawer)),
    start="billing:shifts", minutes=12))

register(Exercise(
    "system-outage", _("When the system does not answer"),
    _("The line was down for an hour. A citizen’s request was noted on paper meanwhile; now it is caught up with."),
    (Step("report", _("Report the trouble."),
          _("“Report trouble” stands on top of every page: say what kind it is and what does not work."), _reported),
     _REGISTER, _AGREE,
     Step("catch-up", _("Enter the dossier that was noted on paper."),
          _("Take it in as on any other day: it counts from the moment it is sent."), _caught_up)),
    start="intake:counter", minutes=9))


# --- what a practice outlet needs -----------------------------------------------------------------------------------

PARCEL_SERIES: Final = {"LTBD": 99_000_000, "LTBC": 99_200_000, "LTDN": 99_400_000}
"""Serials of practice's own, each range of 200,000."""


def furnish(outlet_id: UUID, at: datetime) -> None:
    """Parcel numbers, receipt numbers and the counter's reference data; what is there already stays."""
    outlet = Outlet.objects.select_related("operator", "commune").get(id=outlet_id)
    first = PARCEL_SERIES[outlet.operator.code]
    numbers.allot_numbers(operator_code=outlet.operator.code, first_serial=first, last_serial=first + 199_999,
                          by=job("practice"), at=at, service=PARCEL_SERVICE)
    if not OutletRange.objects.filter(outlet_id=outlet_id).exists():
        _allot_receipts(outlet, at)
    reference_bundles.refresh_bundle(outlet_id=outlet_id, at=at)


def _allot_receipts(outlet: Outlet, at: datetime) -> None:
    """Fifty receipts of a delegation that exists in practice only, one for each outlet."""
    by = Actor(ActorKind.JOB, "practice", "practice", operator_id=outlet.operator_id)
    centre = Centre.objects.get(commune_id=outlet.commune_id, open_until=None)
    today = local(at).date()
    begins = today.replace(month=1, day=1)
    delegation = receipt_numbers.record_delegation(receipt_numbers.DelegationInput(
        number=f"LUYEN-TAP-{outlet.code}", centre_id=centre.id, agency_tax_code="0000000000",
        purpose="Luyện tập, không có giá trị", signed_on=begins.replace(year=begins.year - 1),
        tax_told_on=begins.replace(year=begins.year - 1), valid_from=begins), by=by, at=at)
    receipt_numbers.publish_delegation(delegation_id=delegation.id, by=by, at=at)
    series = receipt_numbers.open_series(delegation_id=delegation.id, kind="electronic", form_symbol="LUYENTAP",
                                         symbol=outlet.code, year=today.year, last=50, by=by, at=at)
    receipt_numbers.allot_range(series_id=series.id, outlet_id=outlet.id, count=50, by=by, at=at)


register_furnisher(furnish)
