"""The catalogue: what may be asked for, in the version of a day."""

from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow
from intake.api.schemas import CommuneCode, RouteOut, WordsOut, words
from intake.errors import ProcedureNotFound
from intake.models.procedures import Procedure
from intake.queries.catalogue import checklist, get_procedure, search_procedures
from intake.queries.guides import Guide, GuideWay, procedure_guide
from intake.queries.procedures import in_force
from intake.records import ChecklistItem, PlaceChoice
from intake.rules.catalogue import Channel
from shared.api import Asked, Out, Page, PageAsked, WardpostRequest, page_of
from shared.calendar import local

router = Router(tags=["catalogue"])
READS = allow(roles=EVERY_ROLE, scopes={"catalogue:read"})


class ProcedureItem(Out):
    code: str
    name: WordsOut
    field: str
    level: str
    channels: list[str]
    agent_modes: list[str]
    is_essential: bool


class PaperOut(Out):
    code: str
    name: WordsOut
    kind: str
    is_required: bool
    condition: WordsOut


class ProcedureOut(ProcedureItem):
    valid_from: date
    valid_to: date | None
    authority: str
    refer_reason: WordsOut
    online_level: str
    terms: dict[str, dict[str, Any]]
    has_same_day_cutoff: bool
    fee: dict[str, Any]
    place_rule: str
    managed_by_city: bool
    needs_presence: bool
    paper_forbidden_in: list[str]
    papers: dict[str, list[PaperOut]] = Field(description="By channel.")
    note: WordsOut
    legal_basis: str
    confidence: str
    uncertain: dict[str, str]


def _item(procedure: Procedure) -> dict[str, Any]:
    columns = ("code", "field", "level", "channels", "agent_modes", "is_essential")
    return {name: getattr(procedure, name) for name in columns} | {
        "name": {"vi": procedure.name_vi, "en": procedure.name_en}}


def _whole(procedure: Procedure) -> dict[str, Any]:
    columns = ("valid_from", "valid_to", "authority", "online_level", "terms", "has_same_day_cutoff", "fee",
               "place_rule", "managed_by_city", "needs_presence", "paper_forbidden_in", "legal_basis", "confidence",
               "uncertain")
    return _item(procedure) | {name: getattr(procedure, name) for name in columns} | {
        "refer_reason": {"vi": procedure.refer_reason_vi, "en": procedure.refer_reason_en},
        "note": {"vi": procedure.note_vi, "en": procedure.note_en},
        "papers": {channel: _papers(procedure, channel) for channel in procedure.channels}}


def _papers(procedure: Procedure, channel: str) -> list[dict[str, Any]]:
    return [_paper(item) for item in checklist(procedure, Channel(channel))]


class ProceduresAsked(PageAsked):
    q: Annotated[str, Field(max_length=100, description="Everyday words, accents ignored: “so do”.")] = ""
    field: Annotated[str, Field(max_length=40)] = ""
    on: date | None = Field(default=None, description="The day whose versions are meant; today when left out.")


@router.get("/procedures", response=Page[ProcedureItem], auth=READS, summary="Find procedures")
def search(request: WardpostRequest, filters: Query[ProceduresAsked]) -> Any:
    """List the procedures in force on a day; with `q`, the best answers to everyday words on one page."""
    day = filters.on or local(timezone.now()).date()
    if filters.q:
        found = [each for each in search_procedures(filters.q, day) if filters.field in {"", each.field}]
        return {"items": [_item(each) for each in found[: filters.limit]], "next": ""}
    rows = in_force(day)
    if filters.field:
        rows = rows.filter(field=filters.field)
    listed, following = page_of(rows, asked=filters, order=("code",))
    return {"items": [_item(each) for each in listed], "next": following}


class ProcedureAsked(Asked):
    on: date | None = None


@router.get("/procedures/{code}", response=ProcedureOut, auth=READS, summary="One procedure on a day")
def one(request: WardpostRequest, code: str, filters: Query[ProcedureAsked]) -> Any:
    """Show the version in force on a day: channels, terms, fee, papers, and how sure we are of each."""
    if not code.replace(".", "").isalnum():
        raise ProcedureNotFound
    return _whole(get_procedure(code, filters.on or local(timezone.now()).date()))


class GuideWayOut(Out):
    channel: Channel
    may_agent: bool = Field(description="An outlet files in this way.")
    term: WordsOut
    fee_vnd: int | None = Field(description="Null: not known; `fee` says why.")
    fee: WordsOut
    to_bring: list[PaperOut]
    in_some_cases: list[PaperOut]


class GuideOut(Out):
    code: str
    name: WordsOut
    ways: list[GuideWayOut]
    may_file: bool = Field(description="False: an outlet only tells and books, for `refer_reason`.")
    refer_reason: WordsOut
    note: WordsOut
    route: RouteOut | None = Field(description="Who decides for the chosen place; null while none is chosen.")
    legal_basis: str
    is_assumed: bool = Field(description="Something here is derived, not read in a source.")


class GuideAsked(Asked):
    commune_code: CommuneCode = ""
    former_commune_code: CommuneCode = ""
    on: date | None = None


@router.get("/procedures/{code}/guide", response=GuideOut, auth=READS, summary="What to bring, cost, time, who decides")
def guide(request: WardpostRequest, code: str, filters: Query[GuideAsked]) -> Any:
    """Tell a procedure as a citizen needs it, for a chosen commune."""
    if not code.replace(".", "").isalnum():
        raise ProcedureNotFound
    place = PlaceChoice(filters.commune_code, filters.former_commune_code)
    return _guide(procedure_guide(code, on=filters.on or local(timezone.now()).date(), place=place or None))


def _guide(found: Guide) -> dict[str, Any]:
    return {"code": found.procedure.code, "name": words(found.name), "ways": [_way(way) for way in found.ways],
            "may_file": found.may_file, "refer_reason": words(found.refer_reason), "note": words(found.note),
            "route": None if found.route is None else RouteOut.model_validate(found.route),
            "legal_basis": found.procedure.legal_basis, "is_assumed": found.is_assumed}


def _way(way: GuideWay) -> dict[str, Any]:
    return {"channel": way.channel, "may_agent": way.may_agent, "term": words(way.term),
            "fee_vnd": way.fee.amount.amount if way.fee.amount is not None else None, "fee": words(way.fee.words),
            "to_bring": [_paper(item) for item in way.to_bring], "in_some_cases": [_paper(item) for item in way.maybe]}


def _paper(item: ChecklistItem) -> dict[str, Any]:
    return {"code": item.code, "name": words(item.name), "kind": item.kind, "is_required": item.is_required,
            "condition": words(item.condition)}
