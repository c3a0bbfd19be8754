"""The facts of a filing as the counter knows them, for the check before sending."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from agents import public as agents
from intake.mandates import case_of, is_stopped, lack_of
from intake.models.citizens import ActingSession, Citizen
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.models.procedures import Procedure
from intake.records import DeliveryAddress, Fee, Route, SubmissionInput
from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.mandates import Case, implied
from intake.rules.papers import LOST, NOTICED, STANDINGS
from intake.rules.precheck.facts import Facts, PaperFact
from intake.rules.states import Handling
from intake.rules.wording import Words
from shared import places
from shared.actors import Actor

OPEN: Final = (Handling.DRAFT, Handling.REGISTERED, Handling.RECEIVED, Handling.IN_PROGRESS, Handling.SUPPLEMENT_ASKED,
               Handling.PAYMENT_ASKED, Handling.STOPPED)
MOST_TWINS: Final = 3


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing with what is known around it. `route` and `fee` are None while nothing was worked out."""

    asked: SubmissionInput
    citizen: Citizen
    procedure: Procedure
    outlet: agents.OutletInfo
    route: Route | None
    fee: Fee | None
    documents: Sequence[Document]
    on: date
    session: ActingSession | None = None
    """None: nobody is acted for yet, so nothing is asked about authority."""

    @property
    def case(self) -> Case | None:
        """The filing as the rules of authorisation see it."""
        if self.session is None:
            return None
        return case_of(self.procedure, self.asked.channel, citizen=self.citizen, outlet=self.outlet,
                       session=self.session, on=self.on)

    @property
    def mandates(self) -> tuple[str, ...]:
        """Kinds that the filing itself brings about."""
        return tuple(each.kind.value for each in implied(self.case)) if self.case is not None else ()


def facts_of(filing: Filing, *, by: Actor) -> Facts:
    """What the rules look at; questions: dossiers of the same matter, second citizens."""
    asked, procedure, route = filing.asked, filing.procedure, filing.route
    home = _home(asked, filing.citizen)
    lack = lack_of(filing.case, filing.session, filing.on) if filing.case and filing.session else Words()
    place_province = route.province_code if route is not None and route.place_code else ""
    return Facts(
        on=filing.on, procedure_code=procedure.code, channel=asked.channel, modes=tuple(procedure.agent_modes),
        channels=tuple(procedure.channels), is_paper_forbidden=_is_paper_forbidden(procedure, place_province),
        needs_presence=procedure.needs_presence, outlet_province=filing.outlet.province_code,
        place_province=place_province, home_province=_province_of(home.commune_code) if home is not None else "",
        is_authority_clear=route is None or route.is_clear, result_choice=asked.result_choice,
        collect_reason=asked.collect_reason, street=home.street if home is not None else "",
        phone=home.phone if home is not None else "", fee_vnd=_fee(filing.fee),
        is_fee_due_at_filing=bool(procedure.fee.get("due_at_filing")), duplicates=_twins(asked, by),
        lacks_mandate_vi=lack.vi, lacks_mandate_en=lack.en,
        has_second_citizen=filing.session is not None and is_stopped(filing.session),
        papers=tuple(_papers(procedure, asked, filing.documents)))


def _home(asked: SubmissionInput, citizen: Citizen) -> DeliveryAddress | None:
    """Where the result goes, with the citizen's own entries where nothing else was said."""
    if asked.result_choice != ResultChoice.HOME:
        return None
    given = asked.delivery
    if given is None:
        return DeliveryAddress(citizen.street, citizen.commune_id, citizen.full_name, citizen.phone)
    return DeliveryAddress(given.street, given.commune_code, given.name, given.phone or citizen.phone)


def _province_of(commune_code: str) -> str:
    place = places.get_place(commune_code) if commune_code else None
    return place.province_code if place is not None else ""


def _is_paper_forbidden(procedure: Procedure, province_code: str) -> bool:
    return procedure.is_paper_forbidden or province_code in procedure.paper_forbidden_in


def _fee(fee: Fee | None) -> int | None:
    if fee is None:
        return 0
    return fee.amount.amount if fee.amount is not None else None


def _twins(asked: SubmissionInput, by: Actor) -> tuple[str, ...]:
    """What the citizen has open about the same procedure at this outlet."""
    same = Dossier.objects.seen_by(by).filter(citizen_id=asked.citizen_id, procedure_code=asked.procedure_code,
                                              handling__in=OPEN).exclude(client_ref=asked.client_ref)
    references = same.order_by("-created_at", "-id").values_list("code", "agent_ref")[:MOST_TWINS]
    return tuple(code or agent_ref for code, agent_ref in references)


def _papers(procedure: Procedure, asked: SubmissionInput, documents: Sequence[Document]) -> Iterable[PaperFact]:
    """Every component of the published list; components that only the other channel asks for are left out."""
    stored = {document.id: document for document in documents}
    for paper in procedure.documents:
        if paper["required"] == "by_post" and asked.channel != Channel.POST:
            continue
        files = [stored[ref.document_id] for ref in asked.documents
                 if ref.component == paper["code"] and ref.document_id in stored]
        yield _paper(paper, asked, files)


def _paper(paper: Mapping[str, Any], asked: SubmissionInput, files: Sequence[Document]) -> PaperFact:
    mine = [ref for ref in asked.documents if ref.component == paper["code"]]
    counted = [document.pages for document in files if document.pages is not None]
    return PaperFact(
        code=paper["code"], name_vi=paper["name_vi"], name_en=paper["name_en"], kind=paper["kind"],
        is_required=paper["required"] in {"always", "by_post"}, is_scanned=bool(files),
        is_shown=any(ref.is_presented for ref in mine),
        pages=sum(counted) if counted and len(counted) == len(files) else None,
        content_types=tuple(document.content_type for document in files), valid_months=paper.get("valid_months"),
        dated=next((ref.dated_on for ref in mine if ref.dated_on is not None), None),
        basis=paper.get("validity_basis") or "", is_lost=any(document.state in LOST for document in files),
        is_hard_to_read=any(code in NOTICED for document in files for code in document.notes),
        signature_vi=_signature(files).vi, signature_en=_signature(files).en)


def _signature(files: Sequence[Document]) -> Words:
    """The first digital signature that somebody has to look at; a broken one never keeps a dossier from being taken."""
    doubtful = (signature["standing"] for document in files for signature in document.signatures
                if signature.get("standing") != "valid")
    return STANDINGS.get(next(doubtful, ""), Words())
