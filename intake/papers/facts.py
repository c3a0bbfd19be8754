"""What papers say about a dossier, whichever paper it is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from intake.models.dossiers import Dossier
from intake.papers import wording
from intake.papers.wording import Fact, fact
from intake.rules.catalogue import Channel, DocumentKind, ResultChoice
from intake.rules.collecting import COLLECT_REASONS
from shared import formatting, places

CHANNEL_WORDS = {
    Channel.ONLINE: "nộp trực tuyến", Channel.POST: "nộp qua dịch vụ bưu chính", Channel.DIRECT: "nộp trực tiếp"}
KIND_WORDS = {
    DocumentKind.ORIGINAL: "Bản chính", DocumentKind.CERTIFIED_COPY: "Bản sao có chứng thực",
    DocumentKind.COPY: "Bản chụp", DocumentKind.ELECTRONIC: "Bản điện tử",
    DocumentKind.PRESENT_ONLY: "Xuất trình để đối chiếu"}
OTHER_PAPER = {"code": "other", "name_vi": "Giấy tờ khác", "kind": DocumentKind.COPY}


def papers_of(dossier: Dossier, until: datetime) -> Iterator[tuple[int, dict[str, Any], int]]:
    """Each paper that was handed in by `until`: its number, its entry in the published list, how many files or pieces.

    One of no file was shown, or lies in the envelope.
    """
    stored = dossier.documents.filter(uploaded_at__lte=until).exclude(component="result")
    files: dict[str, int] = {}
    for component in stored.values_list("component", flat=True):
        files[component] = files.get(component, 0) + 1
    there = set(files) | set(dossier.presented)
    listed = [paper for paper in (*dossier.procedure.documents, OTHER_PAPER) if paper["code"] in there]
    for number, paper in enumerate(listed, start=1):
        yield number, paper, files.get(paper["code"], 0)


def submitter_facts(dossier: Dossier) -> list[Fact]:
    citizen = dossier.citizen
    return [
        fact("Họ tên", citizen.full_name, heavy=True),
        fact("Số định danh", citizen.national_id_masked),
        fact("Địa chỉ", wording.home_of(citizen)),
        fact("Điện thoại", formatting.phone(citizen.phone)),
        fact("Thư điện tử", citizen.email),
    ]


def procedure_words(dossier: Dossier) -> str:
    copies = f", {dossier.copies} bản" if dossier.copies > 1 else ""
    return f"{dossier.procedure.name_vi} ({dossier.procedure_code}){copies}"


def _in_vietnamese(reason: str) -> str:
    known = COLLECT_REASONS.get(reason)
    return known.vi if known is not None else reason


def result_words(dossier: Dossier) -> str:
    """Where the result is received."""
    if dossier.result_choice == ResultChoice.HOME:
        place = places.get_place(dossier.delivery_commune_id) if dossier.delivery_commune_id else None
        return f"tại nhà, qua bưu chính: {wording.address(dossier.delivery_street, place)}"
    if dossier.result_choice == ResultChoice.ELECTRONIC:
        return "bản điện tử, qua tài khoản dịch vụ công của người nộp"
    reason = f" ({_in_vietnamese(dossier.collect_reason)})" if dossier.collect_reason else ""
    centre = dossier.receiving_centre
    return f"tại {centre.name}{reason}" if centre is not None else f"tại trung tâm tiếp nhận{reason}"
