"""What the public page shows: the dossier's story and its parcels' journeys, told as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from agents import public as agents
from delivery import wording
from delivery.door.citizen import DoorPart, door_part
from delivery.indemnities.citizen import CitizenIndemnity, told_to_citizen
from delivery.promise.rules import Redirect
from delivery.queries.parcels import find_parcel, journeys_of, parcels_of_dossier
from delivery.records import (
    DossierStory,
    JourneyStep,
    ParcelInfo,
    StoryLink,
    StoryPayment,
    StoryPlace,
    StorySibling,
    StoryThing,
    StoryView,
)
from delivery.rules import FINAL_PARCEL_STATES, Direction, ParcelState
from delivery.stories import story_provider
from shared.calendar import CLOSING, MINUTES_A_DAY, at_local, local
from shared.errors import Text
from shared.formatting import named_day, speaks_vietnamese, stamp_from
from shared.money import Money
from shared.working_days import work_calendar

ICONS = {"post": "truck", "centre": "building-2", "authority": "landmark", "outlet": "store", "citizen": "user"}
DONE_ICON = "circle-check"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and until when."""

    icon: str
    name: str
    words: Text
    promised_at: datetime | None = None
    working_days_left: int = 0
    """Negative: overdue."""
    used_percent: int = 0
    is_paused: bool = False
    is_late: bool = False

    @property
    def working_days_over(self) -> int:
        """How long overdue; the day itself counts as one once its closing time has passed."""
        return max(1, -self.working_days_left)


@dataclass(frozen=True, slots=True)
class Line:
    """One point of the timeline, newest first; `state` is "next", "now" or "done"."""

    state: str
    at: str
    what: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class ParcelLine:
    number: str
    tracking_code: str
    direction: Text
    face: wording.Face
    promised_date: date
    delivered_at: datetime | None
    receiver: Text
    """In what relation the receiver stands to the addressee; never a name."""


@dataclass(frozen=True, slots=True)
class TrackedView:
    reference: str
    title: str
    turn: Turn
    to_do: Text
    phone: str
    """Of the outlet that helped; empty when there was none."""
    lines: tuple[Line, ...]
    parcels: tuple[ParcelLine, ...]
    payments: tuple[StoryPayment, ...]
    left_to_pay: Money | None
    views: tuple[StoryView, ...]
    bring: tuple[StoryThing, ...] = ()
    bring_to: StoryPlace | None = None
    links: tuple[StoryLink, ...] = ()
    siblings: tuple[StorySibling, ...] = ()
    door: DoorPart | None = None
    """Of the result on its way, or the last one."""
    indemnities: tuple[CitizenIndemnity, ...] = ()


def tracked(*, dossier_id: UUID | None, parcel_id: UUID | None, now: datetime) -> TrackedView | None:
    """The page for what was opened; None when it is gone."""
    provider = story_provider()
    story = provider.tell(dossier_id, now) if provider and dossier_id else None
    parcels = _parcels(dossier_id, parcel_id)
    if story is None and not parcels:
        return None
    live = _live(parcels)
    door = door_part(live or parcels[-1], now) if parcels else None
    return TrackedView(
        reference=story.reference if story else parcels[-1].number,
        title=story.title if story else str(wording.DIRECTIONS[parcels[-1].direction]),
        turn=_turn(story, live, parcels, now, door.redirect if door is not None and live is not None else None),
        to_do=_to_do(story, live or (parcels[-1] if parcels else None)),
        phone=_phone(parcels),
        lines=tuple(_lines(story, parcels, live, now, door)),
        parcels=tuple(_parcel_line(parcel) for parcel in parcels),
        payments=story.payments if story else (),
        left_to_pay=story.left_to_pay if story else None,
        views=story.views if story else (),
        bring=story.bring if story else (),
        bring_to=story.bring_to if story else None,
        links=story.links if story else (),
        siblings=story.siblings if story else (),
        door=door,
        indemnities=tuple(told_to_citizen(parcel.id for parcel in parcels)),
    )


def _parcels(dossier_id: UUID | None, parcel_id: UUID | None) -> list[ParcelInfo]:
    if dossier_id is not None:
        return parcels_of_dossier(dossier_id)
    return [] if parcel_id is None else [find_parcel(parcel_id)]


def _live(parcels: Sequence[ParcelInfo]) -> ParcelInfo | None:
    """The parcel that is on its way now."""
    return next((parcel for parcel in reversed(parcels) if parcel.state not in FINAL_PARCEL_STATES), None)


def _turn(
    story: DossierStory | None, live: ParcelInfo | None, parcels: Sequence[ParcelInfo], now: datetime,
    redirect: Redirect | None = None,
) -> Turn:
    if live is not None:
        return _posts_turn(live, now, redirect)
    last = parcels[-1] if parcels else None
    if last is not None and last.state is ParcelState.LOST and (story is None or story.turn == "post"):
        return Turn(ICONS["post"], _carrier_name(last.operator_code), wording.public_words(last.direction, last.state))
    if story is not None:
        return _storys_turn(story, now)
    parcel = parcels[-1]
    return Turn(DONE_ICON, str(wording.FACES[parcel.state].label), wording.public_words(parcel.direction, parcel.state))


