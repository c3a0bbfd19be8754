"""Reports without a name: counted by an address that is forgotten, kept, answered behind a code."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from agents.records import OutletInfo
from intake.brokers.cases import is_said, kept_text, opened
from intake.brokers.errors import BrokerReportNotFound, InvalidBrokerEntry, TooManyBrokerReports
from intake.brokers.models import BrokerReport, BrokerTry
from intake.brokers.rules import CaseState
from shared import scope
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.crypto import blind_index
from shared.errors import ErrorCollector
from shared.identifiers import is_spoken_code, spoken_code
from shared.models.places import Province
from shared.text import clean
from shared.transactions import operation

SOMEBODY: Final = Actor(ActorKind.CITIZEN, "somebody")
CODE: Final = "broker.report"
CODE_LENGTH: Final = 11
LONGEST: Final = 2000
MOST_OF_ADDRESS: Final = 10
MOST_OF_ALL: Final = 500
COUNTED_FOR: Final = timedelta(hours=1)
LOOKS_BACK: Final = timedelta(days=1830)


def count_try(*, address: str, at: datetime) -> None:
    """Count a try before anything is looked at. Must run outside a transaction.

    The key of the digest holds the hour, so that what is kept tells no address and joins no two hours.

    Raises:
        TooManyBrokerReports: this address, or everybody, tried too often within the hour.
    """
    keys = {_key("address", address, at): MOST_OF_ADDRESS, _key("all", "", at): MOST_OF_ALL}
    BrokerTry.objects.filter(tried_at__lt=at - COUNTED_FOR).delete()
    BrokerTry.objects.bulk_create([BrokerTry(key=key, tried_at=at) for key in keys])
    counts = {bytes(key): tries for key, tries in BrokerTry.objects.filter(key__in=list(keys)).values(
        "key").annotate(tries=Count("id")).values_list("key", "tries")}
    if any(counts.get(key, 0) > most for key, most in keys.items()):
        raise TooManyBrokerReports


def _key(kind: str, text: str, at: datetime) -> bytes:
    key = f"{settings.SECRET_KEY}\x00{local(at):%Y%m%d%H}".encode()
    return hmac.digest(key, f"broker-{kind}\x00{text}".encode(), sha256)[:16]


@dataclass(frozen=True, slots=True)
class Reported:
    """`code` opens the answer; it is shown once and not kept."""

    code: str
    report: BrokerReport


@operation
def report(*, province_code: str, text: str, at: datetime, outlet_code: str = "",
           happened_on: date | None = None) -> Reported:
    """Keep what somebody tells, and open a case for the programme's office of the city.

    Raises:
        InvalidBrokerEntry: no city, no such outlet in it, a day to come, or too little said.
    """
    code = spoken_code(CODE_LENGTH)
    with scope.everything():
        outlet = _checked(province_code, text, outlet_code, happened_on, at)
        case = opened(province_code=province_code, outlet_id=outlet.id if outlet else None, by=SOMEBODY, at=at,
                      reason="report")
        kept = BrokerReport.objects.create(
            case=case, province_code=province_code, outlet_id=case.outlet_id, code_index=_index(code),
            happened_on=happened_on, text=kept_text(text), at=at)
    return Reported(code, kept)


def _checked(province_code: str, text: str, outlet_code: str, day: date | None, at: datetime) -> OutletInfo | None:
    wrong, named = ErrorCollector(), clean(outlet_code).upper()
    if not Province.objects.filter(code=province_code).exists():
        wrong.add("/province", "required", _("Choose the city or province."))
    there = agents.outlets_of_province(province_code) if named else ()
    outlet = next((each for each in there if each.code == named), None)
    if named and outlet is None:
        wrong.add("/outlet", "unknown", _("No outlet there has this code; leave it empty and name the place below."))
    today = local(at).date()
    if day is not None and not today - LOOKS_BACK <= day <= today:
        wrong.add("/happened_on", "out-of-range", _("Choose a day in the past five years, or leave it empty."))
    if not is_said(kept_text(text), LONGEST):
        wrong.add("/text", "required", _("Say in 10 to 2,000 characters what happened."))
    wrong.raise_if_any(InvalidBrokerEntry)
    return outlet


def _index(code: str) -> bytes:
    return blind_index(code, bound_to=CODE)


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """What whoever holds the code may read: nothing of the case itself."""

    reported_at: datetime
    is_looked_at: bool
    answered_at: datetime | None
    answer: str


def read_answer(*, code: str) -> ReportAnswer:
    """Raises BrokerReportNotFound."""
    typed = clean(code).replace(" ", "").replace("-", "").upper()
    if not is_spoken_code(typed):
        raise BrokerReportNotFound
    with scope.everything():
        found = BrokerReport.objects.select_related("case").filter(code_index=_index(typed)).first()
        if found is None:
            raise BrokerReportNotFound
        return ReportAnswer(found.at, found.case.state != CaseState.OPENED, found.answered_at, found.answer)


def spaced(code: str) -> str:
    """A code as it is shown: in groups of four."""
    return " ".join(code[start:start + 4] for start in range(0, len(code), 4))
