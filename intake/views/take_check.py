"""The check before sending as the page shows it: each finding beside the place where it is put right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from intake.rules.precheck.check import Finding

ANCHORS: Final = {
    "/channel": "t-channel", "/place/commune_code": "t-place_commune_code", "/delivery/street": "t-delivery_street",
    "/delivery/phone": "t-delivery_phone", "/delivery/commune_code": "t-delivery_commune_code",
    "/mandate": "t-mandate", "/collect_reason": "t-collect_reason", "/procedure_code": "s2",
}


@dataclass(frozen=True, slots=True)
class CheckLine:
    """`anchor` is the element to go to."""

    code: str
    is_stop: bool
    words: str
    advice: str
    anchor: str
    legal_basis: str


def check_lines(findings: Iterable[Finding]) -> Iterator[CheckLine]:
    for found in findings:
        anchor = f"paper-{found.component}" if found.component else ANCHORS.get(found.pointer, "s2")
        yield CheckLine(found.code, found.is_stop, str(found.words), str(found.advice), anchor, found.legal_basis)
