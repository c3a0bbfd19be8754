"""A counter's day: what waits, what is late, what came back, what was done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, F, Q, QuerySet

from intake.models.counter import Taking
from intake.models.decisions import Refusal, SupplementRequest
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.models.routing import AuthorityQuestion
from intake.queries.centre import CHANNEL_WORDS, deadline_of
from intake.queries.procedures import in_force
from intake.queries.takings import lacking_words
from intake.rules.catalogue import Channel
from intake.rules.reasons import SUPPLEMENT_REASONS
from intake.rules.short_names import short_words
from intake.rules.state_words import state_words
from intake.rules.states import Handling, MoneyState, ResultState
from intake.rules.wording import Words
from shared.actors import Actor
from shared.calendar import MORNING, at_local, local
from shared.deadlines import Deadline

MOST_ROWS: Final = 300
NEWS: Final = timedelta(days=3)
"""How long a refusal stays among the news of the day."""
OTHER_PAPER: Final = Words("Giấy tờ khác", "Another paper")


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier in one of the day's lists."""

    id: UUID
    reference: str
    citizen_name: str
    what: Words
    channel: Words
    state: Words
    result: Words
    handling: int
    since: datetime
    is_late: bool
    """Left lying since an earlier day, at the counter itself."""
    due_at: datetime | None
    deadline: Deadline | None
    centre_id: UUID | None
    centre_name: str
    note: str = ""
    asked: tuple[str, ...] = ()
    answer_due_at: datetime | None = None
    is_unpaid: bool = False
    begun_by: str = ""
    held_by: str = ""
    """Of a draft: who began it, who kept it last."""
    saved_at: datetime | None = None
    visits: int = 1


@dataclass(frozen=True, slots=True)
class Bundle:
    """Paper dossiers for one centre: one parcel."""

    centre_id: UUID
    centre_name: str
    lines: tuple[Line, ...]

    @property
    def is_late(self) -> bool:
        return any(line.is_late for line in self.lines)


@dataclass(frozen=True, slots=True)
class CounterDay:
    drafts: tuple[Line, ...]
    bundles: tuple[Bundle, ...]
    come_backs: tuple[Line, ...]
    """The centre asks the citizen for something: papers or payment."""
    refused: tuple[Line, ...]
    unclear: tuple[Line, ...]
    results: tuple[Line, ...]
    """Results on their way home, those that came back first."""
    today: tuple[Line, ...]
    is_cut: bool

    @property
    def to_forward(self) -> int:
        return sum(len(bundle.lines) for bundle in self.bundles)

    @property
    def is_empty(self) -> bool:
        return not any((self.drafts, self.bundles, self.come_backs, self.refused, self.unclear, self.results,
                        self.today))


def counter_day(actor: Actor, now: datetime) -> CounterDay:
    """The day of the actor's outlet; the same few questions however many dossiers there are."""
    midnight = at_local(local(now).date(), MORNING[0]).replace(hour=0, minute=0)
    found = list(_of_the_day(actor, midnight)[: MOST_ROWS + 1])
    shown = found[:MOST_ROWS]
    takings = _takings(shown)
    asked, refusals, questions = _asked(shown) | _lacking(shown, takings), _refusals(shown), _questions(shown)
    lines = {each.id: _line(each, now=now, midnight=midnight, asked=asked.get(each.id, ()),
                            refusal=refusals.get(each.id, ""), question=questions.get(each.id),
                            taking=takings.get(each.id)) for each in shown}
    pick = _Picker(shown, lines)
    return CounterDay(
        drafts=pick.those(lambda d: d.handling == Handling.DRAFT), bundles=_bundles(pick.those(_is_to_forward)),
        come_backs=pick.those(lambda d: d.handling in {Handling.SUPPLEMENT_ASKED, Handling.PAYMENT_ASKED}),
        refused=pick.those(lambda d: d.handling == Handling.NOT_ACCEPTED), unclear=pick.those(_is_unclear),
        results=tuple(sorted(pick.those(_is_on_its_way), key=lambda line: line.note != "came_back")),
        today=pick.those(lambda d: d.submitted_at is not None and d.submitted_at >= midnight),
        is_cut=len(found) > MOST_ROWS)


@dataclass(frozen=True, slots=True)
class _Picker:
    dossiers: list[Any]
    lines: dict[UUID, Line]

    def those(self, wanted: Any) -> tuple[Line, ...]:
        return tuple(self.lines[dossier.id] for dossier in self.dossiers if wanted(dossier))


def _of_the_day(actor: Actor, midnight: datetime) -> QuerySet[Any]:
    open_here = Q(handling__in=[Handling.DRAFT, Handling.SUPPLEMENT_ASKED, Handling.PAYMENT_ASKED]) | Q(
        handling=Handling.REGISTERED, forwarded_at=None)
    news = (Q(handling=Handling.NOT_ACCEPTED, closed_at__gte=midnight - NEWS)
            | Q(result__in=[ResultState.TO_SEND, ResultState.ON_THE_WAY, ResultState.CAME_BACK])
            | Q(submitted_at__gte=midnight))
    named = Dossier.objects.seen_by(actor).filter(open_here | news).select_related("citizen", "procedure").annotate(
        centre_name=F("receiving_centre__name"))
    return named.fetch_mode(FETCH_RAISE).order_by("due_at", "created_at", "id")


def _is_to_forward(dossier: Any) -> bool:
    return bool(dossier.handling == Handling.REGISTERED and dossier.forwarded_at is None
                and dossier.channel == Channel.POST and dossier.authority_centre_id is not None)


