"""Telling the portal: one lane for each dossier, in order, once. No transaction is open while the portal is asked.

Before a call is made it is written down as in doubt; a definite answer takes that away again. Whoever finds a lane in
doubt, after a silence or a dead process, asks the portal first whether it has what was sent.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog
from django.db.models import Min

from intake import blobs
from intake.models.documents import Document, ScanVerdict
from intake.models.dossiers import Dossier
from intake.portal import payloads
from intake.portal.client import Portal, PortalRefused, PortalSilent, Seen, portal
from intake.portal.models import PortalCall, PortalLane, PortalUpdate
from intake.portal.queueing import US
from intake.portal.rules import ALARM_MINUTES, NOT_IN_THE_TABLE, Call, may_follow, pause_seconds
from intake.rules.states import SyncAction, SyncState
from intake.steps import take_step
from shared import work
from shared.roles import Role
from shared.transactions import operation

log = structlog.get_logger()

LEASE: Final = timedelta(minutes=3)
AT_ONCE: Final = 200
SILENCES: Final = 3
"""After so many dossiers in a row without an answer the rest waits for the next sweep: the portal is down."""
PATIENCE_SECONDS: Final = 60.0
REFUSED: Final = "portal-refused"
BEHIND: Final = "portal-behind"


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    SILENT = "silent"


def send_waiting(*, at: datetime) -> int:
    """Tell the portal of all dossiers whose turn has come; returns how many it knows completely now."""
    connected = portal()
    if connected is None:
        return 0
    waiting = PortalLane.objects.filter(is_waiting=True, parked_at=None, next_at__lte=at).order_by("next_at", "pk")
    outcomes: list[Outcome | None] = []
    until = time.monotonic() + PATIENCE_SECONDS
    for dossier_id in list(waiting.values_list("pk", flat=True)[:AT_ONCE]):
        if outcomes[-SILENCES:] == [Outcome.SILENT] * SILENCES or time.monotonic() > until:
            break
        outcomes.append(send_lane(dossier_id, at=at, to=connected))
    watch_the_oldest(at=at)
    return outcomes.count(Outcome.DONE)


def send_lane(dossier_id: UUID, *, at: datetime, to: Portal) -> Outcome | None:
    """Tell everything that waits of one dossier; None when somebody else is at it. Never raises for the portal."""
    if not _claim(dossier_id, at):
        return None
    talk = _Talk(PortalLane.objects.get(pk=dossier_id), _dossier(dossier_id), to, at)
    try:
        talk.settle_doubt()
        talk.register()
        talk.tell_updates()
    except PortalRefused as refusal:
        _park(dossier_id, refusal.code, at)
        return Outcome.REFUSED
    except PortalSilent as silence:
        _postpone(dossier_id, at)
        log.info("portal_silent", dossier_id=str(dossier_id), cause=silence.cause)
        return Outcome.SILENT
    _confirm(dossier_id, at)
    return Outcome.DONE


@operation
def _claim(dossier_id: UUID, at: datetime) -> bool:
    mine = PortalLane.objects.filter(pk=dossier_id, is_waiting=True, parked_at=None, next_at__lte=at)
    return bool(mine.update(next_at=at + LEASE))


def _dossier(dossier_id: UUID) -> Any:
    return Dossier.objects.select_related("procedure", "citizen", "outlet", "receiving_centre",
                                          "authority_centre").get(id=dossier_id)


@dataclass(slots=True)
class _Talk:
    """One conversation about one dossier."""

    lane: PortalLane
    dossier: Any
    portal: Portal
    at: datetime

    def settle_doubt(self) -> None:
        """Ask whether the portal has what was sent last, before anything is sent again."""
        call, _colon, reference = self.lane.in_doubt.partition(":")
        if call in {Call.SUBMIT, Call.PROGRESS, Call.STATUS}:
            seen = self._look_up()
            self._note_found(Call(call), reference, seen)
        self._keep(in_doubt="")

    def _look_up(self) -> Seen | None:
        code = self.lane.portal_code
        found = self._ask(Call.LOOK_UP, "", lambda: self.portal.look_up([code]))
        return next((each for each in found if each.code == code), None)

    def _note_found(self, call: Call, reference: str, seen: Seen | None) -> None:
        if seen is None:
            return
        update = PortalUpdate.objects.filter(lane=self.lane, step_id=reference or 0).first()
        if call is Call.SUBMIT:
            self._keep(filed_at=self.at)
        elif call is Call.PROGRESS and update is not None and reference in seen.progress:
            self._told(update, progress_at=self.at)
        elif call is Call.STATUS and update is not None and seen.status == update.to_status:
            self._told(update, sent_at=self.at)
            self._keep(portal_status=update.to_status)
        else:
            return
        self._trace(call, reference, "found")

    def register(self) -> None:
        """Get a code, hand over the files, file the dossier; what was done is not done again."""
        if not self.lane.portal_code:
            agency = self.dossier.receiving_centre.agency_code if self.dossier.receiving_centre else ""
            code = self._ask(Call.NEXT_CODE, "", lambda: self.portal.next_code(agency, self.dossier.procedure_code))
            self._keep(portal_code=code)
        if self.lane.filed_at is not None:
            return
        self._upload()
        body = payloads.submission(self.dossier, self.lane)
        self._ask_once(Call.SUBMIT, "", lambda: self.portal.submit(body))
        self._keep(filed_at=self.at, in_doubt="")

    def _upload(self) -> None:
        files = Document.objects.filter(dossier_id=self.dossier.id).exclude(component="result").exclude(
            verdict=ScanVerdict.INFECTED).order_by("uploaded_at", "id")
        for document in files:
            if str(document.id) in self.lane.files:
                continue
            name = f"{document.component}-{document.sha256[:8]}"  # a person's own file name may hold a person's name
            file_id = self._ask(Call.UPLOAD, str(document.id), partial(
                self.portal.upload, name, blobs.read(document.blob_name), document.sha256))
            self._keep(files=self.lane.files | {str(document.id): file_id})

    def tell_updates(self) -> None:
        for update in PortalUpdate.objects.filter(lane=self.lane, sent_at=None).order_by("step_id"):
            if not may_follow(self.lane.portal_status, update.to_status):
                raise PortalRefused(NOT_IN_THE_TABLE)
            reference = str(update.step_id)
            if update.progress_at is None:
                line = payloads.progress(self.dossier, self.lane, update)
                self._ask_once(Call.PROGRESS, reference, partial(self.portal.tell_progress, line))
                self._told(update, progress_at=self.at)
            status = payloads.status(self.lane, update)
            self._ask_once(Call.STATUS, reference, partial(self.portal.tell_status, status))
            self._told(update, sent_at=self.at)
            self._keep(portal_status=update.to_status, in_doubt="")

    def _ask_once[R](self, call: Call, reference: str, ask: Callable[[], R]) -> R:
        """A call that must not be made twice: in doubt from before it is made until it is answered."""
        self._keep(in_doubt=f"{call}:{reference}")
        try:
            return self._ask(call, reference, ask)
        except PortalRefused:
            self._keep(in_doubt="")
            raise

    def _ask[R](self, call: Call, reference: str, ask: Callable[[], R]) -> R:
        try:
            answer = ask()
        except PortalRefused as refusal:
            self._trace(call, reference, "refused", refusal.code)
            raise
        except PortalSilent as silence:
            self._trace(call, reference, "silent", silence.cause)
            raise
        self._trace(call, reference, "done")
        return answer

    def _trace(self, call: Call, reference: str, outcome: str, cause: str = "") -> None:
        PortalCall.objects.create(lane=self.lane, at=self.at, call=call, reference=reference, outcome=outcome,
                                  cause=cause)

    def _keep(self, **columns: Any) -> None:
        PortalLane.objects.filter(pk=self.lane.pk).update(**columns)
        for name, value in columns.items():
            setattr(self.lane, name, value)

    def _told(self, update: PortalUpdate, **columns: Any) -> None:
        PortalUpdate.objects.filter(pk=update.pk).update(**columns)
        for name, value in columns.items():
            setattr(update, name, value)


# --- how a conversation ends ----------------------------------------------------------------------------------------


def _locked(dossier_id: UUID) -> tuple[Dossier, PortalLane]:
    dossier = Dossier.objects.select_for_update(of=("self",)).get(id=dossier_id)
    return dossier, PortalLane.objects.select_for_update().get(pk=dossier_id)


@operation
def _confirm(dossier_id: UUID, at: datetime) -> None:
    """Everything told; what was queued meanwhile goes on at once."""
    dossier, lane = _locked(dossier_id)
    lane.silences, lane.next_at = 0, at
    lane.is_waiting = PortalUpdate.objects.filter(lane=lane, sent_at=None).exists()
    lane.waiting_since = at if lane.is_waiting else None
    lane.save(update_fields=["silences", "next_at", "is_waiting", "waiting_since"])
    if not lane.is_waiting and dossier.sync == SyncState.PENDING:
        take_step(dossier, SyncAction.CONFIRM, by=US, at=at)


@operation
def _postpone(dossier_id: UUID, at: datetime) -> None:
    lane = PortalLane.objects.select_for_update().get(pk=dossier_id)
    pause = pause_seconds(lane.silences) * random.uniform(0.5, 1.0)  # noqa: S311  # jitter
    lane.silences, lane.next_at = min(lane.silences + 1, 1000), at + timedelta(seconds=pause)
    lane.save(update_fields=["silences", "next_at"])


@operation
def _park(dossier_id: UUID, cause: str, at: datetime) -> None:
    """The portal will say the same again: a person has to look."""
    dossier, lane = _locked(dossier_id)
    lane.parked_at, lane.parked_because, lane.silences = at, cause, 0
    lane.save(update_fields=["parked_at", "parked_because", "silences"])
    if dossier.sync == SyncState.PENDING:
        take_step(dossier, SyncAction.PARK, by=US, at=at, note=cause)
    work.open_item(kind=REFUSED, reference=str(dossier.id), owner_role=Role.ADMINISTRATOR,
                   owner_place=dossier.province_code, at=at, due_at=at + timedelta(days=1),
                   detail={"agent_ref": dossier.agent_ref, "cause": cause})


@operation
def watch_the_oldest(*, at: datetime) -> None:
    """Tell the programme office when the portal has not been told something for a quarter of an hour."""
    waiting = PortalLane.objects.filter(is_waiting=True, parked_at=None)
    oldest = waiting.aggregate(oldest=Min("waiting_since"))["oldest"]
    if oldest is not None and oldest < at - timedelta(minutes=ALARM_MINUTES):
        work.open_item(kind=BEHIND, reference="portal", owner_role=Role.ADMINISTRATOR, owner_place="", at=at,
                       due_at=at + timedelta(hours=4), detail={"since": oldest.isoformat()})
    else:
        work.close_item(kind=BEHIND, reference="portal", by=US.id, at=at, outcome="caught up")
