"""Somebody asks what drafts would have cost; a worker answers."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.errors import ScenarioNotFound, ScenarioRefused
from billing.events import ScenarioAsked
from billing.models.rule_book import RuleDraft
from billing.models.scenarios import Scenario
from billing.rule_book.queries import drafts
from billing.rules.periods import month_after, month_of
from billing.rules.rule_book import RuleKind
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.transactions import operation

MOST_MONTHS = 36
MOST_DRAFTS = 6


@operation
def ask_scenario(*, name: str, draft_ids: Sequence[UUID], first_period: date, last_period: date, by: Actor,
                 at: datetime) -> Scenario:
    """Keep the question with the drafts as they are now; its figures follow within a minute or two.

    Raises:
        ScenarioRefused: no name, no months in the past, or no draft that prices anything.
    """
    found = list(drafts(by).filter(id__in=list(draft_ids)[:MOST_DRAFTS + 1]))
    wrong = ErrorCollector()
    _check_drafts(wrong, name, draft_ids, found)
    _check_months(wrong, first_period, last_period, at)
    wrong.raise_if_any(ScenarioRefused)
    scenario = Scenario.objects.create(
        province_id=by.province_code, name=name.strip()[:120], draft_ids=[draft.id for draft in found],
        drafts=[{"id": str(draft.id), "kind": draft.kind, "code": draft.code, "digest": draft.digest,
                 "terms": draft.terms} for draft in found],
        first_period=first_period, last_period=last_period, asked_by=by.id, asked_by_name=by.name, asked_at=at)
    audit.record(actor=by, action="ask_scenario", object_type="scenario", object_id=scenario.id, at=at,
                 after={"drafts": [str(draft.id) for draft in found]})
    publish(ScenarioAsked(scenario.id, asked_at=at))
    return scenario


@operation
def drop_scenario(*, scenario_id: UUID, by: Actor, at: datetime) -> None:
    """Throw a scenario away: it is a question, not a record of money.

    Raises:
        ScenarioNotFound: none of this city.
    """
    scenario = Scenario.objects.select_for_update().filter(id=scenario_id, province_id=by.province_code).first()
    if scenario is None:
        raise ScenarioNotFound
    scenario.delete()
    audit.record(actor=by, action="drop_scenario", object_type="scenario", object_id=scenario_id, at=at)


def _check_drafts(wrong: ErrorCollector, name: str, wanted: Sequence[UUID], found: Sequence[RuleDraft]) -> None:
    if not name.strip():
        wrong.add("/name", "missing", _("Give it a name, to find it again."))
    if not wanted:
        wrong.add("/draft_ids", "missing", _("Choose at least one draft."))
    elif len(found) != len(set(wanted)) or any(draft.kind == RuleKind.BUDGET for draft in found):
        wrong.add("/draft_ids", "unknown-draft", _("Choose from the drafts of this city that price something."))
    elif len({(draft.kind, draft.code) for draft in found}) != len(found):
        wrong.add("/draft_ids", "twice", _("Two drafts have the same code."))


def _check_months(wrong: ErrorCollector, first: date, last: date, at: datetime) -> None:
    if first.day != 1 or last.day != 1 or last < first or last > month_of(at):
        wrong.add("/last_period", "no-months", _("Choose months that have begun, the first before the last."))
    elif _months(first, last) > MOST_MONTHS:
        wrong.add("/first_period", "too-long", _("At most three years at once."))


def _months(first: date, last: date) -> int:
    count, month = 0, first
    while month <= last and count <= MOST_MONTHS:
        count, month = count + 1, month_after(month)
    return count
