"""What notices that a dossier stays where it is: the sweeps that intake/rules/states.py promises.

Each opens work for whoever answers for the state, with a due moment, and closes the work that has settled itself. A
sweep may run at any time and any number of times: one thing is one open item.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from itertools import batched
from types import MappingProxyType
from typing import Final

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from intake.models.dossiers import Dossier, DossierStep
from intake.rules import clock
from intake.rules.states import PAUSED, RUNNING, WATCHED, Handling, MoneyState, ResultState, SyncState
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

DAY: Final = clock.DAY_MINUTES
SETTLED: Final = "settled"
DUE_SOON: Final = "due-soon"
WITHOUT_OFFICER: Final = "without-officer"
CHUNK: Final = 2000

H, R, S = Handling, ResultState, SyncState


@dataclass(frozen=True, slots=True)
class Finding:
    """Dossiers that lie in one state too long, and who is told. `kind` names the work item."""

    kind: str
    waiting: QuerySet[Dossier]
    owner_role: str


type Sweep = Callable[[datetime], tuple[Finding, ...]]


def _ago(at: datetime, working_days: int) -> datetime:
    return clock.moment_before(at, working_days * DAY, work_calendar())


def _owner(state: IntEnum | StrEnum) -> str:
    return WATCHED[state].owner_role


def drafts_left_lying(at: datetime) -> tuple[Finding, ...]:
    """A draft of the day before: the citizen has gone home believing that it is filed."""
    drafts = Dossier.objects.filter(handling=H.DRAFT, created_at__lt=_ago(at, 1))
    return (Finding("draft-left-lying", drafts, _owner(H.DRAFT)),)


def not_forwarded_or_received(at: datetime) -> tuple[Finding, ...]:
    """Filed and still at the outlet after a working day, or sent and not looked at by the centre for one."""
    registered = Dossier.objects.filter(handling=H.REGISTERED)
    kept = registered.filter(forwarded_at=None, submitted_at__lt=_ago(at, 1))
    sent = registered.exclude(handed_over_at=None, channel="post").filter(
        Q(handed_over_at__lt=_ago(at, 1)) | Q(handed_over_at=None, forwarded_at__lt=_ago(at, 1)))
    travelling = registered.filter(channel="post", handed_over_at=None, forwarded_at__lt=_ago(at, 3))
    return (Finding("not-forwarded", kept, _owner(H.REGISTERED)),
            Finding("not-received", sent, Role.CENTRE_OFFICER),
            Finding("papers-not-arrived", travelling, _owner(H.REGISTERED)))


def due_moments(at: datetime) -> tuple[Finding, ...]:
    """Due within four working hours or late; stopped for more than ten working days; given back and taken by nobody."""
    running = Dossier.objects.filter(handling__in=RUNNING, paused_at=None)
    near = running.filter(due_at__lte=clock.nearing_from(at, work_calendar()), due_at__gte=at)
    stopped = Dossier.objects.filter(handling=H.STOPPED, paused_at__lt=_ago(at, 10))
    given_back = DossierStep.objects.filter(dossier=OuterRef("id"), machine="handling", action="release")
    nobodys = Dossier.objects.filter(Exists(given_back), handling__in=RUNNING | PAUSED, officer=None)
    return (Finding(DUE_SOON, near, _owner(H.IN_PROGRESS)),
            Finding("overdue", running.filter(due_at__lt=at), _owner(H.RECEIVED)),
            Finding("stopped-long", stopped, _owner(H.STOPPED)),
            Finding(WITHOUT_OFFICER, nobodys, Role.CENTRE_MANAGER))


def supplements_not_answered(at: datetime) -> tuple[Finding, ...]:
    """The citizen was asked for papers or money five working days ago and nothing came."""
    asked = Dossier.objects.filter(paused_at__lt=_ago(at, 5))
    return (Finding("supplement-unanswered", asked.filter(handling=H.SUPPLEMENT_ASKED), _owner(H.SUPPLEMENT_ASKED)),
            Finding("payment-unanswered", asked.filter(handling=H.PAYMENT_ASKED), _owner(H.PAYMENT_ASKED)))


def results_not_home(at: datetime) -> tuple[Finding, ...]:
    """Decided, and the result still not with the citizen; one that came back waits for nobody's patience."""
    resolved = Dossier.objects.filter(handling=H.RESOLVED)
    return (
        Finding("result-not-sent", resolved.filter(result__in=[R.NOT_READY, R.TO_SEND], resolved_at__lt=_ago(at, 1)),
                _owner(R.TO_SEND)),
        Finding("result-not-delivered", resolved.filter(result=R.ON_THE_WAY, resolved_at__lt=_ago(at, 7)),
                _owner(R.ON_THE_WAY)),
        Finding("result-came-back", resolved.filter(result=R.CAME_BACK), _owner(R.CAME_BACK)),
        Finding("result-not-fetched", resolved.filter(result=R.NOT_BY_POST, resolved_at__lt=_ago(at, 10)),
                _owner(H.RESOLVED)))


