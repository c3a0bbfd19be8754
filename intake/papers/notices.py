"""What an authority writes about the course of a dossier: apology (form 04), notice of stopping (05), return receipt.

Circular 03/2025/TT-VPCP, Annex I. Each is fixed with the act itself and printed from there.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import override

from intake.errors import DossierNotFound
from intake.models.decisions import Extension, IdentityProof, Resolution, ResultHandOver, StopNotice
from intake.models.dossiers import Dossier
from intake.papers import wording
from intake.papers.decisions import common, form_data
from intake.papers.render import render_pdf
from intake.papers.wording import fact
from intake.rules.reasons import EXTENSION_REASONS, STOP_REASONS
from shared import formatting
from shared.actors import Actor
from shared.calendar import local

IDENTITY_WORDS = {
    IdentityProof.CARD: "đã đối chiếu thẻ căn cước", IdentityProof.VNEID: "đã đối chiếu trên VNeID mức độ 2",
    IdentityProof.PASSPORT: "đã đối chiếu hộ chiếu", IdentityProof.OTHER: "đã đối chiếu giấy tờ tùy thân khác"}


def apology_data(dossier: Dossier, sent: Extension) -> dict[str, Any]:
    """All that form 04 says."""
    assert sent.sent_at is not None  # noqa: S101  # it is sent with this paper
    with override("vi"):
        return common(dossier, sent.signed_by_name, sent.sent_at) | form_data("apology", sent.sent_at) | {
            "received": wording.moment(dossier.received_at), "due_before": wording.moment(sent.due_before),
            "due_after": wording.moment(sent.due_after), "reason": EXTENSION_REASONS[sent.reason].vi,
            "explanation": sent.explanation}


def stop_data(dossier: Dossier, notice: StopNotice) -> dict[str, Any]:
    """All that form 05 says, with the papers that go back."""
    with override("vi"):
        return common(dossier, notice.stopped_by_name, notice.stopped_at) | form_data("stop", notice.stopped_at) | {
            "reason": STOP_REASONS[notice.cause].vi, "explanation": notice.reason, "legal_basis": notice.legal_basis,
            "stopped": wording.moment(notice.stopped_at), "is_final": notice.is_final,
            "papers": list(_papers(dossier, notice.papers_back))}


def _papers(dossier: Dossier, codes: Iterable[str]) -> Iterable[Mapping[str, str]]:
    names = {paper["code"]: paper["name_vi"] for paper in dossier.procedure.documents}
    for number, code in enumerate(codes, 1):
        yield {"number": str(number), "name": names.get(code, "Giấy tờ khác")}


def return_data(dossier: Dossier, given: ResultHandOver) -> dict[str, Any]:
    """All that the return receipt (Giấy biên nhận trả kết quả) says."""
    resolution = Resolution.objects.filter(dossier=dossier).first()
    with override("vi"):
        data = common(dossier, given.handed_by_name, given.handed_at)
        return data | {
            "receiver": given.receiver_name, "receiver_phone": formatting.phone(given.receiver_phone),
            "identity": IDENTITY_WORDS[IdentityProof(given.identity)], "authorisation": given.authorisation,
            "handed": wording.moment(given.handed_at),
            "result_type": dossier.procedure.result_type or "Kết quả giải quyết",
            "decision_number": resolution.decision_number if resolution else "",
            "decided": f"{local(resolution.resolved_at):%d/%m/%Y}" if resolution else "",
            "abstract": resolution.summary if resolution else "Trả lại giấy tờ của hồ sơ đã dừng giải quyết",
            "copies": str(dossier.copies), "facts": [
                *[line for line in data["facts"] if line["label"] != "Nộp lúc"],
                fact("Cơ quan giải quyết", data["above"])]}


def apology_pdf(dossier_id: UUID, *, actor: Actor) -> bytes:
    """Form 04; raises DossierNotFound when `actor` sees no such dossier or none was sent."""
    sent = Extension.objects.filter(dossier__in=Dossier.objects.seen_by(actor), dossier_id=dossier_id).first()
    if sent is None or sent.sent_at is None:
        raise DossierNotFound
    return render_pdf("apology", sent.paper, dated=sent.sent_at)


def stop_pdf(notice_id: UUID, *, actor: Actor) -> bytes:
    """Form 05; raises DossierNotFound when `actor` sees no dossier with this notice."""
    notice = StopNotice.objects.filter(dossier__in=Dossier.objects.seen_by(actor), id=notice_id).first()
    if notice is None:
        raise DossierNotFound
    return render_pdf("stop", notice.paper, dated=notice.stopped_at)


def return_pdf(hand_over_id: UUID, *, actor: Actor) -> bytes:
    """The return receipt; raises DossierNotFound when `actor` sees no dossier with this hand-over."""
    given = ResultHandOver.objects.filter(dossier__in=Dossier.objects.seen_by(actor), id=hand_over_id).first()
    if given is None:
        raise DossierNotFound
    return render_pdf("return", given.paper, dated=given.handed_at)
