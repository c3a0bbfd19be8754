"""The come-back slip: what is missing, where and when to come, and the code that opens the draft again in one scan."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import override

from agents import public as agents
from intake.models.dossiers import Dossier
from intake.papers import codes, wording
from intake.papers.facts import KIND_WORDS
from intake.papers.wording import fact
from intake.plain_data import filing_from_data
from intake.rules.catalogue import DocumentKind
from intake.rules.precheck.check import Finding
from shared import formatting, places
from shared.actors import Actor
from shared.calendar import local

CLERKS_OWN: Final = frozenset({"/channel", "/collect_reason", "/procedure_code"})
"""Entries that the citizen brings nothing for."""


def come_back_data(draft: Dossier, stops: Sequence[Finding], *, by: Actor, at: datetime) -> dict[str, Any]:
    """All that the slip says; the QR code is the bare reference, so one scan at the counter opens the draft."""
    assert draft.outlet_id is not None  # noqa: S101  # drafts are outlets'
    outlet = agents.get_outlet(draft.outlet_id)
    place = places.get_place(outlet.commune_code)
    there = {paper.component for paper in filing_from_data(draft.filing).documents}
    papers = {paper["code"]: paper for paper in draft.procedure.documents}
    with override("vi"):
        return {
            "above": outlet.operator.name, "agency": outlet.name, "reference": draft.agent_ref,
            "place_and_day": wording.place_and_day(place.name if place else "", local(at).date()),
            "qr": codes.qr_svg(draft.agent_ref),
            "citizen": draft.citizen.full_name, "procedure": f"{draft.procedure.name_vi} ({draft.procedure_code})",
            "missing": [_missing(found, papers) for found in stops if found.pointer not in CLERKS_OWN],
            "kept": [paper["name_vi"] for code, paper in papers.items() if code in there],
            "bring": _bring(stops, papers),
            "where": [fact("Nơi đến", outlet.name, heavy=True), fact("Địa chỉ", outlet.address),
                      fact("Điện thoại", formatting.phone(outlet.phone)),
                      fact("Giờ mở cửa", f"{settings.WARDPOST_PUBLIC_URL.partition('//')[2]}/diem-gan-nhat/")],
            "clerk": by.name,
        }


def _missing(found: Finding, papers: dict[str, dict[str, Any]]) -> dict[str, str]:
    paper = papers.get(found.component)
    form = KIND_WORDS.get(DocumentKind(paper["kind"]), "") if paper is not None else ""
    return {"what": found.words.vi, "form": form,
            "note": (paper.get("note_vi") or "") if paper is not None else ""}


def _bring(stops: Sequence[Finding], papers: dict[str, dict[str, Any]]) -> list[str]:
    """What is put into the bag: the ID card always, then each missing paper."""
    missing = [papers[found.component]["name_vi"] for found in stops if found.component in papers]
    return ["Thẻ căn cước", "Phiếu này", *dict.fromkeys(missing)]
