"""The certificate as a paper, with the address where anybody can check it."""

import io
from datetime import date
from pathlib import Path
from typing import Any, Final

import segno
from django.conf import settings
from django.urls import reverse

from agents.training import rules
from agents.training.models import Certificate
from shared.practice import marked
from shared.typesetting import Typesetter

_PRESS: Final = Typesetter(Path(__file__).parent / "typst")


def certificate_pdf(certificate: Certificate) -> bytes:
    """The same certificate gives the same bytes."""
    return _PRESS.pdf("certificate", _data(certificate), dated=certificate.issued_at)


def check_url(certificate: Certificate) -> str:
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('agents:certificate-check', args=[certificate.number])}"


def last_day(certificate: Certificate) -> date:
    return rules.last_day(certificate.valid_until)


def spoken(number: str) -> str:
    """In two halves, as people read it out."""
    return f"{number[:5]}-{number[5:]}"


def _data(certificate: Certificate) -> dict[str, Any]:
    url = check_url(certificate)
    return {"number": spoken(certificate.number), "holder": certificate.holder, "outlet": certificate.outlet_name,
            "title_vi": certificate.title_vi, "title_en": certificate.title_en,
            "issued": f"{certificate.issued_on:%d/%m/%Y}", "until": f"{last_day(certificate):%d/%m/%Y}",
            "url": url.partition("//")[2], "qr": _qr(url)}


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(marked(text), error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode("utf-8")
