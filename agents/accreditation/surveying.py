"""The survey at the place: marks as one goes along, photos one by one, and the position at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.accreditation.errors import AccreditationNotFound, AccreditationStepImpossible, InvalidAccreditation
from agents.accreditation.models import Accreditation, Survey, SurveyMark, SurveyPhoto
from agents.accreditation.rules import FARTHEST_SURVEY_KM, ITEMS, Mark, Readiness, Step, readiness
from agents.accreditation.steps import allow, locked, moved
from agents.moves.models import OutletMove
from agents.moves.rules import MoveState
from shared import crypto
from shared.actors import Actor
from shared.audit import record
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.problems import told
from shared.text import clean, hidden_character
from shared.transactions import operation

LARGEST_PHOTO: Final = 8 * 1024 * 1024
MOST_PHOTOS: Final = 40
_KINDS: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


@dataclass(frozen=True, slots=True)
class Marked:
    """How one item was found."""

    mark: str
    note: str = ""


def open_survey(accreditation: Accreditation) -> Survey | None:
    return Survey.objects.filter(accreditation=accreditation, finished_at=None).first()


def adds_up(survey: Survey | None) -> Readiness:
    if survey is None:
        return readiness({})
    marks = dict(SurveyMark.objects.filter(survey=survey).values_list("item", "mark"))
    return readiness(marks, frozenset(SurveyPhoto.objects.filter(survey=survey).values_list("item", flat=True)))


@operation
def save_marks(*, accreditation_id: UUID, marks: Mapping[str, Marked], by: Actor, at: datetime) -> Survey:
    """Keep what was looked at so far; the survey stays open. What is not named stays as it is.

    Raises:
        AccreditationNotFound, NotYourRole: as for every step.
        AccreditationStepImpossible: nothing is surveyed in this state, or somebody else is at it.
        InvalidAccreditation: an item or mark that does not exist, or a note that is too long.
    """
    survey = _begun(accreditation_id, by, at)
    _write(survey, marks, by, at)
    return survey


def _begun(accreditation_id: UUID, by: Actor, at: datetime) -> Survey:
    found = locked(accreditation_id, by)
    allow(found, Step.SURVEY, by)
    survey = open_survey(found)
    if survey is None:
        survey = Survey.objects.create(accreditation=found, inspector_id=by.id, inspector_name=by.name, begun_at=at)
        record(actor=by, action="accreditation.begin_survey", object_type="accreditation", object_id=found.id, at=at)
    elif survey.inspector_id != by.id:
        raise AccreditationStepImpossible(_("Another officer is surveying this place."), step=Step.SURVEY.value)
    return survey


def _write(survey: Survey, marks: Mapping[str, Marked], by: Actor, at: datetime) -> None:
    wrong = ErrorCollector()
    for code, marked in marks.items():
        item = ITEMS.get(code)
        may_skip = item is not None and not item.is_required
        if item is None or marked.mark not in set(Mark) or (marked.mark == Mark.NOT_APPLICABLE and not may_skip):
            wrong.add(f"/marks/{code}", "not-a-choice", _("Choose how the item is met."))
        if len(clean(marked.note)) > 300 or hidden_character(clean(marked.note)) is not None:
            wrong.add(f"/marks/{code}", "too-long", told(_("At most {max_length} characters are possible."),
                                                         max_length=300))
    wrong.raise_if_any(InvalidAccreditation)
    known = {row.item: row for row in survey.marks.all()}
    for code, marked in marks.items():
        row, note = known.get(code), clean(marked.note)
        if row is None:
            row = SurveyMark(survey=survey, item=code)
        elif (row.mark, row.note) == (marked.mark, note):
            continue
        row.mark, row.note, row.marked_at, row.marked_by_name = marked.mark, note, at, by.name
        row.save()


@operation
def add_photo(*, accreditation_id: UUID, item: str, content: bytes, by: Actor, at: datetime) -> SurveyPhoto:
    """Keep a picture of one item, sealed.

    Raises:
        InvalidAccreditation: no such item; neither JPEG nor PNG by its content; too large; too many.
        As `save_marks` otherwise.
    """
    survey = _begun(accreditation_id, by, at)
    wrong = ErrorCollector()
    kind = next((kind for start, kind in _KINDS if content.startswith(start)), "")
    if item not in ITEMS:
        wrong.add("/item", "not-a-choice", _("Choose an item of the list."))
    if not kind or len(content) > LARGEST_PHOTO:
        wrong.add("/photo", "file-type", _("Give a JPEG or PNG of at most 8 MB."))
    if survey.photos.count() >= MOST_PHOTOS:
        wrong.add("/photo", "too-many", _("Forty photos are enough for one survey."))
    wrong.raise_if_any(InvalidAccreditation)
    photo = SurveyPhoto(survey=survey, item=item, content_type=kind, sha256=sha256(content).digest(), taken_at=at,
                        taken_by_name=by.name)
    photo.sealed = crypto.seal_bytes(content, bound_to=_bound(photo.id))
    photo.save()
    return photo


def photo_of(photo_id: UUID, by: Actor) -> tuple[str, bytes]:
    """Content type and content; raises AccreditationNotFound."""
    seen = Accreditation.objects.seen_by(by)
    photo = SurveyPhoto.objects.filter(id=photo_id, survey__accreditation__in=seen).first()
    if photo is None:
        raise AccreditationNotFound
    return photo.content_type, crypto.open_bytes(bytes(photo.sealed), bound_to=_bound(photo.id))


def _bound(photo_id: UUID) -> str:
    return f"agents.survey-photo:{photo_id}"


@operation
def finish_survey(*, accreditation_id: UUID, latitude: float, longitude: float, note: str, by: Actor,
                  at: datetime, marks: Mapping[str, Marked] | None = None) -> Accreditation:
    """End the survey: from now on it stands, and another officer decides.

    Raises:
        InvalidAccreditation: items without a mark or a wanted photo; the position is not at the place.
        As `save_marks` otherwise.
    """
    survey = _begun(accreditation_id, by, at)
    found = locked(accreditation_id, by)
    _write(survey, marks or {}, by, at)
    result = adds_up(survey)
    _check_end(found, result, (latitude, longitude), note)
    survey.finished_at, survey.note, survey.percent = at, clean(note), result.percent
    survey.latitude, survey.longitude = latitude, longitude
    survey.save()
    moved(found, Step.SURVEY, by, at)
    return found


def places_to_survey(found: Accreditation) -> list[tuple[float, float]]:
    """Where it stands, and where it is to move to when that is asked for."""
    moves = OutletMove.objects.filter(outlet_id=found.outlet_id, state=MoveState.ASKED) if found.outlet_id else ()
    return [(found.latitude, found.longitude), *((each.latitude, each.longitude) for each in moves)]


def _check_end(found: Accreditation, result: Readiness, point: tuple[float, float], note: str) -> None:
    wrong = ErrorCollector()
    if result.unmarked:
        wrong.add("/marks", "incomplete", told(_("{count} items are not marked yet."), count=len(result.unmarked)))
    if result.without_photo:
        wrong.add("/photo", "required", _("A photo is missing: sign, price list and cabinet are shown."))
    is_on_earth = -90 <= point[0] <= 90 and -180 <= point[1] <= 180
    there = places_to_survey(found)
    if not is_on_earth or min(distance_km(point, each) for each in there) > FARTHEST_SURVEY_KM:
        wrong.add("/latitude", "not-at-the-place",
                  _("This position is more than 500 m from the proposed place. Survey it on the spot, or have the "
                    "operator correct the place."))
    if len(clean(note)) > 1000 or hidden_character(clean(note)) is not None:
        wrong.add("/note", "too-long", told(_("At most {max_length} characters are possible."), max_length=1000))
    wrong.raise_if_any(InvalidAccreditation)
