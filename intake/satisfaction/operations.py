"""A citizen answers, and somebody looks into what she was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from intake.errors import AlreadyRated, DossierNotFound, MoneyReportNotFound, NotRateableYet, SatisfactionRefused
from intake.models.dossiers import Dossier
from intake.plain_data import pricing_from_data
from intake.rules.states import Handling, ResultState
from intake.satisfaction.models import MoneyReport, Satisfaction
from intake.satisfaction.rules import ANSWERS, LONGEST, MONEY_AT, MUST, QUESTIONS
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.errors import ErrorCollector
from shared.masking import without_national_ids
from shared.roles import Role
from shared.text import clean_lines
from shared.transactions import operation
from shared.working_days import work_calendar

REPORTED: Final = "asked-for-money"
CITIZEN: Final = Actor(ActorKind.CITIZEN, "citizen")
MINUTES_TO_LOOK: Final = 8 * 60
MOST_ASKED: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody asked for money: where by a code of MONEY_AT, how much in đồng when she says so."""

    where: str
    amount: int | None = None
    words: str = ""


def is_rateable(handling: int, result: str) -> bool:
    """After the result, and also when there will be none."""
    return handling in {Handling.RETURNED, Handling.NOT_ACCEPTED} or result == ResultState.DELIVERED


@operation
def answer(*, dossier_id: UUID, answers: Mapping[str, int], at: datetime, comment: str = "",
           asked: Asked | None = None) -> Satisfaction:
    """Keep what a citizen says about her dossier, once. Whoever calls has seen that it is hers.

    Raises:
        DossierNotFound: unknown.
        NotRateableYet: she has no result yet.
        AlreadyRated: it was answered before.
        SatisfactionRefused: an answer that there is not, or none at all.
    """
    dossier = Dossier.objects.select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    if not is_rateable(dossier.handling, dossier.result):
        raise NotRateableYet
    if Satisfaction.objects.filter(dossier=dossier).exists():
        raise AlreadyRated
    _check(answers, comment, asked)
    kept = Satisfaction.objects.create(
        dossier=dossier, province_code=dossier.province_code, outlet_id=dossier.outlet_id,
        operator_id=dossier.operator_id, centre_id=dossier.receiving_centre_id, answered_at=at,
        was_asked_for_money=asked is not None, comment=_covered(comment), **answers)
    audit.record(actor=CITIZEN, action="satisfaction.answer", object_type="dossier", object_id=dossier.id, at=at)
    if asked is not None:
        _report(dossier, asked, at)
    return kept


def _check(answers: Mapping[str, int], comment: str, asked: Asked | None) -> None:
    wrong = ErrorCollector()
    for name, value in answers.items():
        if name not in QUESTIONS or value not in ANSWERS:
            wrong.add(f"/{name}", "unknown-answer", _("Choose one of the five answers."))
    if MUST not in answers:
        wrong.add(f"/{MUST}", "missing", _("Say at least how it was all in all."))
    if asked is not None and asked.where not in MONEY_AT:
        wrong.add("/money_at", "missing", _("Say where you were asked for money."))
    if asked is not None and asked.amount is not None and not 0 < asked.amount <= MOST_ASKED:
        wrong.add("/money_amount", "out-of-range", _("Enter an amount in đồng, or leave it empty."))
    if len(comment) > LONGEST or (asked is not None and len(asked.words) > LONGEST):
        wrong.add("/comment", "too-long", _("At most 1,000 characters."))
    wrong.raise_if_any(SatisfactionRefused)


def _covered(text: str) -> str:
    return without_national_ids(clean_lines(text))[0]


def _report(dossier: Dossier, asked: Asked, at: datetime) -> None:
    """For the programme office, with what our books say; neither outlet nor operator is told."""
    report = MoneyReport.objects.create(
        dossier=dossier, province_code=dossier.province_code, centre_id=dossier.receiving_centre_id,
        asked_at=asked.where, amount=asked.amount, words=_covered(asked.words),
        reported_at=at, receipts=_books(dossier))
    work.open_item(kind=REPORTED, reference=str(report.id), owner_role=Role.ADMINISTRATOR,
                   owner_place=dossier.province_code, at=at,
                   due_at=work_calendar().add_working_minutes(at, MINUTES_TO_LOOK))
    audit.record(actor=CITIZEN, action="money-report.open", object_type="money-report", object_id=report.id, at=at,
                 after={"dossier": str(dossier.id)})


def _books(dossier: Any) -> dict[str, object]:
    pricing = pricing_from_data(dossier.quote)
    shares = [quote.citizen_share.amount for quote in pricing.quotes] if pricing is not None else []
    return {"money": dossier.money, "fee": dossier.fee.amount, "postage_shares": shares}


@operation
def settle(*, report_id: UUID, outcome: str, by: Actor, at: datetime) -> MoneyReport:
    """Say what became of a report.

    Raises:
        MoneyReportNotFound: `by` sees no such report that is open.
        SatisfactionRefused: nothing said.
    """
    open_ones = MoneyReport.objects.seen_by(by).select_for_update(of=("self",)).filter(settled_at=None)
    report = open_ones.filter(id=report_id).first()
    if report is None:
        raise MoneyReportNotFound
    wrong = ErrorCollector()
    if not outcome.strip():
        wrong.add("/outcome", "missing", _("Write what was found and done."))
    wrong.raise_if_any(SatisfactionRefused)
    report.settled_at, report.settled_by_name, report.outcome = at, by.name, _covered(outcome)[:500]
    report.save(update_fields=["settled_at", "settled_by_name", "outcome"])
    work.close_item(kind=REPORTED, reference=str(report.id), by=by.id, at=at, outcome="settled")
    audit.record(actor=by, action="money-report.settle", object_type="money-report", object_id=report.id, at=at)
    return report
