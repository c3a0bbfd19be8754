"""Drafts over past months, and lines written anew after a rule change, on delivered parcels in the books.

The floor of a scenario is one statement of plain SQL that adds the same lines up by outlet, procedure and month, as
they stand. A recharge writes two lines for each that it changes; its floor is a plain copy of the lines and their legs,
twice, into tables with a primary key and nothing else. Scenarios run floor, project, floor; a recharge is measured
once, because afterwards nothing is left to write anew.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

from django.db import connection, transaction

from bench import billing as books
from bench.rounds import Result, facts_of
from bench.sizes import Sizes
from billing.models.ledger import Charge
from billing.models.rule_book import RuleDraft
from billing.queries import rates
from billing.queries.checks import ledger_sum
from billing.rule_book import approving, drafting, recharging
from billing.what_if.asking import ask_scenario
from billing.what_if.computing import compute_scenario
from shared.actors import Actor, ActorKind
from shared.roles import Role

JOB: Final = "what_if"
AT: Final = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)
_DECEMBER, _JANUARY = date(2025, 12, 1), date(2026, 1, 1)
_FLOOR: Final = """
    SELECT period, operator_code, outlet_id, evidence ->> 'procedure_code', count(*), sum(city_subsidy + compensation),
           sum(citizen_share) FROM billing_charge WHERE province_code = '01' AND reverses_id IS NULL GROUP BY 1, 2, 3, 4
"""
_COPIES: Final = """
    DROP TABLE IF EXISTS floor_again, floor_again_leg;
    CREATE TABLE floor_again (id uuid PRIMARY KEY, source_id uuid, gross bigint, reduction bigint, subsidy bigint,
                              citizen bigint, evidence jsonb);
    CREATE TABLE floor_again_leg (id bigserial PRIMARY KEY, line_id uuid, account_id bigint, amount bigint)
"""
_COPY_LINES: Final = """
    INSERT INTO floor_again SELECT uuidv7(), source_id, gross, national_reduction, city_subsidy, citizen_share, evidence
    FROM billing_charge, generate_series(1, 2) WHERE reverses_id IS NULL AND (evidence -> 'case' ->> 'on')::date >= %s
"""
_COPY_LEGS: Final = """
    INSERT INTO floor_again_leg (line_id, account_id, amount)
    SELECT p.group_id, p.account_id, p.amount FROM billing_posting p JOIN billing_charge c USING (group_id),
         generate_series(1, 2) WHERE c.reverses_id IS NULL AND (c.evidence -> 'case' ->> 'on')::date >= %s
"""


def run(sizes: Sizes) -> list[Result]:
    """A draft over the whole books, then the same rule approved and its lines written anew."""
    books.fill(sizes.settled_parcels)
    figures = {"lines": sizes.settled_parcels, "scenario": _scenario(sizes.rounds), "recharge": _recharge()}
    return facts_of(JOB, figures, {"recharge.ledger_sum": "0"})


def _scenario(rounds: int) -> dict[str, object]:
    by = _person("writer", Role.FINANCE_REVIEWER)
    draft = drafting.write_draft(terms=_half("BENCH-THU", _JANUARY), note="", by=by, at=AT)
    ratios, taken = [], []
    for _ in range(rounds):
        asked = ask_scenario(name="bench", draft_ids=[draft.id], first_period=_DECEMBER, last_period=_JANUARY, by=by,
                             at=AT)
        before = _seconds(_added_up)
        taken.append(_seconds(partial(compute_scenario, scenario_id=asked.id, at=AT)))
        ratios.append(2 * taken[-1] / (before + _seconds(_added_up)))
    lines = Charge.objects.count()
    return {"ratio": round(statistics.median(ratios), 2), "lines_per_second": round(lines / statistics.median(taken))}


def _recharge() -> dict[str, object]:
    day = date(2026, 1, 10)
    writer, approver = _person("writer", Role.FINANCE_REVIEWER), _person("approver", Role.FINANCE_APPROVER)
    draft = drafting.write_draft(terms=_half("BENCH-2026", day), note="", by=writer, at=AT)
    drafting.propose(draft_id=draft.id, by=writer, at=AT)
    floor = _seconds(lambda: _copied(day))
    approving.approve(draft_id=draft.id, digest=draft.digest, by=approver, at=AT)
    rates.forget()
    before = Charge.objects.count()
    taken = _seconds(lambda: recharging.recharge_waiting(at=AT, at_once=10**9))
    anew = (Charge.objects.count() - before) // 2
    RuleDraft.objects.filter(id=draft.id).update(to_recharge=False)
    return {"lines_anew": anew, "ratio": round(taken / floor, 2), "lines_anew_per_second": round(anew / taken),
            "ledger_sum": ledger_sum()}


def _half(code: str, begin: date) -> dict[str, Any]:
    return {"kind": "subsidy", "code": code, "name_vi": "Đo tốc độ", "name_en": "Bench", "valid_to": None,
            "valid_from": begin.isoformat(), "legal_basis": "Đo tốc độ, không phải quy định", "confidence": "assumed",
            "numerator": 1, "denominator": 2, "cap_per_trip_vnd": None, "channels": ["online"],
            "directions": ["dossier", "result"], "budget_line": "NQ77-2025"}


def _person(name: str, role: Role) -> Actor:
    return Actor(ActorKind.PERSON, name, name, role, province_code="01")


def _added_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FLOOR)
        cursor.fetchall()


def _copied(day: date) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COPIES)
        cursor.execute(_COPY_LINES, [day])
        cursor.execute(_COPY_LEGS, [day])


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
