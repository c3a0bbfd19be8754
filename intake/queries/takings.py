"""What the check last said about a draft, in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from intake.models.counter import Taking
from intake.models.procedures import Procedure
from intake.rules.precheck.catalogue import RULES
from intake.rules.precheck.check import Severity
from intake.rules.wording import Words

_ABOUT_FILING: Final[Mapping[str, Words]] = {rule.code: rule.words for rule in RULES if not rule.each}
_PAPER_WORDS: Final[Mapping[str, Words]] = {
    "paper-missing": Words("còn thiếu", "missing"), "paper-expired": Words("đã hết hạn", "expired"),
    "paper-empty": Words("tệp trống", "empty file"), "paper-type": Words("sai loại tệp", "wrong type of file"),
}


def lacking_words(findings: Iterable[Mapping[str, str]], procedure: Procedure) -> Iterator[str]:
    """What stops a draft: the paper and its fault, or what is wrong with the filing."""
    names = {paper["code"]: Words(paper["name_vi"], paper["name_en"]) for paper in procedure.documents}
    for found in findings:
        if found["severity"] != Severity.STOP:
            continue
        if found["component"] in names:
            yield _about_paper(found["code"], str(names[found["component"]]))
        elif found["code"] in _ABOUT_FILING:
            yield str(_ABOUT_FILING[found["code"]]).rstrip(".")


def _about_paper(code: str, name: str) -> str:
    words = _PAPER_WORDS.get(code)
    return name if words is None or code == "paper-missing" else f"{name}: {words}"


def lacking_of(dossier_id: UUID) -> list[str]:
    taking: Any = Taking.objects.filter(dossier_id=dossier_id).select_related("dossier__procedure").first()
    return list(lacking_words(taking.findings, taking.dossier.procedure)) if taking is not None else []
