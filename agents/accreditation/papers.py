"""The sign for the counter: this is a genuine agent, and here is how to check it."""

import io
from datetime import time
from pathlib import Path
from typing import Final

import segno
from django.conf import settings
from django.urls import reverse

from agents.accreditation.models import Accreditation
from agents.models.organisations import Task
from agents.moves.places import Removal
from shared.calendar import at_local
from shared.formatting import full_day, phone
from shared.practice import marked
from shared.typesetting import Typesetter

TYPESETTER: Final = Typesetter(Path(__file__).parent / "typst")
_TASKS: Final = {
    Task.ADVISE: "Hướng dẫn và hẹn lịch", Task.FILE_ONLINE: "Hỗ trợ nộp hồ sơ trực tuyến",
    Task.FORWARD_PAPER: "Tiếp nhận, chuyển hồ sơ giấy", Task.HAND_OVER_RESULT: "Trả kết quả",
    Task.COLLECT_FEE: "Thu hộ phí, lệ phí", Task.TRAIN: "Hướng dẫn kỹ năng số",
}
"""A sign at a counter in Việt Nam is Vietnamese, whoever prints it."""


def public_address(code: str) -> str:
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('agents:genuine', args=[code])}"


def sign_pdf(found: Accreditation, move: Removal | None = None) -> tuple[str, bytes]:
    """File name and PDF of a licensed outlet loaded with operator and commune; the same licence, the same bytes.

    `move` is the one that is decided and comes: it stands on the sign until its day.
    """
    assert found.licensed_from is not None and found.licensed_until is not None  # noqa: PT018, S101  # it is licensed
    picture, address = io.BytesIO(), public_address(found.code)
    segno.make(marked(address), error="m", micro=False).save(picture, kind="svg", border=2, xmldecl=False)
    data = {
        "name": found.name, "code": found.code, "operator": found.operator.name,
        "address": f"{found.address}, {found.commune.full_name}", "licence": found.licence_number,
        "until": f"{found.licensed_until:%d/%m/%Y}", "hotline": phone(found.operator.hotline),
        "tasks": [words for task, words in _TASKS.items() if task in found.tasks],
        "moves": f"Từ {full_day(move.on)} chuyển tới {move.there.words}" if move else "",
        "link": address.partition("://")[2], "qr": picture.getvalue().decode(),
    }
    return f"bien-{found.code}.pdf", TYPESETTER.pdf("sign", data, dated=at_local(found.licensed_from, time(0)))
