"""The label of a parcel, 100 × 150 mm: what the carrier scans, who gets it, and how the citizen follows it.

Made from the committed row alone, which never changes in what the label shows, so a reprint has the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import segno
from barcode import Code128
from barcode.writer import SVGWriter
from django.conf import settings
from django.urls import reverse

from agents import public as agents
from delivery.models.parcels import Parcel
from delivery.queries.parcels import find_seen
from delivery.rules import Direction
from shared.actors import Actor
from shared.calendar import local
from shared.formatting import phone
from shared.practice import marked
from shared.typesetting import Typesetter

TYPESETTER: Final = Typesetter(Path(__file__).parent / "typst")
MOST_REFERENCES: Final = 3

_TITLES: Final[Mapping[Direction, str]] = {
    Direction.DOSSIER: "HỒ SƠ HÀNH CHÍNH CÔNG",
    Direction.RESULT: "KẾT QUẢ HÀNH CHÍNH CÔNG",
    Direction.POSTED_IN: "GIẤY TỜ GỬI ĐIỂM PHỤC VỤ",
    Direction.TO_OUTLET: "GIẤY TỜ VỀ ĐIỂM PHỤC VỤ",
}
_INSTRUCTIONS: Final[Mapping[Direction, str]] = {
    Direction.DOSSIER: "Giao tại trung tâm, cùng đếm và ký biên bản giao nhận.",
    Direction.RESULT: "Giao tận tay, kiểm tra giấy tờ người nhận. Không phát được: mời 2 lần, cách nhau 2 ngày "
                      "làm việc.",
    Direction.POSTED_IN: "Giao tại quầy điểm phục vụ trong giờ mở cửa, nhân viên ký nhận.",
    Direction.TO_OUTLET: "Giao tại quầy điểm phục vụ trong giờ mở cửa, nhân viên ký nhận.",
}


def label_pdf(*, parcel_id: UUID, by: Actor) -> tuple[str, bytes]:
    """The file name and the PDF.

    Raises:
        ParcelNotFound: none that `by` may know of.
    """
    parcel = find_seen(by, parcel_id)
    return f"nhan-{parcel.number}.pdf", TYPESETTER.pdf("label", label_data(parcel), dated=parcel.booked_at)


def labels_pdf(parcels: Sequence[Parcel]) -> tuple[str, bytes]:
    """The labels of parcels loaded by delivery.queries.parcels.loaded(), in their order; the same again, same bytes."""
    newest = max(parcel.booked_at for parcel in parcels)
    names = {operator.code: operator.name for operator in agents.operators()}
    data = {"labels": [label_data(parcel, names) for parcel in parcels]}
    return f"nhan-{len(parcels)}-buu-gui.pdf", TYPESETTER.pdf("labels", data, dated=newest)


def label_data(parcel: Parcel, operator_names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What stands on the label. A label is Vietnamese whatever the reader's language: postmen read it."""
    inside = list(parcel.contents.all())
    references = [row.dossier_code for row in inside]
    names = operator_names or {operator.code: operator.name for operator in agents.operators()}
    return {
        "operator": names.get(parcel.operator_code, parcel.operator_code),
        "title": _TITLES[Direction(parcel.direction)],
        "originals": sum(len(row.originals) for row in inside),
        "seal": parcel.seal_number,
        "number": parcel.number,
        "barcode": code128_svg(parcel.number),
        "sender": _party(parcel.sender_name, "", parcel.sender_address, str(parcel.origin_commune)),
        "receiver": _party(
            parcel.recipient_name, phone(parcel.recipient_phone), parcel.recipient_address,
            f"{parcel.recipient_commune}, {parcel.recipient_commune.province}",
            landmark=parcel.recipient_landmark, former=parcel.recipient_former),
        "references": references[:MOST_REFERENCES],
        "more": max(0, len(references) - MOST_REFERENCES),
        "weight": f"{parcel.weight_grams} g",
        "booked": _day(parcel.booked_at),
        "promised": f"{parcel.promised_date:%d/%m/%Y}",
        "service": parcel.number[:2],
        "instruction": _INSTRUCTIONS[Direction(parcel.direction)],
        "qr": qr_svg(tracking_url(parcel.tracking_code)),
        "code": parcel.tracking_code,
    }  # fmt: skip


def _party(name: str, number: str, address: str, commune: str, *, landmark: str = "",
           former: str = "") -> dict[str, str]:
    return {"name": name, "phone": number, "address": address, "commune": commune, "landmark": landmark,
            "former": former}


def _day(moment: datetime) -> str:
    return f"{local(moment):%d/%m/%Y %H:%M}"


def tracking_url(code: str) -> str:
    """The public page of a code; it opens nothing by itself: the page asks for the last digits of the phone."""
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('delivery:track-code', args=[code])}"


def qr_svg(text: str) -> str:
    """A QR code with medium error correction, as an SVG document."""
    out = io.BytesIO()
    segno.make(marked(text), error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


def code128_svg(text: str) -> str:
    """The bars alone; the text under them is set in our own font."""
    out = io.BytesIO()
    Code128(text, writer=SVGWriter()).write(out, {"write_text": False, "quiet_zone": 2.5, "module_height": 14.0})
    return out.getvalue().decode()
