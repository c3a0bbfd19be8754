"""The letter that asks for an opinion (Phiếu xin ý kiến), with its answers. In Vietnamese whatever the reader's
language: it goes to an authority.

Free of form: Circular 03/2025/TT-VPCP has none for it; letterhead and place of the day are those of Decree
30/2020/NĐ-CP.
"""

from typing import Any

from django.utils.translation import override

from agents import public as agents
from intake.papers import wording
from intake.papers.render import render_pdf
from intake.papers.wording import fact
from intake.queries.opinions import OpinionRow
from shared.calendar import local
from shared.places import get_place


def opinion_pdf(opinion: OpinionRow) -> bytes:
    """The letter as it stands: reprinted after an answer it holds the answer too."""
    with override("vi"):
        return render_pdf("opinion", _data(opinion), dated=opinion.closed_at or opinion.asked_at)


def _data(opinion: OpinionRow) -> dict[str, Any]:
    centre = agents.get_centre(opinion.asked_by_centre_id) if opinion.asked_by_centre_id else None
    place = get_place(centre.commune_code) if centre is not None and centre.commune_code else None
    return {
        "above": centre.authority_name if centre else "", "agency": centre.name if centre else opinion.asked_by_name,
        "place_and_day": wording.place_and_day(place.name if place else "", local(opinion.asked_at).date()),
        "to": [f"{each.name}{f' ({each.contact})' if each.contact else ''}" for each in opinion.addressees],
        "facts": [fact("Nội dung", opinion.subject.vi), fact("Thủ tục", opinion.procedure_name),
                  fact("Địa điểm", opinion.place_name), fact("Hồ sơ", opinion.dossier_ref),
                  fact("Trả lời trước", wording.moment(opinion.due_at), heavy=True)],
        "key": opinion.key_words.vi, "question": opinion.question, "signer": opinion.asked_by_name,
        "papers": [each.name for each in opinion.papers if not each.is_answer],
        "answers": [{
            "name": each.name, "verdict": each.authority_name or each.verdict_words.vi, "text": each.text,
            "basis": each.legal_basis, "by": each.answered_by_name, "at": wording.moment(each.answered_at),
        } for each in opinion.addressees if each.answered_at is not None]}
