"""The papers of a dossier as an officer goes through them: the published list and what there is of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from intake.models.documents import Document
from intake.queries.paper_facts import PaperFacts, paper_facts
from intake.rules.document_states import DocumentState
from intake.rules.short_names import short_words
from intake.rules.wording import Words

LONGEST_TAB: Final = 26
OTHER_PAPERS: Final = Words("Giấy tờ khác", "Other papers")
RESULT_PAPER: Final = Words("Kết quả", "Result")


@dataclass(frozen=True, slots=True)
class Scan:
    """One uploaded file of a paper."""

    id: UUID
    name: str
    content_type: str
    pages: int | None
    facts: PaperFacts

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_infected(self) -> bool:
        return self.facts.state == DocumentState.INFECTED


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the published list with what there is of it. `state`: "scanned", "shown" or "missing"."""

    code: str
    name: Words
    note: Words
    kind: str
    is_always_required: bool
    state: str
    scans: tuple[Scan, ...]

    @property
    def short_name(self) -> Words:
        return short_words(self.name.vi, self.name.en, LONGEST_TAB)

    @property
    def pages(self) -> int:
        return sum(scan.pages or 1 for scan in self.scans)


def scans_of(dossier_id: UUID) -> Mapping[str, Sequence[Scan]]:
    found: dict[str, list[Scan]] = {}
    here = Document.objects.filter(dossier_id=dossier_id).select_related("reused_from__dossier")
    for document in here.order_by("uploaded_at", "id"):
        found.setdefault(document.component, []).append(
            Scan(document.id, document.original_name, document.content_type, document.pages,
                 paper_facts(document)))
    return found


def papers_of(listed: Iterable[Mapping[str, Any]], scans: Mapping[str, Sequence[Scan]],
            shown: set[str]) -> tuple[Paper, ...]:
    """The published list first, in its order, then what else was handed in."""
    papers = [
        Paper(paper["code"], Words(paper["name_vi"], paper["name_en"]),
              Words(paper.get("note_vi", ""), paper.get("note_en", "")), paper["kind"], paper["required"] == "always",
              _paper_state(paper["code"], scans, shown), tuple(scans.get(paper["code"], ())))
        for paper in listed]
    known = {paper.code for paper in papers}
    for component, files in scans.items():
        if component not in known:
            name = RESULT_PAPER if component == "result" else OTHER_PAPERS
            papers.append(Paper(component, name, Words(), "copy", False, "scanned", tuple(files)))
    return tuple(papers)


def _paper_state(code: str, scans: Mapping[str, Sequence[Scan]], shown: set[str]) -> str:
    if scans.get(code):
        return "scanned"
    return "shown" if code in shown else "missing"
