"""What a centre writes to a citizen: the request to supplement (form 02) and the refusal (form 03).

Circular 03/2025/TT-VPCP, Annex I. What a paper says is fixed with the decision itself and printed from there, so a
reprint is the same file. They are Vietnamese whatever the reader's language: they are acts of an authority.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from agents import public as agents
from intake.errors import DossierNotFound
from intake.models.decisions import Refusal, SupplementRequest
from intake.models.dossiers import Dossier
from intake.papers import codes, wording
from intake.papers.facts import procedure_words, submitter_facts
from intake.papers.render import render_pdf
from intake.papers.wording import fact
from intake.rules.forms import form_of
from intake.rules.reasons import REFUSAL_REASONS, SUPPLEMENT_REASONS
from shared.actors import Actor
from shared.calendar import local
from shared.formatting import full_stamp, working_time
from shared.places import get_place


def supplement_data(dossier: Dossier, asked: SupplementRequest) -> dict[str, Any]:
    """All that form 02 says; `dossier` holds its clock already stopped."""
    left = dossier.remaining_minutes or 0
    with override("vi"):
        return common(dossier, asked.requested_by_name, asked.requested_at) | form_data(
            "supplement", asked.requested_at) | {
            "rows": list(_rows(dossier, asked)), "explanation": asked.explanation, "again": asked.again_because,
            "paused": full_stamp(asked.requested_at), "left": working_time(left) if left > 0 else ""}


def refusal_data(dossier: Dossier, refusal: Refusal) -> dict[str, Any]:
    """All that form 03 says."""
    with override("vi"):
        return common(dossier, refusal.refused_by_name, refusal.refused_at) | form_data(
            "refusal", refusal.refused_at) | {
            "reason": REFUSAL_REASONS[refusal.reason].vi, "explanation": refusal.explanation,
            "legal_basis": refusal.legal_basis}


def supplement_pdf(request_id: UUID, *, actor: Actor) -> bytes:
    """Form 02 of one request.

    Raises:
        DossierNotFound: `actor` sees no dossier with such a request.
    """
    seen = SupplementRequest.objects.filter(dossier__in=Dossier.objects.seen_by(actor))
    asked = seen.filter(id=request_id).first()
    if asked is None:
        raise DossierNotFound
    return render_pdf("supplement", asked.paper, dated=asked.requested_at)


def refusal_pdf(dossier_id: UUID, *, actor: Actor) -> bytes:
    """Form 03.

    Raises:
        DossierNotFound: `actor` sees no such dossier, or it was not refused.
    """
    seen = Refusal.objects.filter(dossier__in=Dossier.objects.seen_by(actor))
    refusal = seen.filter(dossier_id=dossier_id).first()
    if refusal is None:
        raise DossierNotFound
    return render_pdf("refusal", refusal.paper, dated=refusal.refused_at)


def form_data(kind: str, moment: datetime) -> dict[str, str]:
    """Which form it is on its day, as it is printed."""
    form = form_of(kind, local(moment).date())
    return {} if form is None else {"form": form.label, "form_title": form.title}


def common(dossier: Dossier, signer: str, signed_at: datetime) -> dict[str, Any]:
    """What every notice to the citizen says: letterhead, whose dossier, where to ask, who signs."""
    assert dossier.receiving_centre_id is not None  # noqa: S101  # decided there
    centre = agents.get_centre(dossier.receiving_centre_id)
    place = get_place(centre.commune_code) if centre.commune_code else None
    code = dossier.code or dossier.agent_ref
    return {
        "above": centre.authority_name, "agency": centre.name, "number": "", "code": code,
        "place_and_day": wording.place_and_day(place.name if place else "", local(signed_at).date()),
        "facts": [*submitter_facts(dossier), fact("Nội dung yêu cầu giải quyết", procedure_words(dossier)),
                  fact("Nộp lúc", wording.moment(dossier.submitted_at))],
        "qr": codes.qr_svg(codes.tracking_url(code)), "phone": centre.phone, "contact": centre.name,
        "lookup": f"{settings.WARDPOST_PUBLIC_URL.partition('//')[2]}/tra-cuu/",
        "submitter": dossier.citizen.full_name, "signer": signer,
    }


def _rows(dossier: Dossier, asked: SupplementRequest) -> Iterable[Mapping[str, str]]:
    names = {paper["code"]: paper["name_vi"] for paper in dossier.procedure.documents}
    for number, thing in enumerate(asked.reasons, 1):
        yield {"number": str(number), "paper": names.get(thing["component"], "Giấy tờ khác"),
               "reason": SUPPLEMENT_REASONS[thing["reason"]].vi, "text": thing["text"]}
