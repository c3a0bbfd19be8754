"""The network's periodic work. Safe to run at any time, any number of times."""

import structlog
from celery import shared_task
from django.utils import timezone

from agents.accreditation import sweeps
from agents.announcements import board
from agents.announcements import operations as announcements
from agents.briefs import operations as briefs
from agents.handbook import links, questions, sources
from agents.handbook import operations as handbook
from agents.moves import carrying_out
from agents.people import inviting, reach, resets
from agents.programme.agreements import watch_agreements
from agents.quality.sweeps import count_scores
from agents.room import outages, steps
from agents.roster import sweeps as roster
from agents.surges import counting
from agents.training import sweeps as training
from agents.visits import reporting as visits
from shared.actors import job

log = structlog.get_logger(__name__)


@shared_task(queue="default", acks_late=True)
def watch_accreditations(**_: object) -> None:
    """Ask for renewals in time; suspend outlets whose licence has ended."""
    if ended := sweeps.watch_accreditations(now=timezone.now()):
        log.warning("licences_expired", outlets=ended)


@shared_task(queue="default", acks_late=True)
def carry_out_moves(**_: object) -> None:
    """Let outlets whose day of moving has come stand at their new places."""
    if moved := carrying_out.carry_out_due(at=timezone.now()):
        log.info("outlets_moved", outlets=moved)


@shared_task(queue="default", ignore_result=True)
def watch_training(**_: object) -> None:
    """Close attempts whose time is over; tell managers of certificates that end."""
    training.close_lapsed(at=timezone.now())
    training.remind(at=timezone.now())


@shared_task(queue="agents", ignore_result=True)
def watch_contact(**_: object) -> None:
    """Open and close outages as the places' beats say."""
    outages.watch_contact(at=timezone.now())


@shared_task(queue="agents", ignore_result=True)
def watch_incidents(**_: object) -> None:
    """Tell the next level of what was not taken or solved in time; close what stayed solved."""
    steps.watch_incidents(at=timezone.now())


@shared_task(queue="agents", ignore_result=True)
def make_briefs(**_: object) -> None:
    """Make the briefs that are due and missing."""
    briefs.make_due_briefs(at=timezone.now())


@shared_task(queue="agents", ignore_result=True)
def refresh_frame(**_: object) -> None:
    """Write anew what pages show without asking the database: must-reads, and which field leads to which entry."""
    board.remember()
    links.remember()


@shared_task(queue="agents", ignore_result=True)
def remind_of_announcements(**_: object) -> None:
    """Tell managers who has not read in time."""
    announcements.remind(at=timezone.now())


@shared_task(queue="agents", ignore_result=True)
def review_handbook(**_: object) -> None:
    """Open work for answers past their day or whose source has changed, and forget old searches."""
    sources.notice_changed_procedures(at=timezone.now())
    handbook.flag_stale(at=timezone.now())
    questions.forget_misses(at=timezone.now())


@shared_task(queue="default", ignore_result=True)
def watch_people_of_outlets(**_: object) -> None:
    """Close invitations that nobody answered; shut the accounts of helpers whose last day is over."""
    by, now = job("people"), timezone.now()
    inviting.lapse(at=now, by=by)
    resets.lapse_resets(at=now, by=by)
    if ended := reach.end_help(at=now, by=by):
        log.info("helpers_ended", accounts=ended)


@shared_task(queue="agents", ignore_result=True)
def count_loads(**_: object) -> None:
    """Count what came to each place in the last hours."""
    counting.count_loads(at=timezone.now())


@shared_task(queue="agents", ignore_result=True)
def watch_visits(**_: object) -> None:
    """Lay weekly series out further; ask for reports of visits that nobody spoke of."""
    visits.lay_out_series(at=timezone.now())
    visits.ask_for_reports(at=timezone.now())


@shared_task(queue="default", acks_late=True)
def watch_programmes(**_: object) -> None:
    """Make the end of operators' agreements work in time."""
    watch_agreements(now=timezone.now())


@shared_task(queue="default", acks_late=True)
def count_outlet_scores(**_: object) -> None:
    """Count scorecards, freeze what is due, propose commendations, watch new outlets."""
    log.info("outlet_scores_counted", rows=count_scores(now=timezone.now()))


@shared_task(queue="agents", ignore_result=True)
def watch_rosters(**_: object) -> None:
    """Make opening hours that nobody covers work of the outlet's manager; close swaps whose shift has begun."""
    roster.lapse_swaps(at=timezone.now())
    roster.watch_rosters(at=timezone.now())
