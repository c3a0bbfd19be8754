"""The browser's check and the server's come to the same findings, case by case."""

import json
import random
from datetime import date, timedelta

from intake.rules.precheck.catalogue import RULES, check
from intake.rules.precheck.check import as_rule_data
from intake.rules.precheck.facts import Facts, PaperFact, as_data
from intake.rules.precheck.language import add_months
from tests.factories import catalogue, network

CASES = 400
DAY = date(2026, 11, 23)
TRIED = {"paper-missing", "paper-empty", "paper-type", "paper-expired", "paper-undated", "paper-forbidden",
         "phone-missing", "channel-closed", "outside-province", "duplicate-open"}
"""What the cases must have met, or they say nothing."""


def _paper(chance: random.Random, number: int) -> PaperFact:
    scanned = chance.random() < 0.5
    return PaperFact(
        code=f"giay_{number}", name_vi=f"Giấy số {number}", name_en=f"Paper {number}",
        is_required=chance.random() < 0.6, is_scanned=scanned, is_shown=not scanned and chance.random() < 0.5,
        pages=chance.choice([None, 0, 1, 7]) if scanned else None,
        content_types=tuple(chance.sample(["application/pdf", "image/png", "text/plain"], k=1)) if scanned else (),
        valid_months=chance.choice([None, 1, 6, 12]),
        dated=chance.choice([None, DAY - timedelta(days=chance.randrange(0, 500)), date(2026, 8, 31)]))


def _facts(chance: random.Random) -> Facts:
    provinces = [chance.choice(["", "01", "46"]) for _number in range(3)]
    return Facts(
        on=DAY, procedure_code="1.000894", channel=chance.choice(["online", "post", "refer", ""]),
        modes=tuple(chance.sample(["ONLINE", "PAPER", "REFER"], k=chance.randrange(1, 4))),
        is_paper_forbidden=chance.random() < 0.3, needs_presence=chance.random() < 0.3, outlet_province=provinces[0],
        place_province=provinces[1], home_province=provinces[2], is_authority_clear=chance.random() < 0.7,
        result_choice=chance.choice(["home", "collect", "electronic"]), collect_reason=chance.choice(["", "other"]),
        street=chance.choice(["", "Số 1"]), phone=chance.choice(["", "+84914275268"]),
        fee_vnd=chance.choice([None, 0, 8000]), is_fee_due_at_filing=chance.random() < 0.5,
        is_fee_settled=chance.random() < 0.5, duplicates=tuple(["7K3M9PXD", "H56-1"][:chance.randrange(0, 3)]),
        papers=tuple(_paper(chance, number) for number in range(chance.randrange(0, 4))))


def _told(facts: Facts) -> list[list[str]]:
    return [[each.code, each.severity.value, each.pointer, each.component, each.words.vi, each.words.en,
             each.advice.vi] for each in check(facts)]


def test_the_same_cases_give_the_same_findings(open_as, transactional_db):
    chance = random.Random(20261123)  # repeatable cases, no secrets
    cases = [_facts(chance) for _number in range(CASES)]
    network.centre()
    catalogue.procedure(catalogue.EXTRACT)
    page = open_as("/thu-tuc/")
    page.evaluate("""() => new Promise((done) => { const script = document.createElement('script');
        script.src = '/static/intake/precheck.js'; script.onload = done; document.head.append(script); })""")

    told = page.evaluate(
        """([cases, rules]) => cases.map((facts) => window.WardpostPrecheck.check(facts, rules).map((one) =>
           [one.code, one.severity, one.pointer, one.component, one.words.vi, one.words.en, one.advice.vi]))""",
        [json.loads(json.dumps([as_data(facts) for facts in cases])), as_rule_data(RULES)])

    differing = [(facts, browser) for facts, browser in zip(cases, told, strict=True) if browser != _told(facts)]
    assert differing == []
    assert {found[0] for case in told for found in case} >= TRIED


def test_months_are_added_alike(open_as, transactional_db):
    days = [date(2024, 1, 31) + timedelta(days=step) for step in range(0, 800, 7)]
    page = open_as("/thu-tuc/")
    page.evaluate("""() => new Promise((done) => { const script = document.createElement('script');
        script.src = '/static/intake/precheck.js'; script.onload = done; document.head.append(script); })""")

    told = page.evaluate("(days) => days.map((day) => window.WardpostPrecheck.addMonths(day, 6))",
                         [day.isoformat() for day in days])

    assert told == [add_months(day, 6).isoformat() for day in days]
