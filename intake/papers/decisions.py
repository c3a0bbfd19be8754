"""What a centre writes to a citizen: the request to supplement (form 02) and the refusal (form 03).

Circular 03/2025/TT-VPCP, Appendix I. Made from committed rows only and dated by them, so a reprint is the same file.
They are Vietnamese whatever the reader's language: they are acts of an authority.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import override

from agents import public as agents
from agents.records import CentreInfo
from intake.errors import DossierNotFound
from intake.models.decisions import Refusal, SupplementRequest
from intake.models.dossiers import Dossier, DossierStep
from intake.papers.codes import qr_svg, tracking_url
from intake.papers.render import render_pdf
from intake.rules.reasons import REFUSAL_REASONS, SUPPLEMENT_REASONS
from intake.rules.states import HandlingAction
from shared.actors import Actor
from shared.calendar import local
from shared.formatting import full_day, full_stamp, mask_phone, working_time
from shared.places import get_place


def supplement_pdf(request_id: UUID, *, actor: Actor) -> bytes:
    """Form 02 of one request.

    Raises:
        DossierNotFound: `actor` sees no dossier with such a request.
    """
    asked = SupplementRequest.objects.select_related("dossier").filter(id=request_id).first()
    dossier = _seen(asked.dossier_id if asked else None, actor)
    assert asked is not None  # noqa: S101  # _seen has refused
    with override("vi"):
        data = _common(dossier, _centre(dossier), asked.requested_by_name, asked.requested_at) | {
            "rows": _rows(dossier, asked), "explanation": asked.explanation, "again": asked.again_because,
            "paused": full_stamp(asked.requested_at), "left": _left(dossier, asked)}
    return render_pdf("supplement", data, dated=asked.requested_at)


def refusal_pdf(dossier_id: UUID, *, actor: Actor) -> bytes:
    """Form 03.

    Raises:
        DossierNotFound: `actor` sees no such dossier, or it was not refused.
    """
    dossier = _seen(dossier_id, actor)
    refusal = Refusal.objects.filter(dossier=dossier).first()
    if refusal is None:
        raise DossierNotFound
    with override("vi"):
        reason = REFUSAL_REASONS.get(refusal.reason)
        data = _common(dossier, _centre(dossier), refusal.refused_by_name, refusal.refused_at) | {
            "reason": reason.vi if reason else refusal.reason, "explanation": refusal.explanation,
            "legal_basis": refusal.legal_basis}
    return render_pdf("refusal", data, dated=refusal.refused_at)


def _seen(dossier_id: UUID | None, actor: Actor) -> Any:
    seen = Dossier.objects.seen_by(actor).select_related("citizen__commune", "procedure")
    dossier = seen.filter(id=dossier_id).first() if dossier_id is not None else None
    if dossier is None:
        raise DossierNotFound
    return dossier


def _centre(dossier: Dossier) -> CentreInfo:
    if dossier.receiving_centre_id is None:
        raise DossierNotFound
    return agents.get_centre(dossier.receiving_centre_id)


def _common(dossier: Any, centre: CentreInfo, signer: str, signed_at: Any) -> dict[str, Any]:
    citizen = dossier.citizen
    place = get_place(centre.commune_code) if centre.commune_code else None
    day = local(signed_at)
    return {
        "above": centre.authority_name, "agency": centre.name, "number": "",
        "place_and_day": f"{place.name if place else centre.authority_name.removeprefix('UBND ')}, "
                         f"ngày {day:%d} tháng {day:%m} năm {day:%Y}",
        "code": dossier.code or dossier.agent_ref, "qr": qr_svg(tracking_url(dossier.agent_ref)),
        "lookup": tracking_url(dossier.agent_ref), "phone": centre.phone, "contact": centre.name,
        "submitter": citizen.full_name, "signer": signer,
        "facts": [
            {"label": "Họ và tên người nộp", "value": citizen.full_name, "heavy": True},
            {"label": "Số định danh cá nhân", "value": citizen.national_id_masked},
            {"label": "Địa chỉ", "value": ", ".join(filter(None, (citizen.street, citizen.commune.full_name)))},
            {"label": "Số điện thoại", "value": mask_phone(citizen.phone)},
            {"label": "Nội dung yêu cầu giải quyết",
             "value": f"{dossier.procedure.name_vi} ({dossier.procedure_code})"},
            {"label": "Ngày nộp", "value": full_day(dossier.submitted_at) if dossier.submitted_at else ""},
        ],
    }


def _rows(dossier: Any, asked: SupplementRequest) -> list[Mapping[str, str]]:
    names = {paper["code"]: paper["name_vi"] for paper in dossier.procedure.documents}
    return [
        {"number": str(number), "paper": names.get(thing["component"], "Giấy tờ khác"),
         "reason": SUPPLEMENT_REASONS[thing["reason"]].vi, "text": thing["text"]}
        for number, thing in enumerate(asked.reasons, 1)]


def _left(dossier: Dossier, asked: SupplementRequest) -> str:
    """What was left of the term when the clock stopped, as the step remembers it."""
    step = DossierStep.objects.filter(
        dossier=dossier, action=HandlingAction.ASK_SUPPLEMENT, at=asked.requested_at).order_by("-id").first()
    left = step.data.get("remaining_minutes") if step else None
    return working_time(left) if left and left > 0 else ""
