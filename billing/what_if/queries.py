"""Scenarios and their comparisons, with the names that people know things by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import FETCH_RAISE, QuerySet
from django.utils.translation import gettext as _

from agents import public as agents
from billing.models.scenarios import Scenario, ScenarioRow
from billing.pictures.naming import procedure_names
from billing.queries.rates import rate_book
from billing.rules.compensation import TASKS
from billing.rules.plans import COMPENSATION, POSTAGE
from billing.rules.what_if import Dimension
from shared.actors import Actor
from shared.formatting import speaks_vietnamese
from shared.money import Money

MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class Compared:
    """One operator, outlet, procedure or month: what its lines cost, and would have cost."""

    key: str
    name: str
    lines: int
    changed: int
    city_now: Money
    city_then: Money
    citizen_now: Money
    citizen_then: Money

    @property
    def city_difference(self) -> Money:
        return self.city_then - self.city_now

    @property
    def citizen_difference(self) -> Money:
        return self.citizen_then - self.citizen_now


def scenarios(actor: Actor) -> QuerySet[Scenario]:
    """Those of the actor's city, the newest first."""
    return Scenario.objects.filter(province_id=actor.province_code or "").order_by("-asked_at", "-id").fetch_mode(
        FETCH_RAISE)


def find_scenario(actor: Actor, scenario_id: UUID) -> Scenario | None:
    return scenarios(actor).filter(id=scenario_id).first()


def waiting_since(moment: datetime) -> QuerySet[Scenario]:
    """Scenarios asked before `moment` that nobody has worked out yet."""
    return Scenario.objects.filter(state="asked", asked_at__lt=moment)


def comparison(scenario: Scenario) -> dict[Dimension, list[Compared]]:
    """By dimension; within one, whatever changes most comes first, months in their order."""
    rows: dict[Dimension, list[ScenarioRow]] = {each: [] for each in Dimension}
    for row in ScenarioRow.objects.filter(scenario=scenario):
        rows[Dimension(row.by)].append(row)
    names = _names(scenario, [row.key for row in rows[Dimension.PROCEDURE] if row.key])
    return {by: _ordered(by, [_compared(row, names.get((by, row.key), "")) for row in found])[:MOST_ROWS]
            for by, found in rows.items()}


def totals(found: Sequence[Scenario]) -> dict[UUID, Compared]:
    """The sum of each scenario, for a list of them."""
    rows = ScenarioRow.objects.filter(scenario__in=found, by=Dimension.TOTAL)
    return {row.scenario_id: _compared(row, "") for row in rows}


def _compared(row: ScenarioRow, name: str) -> Compared:
    return Compared(row.key, name or row.key or _("none"), row.lines, row.changed, row.city_now, row.city_then,
                    row.citizen_now, row.citizen_then)


def _ordered(by: Dimension, rows: list[Compared]) -> list[Compared]:
    if by == Dimension.MONTH:
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-abs(row.city_difference.amount) - abs(row.citizen_difference.amount),
                                         -row.city_now.amount, row.key))


def _names(scenario: Scenario, codes: Iterable[str]) -> dict[tuple[Dimension, str], str]:
    outlets = {(Dimension.OUTLET, str(each.id)): f"{each.code} {each.name}"
               for each in agents.outlets_of_province(scenario.province_id)}
    operators = {(Dimension.OPERATOR, each.code): each.name for each in agents.operators()}
    procedures = {(Dimension.PROCEDURE, code): name for code, name in procedure_names(codes).items()}
    tasks = {(Dimension.KIND, f"{COMPENSATION}{task}"): words.vi if speaks_vietnamese() else words.en
             for task, words in TASKS.items()}
    return outlets | operators | procedures | tasks | {
        (Dimension.KIND, POSTAGE): _("Postage"), (Dimension.TOTAL, ""): rate_book().province_name(scenario.province_id)}
