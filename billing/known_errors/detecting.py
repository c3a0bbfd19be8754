"""The system suspects itself first: one difference in two outlets is our error until somebody shows that it is not.

Three things are looked at: lines that are not what their event and the rules make them, one dossier's work counted
twice, and outlets that dispute the same thing within a week.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import Exists

from billing.disputes.models import DisputeLine
from billing.disputes.rules import REASONS, DisputeState, Reason
from billing.known_errors import rules
from billing.known_errors.finding import affected, earlier_twin
from billing.known_errors.models import KnownError
from billing.known_errors.registering import look, write_error
from billing.known_errors.rules import FEWEST_OUTLETS, WITHIN_DAYS, Question
from billing.models.ledger import Charge
from billing.rules.plans import COMPENSATION, base_kind
from shared import work
from shared.actors import Actor, job
from shared.calendar import local
from shared.roles import Role
from shared.transactions import operation

log = structlog.get_logger()

WATCH: Final = job("watch_errors")
LATE: Final = "known-error-late"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The same difference in several outlets of a city. Two with one signature are one."""

    province_code: str
    signature: str
    title_vi: str
    title_en: str
    question: Question


def watch_errors(*, at: datetime) -> int:
    """Look for suspicions in all cities; returns how many errors were opened or looked back at again."""
    done = sum(suspect(each, by=WATCH, at=at) for each in (*differences(at), *doubles(at), *disputed_alike(at)))
    notice_late(at)
    if done:
        log.warning("known_errors_suspected", errors=done)
    return done


def watch_disputed_alike(*, at: datetime) -> int:
    """The part that is quick enough to ask after every new dispute."""
    return sum(suspect(each, by=WATCH, at=at) for each in disputed_alike(at))


@operation
def suspect(suspicion: Suspicion, *, by: Actor, at: datetime) -> bool:
    """Open an error for a suspicion, or look back again for the one that is open. One that was ruled out stays so."""
    known = KnownError.objects.select_for_update().filter(
        province_code=suspicion.province_code, signature=suspicion.signature[:200]).order_by("-found_at").first()
    if known is None:
        write_error(title_vi=suspicion.title_vi, title_en=suspicion.title_en, description="",
                    question=suspicion.question, by=by, at=at, province_code=suspicion.province_code,
                    signature=suspicion.signature)
        return True
    if known.is_open:
        look(known, by=by, at=at)
    return known.is_open


def differences(at: datetime) -> Iterator[Suspicion]:
    """Lines of the last days against their events and rules, by city, kind and rule."""
    start = at - timedelta(days=rules.LOOK_BACK_DAYS)
    outlets: dict[tuple[str, str, str], set[UUID | None]] = defaultdict(set)
    for province in _provinces(start):
        for found in affected(province, Question(posted_from=local(start).date(), differs=True)):
            outlets[province, base_kind(found.charge.kind), found.charge.rule].add(found.charge.outlet_id)
    for (province, kind, rule), touched in sorted(outlets.items()):
        if len(touched) >= FEWEST_OUTLETS:
            yield Suspicion(province, f"differs|{kind}|{rule}",
                            f"Dòng theo {rule} không khớp với phép tính lại",
                            f"Lines by {rule} are not what they come to when computed again",
                            Question(kind=kind, rule=rule, differs=True))


def _provinces(start: datetime) -> list[str]:
    months = Charge.objects.filter(posted_at__gte=start).order_by("province_code")
    return list(months.values_list("province_code", flat=True).distinct())


def doubles(at: datetime) -> Iterator[Suspicion]:
    """One dossier's acceptance counted twice: everything balances, and one of the two is still wrong."""
    start = at - timedelta(days=rules.LOOK_BACK_DAYS)
    again = (Charge.objects.filter(Exists(earlier_twin()), kind__startswith=f"{COMPENSATION}accepted", reverses=None,
                                   posted_at__gte=start).exclude(dossier_code="")
             .values_list("province_code", "kind", "outlet_id"))
    outlets: dict[tuple[str, str], set[UUID | None]] = defaultdict(set)
    for province, kind, outlet_id in again:
        outlets[province, base_kind(kind)].add(outlet_id)
    for (province, kind), touched in sorted(outlets.items()):
        if len(touched) >= FEWEST_OUTLETS:
            yield Suspicion(province, f"doubled|{kind}", "Một hồ sơ được tính hai lần cho cùng một việc",
                            "One dossier counted twice for the same work", Question(kind=kind, doubled=True))


def disputed_alike(at: datetime) -> Iterator[Suspicion]:
    """Outlets that dispute lines of the same kind and rule for the same reason within a week."""
    start = at - timedelta(days=WITHIN_DAYS)
    lines = (DisputeLine.objects.filter(dispute__raised_at__range=(start, at), charge__isnull=False)
             .exclude(dispute__state=DisputeState.WITHDRAWN)
             .values_list("dispute__province_code", "dispute__reason", "dispute__outlet_id", "charge__kind",
                          "charge__rule"))
    outlets: dict[tuple[str, str, str, str], set[UUID | None]] = defaultdict(set)
    for province, reason, outlet_id, kind, rule in lines:
        outlets[province, reason, base_kind(kind or ""), rule or ""].add(outlet_id)
    for (province, reason, kind, rule), touched in sorted(outlets.items()):
        if len(touched) >= FEWEST_OUTLETS:
            words = REASONS[Reason(reason)]
            yield Suspicion(province, f"disputed|{reason}|{kind}|{rule}",
                            f"Nhiều điểm cùng tranh chấp: {words.vi}", f"Several outlets dispute the same: {words.en}",
                            Question(kind=kind, rule=rule, disputed=reason))


def notice_late(at: datetime) -> None:
    """An error past its day goes to the approver and the auditor."""
    for error in KnownError.objects.open().filter(due_at__lte=at):
        for role in (Role.FINANCE_APPROVER, Role.AUDITOR):
            work.open_item(kind=LATE, reference=f"{error.number}:{role}:{error.state}", owner_role=role,
                           owner_place=error.province_code, at=at, due_at=error.due_at, detail={"error": str(error.id)})