def payments_due(at: datetime) -> tuple[Finding, ...]:
    """Fee or postage share unpaid a working day after filing, in a dossier that has not ended."""
    unpaid = Dossier.objects.filter(money=MoneyState.DUE, submitted_at__lt=_ago(at, 1), closed_at=None)
    return (Finding("payment-due", unpaid, _owner(MoneyState.DUE)),)


def unsynchronised(at: datetime) -> tuple[Finding, ...]:
    """The portal does not know for a working day what we know, or refused it."""
    changed = DossierStep.objects.filter(dossier=OuterRef("id"), machine="sync").order_by("-id").values("at")[:1]
    waiting = Dossier.objects.annotate(changed_at=Coalesce(Subquery(changed), F("created_at")))
    return (Finding("sync-waiting", waiting.filter(sync=S.PENDING, changed_at__lt=_ago(at, 1)), _owner(S.PENDING)),
            Finding("sync-parked", waiting.filter(sync=S.PARKED), _owner(S.PARKED)))


SWEEPS: Final[Mapping[str, Sweep]] = MappingProxyType({
    "drafts left lying": drafts_left_lying,
    "not forwarded, or forwarded and not received": not_forwarded_or_received,
    "due moments": due_moments,
    "supplements not answered": supplements_not_answered,
    "results not home": results_not_home,
    "payments due": payments_due,
    "unsynchronised": unsynchronised,
})
"""By the name that WATCHED gives."""


@operation
def run_sweep(*, name: str, at: datetime) -> int:
    """Run one sweep of SWEEPS; returns how many items it opened."""
    opened = 0
    for finding in SWEEPS[name](at):
        _settle(finding, at)
        opened += _open(finding, at)
    return opened


def _reference() -> Cast:
    return Cast("id", CharField())


def _settle(finding: Finding, at: datetime) -> int:
    """Close the items of this kind whose dossier no longer waits."""
    still = finding.waiting.annotate(reference=_reference()).values("reference")
    over = WorkItem.objects.filter(kind=finding.kind, closed_at=None).exclude(reference__in=still)
    return over.update(closed_at=at, closed_by="sweep", outcome=SETTLED)


def _open(finding: Finding, at: datetime) -> int:
    """One item for each dossier that has none yet; its owner has a working day, or until the dossier is due."""
    known = WorkItem.objects.filter(kind=finding.kind, closed_at=None, reference=Cast(OuterRef("id"), CharField()))
    new = finding.waiting.filter(~Exists(known)).annotate(
        reference=_reference(), owner_place=_place(finding.owner_role))
    tomorrow = clock.due_after_pause(DAY, at, work_calendar())
    rows = new.values_list("reference", "owner_place", "due_at", "agent_ref", "province_code")
    opened = 0
    for chunk in batched(rows.iterator(chunk_size=CHUNK), CHUNK, strict=False):
        items = [
            WorkItem(kind=finding.kind, reference=reference, owner_role=finding.owner_role, owner_place=place,
                     opened_at=at, due_at=due_at if finding.kind == DUE_SOON and due_at else tomorrow,
                     detail={"agent_ref": agent_ref, "province": province})
            for reference, place, due_at, agent_ref, province in chunk]
        opened += len(WorkItem.objects.bulk_create(items, ignore_conflicts=True))
    return opened


def _place(owner_role: str) -> Coalesce | Value:
    """The code of the place whose people own the item."""
    centre = (F("authority_centre__agency_code"), F("receiving_centre__agency_code"), F("province_code"))
    match owner_role:
        case Role.OUTLET_CLERK:
            return Coalesce(F("outlet__code"), *centre)
        case Role.OPERATOR_HQ:
            return Coalesce(F("operator__code"), F("province_code"))
        case Role.ADMINISTRATOR:
            return Value("")
        case _:
            return Coalesce(*centre)