def _posts_turn(parcel: ParcelInfo, now: datetime, redirect: Redirect | None = None) -> Turn:
    promised, since = (parcel.promised_date, parcel.booked_at) if redirect is None else (
        redirect.promised_date, redirect.ordered_at)
    calendar, promised_at = work_calendar(), at_local(promised, CLOSING)
    allowed = max(calendar.working_minutes_between(since, promised_at), MINUTES_A_DAY)
    used = calendar.working_minutes_between(since, min(now, promised_at))
    return Turn(
        ICONS["post"], _carrier_name(parcel.operator_code), wording.public_words(parcel.direction, parcel.state),
        promised_at, _days_left(promised_at, now), min(max(round(used * 100 / allowed), 0), 100),
        is_late=promised_at < now)  # fmt: skip


def _carrier_name(operator_code: str) -> str:
    operator = next((each for each in agents.operators() if each.code == operator_code), None)
    return _("The post") if operator is None or operator.is_public_post else operator.name


def _storys_turn(story: DossierStory, now: datetime) -> Turn:
    icon = ICONS.get(story.turn, DONE_ICON)
    if story.promised_at is None:
        return Turn(icon, story.turn_name, story.turn_words, is_paused=story.is_paused)
    left = _days_left(story.promised_at, now)
    return Turn(icon, story.turn_name, story.turn_words, story.promised_at, left, story.used_percent,
                is_paused=story.is_paused, is_late=story.promised_at < now)  # fmt: skip


def _days_left(promised_at: datetime, now: datetime) -> int:
    return work_calendar().working_days_between(local(now).date(), local(promised_at).date())


def _to_do(story: DossierStory | None, parcel: ParcelInfo | None) -> Text:
    if story is not None and story.to_do:
        return story.to_do
    if parcel is None or parcel.direction is not Direction.RESULT:
        return ""
    return wording.TO_DO.get(parcel.state, "")


def _phone(parcels: Sequence[ParcelInfo]) -> str:
    outlet_id = next((parcel.outlet_id for parcel in parcels if parcel.outlet_id), None)
    if outlet_id is None:
        return ""
    try:
        return agents.get_outlet(outlet_id).phone
    except agents.OutletNotFound:
        return ""


def _lines(
    story: DossierStory | None, parcels: Sequence[ParcelInfo], live: ParcelInfo | None, now: datetime,
    door: DoorPart | None = None,
) -> list[Line]:
    """Newest first: what comes next, where it is now, what is done."""
    told = [(step.at, step.words, step.who) for step in (story.steps if story else ())]
    told += [(step.at, _words(step), step.office) for step in journeys_of([p.id for p in parcels]) if step.is_public]
    told.sort(key=lambda each: each[0])
    told.reverse()  # of one moment, too, what came later stands above
    is_over = live is None and (story is None or story.turn == "nobody")
    done = [Line("done" if position or is_over else "now", stamp_from(at, now), words, who)
            for position, (at, words, who) in enumerate(told)]  # fmt: skip
    return [*_next(live, story, door), *done]


def _words(step: JourneyStep) -> str:
    return step.words_vi if speaks_vietnamese() else step.words_en


def _next(live: ParcelInfo | None, story: DossierStory | None, door: DoorPart | None) -> list[Line]:
    if live is not None and door is not None and door.pick_up is not None and door.pick_up.until is not None:
        return [Line("next", named_day(door.pick_up.until), _("You fetch it by then at %(place)s") % {
            "place": door.pick_up.name})]
    if live is not None and door is not None and door.expectation is not None and door.expectation.day is not None:
        place = door.pick_up.name if door.pick_up is not None else live.recipient_place
        what = wording.NEXT[live.direction] if door.pick_up is None else _("It comes to %(place)s, where you fetch it")
        return [Line("next", named_day(door.expectation.day), what % {"place": place})]
    if live is not None and door is None and live.state is not ParcelState.NEEDS_REVIEW:
        what = wording.NEXT[live.direction]
        return [Line("next", named_day(live.promised_date), what % {"place": live.recipient_place})]
    if live is None and story is not None and story.promised_at is not None and story.turn != "nobody":
        return [Line("next", named_day(story.promised_at), _("Result due"))]
    return []


def _parcel_line(parcel: ParcelInfo) -> ParcelLine:
    relation = parcel.proof.relation if parcel.proof else ""
    receiver = wording.RELATIONS.get(relation, wording.SOMEBODY_ELSE) if relation else ""
    return ParcelLine(parcel.number, parcel.tracking_code, wording.DIRECTIONS[parcel.direction],
                      wording.FACES[parcel.state], parcel.promised_date, parcel.delivered_at, receiver)  # fmt: skip
