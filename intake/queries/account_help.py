"""Helps with accounts and referrals of an outlet, as its pages show them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, F, Q

from intake.models.account_help import AccountHelp, AccountHelpStep, Referral
from intake.rules.account_help import FINAL_HELP, HelpAction, ReferralOutcome, actions_from
from intake.rules.account_help_words import ACTION_WORDS, KIND_WORDS, OUTCOME_WORDS, STATE_WORDS
from intake.rules.wording import Words
from shared.actors import Actor
from shared.calendar import at_local
from shared.calendar import local as local_time

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class HelpLine:
    help: AccountHelp
    kind: Words
    state: Words

    @property
    def is_open(self) -> bool:
        return self.help.state not in FINAL_HELP


@dataclass(frozen=True, slots=True)
class StepLine:
    step: AccountHelpStep
    words: Words


@dataclass(frozen=True, slots=True)
class ReferralLine:
    referral: Referral
    matter: Words
    outcome: Words

    @property
    def is_open(self) -> bool:
        return not self.referral.outcome


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of this month's referrals."""

    made: int
    came: int
    did_not_come: int
    still_open: int


def helps_of(actor: Actor, *, citizen_id: UUID | None = None, only_open: bool = False) -> list[HelpLine]:
    """Helps of the actor's outlet, those that wait longest first; one question."""
    found = AccountHelp.objects.seen_by(actor).select_related("citizen")
    if citizen_id is not None:
        found = found.filter(citizen_id=citizen_id)
    if only_open:
        found = found.exclude(state__in=FINAL_HELP)
    rows = found.fetch_mode(FETCH_RAISE).order_by("moved_at", "id")[:MOST]
    return [HelpLine(row, KIND_WORDS[row.kind], STATE_WORDS[row.state]) for row in rows]


def find_help(help_id: UUID, actor: Actor) -> HelpLine | None:
    found = AccountHelp.objects.seen_by(actor).select_related("citizen").filter(id=help_id).first()
    return HelpLine(found, KIND_WORDS[found.kind], STATE_WORDS[found.state]) if found is not None else None


def steps_of(found: AccountHelp) -> list[StepLine]:
    steps = AccountHelpStep.objects.filter(help=found).select_related("document").order_by("id")
    return [StepLine(step, ACTION_WORDS[step.action]) for step in steps]


def next_steps(found: AccountHelp) -> list[tuple[HelpAction, Words]]:
    return [(action, ACTION_WORDS[action]) for action in actions_from(found.state)]


def referrals_of(actor: Actor, *, citizen_id: UUID | None = None) -> list[ReferralLine]:
    """Referrals of the actor's outlet: what is open first, by when it is booked; then what was."""
    found = Referral.objects.seen_by(actor).select_related("citizen")
    if citizen_id is not None:
        found = found.filter(citizen_id=citizen_id)
    ordered = found.order_by("outcome", F("booked_for").asc(nulls_last=True), "-made_at")  # "" is open, and first
    return [_line(row) for row in ordered.fetch_mode(FETCH_RAISE)[:MOST]]


def find_referral(referral_id: UUID, actor: Actor) -> ReferralLine | None:
    found = Referral.objects.seen_by(actor).select_related("citizen__commune", "outlet", "procedure").filter(
        id=referral_id).first()
    return _line(found) if found is not None else None


def _line(row: Referral) -> ReferralLine:
    return ReferralLine(row, Words(row.matter_vi, row.matter_en), OUTCOME_WORDS.get(row.outcome, Words()))


def counted(actor: Actor, at: datetime) -> Counted:
    """Referrals of the local month of `at`."""
    today = local_time(at).date()
    month = Referral.objects.seen_by(actor).filter(made_at__gte=_begin(today), made_at__lte=at)
    sums = month.aggregate(
        made=Count("id"), came=Count("id", filter=Q(outcome=ReferralOutcome.CAME)),
        did_not_come=Count("id", filter=Q(outcome=ReferralOutcome.DID_NOT_COME)),
        still_open=Count("id", filter=Q(outcome="")))
    return Counted(**sums)


def _begin(today: date) -> datetime:
    return at_local(today.replace(day=1), time())
