"""The steps inside one handling: a dossier goes from hand to hand, and the control slip (form 06) follows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import DecisionRefused, OnlyTheManager
from intake.models.desk import ProcessTemplate
from intake.models.dossiers import Dossier
from intake.operations import desk
from intake.queries.interim import current_number, plan_for
from intake.rules.interim import PlannedStep
from intake.rules.names import check_text
from intake.rules.states import Handling
from shared import audit
from shared.actors import Actor, ActorKind
from shared.errors import ErrorCollector
from shared.problems import told
from shared.roles import Role
from shared.transactions import operation

MOST_STEPS = 20
MOST_MINUTES = 2400 * 60


@operation
def hand_on(*, dossier_id: UUID, by: Actor, at: datetime, officer_id: UUID | None = None, number: int | None = None,
            note: str = "", version: int | None = None) -> Dossier:
    """Begin another step of the internal process, usually the next, and hand the dossier to who does it.

    `number` counts from 1 (None: the next one); an earlier one goes back to it. `officer_id` None: it stays in the
    same hands.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        DecisionRefused: it is not being handled, there is no such step, or nobody of the centre has this id.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_authority(dossier, by)
    plan, before = plan_for(dossier), current_number(dossier)
    chosen = number if number is not None else before + 1
    name = _check(dossier, chosen, plan, officer_id, by)
    step = plan[chosen - 1]
    officer = officer_id or dossier.officer_id
    moved = officer != dossier.officer_id
    dossier.officer_id = officer
    desk.note_step(
        dossier, "hand_on", by=by, at=at, note=note[:500], also=("officer",) if moved else (), data={
            "step": chosen, "before_step": before, "officer": str(officer or ""), "to_name": name or by.name}
        | step.as_data())
    return dossier


def _check(dossier: Dossier, chosen: int, plan: Sequence[PlannedStep], officer_id: UUID | None, by: Actor) -> str:
    """The name of who takes it, empty when it stays; raises DecisionRefused."""
    wrong = ErrorCollector()
    if dossier.handling not in {Handling.RECEIVED, Handling.IN_PROGRESS}:
        wrong.add("/number", "not-handled", _("Only a dossier that is being handled goes from step to step."))
    elif not 1 <= chosen <= len(plan):
        wrong.add("/number", "no-such-step", told(_("The process has {most} steps."), most=len(plan)))
    name = ""
    if officer_id is not None:
        staff = agents.staff_of_centre(by.centre_id) if by.centre_id is not None else []
        name = next((person.name for person in staff if person.id == officer_id), "")
        if not name:
            wrong.add("/officer_id", "unknown-officer", _("Nobody of this centre; choose a colleague from the list."))
    wrong.raise_if_any(DecisionRefused)
    return name


@operation
def write_process(*, procedure_code: str, steps: Sequence[PlannedStep], by: Actor, at: datetime) -> ProcessTemplate:
    """How this centre splits a procedure into steps. Dossiers under way keep the steps they have already had.

    Raises:
        OnlyTheManager: not the centre's manager (or its own system).
        DecisionRefused: no steps, one without a name, or hours that cannot be.
    """
    if by.centre_id is None or (by.role != Role.CENTRE_MANAGER and by.kind != ActorKind.MACHINE):
        raise OnlyTheManager
    checked = _checked(steps)
    template, is_new = ProcessTemplate.objects.select_for_update().get_or_create(
        centre_id=by.centre_id, procedure_code=procedure_code,
        defaults={"steps": checked, "changed_by": by.id, "changed_by_name": by.name, "changed_at": at})
    before = [] if is_new else [step["minutes"] for step in template.steps]
    if not is_new:
        template.steps, template.changed_by, template.changed_by_name = checked, by.id, by.name
        template.changed_at = at
        template.save(update_fields=["steps", "changed_by", "changed_by_name", "changed_at"])
    audit.record(actor=by, action="process.write", object_type="process_template", object_id=template.id, at=at,
                 before={"minutes": before}, after={"minutes": [step["minutes"] for step in checked]})
    return template


def _checked(steps: Sequence[PlannedStep]) -> list[dict[str, object]]:
    wrong = ErrorCollector()
    if not 1 <= len(steps) <= MOST_STEPS:
        wrong.add("/steps", "how-many", told(_("A process has between 1 and {most} steps."), most=MOST_STEPS))
    for position, step in enumerate(steps):
        name = check_text(step.name.vi, 120)
        if not isinstance(name, str) or not name:
            wrong.add(f"/steps/{position}/name_vi", "missing", _("Name the step."))
        if not 1 <= step.minutes <= MOST_MINUTES:
            wrong.add(f"/steps/{position}/minutes", "out-of-range", _("A step takes between a minute and 300 days."))
    wrong.raise_if_any(DecisionRefused)
    return [step.as_data() for step in steps]
