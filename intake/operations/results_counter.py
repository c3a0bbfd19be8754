"""Results that lie at a centre: handed on together with a list, and citizens reminded of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import DecisionRefused, IllegalTransition
from intake.events import CollectionReminded
from intake.models.dossiers import Dossier, DossierStep
from intake.models.papers import ResultList, ResultListEntry
from intake.operations import desk
from intake.papers.result_list import result_list_data
from intake.rules import clock
from intake.rules.states import Handling, ResultState
from shared import audit
from shared.actors import Actor, job
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.transactions import operation
from shared.working_days import work_calendar

REMINDER: Final = job("remind-of-results")
FIRST_AFTER_DAYS: Final = 3
AGAIN_AFTER_DAYS: Final = 5
MOST_REMINDERS: Final = 3
AT_ONCE: Final = 200
LONGEST_LIST: Final = 200
LYING: Final = (ResultState.NOT_BY_POST, ResultState.CAME_BACK)


@operation
def remind(*, dossier_id: UUID, by: Actor, at: datetime) -> Dossier:
    """Tell the citizen again that her result waits at the centre.

    Raises:
        DossierNotFound, NotYourCentre: as for every act of a centre.
        IllegalTransition: no result of it lies there.
    """
    dossier = desk.locked(dossier_id, by=by, version=None)
    desk.must_be_centre(dossier, by)
    _must_lie(dossier)
    _remind(dossier, by, at)
    return dossier


@operation
def remind_by_itself(*, dossier_id: UUID, at: datetime, by: Actor = REMINDER) -> bool:
    """The same by the house itself; False when the result was fetched in the meantime."""
    dossier = Dossier.objects.select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None or dossier.handling != Handling.RESOLVED or dossier.result not in LYING:
        return False
    _remind(dossier, by, at)
    return True


def _must_lie(dossier: Dossier) -> None:
    if dossier.handling != Handling.RESOLVED or dossier.result not in LYING:
        raise IllegalTransition(dossier_state=Handling(dossier.handling).name.lower(), action="remind")


def _remind(dossier: Dossier, by: Actor, at: datetime) -> None:
    desk.note_step(dossier, "remind", by=by, at=at)
    publish(CollectionReminded(dossier.id, at))


def to_remind(at: datetime) -> list[UUID]:
    """Whose results have lain long enough for a reminder: after three working days, then every five, three times."""
    calendar = work_calendar()
    first = clock.moment_before(at, FIRST_AFTER_DAYS * clock.DAY_MINUTES, calendar)
    again = clock.moment_before(at, AGAIN_AFTER_DAYS * clock.DAY_MINUTES, calendar)
    reminders = DossierStep.objects.filter(dossier=OuterRef("pk"), action="remind")
    lying = Dossier.objects.filter(handling=Handling.RESOLVED, result__in=LYING, resolved_at__lt=first)
    counted = reminders.order_by().values("dossier").annotate(n=Count("id")).filter(n__gte=MOST_REMINDERS)
    waiting = lying.filter(~Exists(reminders.filter(at__gte=again)), ~Exists(counted))
    return list(waiting.order_by("resolved_at").values_list("id", flat=True)[:AT_ONCE])


def run_reminders(*, at: datetime) -> int:
    """Remind everybody whose result has lain long enough; returns how many. Safe to run at any time."""
    return sum(remind_by_itself(dossier_id=each, at=at) for each in to_remind(at))


@operation
def make_result_list(*, dossier_ids: Sequence[UUID], receiver: str, by: Actor, at: datetime) -> ResultList:
    """Number a list of results that are handed on together (Phiếu bàn giao kết quả); what it says is fixed with it.

    Raises:
        DecisionRefused: nothing is chosen, too much, nobody receives it, or a dossier is not decided at this centre.
    """
    chosen = list(dict.fromkeys(dossier_ids))
    rows = list(Dossier.objects.seen_by(by).filter(
        id__in=chosen, handling=Handling.RESOLVED, receiving_centre_id=by.centre_id,
    ).select_related("procedure", "citizen", "resolution", "delivery_commune").order_by("code")) if by.centre_id else []
    _check(chosen, rows, receiver)
    assert by.centre_id is not None  # noqa: S101  # no row would have been found
    made = ResultList(
        centre_id=by.centre_id, year=local(at).year, number=_next_number(by.centre_id, local(at).year),
        receiver=receiver.strip()[:160], made_by=by.id, made_by_name=by.name, made_at=at)
    made.paper = result_list_data(made, rows, agents.get_centre(by.centre_id))
    made.save(force_insert=True)
    ResultListEntry.objects.bulk_create([ResultListEntry(result_list=made, dossier=row) for row in rows])
    audit.record(actor=by, action="result_list.make", object_type="result_list", object_id=made.id, at=at,
                 after={"number": made.number, "dossiers": len(rows)})
    return made


def _check(chosen: Sequence[UUID], rows: Sequence[Dossier], receiver: str) -> None:
    wrong = ErrorCollector()
    if not chosen:
        wrong.add("/dossier_ids", "missing", _("Tick the results that are handed on."))
    elif len(chosen) > LONGEST_LIST:
        wrong.add("/dossier_ids", "too-many", _("At most 200 results stand on one list."))
    elif len(rows) != len(chosen):
        wrong.add("/dossier_ids", "not-decided", _("One of these is not decided, or not at this centre."))
    if not receiver.strip():
        wrong.add("/receiver", "missing", _("Say who receives the results."))
    wrong.raise_if_any(DecisionRefused)


def _next_number(centre_id: UUID, year: int) -> int:
    """The centre's next list of the year; the unique constraint refuses a second one made at the same moment."""
    last = ResultList.objects.filter(centre_id=centre_id, year=year).order_by("-number").first()
    return 1 if last is None else last.number + 1
