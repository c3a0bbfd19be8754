"""Carries results from practice to the live house: the only line that practice has."""

from typing import Final
from uuid import UUID

import httpx
from django.conf import settings

from agents.practice import runs
from agents.practice.errors import LiveHouseAway, ResultNotTaken
from agents.practice.models import PracticeRun
from shared import practice

TIMEOUTS: Final = httpx.Timeout(10.0, connect=2.0)
PATH: Final = "/api/v1/practice-results"


def is_connected() -> bool:
    """Whether this is a practice house that was told where the live one answers."""
    return practice.is_on() and bool(settings.WARDPOST_LIVE_URL and settings.WARDPOST_PRACTICE_KEY)


def report(run_id: UUID, *, client: httpx.Client | None = None) -> None:
    """Tell the live house of a finished try. Told twice it is one result there.

    Raises:
        LiveHouseAway: it does not answer, or is broken: tell it again later.
        ResultNotTaken: it refused; the fact `status` says how.
    """
    run = PracticeRun.objects.select_related("trainee").get(id=run_id, is_finished=True)
    with client or httpx.Client(timeout=TIMEOUTS, trust_env=False, follow_redirects=False) as line:
        try:
            answer = line.post(f"{settings.WARDPOST_LIVE_URL}{PATH}", json={"receipt": runs.receipt_of(run)})
        except httpx.HTTPError as error:
            raise LiveHouseAway from error
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise LiveHouseAway
    if not answer.is_success:
        raise ResultNotTaken(status=answer.status_code)
