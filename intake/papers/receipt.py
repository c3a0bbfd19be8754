"""Form 01: what the centre's receipt says (Circular 03/2025/TT-VPCP, Annex I)."""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from intake.models.dossiers import Dossier
from intake.papers import codes, wording
from intake.papers.decisions import form_data
from intake.papers.facts import CHANNEL_WORDS, papers_of, procedure_words, result_words, submitter_facts
from intake.papers.wording import Fact, fact
from intake.queries.centre import calendar_of
from intake.rules.catalogue import Channel, DocumentKind
from intake.rules.states import HandlingAction
from intake.rules.terms import due_moment, term_of
from shared import places
from shared.calendar import local

COLUMNS = {DocumentKind.ORIGINAL: "original", DocumentKind.CERTIFIED_COPY: "certified", DocumentKind.COPY: "copy"}


def receipt_data(dossier: Dossier) -> dict[str, Any]:
    """All that form 01 says about a received dossier, from its rows alone."""
    assert dossier.received_at is not None  # noqa: S101  # the caller issues it for received dossiers only
    centre, code = dossier.receiving_centre, str(dossier.code)
    assert centre is not None  # noqa: S101  # received, so it was received somewhere
    place = places.get_place(centre.commune_id) if centre.commune_id else None
    step = dossier.steps.filter(machine="handling", action=HandlingAction.RECEIVE).first()
    with override("vi"):
        return form_data("receipt", dossier.received_at) | {
            "above": centre.authority_name, "agency": centre.name, "code": code,
            "place_and_day": wording.place_and_day(place.name if place else "", local(dossier.received_at).date()),
            "facts": _facts(dossier, centre.name), "qr": codes.qr_svg(codes.tracking_url(code)), "sets": 1,
            "papers": [_row(*paper, dossier.channel) for paper in papers_of(dossier, dossier.received_at)],
            "times": _times(dossier), "lookup": f"{settings.WARDPOST_PUBLIC_URL.partition('//')[2]}/tra-cuu/",
            "phone": centre.phone, "submitter": dossier.citizen.full_name,
            "receiver": step.actor_name if step is not None else "",
        }


def _facts(dossier: Dossier, centre_name: str) -> list[Fact]:
    helped = f", có hỗ trợ của {dossier.outlet.name}" if dossier.outlet is not None else ""
    return [
        fact("Bộ phận tiếp nhận", centre_name),
        fact("Hình thức nộp", CHANNEL_WORDS[Channel(dossier.channel)] + helped),
        *submitter_facts(dossier),
        fact("Nội dung yêu cầu giải quyết", procedure_words(dossier), heavy=True),
    ]


def _row(number: int, paper: dict[str, Any], files: int, channel: str) -> dict[str, Any]:
    """Online papers are electronic; at the counter and by post they are what the list calls them."""
    row: dict[str, Any] = {"number": number, "name": paper["name_vi"], "original": "", "certified": "", "copy": "",
                           "other": ""}
    if paper["kind"] == DocumentKind.PRESENT_ONLY:
        return row | {"other": "xuất trình"}
    if channel == Channel.ONLINE:
        return row | {"other": str(files) if files else "xuất trình"}
    return row | {COLUMNS.get(paper["kind"], "other"): str(max(files, 1))}


def _times(dossier: Dossier) -> list[Fact]:
    """The due moment is the one of reception: a later pause is another paper's matter."""
    term = term_of(dossier.procedure.terms, dossier.channel)
    started = dossier.clock_started_at
    due = None
    if term is not None and started is not None:
        due = due_moment(term, started, dossier.procedure.has_same_day_cutoff, calendar_of(dossier))
    handed_over = dossier.handed_over_at if dossier.channel == Channel.POST else None
    return [
        fact("Thời gian giải quyết theo quy định", wording.term_words(term)),
        fact("Thời gian nhận hồ sơ", wording.moment(dossier.received_at)),
        fact("Thời điểm ký biên bản giao nhận với bưu chính, tính thời hạn từ đó", wording.moment(handed_over)),
        fact("Thời gian trả kết quả", wording.moment(due), heavy=True),
        fact("Nhận kết quả", result_words(dossier)),
    ]
