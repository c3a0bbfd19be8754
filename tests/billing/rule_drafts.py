"""Drafts of each kind, and the people who write and approve them."""

from datetime import UTC, datetime
from uuid import uuid4

from billing.queries import rates
from billing.rule_book import approving, drafting
from shared.actors import Actor, ActorKind
from shared.roles import Role

AT = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
LEGAL = "Nghị quyết thử nghiệm 12/2026/NQ-HĐND ngày 01/06/2026"


def reviewer(province="01"):
    return Actor(ActorKind.PERSON, str(uuid4()), "Vũ Hoàng Yến", Role.FINANCE_REVIEWER, province_code=province)


def approver(province="01"):
    return Actor(ActorKind.PERSON, str(uuid4()), "Đỗ Quang Minh", Role.FINANCE_APPROVER, province_code=province)


def head(**changes):
    return {"code": "NQ-THU-2026", "name_vi": "Bản thử", "name_en": "Trial", "valid_from": "2026-09-01",
            "valid_to": None, "legal_basis": LEGAL, "confidence": "assumed", **changes}


def subsidy(**changes):
    return head(kind="subsidy", numerator=1, denominator=2, cap_per_trip_vnd=None, channels=["online"],
                directions=["dossier", "result"], budget_line="NQ77-2025") | changes


def norm(**changes):
    return head(kind="norm", code="DM-THU-2026", items=[
        {"task": "accepted_online", "amount_vnd": 15000}, {"task": "accepted_paper", "amount_vnd": 10000},
        {"task": "delivered_result", "amount_vnd": 3000}]) | changes


def budget(**changes):
    return {"kind": "budget", "code": "NQ77-2025", "name_vi": "Hỗ trợ cước 2026", "name_en": "Postage support 2026",
            "year": 2026, "amount_vnd": 15_000_000_000, "granted_on": "2026-01-02", "when_empty": "citizen_pays",
            "warn_weeks": 6, "legal_basis": LEGAL, "confidence": "assumed", **changes}


def approved(terms, *, at=AT, province="01"):
    """The whole way of a draft."""
    writer = reviewer(province)
    draft = drafting.write_draft(terms=terms, note="", by=writer, at=at)
    drafting.propose(draft_id=draft.id, by=writer, at=at)
    done = approving.approve(draft_id=draft.id, digest=draft.digest, by=approver(province), at=at)
    rates.forget()  # what is forgotten when the transaction commits never commits in a test
    return done
