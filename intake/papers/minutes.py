"""Biên bản giao nhận hồ sơ: what is in the bag, as it was sealed; the signatures come on top when they are given."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Count
from django.utils.translation import override

from agents import public as agents
from intake.errors import ManifestNotFound
from intake.models.custody import Original
from intake.models.manifests import Manifest, ManifestItem, ManifestSignature
from intake.papers import codes, wording
from intake.papers.render import render_pdf
from intake.papers.wording import fact
from intake.rules.manifests import ManifestVerdict, Occasion
from intake.rules.terms import term_of
from shared.actors import Actor
from shared.calendar import local
from shared.places import get_place

OCCASIONS: Final[Mapping[str, tuple[str, str, str]]] = {
    Occasion.PICK_UP: ("Giao cho đơn vị vận chuyển", "BÊN GIAO (điểm phục vụ)", "BÊN NHẬN (vận chuyển)"),
    Occasion.ARRIVAL: ("Giao tại trung tâm", "BÊN GIAO (vận chuyển)", "BÊN NHẬN (trung tâm)"),
}
FOUND: Final = {ManifestVerdict.THERE: "đủ", ManifestVerdict.DAMAGED: "hư hỏng", ManifestVerdict.MISSING: "thiếu",
                ManifestVerdict.SURPLUS: "ngoài bảng kê"}


def minutes_data(manifest: Manifest, items: Sequence[ManifestItem]) -> dict[str, Any]:
    """What the minutes say of a bag that is being sealed, from its rows alone."""
    assert manifest.sealed_at is not None  # noqa: S101  # the caller seals it
    outlet, centre = agents.get_outlet(manifest.outlet_id), agents.get_centre(manifest.centre_id)
    place = get_place(outlet.commune_code)
    originals = _originals(item.dossier_id for item in items)
    with override("vi"):
        return {
            "above": outlet.operator.name, "agency": outlet.name, "code": manifest.code,
            "place_and_day": wording.place_and_day(place.name if place else "", local(manifest.sealed_at).date()),
            "qr": codes.qr_svg(manifest.code),
            "facts": [
                fact("Bên giao", f"{outlet.name}, {outlet.address}"),
                fact("Vận chuyển", manifest.carrier.upper()),
                fact("Bên nhận", f"{centre.name}{', ' + centre.address if centre.address else ''}", heavy=True),
                fact("Số hiệu bưu gửi", manifest.parcel_number, heavy=True),
                fact("Số niêm phong", str(manifest.seal_number), heavy=True),
                fact("Niêm phong lúc", f"{wording.moment(manifest.sealed_at)}, {manifest.sealed_by_name}"),
                fact("Khối lượng", f"{manifest.weight_grams} g"),
            ],
            "rows": [_row(number, item, originals) for number, item in enumerate(items, 1)],
            "total": str(len(items)),
        }


def _originals(dossier_ids: Iterable[UUID | None]) -> Mapping[UUID, int]:
    rows = Original.objects.filter(dossier_id__in=[each for each in dossier_ids if each]).values("dossier_id")
    return {row["dossier_id"]: row["n"] for row in rows.annotate(n=Count("id")).order_by()}


def _row(number: int, item: ManifestItem, originals: Mapping[UUID, int]) -> dict[str, str]:
    dossier = item.dossier
    assert dossier is not None  # noqa: S101  # sealed bags hold dossiers of the outlet only
    term = term_of(dossier.procedure.terms, dossier.channel)
    return {
        "number": str(number), "content": dossier.procedure.name_vi, "reference": item.reference,
        "name": dossier.citizen.full_name, "sets": str(dossier.copies),
        "originals": str(originals.get(dossier.id, 0) or ""),
        "received": f"{local(dossier.submitted_at or dossier.created_at):%H:%M %d/%m/%Y}",
        "due": wording.term_words(term),
    }


def minutes_pdf(manifest_id: UUID, *, actor: Actor) -> tuple[str, bytes]:
    """File name and PDF of the minutes with the signatures given so far.

    Raises:
        ManifestNotFound: `actor` sees no such manifest, or it is not sealed yet.
    """
    manifest = Manifest.objects.seen_by(actor).filter(id=manifest_id).first()
    if manifest is None or manifest.sealed_at is None:
        raise ManifestNotFound
    signed = list(ManifestSignature.objects.filter(manifest=manifest).order_by("signed_at", "side"))
    data = manifest.paper | {"signings": _signings(signed), "count": _count(manifest)}
    dated = manifest.counted_at or manifest.picked_up_at or manifest.sealed_at
    return f"bien-ban-{manifest.code}.pdf", render_pdf("minutes", data, dated=dated)


def _signings(signed: Sequence[ManifestSignature]) -> list[dict[str, Any]]:
    """Both occasions; without signatures there is room for the pen."""
    found = []
    for occasion, (title, gives, takes) in OCCASIONS.items():
        pair = {each.side: each for each in signed if each.occasion == occasion}
        moment = wording.moment(pair["gives"].signed_at) if "gives" in pair else ""
        found.append({"title": title, "moment": moment, "sides": [
            _side(gives, pair.get("gives")), _side(takes, pair.get("takes"))]})
    return found


def _side(role: str, mark: ManifestSignature | None) -> dict[str, str]:
    if mark is None:
        return {"role": role, "name": "", "badge": "", "drawing": ""}
    return {"role": role, "name": mark.name, "badge": mark.badge, "drawing": drawing_svg(mark.drawing)}


def drawing_svg(path: str) -> str:
    """A drawn signature as an SVG document; empty when the typed name stands for it."""
    if not path:
        return ""
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200"><path d="' + path
            + '" fill="none" stroke="#1b2327" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>')


def _count(manifest: Manifest) -> list[str]:
    """What the centre found, in a line each; empty before the count."""
    if manifest.counted_at is None:
        return []
    rows = manifest.items.order_by("position")
    odd = [f"{row.reference}: {FOUND[ManifestVerdict(row.verdict)]}{' – ' + row.note if row.note else ''}"
           for row in rows if row.verdict in FOUND and row.verdict != ManifestVerdict.THERE]
    there = sum(row.verdict in {ManifestVerdict.THERE, ManifestVerdict.DAMAGED} for row in rows)
    head = (f"Trung tâm kiểm đếm {wording.moment(manifest.counted_at)}: có {there} hồ sơ theo bảng kê. "
            "Thời điểm nộp hồ sơ hợp lệ tính từ lúc này.")
    return [head, *odd]
