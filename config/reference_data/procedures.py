"""The catalogue of administrative procedures: one file per field, one row per version of a procedure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from config.reference_data.reading import files_in, read_rows
from config.reference_data.rules import (
    Certainty,
    Count,
    DatedRow,
    Day,
    Dong,
    ProvinceCode,
    Share,
    Strict,
    refuse_broken_periods,
)
from config.reference_data.storing import Outcome, store
from intake.models.procedures import Procedure
from intake.rules.catalogue import AgentMode, Channel, DocumentKind, PlaceRule, ProcedureLevel
from shared.text import fold

FOLDER: Final = "procedures"

Note = Annotated[str, Field(max_length=1000)]
Exempt = tuple[Annotated[str, Field(pattern=r"^[a-z_]+$")], ...]


class Term(Strict):
    """How long the authority may take; `same_day` has amount 0."""

    amount: Count
    unit: Literal["working_day", "day", "hour", "same_day"]


class Free(Strict):
    kind: Literal["free"]


class NotShown(Strict):
    """The portal names no fee: nobody may conclude that it is free."""

    kind: Literal["not_shown"]
    note_vi: Note = ""
    note_en: Note = ""


class PageStep(Strict):
    from_page: Annotated[Count, Field(ge=1)]
    amount_vnd: Dong


class PerPage(Strict):
    """So much a page, from a page on less; never more than the maximum for one copy."""

    kind: Literal["per_page_steps"]
    steps: Annotated[tuple[PageStep, ...], Field(min_length=1)]
    max_per_copy_vnd: Dong


class TemporaryShare(Share):
    """The share of the amount that is taken until `valid_to`, the first day of the full amount."""

    valid_to: Day


class PerUnit(Strict):
    """An amount per copy or per case, which may differ by channel."""

    kind: Literal["per_copy", "per_case"]
    amounts_vnd: Mapping[Channel, Dong]
    reduced: TemporaryShare | None = None
    exempt: Exempt = ()
    note_vi: Note = ""
    note_en: Note = ""


class CouncilSet(Strict):
    """Set by the People's Council of the province; `listed_vnd` is what the national portal shows, if anything."""

    kind: Literal["council_set"]
    listed_vnd: Dong | None = None
    due_at_filing: bool = False
    """Paid when the dossier is handed in, or it is not taken up."""
    exempt: Exempt = ()
    free_when_vi: Note = ""
    free_when_en: Note = ""
    note_vi: Note = ""
    note_en: Note = ""


Fee = Annotated[Free | NotShown | PerPage | PerUnit | CouncilSet, Field(discriminator="kind")]


class Document(Strict):
    code: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=40)]
    name_vi: Annotated[str, Field(min_length=3, max_length=400)]
    name_en: Annotated[str, Field(min_length=3, max_length=400)]
    kind: DocumentKind
    required: Literal["always", "by_post", "if_applicable"]
    valid_months: Annotated[int | None, Field(ge=1, le=240)] = None
    """How long it may be used after the day on it; None: for ever."""
    validity_basis: Note = ""
    note_vi: Note = ""
    note_en: Note = ""


class ProcedureRow(DatedRow):
    code: Annotated[str, Field(pattern=r"^[1-3]\.\d{6}$")]
    name_vi: Annotated[str, Field(min_length=5, max_length=300)]
    name_en: Annotated[str, Field(min_length=5, max_length=300)]
    field: Literal["certification", "civil_status", "household_business", "land", "construction", "identity_residence",
                   "social"]
    level: ProcedureLevel
    authority: Annotated[str, Field(min_length=3, max_length=200)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    agent_modes: Annotated[tuple[AgentMode, ...], Field(min_length=1)]
    refer_reason_vi: Annotated[str, Field(max_length=300)]
    refer_reason_en: Annotated[str, Field(max_length=300)]
    online_level: Literal["full", "partial", "none"]
    terms: Mapping[Channel, Term]
    has_same_day_cutoff: bool
    fee: Fee
    result_types: tuple[Annotated[str, Field(pattern=r"^KQ\.G\d{2}\.\d{6}$")], ...]
    place_rule: PlaceRule
    managed_by_city: bool
    paper_forbidden_in: tuple[ProvinceCode, ...]
    needs_presence: bool
    authorisation_rule: Literal["civil_status_certified_unless_family", "business_2025", "in_person_only", "written"]
    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    is_essential: bool
    aliases: tuple[Annotated[str, Field(min_length=2, max_length=80)], ...]
    note_vi: Note
    note_en: Note
    uncertain: Mapping[str, Certainty]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        self._check_channels()
        self._check_modes()
        documents = [document.code for document in self.documents]
        _demand(len(set(documents)) == len(documents), "documents: a code stands twice")
        _demand(set(self.uncertain) <= set(type(self).model_fields), "uncertain: names a field that does not exist")
        return self

    def _check_channels(self) -> None:
        _demand(set(self.terms) <= set(self.channels), "terms: a channel that is not among channels")
        if isinstance(self.fee, PerUnit):
            _demand(set(self.fee.amounts_vnd) == set(self.channels), "fee: amounts_vnd must name every channel once")
        _demand((self.online_level == "none") == (Channel.ONLINE not in self.channels),
                'online_level: "none" exactly when the online channel is not offered')
        same_day = any(term.unit == "same_day" for term in self.terms.values())
        _demand(same_day == self.has_same_day_cutoff, "has_same_day_cutoff: true exactly when a term is same_day")

    def _check_modes(self) -> None:
        refers = AgentMode.REFER in self.agent_modes
        reasons = bool(self.refer_reason_vi), bool(self.refer_reason_en)
        _demand(reasons == (refers, refers), "refer_reason_vi, refer_reason_en: both with REFER, none without it")
        _demand(AgentMode.ONLINE not in self.agent_modes or Channel.ONLINE in self.channels,
                "agent_modes: ONLINE needs the online channel")
        _demand(AgentMode.PAPER not in self.agent_modes or Channel.POST in self.channels,
                "agent_modes: PAPER needs the post channel")


def _demand(rule: object, otherwise: str) -> None:
    if not rule:
        raise ValueError(otherwise)


def read(folder: Path, *, correct: bool = False) -> Callable[[], Outcome]:
    """Check the catalogue; the answer stores it."""
    rows = read_rows(ProcedureRow, folder, files_in(folder, FOLDER))
    refuse_broken_periods(rows, key=lambda row: row.code)
    columns = [_columns(sourced.row) for sourced in rows]
    return lambda: store(Procedure, columns, key=["code", "valid_from"])


def _columns(row: ProcedureRow) -> dict[str, Any]:
    columns = row.model_dump(mode="json", exclude={"result_types", "valid_from", "valid_to"}, exclude_defaults=False)
    arrays = {name: tuple(columns[name]) for name in ("channels", "agent_modes", "paper_forbidden_in", "aliases")}
    return {
        **columns, **arrays,
        "valid_from": row.valid_from, "valid_to": row.valid_to,
        "result_type": ", ".join(row.result_types),
        "is_paper_forbidden": False,
        "search_key": fold(" | ".join([row.code, row.name_vi, row.name_en, *row.aliases])),
    }
