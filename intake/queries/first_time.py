"""First time right: how many dossiers needed no second try, whose fault the others were, and how long taking took."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Aggregate, Avg, Count, Exists, FloatField, OuterRef, Q, QuerySet

from intake.models.counter import Taking
from intake.models.decisions import Refusal, SupplementRequest
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.rules.first_time import check_that_could_tell
from intake.rules.reasons import REFUSAL_REASONS, SUPPLEMENT_REASONS
from intake.rules.short_names import short_words
from intake.rules.states import Handling
from intake.rules.wording import Words
from shared.actors import Actor
from shared.calendar import at_local

MOST_LINES: Final = 200
OTHER_PAPER: Final = Words("Giấy tờ khác", "Another paper")


class Median(Aggregate):
    """PostgreSQL's continuous median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class SentBack:
    """One reason for which a dossier came back or was refused. `check` could have told; empty: nobody could."""

    dossier_id: UUID
    reference: str
    what: Words
    at: datetime
    is_refusal: bool
    reason_code: str
    reason: Words
    paper: Words
    check: str
    was_warned: bool
    """The check did say so, and the dossier was sent all the same."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a procedure takes at the counter. `median_seconds`: opened to submitted."""

    code: str
    name: Words
    taken: int
    median_seconds: int


@dataclass(frozen=True, slots=True)
class FirstTime:
    """Of dossiers submitted in a period; a dossier is judged once the centre received or refused it."""

    from_date: date
    to_date: date
    submitted: int
    judged: int
    sent_back: int
    ours: int
    """Dossiers sent back for at least one reason that the counter could have seen."""
    several_visits: int
    mean_visits: float
    lines: tuple[SentBack, ...]
    paces: tuple[Pace, ...]
    is_cut: bool

    @property
    def right(self) -> int:
        return self.judged - self.sent_back

    @property
    def rate(self) -> float | None:
        """Share of the judged that were right at once, 0 to 1; None before anything was judged."""
        return self.right / self.judged if self.judged else None

    @property
    def percent(self) -> int | None:
        return None if self.rate is None else round(self.rate * 100)

    @property
    def not_checkable(self) -> int:
        return self.sent_back - self.ours


def first_time_right(actor: Actor, *, from_date: date, to_date: date, outlet_id: UUID | None = None) -> FirstTime:
    """What `actor` may see, of dossiers submitted from one local day to another, both included."""
    period = _period(from_date, to_date)
    dossiers = Dossier.objects.seen_by(actor).filter(**_within("submitted_at", period), outlet__isnull=False)
    takings = Taking.objects.seen_by(actor).filter(**_within("submitted_at", period))
    if outlet_id is not None:
        dossiers, takings = dossiers.at_outlet(outlet_id), takings.at_outlet(outlet_id)
    lines = sorted((*_supplements(dossiers), *_refusals(dossiers)), key=lambda line: line.at, reverse=True)
    counted = _counted(dossiers)
    visits = takings.aggregate(mean=Avg("visits"), several=Count("dossier_id", filter=Q(visits__gt=1)))
    return FirstTime(
        from_date, to_date, submitted=counted["submitted"], judged=counted["judged"], sent_back=counted["sent_back"],
        ours=len({line.dossier_id for line in lines if line.check}), several_visits=visits["several"],
        mean_visits=round(visits["mean"] or 0, 2), lines=tuple(lines[:MOST_LINES]), paces=tuple(_paces(takings)),
        is_cut=len(lines) > MOST_LINES)


def _period(from_date: date, to_date: date) -> tuple[datetime, datetime]:
    return at_local(from_date, time()), at_local(to_date + timedelta(days=1), time())


def _within(column: str, period: tuple[datetime, datetime]) -> dict[str, datetime]:
    return {f"{column}__gte": period[0], f"{column}__lt": period[1]}


def _counted(dossiers: QuerySet[Dossier]) -> dict[str, int]:
    asked = Exists(SupplementRequest.objects.filter(dossier=OuterRef("pk")))
    refused = Q(handling=Handling.NOT_ACCEPTED)
    judged = Q(received_at__isnull=False) | refused
    marked = dossiers.annotate(was_asked=asked)
    return marked.aggregate(
        submitted=Count("id"), judged=Count("id", filter=judged),
        sent_back=Count("id", filter=judged & (refused | Q(was_asked=True))))


def _supplements(dossiers: QuerySet[Dossier]) -> Iterable[SentBack]:
    asked = SupplementRequest.objects.filter(dossier__in=dossiers).select_related("dossier__procedure")
    for request in asked.prefetch_related("dossier__taking"):
        for each in request.reasons:
            known = SUPPLEMENT_REASONS.get(each["reason"])
            yield _line(request.dossier, request.requested_at, each["reason"], each["component"],
                        known.words if known is not None else Words(each["reason"], each["reason"]), is_refusal=False)


def _refusals(dossiers: QuerySet[Dossier]) -> Iterable[SentBack]:
    for refusal in (Refusal.objects.filter(dossier__in=dossiers).select_related("dossier__procedure")
                    .prefetch_related("dossier__taking")):
        known = REFUSAL_REASONS.get(refusal.reason)
        yield _line(refusal.dossier, refusal.refused_at, refusal.reason, "",
                    known.words if known is not None else Words(refusal.reason, refusal.reason), is_refusal=True)


def _line(dossier: Any, at: datetime, code: str, component: str, words: Words, *, is_refusal: bool) -> SentBack:
    paper = next((each for each in dossier.procedure.documents if each["code"] == component), None)
    check = check_that_could_tell(code, component, paper, dossier.channel)
    taking = getattr(dossier, "taking", None)
    found = taking.findings if taking is not None else []
    return SentBack(
        dossier_id=dossier.id, reference=dossier.code or dossier.agent_ref,
        what=short_words(dossier.procedure.name_vi, dossier.procedure.name_en), at=at, is_refusal=is_refusal,
        reason_code=code, reason=words,
        paper=Words(paper["name_vi"], paper["name_en"]) if paper else (OTHER_PAPER if component else Words()),
        check=check, was_warned=any(each["code"] == check and each["component"] in {"", component} for each in found))


def _paces(takings: QuerySet[Taking]) -> Sequence[Pace]:
    timed = (takings.exclude(seconds=None).order_by().values("procedure_code")
             .annotate(taken=Count("dossier_id"), median=Median("seconds")).order_by("-taken", "procedure_code"))
    rows = list(timed[:20])
    named = Procedure.objects.filter(code__in=[row["procedure_code"] for row in rows]).order_by("valid_from")
    names = {each.code: short_words(each.name_vi, each.name_en) for each in named}
    return [Pace(row["procedure_code"], names.get(row["procedure_code"], Words(row["procedure_code"])), row["taken"],
                 round(row["median"])) for row in rows]
