"""The checklist of a filing as it stands: what is scanned, was shown, is missing, or is another channel's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from intake.models.documents import Document
from intake.models.procedures import Procedure
from intake.queries.paper_facts import PaperFacts, paper_facts
from intake.rules.catalogue import Channel, DocumentKind
from intake.rules.wording import Words
from intake.views.take_entries import Entries
from shared.actors import Actor


@dataclass(frozen=True, slots=True)
class FileLine:
    """One uploaded file; `value` is what the form sends."""

    id: UUID
    value: str
    name: str
    pages: int | None
    facts: PaperFacts


@dataclass(frozen=True, slots=True)
class PaperLine:
    """`state`: "scanned", "shown", "missing", "optional" or "other-way" (needed only when sent by post)."""

    code: str
    name: Words
    note: Words
    kind: str
    state: str
    files: tuple[FileLine, ...]
    is_shown: bool
    is_first_missing: bool = False
    valid_months: int | None = None
    """How long it may be used after its date."""
    dated: str = ""
    reusable: tuple[Document, ...] = ()
    """Papers of earlier dossiers that may serve here, with their dossiers."""

    @property
    def can_arrange(self) -> bool:
        """There is more than one page, or one to be turned, in a file that nobody signed."""
        return any(not file.facts.signatures and not file.facts.is_lost for file in self.files)

    @property
    def is_there(self) -> bool:
        return self.state in {"scanned", "shown"}

    @property
    def is_present_only(self) -> bool:
        return self.kind == DocumentKind.PRESENT_ONLY

    @property
    def is_declaration(self) -> bool:
        """The form that asks for the service; online it is filled in on the portal itself."""
        return self.code.startswith("to_khai") or self.kind == DocumentKind.ELECTRONIC

    @property
    def has_tick(self) -> bool:
        """Whether "it is there without a scan" is a possible answer; for what may not apply, scanning says enough."""
        if self.state in {"scanned", "other-way"}:
            return False
        return self.is_present_only or self.state in {"missing", "shown"}

    @property
    def has_scan(self) -> bool:
        return not self.is_present_only and self.state not in {"other-way", "shown"}

    @property
    def picture(self) -> str:
        """Which thumbnail is drawn."""
        if self.state in {"missing", "other-way"}:
            return "missing"
        if self.is_present_only:
            return "card"
        return "none" if self.state == "optional" else "sheet"


def paper_lines(procedure: Procedure, channel: str, entries: Entries, actor: Actor,
                reusable: Mapping[str, Sequence[Document]] = MappingProxyType({})) -> list[PaperLine]:
    """The published list in its order; the first missing paper is marked, because F4 scans it."""
    files = _files(entries, actor)
    lines = [_line(paper, channel, entries, files.get(paper["code"], ())) for paper in procedure.documents]
    first = next((line.code for line in lines if line.state == "missing"), "")
    return [replace(line, is_first_missing=line.code == first, reusable=_offered(line, reusable)) for line in lines]


def _offered(line: PaperLine, reusable: Mapping[str, Sequence[Document]]) -> tuple[Document, ...]:
    return tuple(reusable.get(line.code, ())) if line.state in {"missing", "optional"} else ()


def _line(paper: Mapping[str, Any], channel: str, entries: Entries, files: Sequence[FileLine]) -> PaperLine:
    is_shown = paper["code"] in entries.shown
    return PaperLine(
        paper["code"], Words(paper["name_vi"], paper["name_en"]),
        Words(paper.get("note_vi") or "", paper.get("note_en") or ""), paper["kind"],
        _state(paper, channel, is_scanned=bool(files), is_shown=is_shown), tuple(files), is_shown,
        valid_months=paper.get("valid_months"), dated=dict(entries.dated).get(paper["code"], ""))


def _state(paper: Mapping[str, Any], channel: str, *, is_scanned: bool, is_shown: bool) -> str:
    if is_scanned:
        return "scanned"
    if is_shown:
        return "shown"
    if paper["required"] == "by_post":
        return "missing" if channel == Channel.POST else "other-way"
    return "missing" if paper["required"] == "always" else "optional"


def _files(entries: Entries, actor: Actor) -> dict[str, list[FileLine]]:
    """The uploaded files of the form that are really this outlet's, in the form's order."""
    here = Document.objects.filter(outlet=actor.outlet_id).select_related("reused_from__dossier")
    ids = [document_id for _component, document_id in entries.documents]
    stored = {document.id: document for document in here.filter(id__in=ids)} if ids else {}
    found: dict[str, list[FileLine]] = {}
    for component, document_id in entries.documents:
        if document_id in stored:
            document = stored[document_id]
            found.setdefault(component, []).append(FileLine(
                document.id, f"{component}:{document.id}", document.original_name, document.pages,
                paper_facts(document)))
    return found