def _is_unclear(dossier: Any) -> bool:
    return bool(dossier.handling == Handling.REGISTERED and dossier.authority_centre_id is None)


def _is_on_its_way(dossier: Any) -> bool:
    return dossier.result in {ResultState.TO_SEND, ResultState.ON_THE_WAY, ResultState.CAME_BACK}


def _line(dossier: Any, *, now: datetime, midnight: datetime, asked: tuple[str, ...], refusal: str,
          question: AuthorityQuestion | None, taking: Taking | None = None) -> Line:
    since = dossier.submitted_at or dossier.created_at
    waits_here = dossier.handling == Handling.DRAFT or _is_to_forward(dossier)
    return Line(
        id=dossier.id, reference=dossier.code or dossier.agent_ref, citizen_name=dossier.citizen.full_name,
        what=short_words(dossier.procedure.name_vi, dossier.procedure.name_en),
        channel=CHANNEL_WORDS[Channel(dossier.channel)], state=state_words(Handling(dossier.handling)),
        result=state_words(ResultState(dossier.result)), handling=dossier.handling, since=since,
        is_late=waits_here and since < midnight, due_at=dossier.due_at,
        deadline=deadline_of(dossier, now) if dossier.due_at is not None else None,
        centre_id=dossier.receiving_centre_id, centre_name=dossier.centre_name or "",
        note=refusal or (str(dossier.result) if _is_on_its_way(dossier) else ""), asked=asked,
        answer_due_at=question.due_at if question is not None else None, is_unpaid=dossier.money == MoneyState.DUE,
        begun_by=taking.begun_by_name if taking is not None else "",
        held_by=taking.held_by_name if taking is not None else "",
        saved_at=taking.saved_at if taking is not None else None, visits=taking.visits if taking is not None else 1)


def _bundles(lines: Iterable[Line]) -> tuple[Bundle, ...]:
    by_centre: dict[UUID, list[Line]] = {}
    for line in lines:
        if line.centre_id is not None:
            by_centre.setdefault(line.centre_id, []).append(line)
    bundles = [Bundle(centre_id, some[0].centre_name, tuple(some)) for centre_id, some in by_centre.items()]
    return tuple(sorted(bundles, key=lambda bundle: (not bundle.is_late, bundle.centre_name)))


def _asked(dossiers: list[Any]) -> dict[UUID, tuple[str, ...]]:
    """What each open request asks for, in words."""
    waiting = {d.id: d for d in dossiers if d.handling == Handling.SUPPLEMENT_ASKED}
    requests = SupplementRequest.objects.filter(dossier_id__in=waiting, answered_at=None)
    return {request.dossier_id: tuple(_in_words(request.reasons, waiting[request.dossier_id])) for request in requests}


def _takings(dossiers: list[Any]) -> dict[UUID, Taking]:
    drafts = [d.id for d in dossiers if d.handling == Handling.DRAFT]
    return {taking.dossier_id: taking for taking in Taking.objects.filter(dossier_id__in=drafts)}


def _lacking(dossiers: list[Any], takings: dict[UUID, Taking]) -> dict[UUID, tuple[str, ...]]:
    """What the check last stopped in each draft, in words."""
    return {d.id: tuple(lacking_words(takings[d.id].findings, d.procedure)) for d in dossiers if d.id in takings}


def _in_words(reasons: list[dict[str, str]], dossier: Any) -> Iterable[str]:
    names = {paper["code"]: Words(paper["name_vi"], paper["name_en"]) for paper in dossier.procedure.documents}
    for asked in reasons:
        reason = SUPPLEMENT_REASONS.get(asked["reason"])
        words = asked["text"] or (str(reason.words) if reason is not None else asked["reason"])
        yield f"{names.get(asked['component'], OTHER_PAPER)}: {words}"


def _refusals(dossiers: list[Any]) -> dict[UUID, str]:
    refused = [d.id for d in dossiers if d.handling == Handling.NOT_ACCEPTED]
    rows = Refusal.objects.filter(dossier_id__in=refused).values_list("dossier_id", "explanation")
    return dict(rows)


def _questions(dossiers: list[Any]) -> dict[UUID, AuthorityQuestion]:
    unclear = [d.id for d in dossiers if _is_unclear(d)]
    return {q.dossier_id: q for q in AuthorityQuestion.objects.filter(dossier_id__in=unclear, answered_at=None)}


def waiting_count(actor: Actor) -> int:
    """What the rail shows: drafts, papers to forward, and what the centre wants back."""
    waiting = Q(handling__in=[Handling.DRAFT, Handling.SUPPLEMENT_ASKED, Handling.PAYMENT_ASKED]) | Q(
        handling=Handling.REGISTERED, forwarded_at=None, channel=Channel.POST)
    return Dossier.objects.seen_by(actor).filter(waiting).count()


def common_procedures(actor: Actor, on: date, *, most: int = 6) -> list[Procedure]:
    """What is asked for most at this counter, filled up with essential services."""
    counted = (Dossier.objects.seen_by(actor).order_by().values("procedure_code").annotate(n=Count("id"))
               .order_by("-n", "procedure_code").values_list("procedure_code", flat=True)[:most])
    codes = list(counted)
    known = {p.code: p for p in in_force(on).filter(Q(code__in=codes) | Q(is_essential=True)).order_by("code")}
    first = [known[code] for code in codes if code in known]
    return [*first, *(p for p in known.values() if p not in first)][:most]
