"""What a centre's own counter tells before it receives: papers, fee, who decides, and when it is due."""

from dataclasses import dataclass
from datetime import datetime

from agents import public as agents
from agents.records import CentreInfo
from intake.errors import NotACounterProcedure
from intake.models.procedures import Procedure
from intake.queries.catalogue import checklist, get_procedure
from intake.records import ChecklistItem, Fee
from intake.rules.catalogue import Channel, ProcedureLevel
from intake.rules.fees import FeeCase, fee_of
from intake.rules.terms import due_moment, term_of
from shared.calendar import local
from shared.working_days import work_calendar


@dataclass(frozen=True, slots=True)
class CounterOffer:
    """A procedure at the centre's counter, with everything the citizen should hear before it is received."""

    procedure: Procedure
    papers: tuple[ChecklistItem, ...]
    fee: Fee
    authority: CentreInfo
    due_at: datetime | None
    """None: the term is not known."""


def counter_offer(code: str, centre: CentreInfo, at: datetime, *, copies: int = 1, pages: int = 1) -> CounterOffer:
    """Raises ProcedureNotFound, NotACounterProcedure."""
    procedure = counter_procedure(code, at)
    term = term_of(procedure.terms, Channel.DIRECT)
    due_at = due_moment(term, at, procedure.has_same_day_cutoff, work_calendar()) if term is not None else None
    return CounterOffer(procedure, checklist(procedure, Channel.DIRECT),
                        fee_at_counter(procedure, centre, at, copies=copies, pages=pages),
                        authority_at_counter(centre, procedure, at), due_at)


def counter_procedure(code: str, at: datetime) -> Procedure:
    """The version in force, when centres receive it directly; raises ProcedureNotFound, NotACounterProcedure."""
    procedure = get_procedure(code, local(at).date())
    if Channel.DIRECT not in procedure.channels:
        raise NotACounterProcedure(procedure_code=code)
    return procedure


def authority_at_counter(centre: CentreInfo, procedure: Procedure, at: datetime) -> CentreInfo:
    """A commune's procedure is decided where it is received, a province's by the provincial centre if there is one."""
    if procedure.level == ProcedureLevel.COMMUNE or centre.level == ProcedureLevel.PROVINCE:
        return centre
    return agents.provincial_centre(centre.province_code, local(at).date()) or centre


def fee_at_counter(procedure: Procedure, centre: CentreInfo, at: datetime, *, copies: int, pages: int) -> Fee:
    """What is collected at the counter; nothing where the council's fee is not known to us."""
    return fee_of(FeeCase(
        procedure.fee, procedure.legal_basis, procedure.confidence, Channel.DIRECT, local(at).date(),
        centre.province_code, procedure.managed_by_city, copies, pages))
