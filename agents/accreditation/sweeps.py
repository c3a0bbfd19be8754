"""What time does to accreditations: a look again before the licence ends, and its end. Safe to run at any time."""

from datetime import datetime, time

from agents.accreditation.errors import AccreditationStepImpossible
from agents.accreditation.models import Accreditation, PublicTry
from agents.accreditation.public_acts import COUNTED_FOR
from agents.accreditation.rules import RENEWED_BEFORE, State, Step
from agents.accreditation.steps import RENEWAL, take_step
from shared import work
from shared.actors import job
from shared.calendar import at_local, local
from shared.roles import Role


def watch_accreditations(*, now: datetime) -> int:
    """Ask for renewals, suspend what has expired; returns how many were suspended."""
    today = local(now).date()
    licensed = Accreditation.objects.filter(state=State.ACTIVE)
    for found in licensed.filter(licensed_until__lte=today + RENEWED_BEFORE, licensed_until__gt=today):
        assert found.licensed_until is not None  # noqa: S101  # as filtered
        work.open_item(kind=RENEWAL, reference=str(found.id), owner_role=Role.PROGRAMME_OFFICER,
                       owner_place=found.province_code, at=now, due_at=at_local(found.licensed_until, time(0)),
                       detail={"code": found.code})
    ended = 0
    for accreditation_id in licensed.filter(licensed_until__lte=today).values_list("id", flat=True):
        try:
            take_step(accreditation_id=accreditation_id, step=Step.EXPIRE, by=job("watch_accreditations"), at=now)
        except AccreditationStepImpossible:
            continue  # a person was faster
        ended += 1
    PublicTry.objects.filter(tried_at__lt=now - COUNTED_FOR).delete()
    return ended
