"""A filing's authority, checked against what was recorded in its session; and nobody else's paper inside."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from agents import public as agents
from intake.models.account_help import AccountHelpStep
from intake.models.citizens import ActingSession, BirthPrecision, Citizen
from intake.models.documents import Document
from intake.models.mandates import Mandate, SecondCitizenStop
from intake.models.procedures import Procedure
from intake.rules.faults import Fault
from intake.rules.mandates import Case, Demand, Held, age_on, demands_of, is_met
from intake.rules.second_citizen import StopDecision
from intake.rules.wording import Words
from intake.wording import field_error
from shared import scope
from shared.errors import FieldError

STAYS = (StopDecision.RELATION, StopDecision.COMMON_PAPER)


def case_of(procedure: Procedure, channel: str, *, citizen: Citizen, outlet: agents.OutletInfo, session: ActingSession,
            on: date) -> Case:
    """The filing as the rules of authorisation see it."""
    return Case(rule=procedure.authorisation_rule, channel=channel, is_public_post=outlet.operator.is_public_post,
                is_citizen_present=session.is_citizen_present, age=known_age(citizen, on))


def known_age(citizen: Citizen, on: date) -> int | None:
    """Whole years; with only the year known, the most that it can be."""
    if citizen.birth_date is None:
        return None
    if citizen.birth_precision == BirthPrecision.YEAR:
        return on.year - citizen.birth_date.year
    return age_on(citizen.birth_date, on)


def held_of(mandates: Iterable[Mandate]) -> list[Held]:
    return [Held(mandate.kind, mandate.relation, mandate.valid_from, mandate.valid_to) for mandate in mandates]


def unmet(case: Case, session: ActingSession, on: date) -> tuple[Demand, ...]:
    """Demands that nothing meets; asks the database only when filing itself does not meet them all."""
    open_ones = [demand for demand in demands_of(case) if not is_met(demand, (), on)]
    if not open_ones:
        return ()
    held = held_of(Mandate.objects.filter(session=session, withdrawn_at=None))
    return tuple(demand for demand in open_ones if not is_met(demand, held, on))


def lack_of(case: Case, session: ActingSession, on: date) -> Words:
    """What is missing to speak and file for the citizen; empty when nothing is."""
    told = [words_of(demand) for demand in unmet(case, session, on)]
    return Words(" ".join(each.vi for each in told), " ".join(each.en for each in told))


def words_of(demand: Demand) -> Words:
    """What would suffice, and why it is asked for."""
    if not demand.sufficient:
        return demand.why_not
    evidence, why = either([each.evidence for each in demand.sufficient]), demand.why_not or demand.sufficient[0].why
    return Words(f"Cần: {evidence.vi}. {why.vi}", f"Needed: {evidence.en}. {why.en}")


def either(evidence: list[Words]) -> Words:
    """"A; or B" in both languages."""
    first, *rest = [Words(each.vi[:1].lower() + each.vi[1:], each.en[:1].lower() + each.en[1:]) for each in evidence]
    return Words("; hoặc ".join([first.vi, *(each.vi for each in rest)]),
                 "; or ".join([first.en, *(each.en for each in rest)]))


def is_stopped(session: ActingSession) -> bool:
    """Whether a second citizen's paper waits for the clerk's word."""
    return SecondCitizenStop.objects.filter(session=session, decision="").exists()


def others_papers(session: ActingSession, documents: Sequence[Document]) -> Iterator[FieldError]:
    """Files that stand in another citizen's dossier too, and nobody has explained."""
    strange = hashes_of_others(session, [document.sha256 for document in documents])
    if strange:
        stops = SecondCitizenStop.objects.filter(session=session, decision__in=STAYS)
        strange -= set(stops.values_list("document_sha256", flat=True))
    for index, document in enumerate(documents):
        if document.sha256 in strange:
            yield field_error(f"/documents/{index}/document_id", Fault("second-citizen-file"))


def hashes_of_others(session: ActingSession, hashes: list[str]) -> set[str]:
    """Those files that stand in a dossier of another citizen, of whichever outlet. Only the fact is told."""
    if not hashes:
        return set()
    with scope.everything():
        others = Document.objects.filter(sha256__in=hashes, dossier__isnull=False).exclude(component="result")
        return set(others.exclude(dossier__citizen_id=session.citizen_id).values_list("sha256", flat=True))


def is_evidence(document_id: UUID) -> bool:
    """Whether a scan shows a mandate or a step of account help: it stays, though no dossier has it."""
    return (Mandate.objects.filter(document_id=document_id).exists()
            or AccountHelpStep.objects.filter(document_id=document_id).exists())
