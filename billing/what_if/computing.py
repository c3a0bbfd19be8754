"""Works a scenario out over whole months at once: Python prices each kind of case, PostgreSQL counts and adds up.

The books are only read. Lines that were taken back, reversals and general entries are left out on both sides. What
concerns an outlet's whole month, stand-by and cap, is worked out again for every outlet (`months`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from billing.models.scenarios import Scenario, ScenarioRow
from billing.queries.cases import KIND, WHAT, dumped, loaded, plan_of, shared_by
from billing.queries.rates import rate_book
from billing.rule_book.cards import card_of
from billing.rule_book.terms import FIRST_DAY, kept
from billing.rules.compensation import PERIOD_CAP
from billing.rules.plans import COMPENSATION
from billing.rules.rates import Card, RateBook
from billing.rules.what_if import Dimension, ScenarioState, with_drafts
from billing.what_if.months import add_caps, add_stand_by, span_of
from shared.money import Money
from shared.transactions import operation

# Lines that say the same for pricing are one group; what is compared is summed per operator, outlet, procedure, month.
_LINES: Final = f"""
    CREATE TEMPORARY TABLE what_if_line ON COMMIT DROP AS
    SELECT {KIND} AS kind, c.period, c.operator_code, c.outlet_id,
           coalesce(c.evidence ->> 'procedure_code', '') AS procedure_code,
           {WHAT} AS what,
           count(*) AS lines, sum(c.city_subsidy + c.compensation)::bigint AS city_now,
           sum(c.citizen_share)::bigint AS citizen_now
    FROM billing_charge c
    WHERE c.province_code = %(province)s AND c.period >= %(first)s AND c.period < %(after)s AND c.reverses_id IS NULL
      AND (c.kind LIKE 'postage%%' OR c.kind LIKE 'compensation:%%') AND c.kind NOT LIKE %(cap)s
      AND NOT EXISTS (SELECT 1 FROM billing_charge r WHERE r.reverses_id = c.id)
    GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608  # our own fragments
_CASES: Final = "SELECT DISTINCT kind, what FROM what_if_line"
_CARDS: Final = """CREATE TEMPORARY TABLE what_if_card (kind text, what jsonb, city bigint, citizen bigint)
    ON COMMIT DROP"""
_ADD: Final = "INSERT INTO what_if_card VALUES (%s, %s::jsonb, %s, %s)"
_PRICED: Final = """
    CREATE TEMPORARY TABLE what_if_priced ON COMMIT DROP AS
    SELECT l.*, l.lines * k.city AS city_then, l.lines * k.citizen AS citizen_then,
           CASE WHEN l.city_now <> l.lines * k.city OR l.citizen_now <> l.lines * k.citizen THEN l.lines ELSE 0
           END AS changed
    FROM what_if_line l JOIN what_if_card k USING (kind, what)
"""
_SUMS: Final = "sum(lines), sum(changed), sum(city_now), sum(city_then), sum(citizen_now), sum(citizen_then)"
_BY: Final[Mapping[Dimension, str]] = {
    Dimension.TOTAL: "''", Dimension.KIND: "kind", Dimension.MONTH: "to_char(period, 'YYYY-MM')",
    Dimension.OPERATOR: "operator_code", Dimension.OUTLET: "coalesce(outlet_id::text, '')",
    Dimension.PROCEDURE: "procedure_code"}


@operation
def compute_scenario(*, scenario_id: UUID, at: datetime) -> None:
    """Work the figures out, once; a scenario that was thrown away meanwhile is left alone."""
    scenario = Scenario.objects.select_for_update().filter(id=scenario_id, state=ScenarioState.ASKED).first()
    if scenario is None:
        return
    book = with_drafts(rate_book(), cards_of_scenario(scenario), begin=FIRST_DAY)
    with connection.cursor() as cursor:
        _gather(cursor, scenario, book)
        add_stand_by(cursor, scenario, before=rate_book(), book=book)
        _price(cursor, scenario, book)
        add_caps(cursor, scenario, before=rate_book(), book=book)
        rows = list(_rows(cursor, scenario))
        cursor.execute("DROP TABLE what_if_line, what_if_card, what_if_priced")
    ScenarioRow.objects.filter(scenario=scenario).delete()
    ScenarioRow.objects.bulk_create(rows, batch_size=1000)
    scenario.state, scenario.computed_at = ScenarioState.COMPUTED, at
    scenario.lines = next((row.lines for row in rows if row.by == Dimension.TOTAL), 0)
    scenario.save(update_fields=["state", "computed_at", "lines"])


def cards_of_scenario(scenario: Scenario) -> list[Card]:
    """The drafts as they were when it was asked."""
    cards = (card_of(kept(draft["terms"]), scenario.province_id) for draft in scenario.drafts)
    return [card for card in cards if card is not None]


def _gather(cursor: CursorWrapper, scenario: Scenario, book: RateBook) -> None:
    cursor.execute(_LINES, {**span_of(scenario), **shared_by(book), "cap": f"{COMPENSATION}{PERIOD_CAP}%"})


def _price(cursor: CursorWrapper, scenario: Scenario, book: RateBook) -> None:
    cursor.execute(_CARDS)
    cursor.execute(_CASES)
    found: Sequence[tuple[str, Mapping[str, Any]]] = cursor.fetchall()
    cursor.executemany(_ADD, list(_cards(found, scenario.province_id, book)))
    cursor.execute("ANALYZE what_if_line, what_if_card")
    cursor.execute(_PRICED)


def _cards(found: Iterable[tuple[str, Any]], province: str, book: RateBook) -> Iterator[tuple[str | int, ...]]:
    for kind, what in found:
        data = loaded(what)
        plan = plan_of(kind, data, province_code=province, book=book)
        yield kind, dumped(data), (plan.city_subsidy + plan.compensation).amount, plan.citizen_share.amount


def _rows(cursor: CursorWrapper, scenario: Scenario) -> Iterator[ScenarioRow]:
    for by, key in _BY.items():
        cursor.execute(f"SELECT {key} AS key, {_SUMS} FROM what_if_priced GROUP BY 1 ORDER BY 1")  # noqa: S608
        for name, *sums in cursor.fetchall():
            lines, changed, city_now, city_then, citizen_now, citizen_then = (int(each) for each in sums)
            yield ScenarioRow(
                scenario=scenario, by=by, key=str(name)[:60], lines=lines, changed=changed, city_now=Money(city_now),
                city_then=Money(city_then), citizen_now=Money(citizen_now), citizen_then=Money(citizen_then))
