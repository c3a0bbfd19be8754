"""What dossiers tell in the brief of a city: received, resolved, late, due soon, by centre; and what is stuck."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from agents.public import BriefAsked, BriefBoth, BriefFigure, BriefRow, BriefSection, brief_both
from agents.records import CentreInfo
from intake.boards.figures import Unit, read_figures
from intake.boards.statements import Cut
from intake.models.dossiers import Dossier
from intake.queries.board_work import KIND_WORDS
from intake.rules.states import RUNNING
from shared.calendar import local
from shared.models.oversight import WorkItem
from shared.places import get_places
from shared.working_days import work_calendar

SOON_MINUTES: Final = 480
"""One working day."""
STUCK_KINDS: Final = tuple(kind for kind in KIND_WORDS if kind not in {"overdue", "due-soon", "draft-left-lying"})
"""What keeps a dossier from going on. Being late is a figure of its own, and nobody waits for a draft."""


def dossiers(asked: BriefAsked) -> BriefSection:
    """Counts since the last brief are the board's own; late and due are those still open when the brief is made."""
    since, until = (_by_centre(asked.province_code, each) for each in (asked.since, asked.as_of))
    counts = {centre: (until[centre][0] - since[centre][0], until[centre][1] - since[centre][1]) for centre in until}
    centres = _centres(asked, counts)
    pressing = _pressing(centres, asked.as_of)
    late, soon = (sum(each[n] for each in pressing.values()) for n in (0, 1))
    names = _names(centres)
    worst = sorted(pressing, key=lambda each: (-pressing[each][0], -pressing[each][1], names[each]))
    return BriefSection("dossiers", brief_both(_("Dossiers")), (
        BriefFigure(brief_both(_("received since the last brief")), sum(each[0] for each in counts.values())),
        BriefFigure(brief_both(_("resolved since the last brief")), sum(each[1] for each in counts.values())),
        BriefFigure(brief_both(_("past due")), late),
        BriefFigure(brief_both(_("due within one working day")), soon),
    ), tuple(_row(names[each], pressing[each], counts.get(each, (0, 0))) for each in worst))


def _by_centre(province_code: str, as_of: datetime) -> defaultdict[UUID, tuple[int, int]]:
    """Received and resolved up to a moment; what no centre has yet is neither."""
    group = ("centre_id",)
    counted = read_figures(Unit(province_code), as_of, groups={group: Cut.CENTRE_PROCEDURE}).by[group]
    received = {centre: (count.received, count.resolved) for (centre,), count in counted.items() if centre is not None}
    return defaultdict(lambda: (0, 0), received)


def _centres(asked: BriefAsked, counts: dict[UUID, tuple[int, int]]) -> dict[UUID, CentreInfo]:
    """The centres open that day, and those where something was counted though they are shut by now."""
    day = local(asked.as_of).date()
    provincial = agents.provincial_centre(asked.province_code, day)
    known = {each.id: each for each in agents.centres_of_province(asked.province_code, day)}
    if provincial is not None:
        known[provincial.id] = provincial
    gone = agents.centres_by_id(counts.keys() - known.keys())
    return known | {each.id: each for each in gone}


def _pressing(centres: dict[UUID, CentreInfo], as_of: datetime) -> dict[UUID, tuple[int, int]]:
    """Of the centres with any: how many are past due, and how many fall due within a working day."""
    soon = work_calendar().add_working_minutes(as_of, SOON_MINUTES)
    running = Dossier.objects.filter(receiving_centre_id__in=list(centres), handling__in=sorted(RUNNING),
                                     due_at__lte=soon, received_at__lte=as_of)
    rows = running.values("receiving_centre_id").annotate(
        late=Count("id", filter=Q(due_at__lt=as_of)), soon=Count("id", filter=Q(due_at__gte=as_of)))
    return {centre: (late, near) for centre, late, near in rows.values_list("receiving_centre_id", "late", "soon")}


def _names(centres: dict[UUID, CentreInfo]) -> dict[UUID, str]:
    """As the board calls them: by their communes."""
    places = get_places([each.commune_code for each in centres.values() if each.commune_code])
    full = {code: place.full_name for code, place in places.items()}
    names = {each.id: full.get(each.commune_code, each.name) for each in centres.values()}
    return {key: name[0].upper() + name[1:] for key, name in names.items()}


def _row(name: str, pressing: tuple[int, int], counted: tuple[int, int]) -> BriefRow:
    def said() -> str:
        return gettext("%(late)d past due · %(soon)d due soon · received %(received)d, resolved %(resolved)d") % {
            "late": pressing[0], "soon": pressing[1], "received": counted[0], "resolved": counted[1]}

    return BriefRow(name, _said(said), is_late=pressing[0] > 0)


def stuck(asked: BriefAsked) -> BriefSection | None:
    """What was already held up at the moment and still is, by what holds it; None: nothing."""
    waiting = WorkItem.objects.filter(closed_at=None, opened_at__lte=asked.as_of, kind__in=STUCK_KINDS,
                                      detail__province=asked.province_code)
    rows = waiting.values("kind").annotate(number=Count("id"), late=Count("id", filter=Q(due_at__lt=asked.as_of)))
    found = {kind: (number, late) for kind, number, late in rows.values_list("kind", "number", "late")}
    if not found:
        return None
    return BriefSection("stuck", brief_both(_("Held up")), (
        BriefFigure(brief_both(_("matters that wait for somebody")), sum(number for number, _late in found.values())),
        BriefFigure(brief_both(_("past their own time limit")), sum(late for _number, late in found.values())),
    ), tuple(_kind(kind, *found[kind]) for kind in STUCK_KINDS if kind in found))


def _kind(kind: str, number: int, late: int) -> BriefRow:
    words = KIND_WORDS[kind]

    def said() -> str:
        told = gettext("%(n)d, %(late)d of them past their time limit") % {"n": number, "late": late}
        return told if late else str(number)

    return BriefRow(BriefBoth(words.vi, words.en), _said(said), is_late=late > 0)


def _said(say: Callable[[], str]) -> BriefBoth:
    with override("vi"):
        vietnamese = say()
    with override("en"):
        return BriefBoth(vietnamese, say())
