"""Planning a notice, sending it, and what follows when it cannot be sent. Once each, whatever happens on the line."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from intake.errors import DossierNotFound, NoticeTextRefused
from intake.models.citizens import Citizen, Consent, ConsentPurpose
from intake.models.dossiers import Dossier
from intake.notices import composing, texts
from intake.notices.composing import address_of, masked
from intake.notices.couriers import Answer, Outcome, channels, courier_of
from intake.notices.models import Notice, NoticeChoice, NoticeState, NoticeTemplate
from intake.notices.rules import ORDER, STALE, NoticeChannel, NoticeEvent, Text, unknown_fields
from shared import audit, work
from shared.actors import Actor, job
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

log = structlog.get_logger()

US: Final = job("notices")
UNTOLD: Final = "citizen-not-told"
LEASE: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 5
LONGEST_PAUSE: Final = timedelta(minutes=10)
ASKED_AFTER: Final = timedelta(minutes=2)
RECEIPTS_COME_FOR: Final = timedelta(hours=48)
AT_ONCE: Final = 200
SILENCES: Final = 3
"""After so many in a row without an answer the rest waits for the next sweep: each one costs seconds."""


@operation
def plan(*, dossier_id: UUID, event: NoticeEvent, happened_at: datetime, now: datetime, instance: str = "",
         not_before: datetime | None = None) -> Notice | None:
    """Put a notice in the queue by the best channel; again: nothing changes. None when there is nothing to tell.

    What cannot be told (no consent, no address, nothing connected to her) is written down, with why.
    """
    if not channels() or happened_at < now - STALE:
        return None
    dossier = _loaded(dossier_id)
    known = Notice.objects.filter(dossier_id=dossier_id, event=event, instance=instance)
    if dossier is None or known.exists():
        return None
    due = max(now, not_before) if not_before is not None else now
    if not _agreed(dossier.citizen_id):
        return _skip(dossier, event, instance, "no-consent", now)
    return _queue(dossier, event, instance, tried=(), at=due, planned_at=now)


def _loaded(dossier_id: UUID) -> Any:
    return Dossier.objects.select_related("citizen", "procedure", "outlet").filter(id=dossier_id).first()


def _agreed(citizen_id: UUID) -> bool:
    """Her last word on being told: silence is no consent (Law 91/2025/QH15)."""
    words = Consent.objects.filter(citizen_id=citizen_id, purpose=ConsentPurpose.NOTIFY).order_by("-at", "-id")
    return bool(words.values_list("is_given", flat=True).first())


def _queue(dossier: Any, event: NoticeEvent, instance: str, *, tried: tuple[str, ...], at: datetime,
           planned_at: datetime) -> Notice | None:
    choice = NoticeChoice.objects.filter(citizen_id=dossier.citizen_id).first()
    draft = composing.draft(dossier, event, instance, choice=choice, tried=tried, at=at, planned_at=planned_at,
                            words=composing.Wordings())
    if draft.channel == NoticeChannel.NONE and tried:
        return None
    made, _is_new = Notice.objects.get_or_create(
        dossier=dossier, event=event, instance=instance, channel=draft.channel,
        defaults={name: getattr(draft, name) for name in composing.DRAFTED})
    return made


def _skip(dossier: Any, event: NoticeEvent, instance: str, cause: str, at: datetime) -> Notice:
    made, _is_new = Notice.objects.get_or_create(
        dossier=dossier, event=event, instance=instance, channel=NoticeChannel.NONE,
        defaults={"state": NoticeState.SKIPPED, "cause": cause, "planned_at": at, "next_at": at})
    return made


@operation
def plan_for_all(*, dossier_ids: Sequence[UUID], event: NoticeEvent, happened_at: datetime, now: datetime,
                 instance: str) -> int:
    """`plan` for many dossiers at once; returns how many notices were written. The statements do not grow with them."""
    if not channels() or happened_at < now - STALE:
        return 0
    known = Notice.objects.filter(dossier_id__in=dossier_ids, event=event, instance=instance).values("dossier_id")
    dossiers = list(Dossier.objects.select_related("citizen", "procedure", "outlet").filter(
        id__in=dossier_ids).exclude(id__in=known).order_by("id"))
    citizens = {each.citizen_id for each in dossiers}
    agreed, words = _agreeing(citizens), composing.Wordings()
    choices = {each.citizen_id: each for each in NoticeChoice.objects.filter(citizen_id__in=citizens)}
    drafts = [
        composing.draft(each, event, instance, choice=choices.get(each.citizen_id), tried=(), at=now, planned_at=now,
                        words=words) if each.citizen_id in agreed
        else composing.skipped(each, event, instance, "no-consent", now) for each in dossiers]
    return len(Notice.objects.bulk_create(drafts, ignore_conflicts=True, batch_size=500))


def _agreeing(citizens: Collection[UUID]) -> set[UUID]:
    """Those whose last word on being told is yes."""
    last = Consent.objects.filter(citizen_id__in=citizens, purpose=ConsentPurpose.NOTIFY).order_by(
        "citizen_id", "-at", "-id").distinct("citizen_id")
    return {citizen for citizen, is_given in last.values_list("citizen_id", "is_given") if is_given}


# --- sending --------------------------------------------------------------------------------------------------------


def send_due(*, at: datetime) -> int:
    """Send what is due; returns how many the couriers have taken. No transaction is open while one is asked."""
    return _each_due(NoticeState.WAITING, at)


def ask_receipts(*, at: datetime) -> int:
    """Ask what has become of sent ones for two days; returns how many have arrived."""
    return _each_due(NoticeState.SENT, at)


def _each_due(state: NoticeState, at: datetime) -> int:
    due = Notice.objects.filter(state=state, next_at__lte=at)
    if state is NoticeState.SENT:
        due = due.filter(sent_at__gt=at - RECEIPTS_COME_FOR).exclude(channel=NoticeChannel.EMAIL)
    outcomes: list[Outcome] = []
    for notice_id in list(due.order_by("next_at", "id").values_list("id", flat=True)[:AT_ONCE]):
        if outcomes[-SILENCES:] == [Outcome.UNKNOWN] * SILENCES:
            break
        if _claim(notice_id, state, at):
            outcomes.append(_carry(notice_id, state, at))
    return sum(outcome in {Outcome.TAKEN, Outcome.DELIVERED} for outcome in outcomes)


@operation
def _claim(notice_id: UUID, state: NoticeState, at: datetime) -> bool:
    """Count the try before it is made, and keep others away for a minute."""
    mine = Notice.objects.filter(id=notice_id, state=state, next_at__lte=at)
    return bool(mine.update(next_at=at + LEASE, attempts=F("attempts") + 1))


def _carry(notice_id: UUID, state: NoticeState, at: datetime) -> Outcome:
    notice = Notice.objects.select_related("dossier__citizen").get(id=notice_id)
    answer = _ask(notice, state)
    _note(notice_id=notice_id, answer=answer, at=at)
    log.info("notice_carried", notice_id=str(notice_id), channel=notice.channel, outcome=answer.outcome,
             cause=answer.cause)
    return answer.outcome


def _ask(notice: Notice, state: NoticeState) -> Answer:
    """After a try whose end nobody knows the courier is asked first whether it has the notice."""
    channel = NoticeChannel(notice.channel)
    courier, to = courier_of(channel), address_of(notice.dossier, channel)
    if courier is None or not to:
        return Answer(Outcome.REFUSED, "not-connected" if courier is None else "no-address")
    if state is NoticeState.SENT:
        return courier.ask(notice.id)
    if notice.attempts > 1 and channel is not NoticeChannel.EMAIL:
        found = courier.ask(notice.id)
        if found.outcome is not Outcome.REFUSED or found.cause != "unknown":
            return found
    return courier.send(reference=notice.id, to=to, subject=notice.subject, body=notice.body)


@operation
def _note(*, notice_id: UUID, answer: Answer, at: datetime) -> None:
    notice = Notice.objects.select_for_update(of=("self",)).get(id=notice_id)
    match answer.outcome:
        case Outcome.DELIVERED:
            notice.state, notice.sent_at, notice.delivered_at = NoticeState.DELIVERED, notice.sent_at or at, at
        case Outcome.TAKEN if notice.state == NoticeState.WAITING:
            notice.state, notice.sent_at, notice.next_at, notice.attempts = NoticeState.SENT, at, at + ASKED_AFTER, 0
        case Outcome.TAKEN:
            notice.next_at = at + min(ASKED_AFTER * 2 ** min(notice.attempts, 8), timedelta(hours=4))
        case Outcome.UNKNOWN if notice.state == NoticeState.SENT or notice.attempts < MOST_ATTEMPTS:
            notice.next_at = at + min(timedelta(seconds=30) * 2 ** min(notice.attempts, 8), LONGEST_PAUSE)
        case _:
            _fail(notice, answer.cause, at)
    notice.cause = answer.cause[:60] if answer.outcome in {Outcome.UNKNOWN, Outcome.REFUSED} else ""
    notice.save()
    if notice.state == NoticeState.DELIVERED:
        _close_item(notice, at)


def _fail(notice: Notice, cause: str, at: datetime) -> None:
    """Try the next channel; when there is none left, somebody has to call."""
    notice.state = NoticeState.FAILED
    dossier = _loaded(notice.dossier_id)
    same = Notice.objects.filter(dossier_id=notice.dossier_id, event=notice.event, instance=notice.instance)
    tried = tuple(same.values_list("channel", flat=True))
    following = _queue(dossier, NoticeEvent(notice.event), notice.instance, tried=tried, at=at, planned_at=at)
    if following is None and notice.event != NoticeEvent.RATE:
        _open_item(notice, dossier, cause, at)


def _open_item(notice: Notice, dossier: Any, cause: str, at: datetime) -> None:
    has_outlet = dossier.outlet is not None
    work.open_item(
        kind=UNTOLD, reference=f"{dossier.id}:{notice.event}", at=at,
        owner_role=Role.OUTLET_CLERK if has_outlet else Role.CENTRE_OFFICER,
        owner_place=dossier.outlet.code if has_outlet else dossier.province_code,
        due_at=work_calendar().add_working_minutes(at, 480),
        detail={"agent_ref": dossier.agent_ref, "event": notice.event, "cause": cause})


def _close_item(notice: Notice, at: datetime) -> None:
    work.close_item(kind=UNTOLD, reference=f"{notice.dossier_id}:{notice.event}", by=US.id, at=at, outcome="told")


@operation
def try_again(*, notice_id: UUID, by: Actor, at: datetime) -> Notice:
    """Send a failed notice once more, after the address was corrected.

    Raises:
        DossierNotFound: `by` sees no such notice, or it has not failed.
    """
    failed = Notice.objects.seen_by(by).select_for_update(of=("self",)).select_related("dossier__citizen")
    notice = failed.filter(id=notice_id, state=NoticeState.FAILED).first()
    if notice is None:
        raise DossierNotFound
    channel = NoticeChannel(notice.channel)
    notice.state, notice.attempts, notice.next_at, notice.cause = NoticeState.WAITING, 0, at, ""
    notice.to_masked = masked(address_of(notice.dossier, channel), channel)
    notice.save()
    others = Notice.objects.filter(dossier_id=notice.dossier_id, event=notice.event, instance=notice.instance)
    others.filter(state=NoticeState.WAITING).exclude(id=notice.id).update(state=NoticeState.SKIPPED, cause="told-else")
    audit.record(actor=by, action="notice.again", object_type="notice", object_id=notice.id, at=at)
    return notice


# --- texts and choices ----------------------------------------------------------------------------------------------


@operation
def change_text(*, event: NoticeEvent, channel: NoticeChannel, language: str, subject: str, body: str,
                keeps_accents: bool, by: Actor, at: datetime) -> NoticeTemplate:
    """Put a new version of a text in force; what waits already keeps its words.

    Raises:
        NoticeTextRefused: empty, without the code, with a field that there is not, or an SMS of more than three parts.
    """
    _check_text(event, channel, language, subject, body, keeps_accents=keeps_accents)
    newest = texts.template_for(by.province_code, event, channel, language)
    made = NoticeTemplate.objects.create(
        province_code=by.province_code, event=event, channel=channel, language=language, version=newest.version + 1,
        subject=subject, body=body, keeps_accents=keeps_accents, made_by_name=by.name, made_at=at)
    audit.record(actor=by, action="notice-text.change", object_type="notice-text", object_id=made.id, at=at,
                 after={"event": str(event), "channel": str(channel), "language": language, "version": made.version})
    return made


def _check_text(event: NoticeEvent, channel: NoticeChannel, language: str, subject: str, body: str, *,
                keeps_accents: bool) -> None:
    wrong = ErrorCollector()
    for name, text in (("subject", subject), ("body", body)):
        if strange := unknown_fields(text):
            wrong.add(f"/{name}", "unknown-field", _("There is no field {%(name)s}.") % {"name": strange[0][:40]})
    if "{code}" not in body and "{link}" not in body:
        wrong.add("/body", "no-code", _("Say which dossier it is: use {code} or {link}."))
    tried = texts.Template(event, channel, language, 0, Text(subject, body), keeps_accents=keeps_accents)
    if channel is NoticeChannel.SMS and texts.render(tried, texts.sample_facts()).length.segments > 3:
        wrong.add("/body", "too-long", _("More than three text messages long; shorten it."))
    if channel is NoticeChannel.EMAIL and not subject.strip():
        wrong.add("/subject", "missing", _("An e-mail needs a subject."))
    wrong.raise_if_any(NoticeTextRefused)


@operation
def choose_channels(*, citizen_id: UUID, refused: frozenset[NoticeChannel], language: str, by: str, actor: Actor,
                    at: datetime) -> NoticeChoice:
    """Keep how a citizen wants to be told. `by`: who says so for the record."""
    kept = sorted(str(each) for each in refused if each in ORDER)
    choice, _is_new = NoticeChoice.objects.update_or_create(citizen_id=citizen_id, defaults={
        "refused": kept, "language": language if language in {"vi", "en"} else "vi", "set_by": by[:80], "set_at": at})
    waiting = Notice.objects.filter(dossier__citizen_id=citizen_id, state=NoticeState.WAITING, channel__in=kept)
    waiting.update(state=NoticeState.SKIPPED, cause="opted-out")
    audit.record(actor=actor, action="notice-choice.set", object_type="citizen", object_id=citizen_id, at=at,
                 after={"refused": kept, "language": choice.language})
    return choice


def choice_facts(citizen: Citizen) -> Mapping[str, object]:
    """What is in force for a citizen: `refused` channels and `language`."""
    choice = NoticeChoice.objects.filter(citizen=citizen).first()
    return {"refused": choice.refused if choice else [], "language": choice.language if choice else "vi"}

