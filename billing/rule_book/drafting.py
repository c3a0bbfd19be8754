"""A rule is written and proposed. Nothing changes for anybody until another person approves it."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.errors import DraftChanged, DraftNotFound, DraftNotThere
from billing.models.rule_book import RuleDraft
from billing.rule_book.terms import Terms, as_data, end, first_day, kept, kind_of, read
from billing.rule_book.versions import place_of
from billing.rules.rule_book import BINDS_EVERY_CITY, DraftAction, DraftState, next_state
from shared import audit, work
from shared.actors import Actor
from shared.calendar import MINUTES_A_DAY
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

TO_APPROVE: Final = "rule-to-approve"
_DAYS_TO_APPROVE: Final = 5


def digest_of(terms: Mapping[str, Any]) -> str:
    """SHA-256 of the terms in one form: what a person signs when she proposes or approves."""
    return sha256(json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@operation
def write_draft(*, terms: Mapping[str, Any], note: str, by: Actor, at: datetime) -> RuleDraft:
    """Begin a draft. It may still overlap something: that is told, and refused only when it is proposed.

    Raises:
        InvalidRequest: an entry is wrong.
    """
    known = read(terms)
    draft = RuleDraft(home=by.province_code, drafted_by=by.id, drafted_by_name=by.name, drafted_at=at,
                      note=note.strip()[:1000])
    _put(draft, known)
    draft.save(force_insert=True)
    _record("write_rule", draft, by=by, at=at)
    return draft


@operation
def change_draft(*, draft_id: UUID, terms: Mapping[str, Any], note: str, version: int, by: Actor,
                 at: datetime) -> RuleDraft:
    """Write a draft anew, while it is one.

    Raises:
        InvalidRequest: an entry is wrong, or the kind is another one.
        DraftNotFound, DraftNotThere: none of this city, or proposed already.
        DraftChanged: `version` is not the last.
    """
    draft = locked(draft_id, by)
    if draft.state != DraftState.DRAFT:
        raise DraftNotThere(_("It is proposed or decided. Take it back first, or write a new one."))
    if draft.version != version:
        raise DraftChanged
    before = draft.digest
    _put(draft, read({**terms, "kind": draft.kind}))
    draft.note, draft.version = note.strip()[:1000], draft.version + 1
    draft.drafted_by, draft.drafted_by_name, draft.drafted_at = by.id, by.name, at
    draft.save()
    _record("change_rule", draft, by=by, at=at, before=before)
    return draft


@operation
def propose(*, draft_id: UUID, by: Actor, at: datetime) -> RuleDraft:
    """Ask another person to approve the draft.

    Raises:
        DraftNotFound, DraftNotThere: none of this city, or not a draft any more.
        PeriodClosed, RuleInForce, DraftRefused: it could not come into force as it stands.
    """
    draft = locked(draft_id, by)
    draft.state = next_state(DraftState(draft.state), DraftAction.PROPOSE)
    place_of(kept(draft.terms), draft.province_code, at=at)
    draft.proposed_by, draft.proposed_by_name, draft.proposed_at = by.id, by.name, at
    draft.save(update_fields=["state", "proposed_by", "proposed_by_name", "proposed_at"])
    work.open_item(kind=TO_APPROVE, reference=str(draft.id), owner_role=Role.FINANCE_APPROVER, owner_place=draft.home,
                   at=at, due_at=work_calendar().add_working_minutes(at, _DAYS_TO_APPROVE * MINUTES_A_DAY),
                   detail={"code": draft.code, "kind": draft.kind})
    _record("propose_rule", draft, by=by, at=at)
    return draft


@operation
def take_back(*, draft_id: UUID, by: Actor, at: datetime) -> RuleDraft:
    """Bring a proposal back to be written on; it is then to be proposed again.

    Raises:
        DraftNotFound, DraftNotThere: none of this city, or not proposed.
    """
    draft = locked(draft_id, by)
    draft.state = next_state(DraftState(draft.state), DraftAction.TAKE_BACK)
    draft.proposed_by = draft.proposed_by_name = ""
    draft.proposed_at = None
    draft.save(update_fields=["state", "proposed_by", "proposed_by_name", "proposed_at"])
    settle(draft, "taken-back", by=by, at=at)
    _record("take_back_rule", draft, by=by, at=at)
    return draft


@operation
def withdraw(*, draft_id: UUID, by: Actor, at: datetime) -> RuleDraft:
    """Give a draft up; it stays to be read.

    Raises:
        DraftNotFound, DraftNotThere: none of this city, or not a draft.
    """
    draft = locked(draft_id, by)
    draft.state = next_state(DraftState(draft.state), DraftAction.WITHDRAW)
    draft.decided_by, draft.decided_by_name, draft.decided_at = by.id, by.name, at
    draft.save(update_fields=["state", "decided_by", "decided_by_name", "decided_at"])
    _record("withdraw_rule", draft, by=by, at=at)
    return draft


def locked(draft_id: UUID, by: Actor) -> RuleDraft:
    """Raises DraftNotFound: unknown, or written in another city."""
    draft = RuleDraft.objects.select_for_update().filter(id=draft_id, home=by.province_code).first()
    if draft is None:
        raise DraftNotFound
    return draft


def settle(draft: RuleDraft, outcome: str, *, by: Actor, at: datetime) -> None:
    """Close what asked the approver."""
    work.close_item(kind=TO_APPROVE, reference=str(draft.id), by=by.id, at=at, outcome=outcome)


def _put(draft: RuleDraft, terms: Terms) -> None:
    draft.kind, draft.code = kind_of(terms), terms.code
    draft.province_code = "" if kind_of(terms) in BINDS_EVERY_CITY else draft.home
    draft.valid_from, draft.valid_to = first_day(terms), end(terms)
    draft.terms = as_data(terms)
    draft.digest = digest_of(draft.terms)


def _record(action: str, draft: RuleDraft, *, by: Actor, at: datetime, before: str = "") -> None:
    audit.record(actor=by, action=action, object_type="rule_draft", object_id=draft.id, at=at,
                 before={"digest": before} if before else None,
                 after={"state": str(draft.state), "code": draft.code, "digest": draft.digest})
