"""Proposing, deciding and withdrawing entries; confirming that an answer still holds; votes."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from agents.handbook import links
from agents.handbook.errors import EntryNotFound, InvalidEntry, MayNotEdit, NotYourOwnProposal, ProposalOpen
from agents.handbook.models import HandbookEntry, HandbookVersion, HandbookVote
from agents.handbook.rules import EDITORS, FIELDS, PROPOSERS, REVIEW_AFTER, Draft, covered, search_key
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

PROPOSED: Final = "handbook-proposal"
STALE: Final = "handbook-stale"
_LONGEST: Final = {"question_vi": 300, "answer_vi": 3000, "question_en": 300, "answer_en": 3000, "legal_source": 300,
                   "procedure_code": 20}
DECIDES_WITHIN: Final = timedelta(days=3)


@operation
def propose(*, draft: Draft, by: Actor, at: datetime, entry_id: UUID | None = None) -> HandbookVersion:
    """Write a new entry, or a new version of one; somebody else approves it.

    Raises:
        MayNotEdit: neither operations room, programme office nor a centre's manager.
        EntryNotFound: `by` sees no such entry, or it is withdrawn.
        ProposalOpen: a version of it waits for approval.
        InvalidEntry: question, answer or legal source are missing, or the days contradict one another.
    """
    if by.role not in PROPOSERS or not by.province_code:
        raise MayNotEdit
    entry = _locked(entry_id, by) if entry_id else HandbookEntry.objects.create(
        province_code=by.province_code, made_at=at)
    return add_version(entry, draft, by=by, at=at)


@operation
def decide(*, version_id: UUID, is_approved: bool, by: Actor, at: datetime, note: str = "") -> HandbookVersion:
    """Approve what somebody else proposed, or return it with a reason.

    Raises:
        MayNotEdit, EntryNotFound: as for `propose`; a centre's manager does not decide.
        NotYourOwnProposal: `by` wrote it herself.
        InvalidEntry: returned without a reason.
    """
    if by.role not in EDITORS:
        raise MayNotEdit
    version = HandbookVersion.objects.filter(id=version_id, decided_at=None).first()
    if version is None:
        raise EntryNotFound
    entry = _locked(version.entry_id, by)
    version = HandbookVersion.objects.select_for_update().filter(id=version_id, decided_at=None).first()
    if version is None:
        raise EntryNotFound
    if version.proposed_by == by.id:
        raise NotYourOwnProposal
    if not is_approved and not clean(note):
        _refuse("/note", "missing", _("Say why it is returned."))
    version.decided_at, version.decided_by_name, version.is_approved = at, by.name, is_approved
    version.note = clean(note)[:300]
    version.save(update_fields=["decided_at", "decided_by_name", "is_approved", "note"])
    if is_approved:
        _make_room(version, at)
        work.close_item(kind=STALE, reference=str(entry.id), by=by.id, at=at, outcome="new version")
    work.close_item(kind=PROPOSED, reference=str(version.id), by=by.id, at=at,
                    outcome="approved" if is_approved else "returned")
    _record("handbook.decide", entry, by, at, version=version.number, is_approved=is_approved)
    transaction.on_commit(links.remember)
    return version


@operation
def withdraw(*, entry_id: UUID, because: str, by: Actor, at: datetime) -> HandbookEntry:
    """The entry answers nobody any more; it stays readable with the reason.

    Raises:
        MayNotEdit, EntryNotFound: as for `decide`.
        InvalidEntry: without a reason.
    """
    if by.role not in EDITORS:
        raise MayNotEdit
    entry = _locked(entry_id, by)
    if not clean(because):
        _refuse("/because", "missing", _("Say why it is withdrawn."))
    entry.withdrawn_at, entry.withdrawn_by_name, entry.withdrawn_because = at, by.name, clean(because)[:300]
    entry.save(update_fields=["withdrawn_at", "withdrawn_by_name", "withdrawn_because"])
    for version in entry.versions.filter(decided_at=None):
        work.close_item(kind=PROPOSED, reference=str(version.id), by=by.id, at=at, outcome="withdrawn")
    work.close_item(kind=STALE, reference=str(entry.id), by=by.id, at=at, outcome="withdrawn")
    _record("handbook.withdraw", entry, by, at)
    transaction.on_commit(links.remember)
    return entry


@operation
def confirm(*, entry_id: UUID, by: Actor, at: datetime) -> HandbookVersion:
    """Looked at again: the answer still holds, and is to be looked at in half a year.

    Raises:
        MayNotEdit, EntryNotFound: as for `decide`; or nothing of it is approved.
        InvalidEntry: it holds no longer; that needs a new version.
    """
    if by.role not in EDITORS:
        raise MayNotEdit
    entry, today = _locked(entry_id, by), local(at).date()
    version = entry.versions.filter(is_approved=True, superseded_at=None, valid_from__lte=today).order_by(
        "-valid_from", "-number").first()
    if version is None:
        raise EntryNotFound
    if version.valid_until is not None and version.valid_until <= today:
        _refuse("", "expired", _("It holds no longer: propose a new version."))
    before, version.review_on = version.review_on, today + REVIEW_AFTER
    version.review_because, version.looked_at = "", at
    version.save(update_fields=["review_on", "review_because", "looked_at"])
    work.close_item(kind=STALE, reference=str(entry.id), by=by.id, at=at, outcome="still holds")
    _record("handbook.confirm", entry, by, at, version=version.number, review_before=before.isoformat(),
            review_on=version.review_on.isoformat())
    return version


@operation
def vote(*, entry_id: UUID, is_useful: bool, by: Actor, at: datetime) -> HandbookVote:
    """Say whether an entry was of use; again replaces one's earlier word.

    Raises:
        EntryNotFound: `by` sees no such entry, or is no person.
    """
    if by.kind is not ActorKind.PERSON:
        raise EntryNotFound
    entry = _locked(entry_id, by)
    made, _is_new = HandbookVote.objects.update_or_create(
        entry=entry, account_id=UUID(by.id), defaults={"is_useful": is_useful, "voted_at": at})
    _record("handbook.vote", entry, by, at, is_useful=is_useful)
    return made


@operation
def flag_stale(*, at: datetime) -> int:
    """Open work for each answer whose day of review or of validity has passed; returns how many are so."""
    today = local(at).date()
    stale = HandbookVersion.objects.filter(
        Q(review_on__lte=today) | Q(valid_until__lte=today), is_approved=True, superseded_at=None,
        valid_from__lte=today, entry__withdrawn_at=None).select_related("entry").order_by("review_on", "id")
    latest = _latest(list(stale[:500]))
    for version in latest:
        work.open_item(kind=STALE, reference=str(version.entry_id), owner_role=Role.OPERATIONS_OFFICER,
                       owner_place=version.entry.province_code, at=at, due_at=at + timedelta(days=7),
                       detail={"question": version.question_vi})
    return len(latest)


def _latest(stale: list[HandbookVersion]) -> list[HandbookVersion]:
    """Those that no later version in force has followed."""
    entries = [version.entry_id for version in stale]
    newest = dict(HandbookVersion.objects.filter(entry__in=entries, is_approved=True, superseded_at=None).order_by()
                  .values("entry").annotate(last=Max("valid_from")).values_list("entry", "last"))
    return [version for version in stale if newest.get(version.entry_id) == version.valid_from]


def add_version(entry: HandbookEntry, draft: Draft, *, by: Actor, at: datetime) -> HandbookVersion:
    """A proposal in the caller's transaction; `entry` is locked or new.

    Raises:
        ProposalOpen, InvalidEntry: as for `propose`.
    """
    draft = _checked(draft)
    if entry.versions.filter(decided_at=None).exists():
        raise ProposalOpen
    number = (entry.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = HandbookVersion.objects.create(
        entry=entry, number=number, proposed_at=at, proposed_by=by.id, proposed_by_name=by.name[:120],
        search_key=search_key(draft), **asdict(draft))
    decider = Role.PROGRAMME_OFFICER if by.role == Role.OPERATIONS_OFFICER else Role.OPERATIONS_OFFICER
    work.open_item(kind=PROPOSED, reference=str(version.id), owner_role=decider, owner_place=entry.province_code,
                   at=at, due_at=at + DECIDES_WITHIN, detail={"question": draft.question_vi})
    _record("handbook.propose", entry, by, at, version=number)
    return version


def _checked(draft: Draft) -> Draft:
    texts = {name: covered(getattr(draft, name)) for name in _LONGEST}
    wrong = ErrorCollector()
    for name in ("question_vi", "answer_vi", "legal_source"):
        if not texts[name]:
            wrong.add(f"/{name}", "missing", _("Fill this in."))
    for name, text in texts.items():
        if len(text) > _LONGEST[name]:
            wrong.add(f"/{name}", "too-long", _("This is too long."))
    if draft.valid_until is not None and draft.valid_until <= draft.valid_from:
        wrong.add("/valid_until", "before-start", _("It must end after it begins."))
    if draft.review_on <= draft.valid_from:
        wrong.add("/review_on", "before-start", _("The day of review comes after the first day."))
    if draft.field_key and draft.field_key not in FIELDS:
        wrong.add("/field_key", "unknown", _("There is no such place in the software."))
    wrong.raise_if_any(InvalidEntry)
    return replace(draft, **texts)  # type: ignore[arg-type]  # the names of texts alone


def _make_room(version: HandbookVersion, at: datetime) -> None:
    """Earlier approved versions end where this one begins; those that it covers wholly are superseded."""
    others = HandbookVersion.objects.filter(entry=version.entry_id, is_approved=True, superseded_at=None).exclude(
        id=version.id)
    others.filter(valid_from__gte=version.valid_from).update(superseded_at=at)
    others.filter(Q(valid_until=None) | Q(valid_until__gt=version.valid_from),
                  valid_from__lt=version.valid_from).update(valid_until=version.valid_from)


def _locked(entry_id: UUID, by: Actor) -> HandbookEntry:
    entry = HandbookEntry.objects.seen_by(by).select_for_update().filter(id=entry_id, withdrawn_at=None).first()
    if entry is None:
        raise EntryNotFound
    return entry


def _refuse(pointer: str, code: str, message: object) -> None:
    wrong = ErrorCollector()
    wrong.add(pointer, code, message)  # type: ignore[arg-type]  # a lazy translation
    wrong.raise_if_any(InvalidEntry)


def _record(action: str, entry: HandbookEntry, by: Actor, at: datetime, **after: object) -> None:
    audit.record(actor=by, action=action, object_type="handbook_entry", object_id=entry.id, at=at, after=after)
