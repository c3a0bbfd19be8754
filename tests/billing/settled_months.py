"""Months of Vietnam Post in Hà Nội that go all the way to their release."""

from datetime import UTC, datetime

from billing.claims.calling_back import answer_call
from billing.claims.importing import confirm_claim, receive_claim
from billing.claims.matching import match_claim
from billing.models.claims import CallBack
from billing.models.statements import Statement
from billing.operations.statements import prepare_statement
from billing.rules.settling import Step
from billing.settling.figures import figures_of
from billing.settling.workflow import sign
from config import claim_evidence
from shared.actors import Actor, ActorKind
from shared.roles import Role
from tests.billing.claim_cases import HOA, LAN, MINH, YEN, csv_file, headquarters

JANUARY, FEBRUARY, MARCH = (datetime(2026, number, 1, tzinfo=UTC).date() for number in (1, 2, 3))
DONE = {JANUARY: datetime(2026, 2, 3, 2, tzinfo=UTC), FEBRUARY: datetime(2026, 3, 3, 2, tzinfo=UTC),
        MARCH: datetime(2026, 4, 3, 2, tzinfo=UTC)}


def statement_of(period):
    return Statement.objects.get(province_id="01", operator_code="VNPOST", period=period)


def figures(period):
    return figures_of(statement_of(period))


def prepared(period):
    return prepare_statement(province_code="01", operator_code="VNPOST", period=period, by=YEN, at=DONE[period])


def claimed_of(period, *rows):
    """Claimed, prepared, compared; every citizen drawn says that it came."""
    at = DONE[period]
    claim = receive_claim(province_code="01", period=period, file_name="de-nghi.csv", content=csv_file(*rows),
                          by=headquarters(), at=at)
    confirm_claim(claim_id=claim.id, by=headquarters(), at=at)
    prepared(period)
    match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=at)
    for call in CallBack.objects.filter(claim=claim):
        officer = Actor(ActorKind.PERSON, "officer", "Cán bộ", Role.CENTRE_OFFICER, centre_id=call.centre_id)
        answer_call(call_id=call.id, outcome="received", by=officer, at=at)
    return claim


def released_of(period):
    """Prepared if it was not, reviewed, approved and released; answers the statement."""
    statement = prepared(period)
    for step, by in ((Step.REVIEW, LAN), (Step.APPROVE, MINH), (Step.RELEASE, HOA)):
        sign(statement_id=statement.id, step=step, seen_digest=figures(period).digest, note="Không chờ", by=by,
             at=DONE[period])
    return statement_of(period)
