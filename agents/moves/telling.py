"""Staff are told of a move by an announcement that must be read: the outlet's own, its operator's, its centres'.

The operator is told as a carrier too: collections start from the new address on the day.
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from agents.announcements.errors import AnnouncementOver
from agents.announcements.operations import Notice, published, withdrawn
from agents.announcements.rules import Addressed
from agents.models.organisations import Centre
from agents.moves.models import OutletMove
from agents.moves.places import Removal, removal
from agents.moves.rules import MoveState
from shared.actors import Actor, ActorKind
from shared.calendar import at_local
from shared.formatting import full_day
from shared.roles import OUTLET_ROLES, Role
from shared.transactions import operation

SHOWN_AFTER: Final = timedelta(days=14)
_READERS: Final = frozenset({*OUTLET_ROLES, Role.OPERATOR_HQ, Role.CENTRE_OFFICER, Role.CENTRE_MANAGER})


@operation
def announce_move(*, move_id: UUID, centre_ids: Collection[UUID], at: datetime) -> UUID | None:
    """Tell the staff concerned, once, in the name of who decided; None when there is nothing (more) to tell."""
    found = _locked(move_id)
    if found is None or found.state != MoveState.APPROVED or found.announcement_id is not None:
        return None
    by, move = _decider(found), removal(found)
    day = at_local(found.effective_from, time())
    if day <= at:
        return None
    centres = Centre.objects.filter(id__in=list(centre_ids), province_id=found.province_code)
    made = published(by=by, at=at, notice=Notice(
        title=f"{found.outlet.name} chuyển địa điểm từ {full_day(found.effective_from)}"[:160],
        text=_words(found, move), starts_at=at, ends_at=day + SHOWN_AFTER, is_must_read=True, read_by=day,
        addressed=Addressed(_READERS, frozenset({found.operator_id}), frozenset({found.outlet_id}),
                            frozenset(centres.values_list("id", flat=True)))))
    found.announcement_id = made.id
    found.save(update_fields=["announcement_id"])
    return made.id


@operation
def take_back_announcement(*, move_id: UUID, at: datetime) -> None:
    """It does not take place: what was announced is withdrawn, with the reason. Again: nothing."""
    found = _locked(move_id)
    if found is None or found.state != MoveState.CANCELLED or found.announcement_id is None:
        return
    try:
        withdrawn(announcement_id=found.announcement_id, because=f"Không chuyển nữa: {found.ended_because}"[:300],
                  by=_decider(found), at=at)
    except AnnouncementOver:
        return  # somebody withdrew it before


def _locked(move_id: UUID) -> OutletMove | None:
    rows = OutletMove.objects.select_for_update(of=("self",)).select_related("outlet", "commune", "from_commune")
    found: OutletMove | None = rows.filter(id=move_id).first()
    return found


def _decider(found: OutletMove) -> Actor:
    return Actor(ActorKind.PERSON, found.decided_by, found.decided_by_name, role=Role.PROGRAMME_OFFICER,
                 province_code=found.province_code)


def _words(found: OutletMove, move: Removal) -> str:
    """Announcements to staff are Vietnamese, whoever decided."""
    lines = [f"Từ {full_day(move.on)}, {found.outlet.name} ({found.outlet.code}) làm việc tại {move.there.words}.",
             f"Đến hết ngày trước đó: {move.here.words}.",
             f"Lý do: {move.reason}",
             ("Người dân có hồ sơ đang giải quyết được báo một lần. Từ ngày chuyển, bưu gửi đi và đến, điểm thu gom và "
             "bưu gửi chờ nhận theo địa chỉ mới; mã điểm và người làm việc không đổi.")]
    return "\n".join(lines)
