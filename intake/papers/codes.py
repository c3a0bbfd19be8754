"""What a paper carries for machines to read: the QR of the tracking page."""

import io

import segno
from django.conf import settings
from django.urls import reverse

from shared.practice import marked


def tracking_url(code: str) -> str:
    """The public page of a dossier. It opens nothing by itself: the page asks for the last digits of the phone."""
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('delivery:track-code', args=[code])}"


def qr_svg(text: str) -> str:
    """A QR code with medium error correction, as an SVG document."""
    out = io.BytesIO()
    segno.make(marked(text), error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode("utf-8")


def qr_data_uri(text: str) -> str:
    """The same code as an image for a page."""
    uri: str = segno.make(marked(text), error="m", micro=False).svg_data_uri(border=2)
    return uri
