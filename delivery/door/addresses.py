"""Addresses that are handed out: the link of a round, and its picture for a phone's camera."""

import segno
from django.conf import settings
from django.urls import reverse

from shared.practice import marked


def link_of(token: str) -> str:
    """The link that opens a round on a phone, once."""
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('delivery:round-link', args=[token])}"


def qr_of(link: str) -> str:
    """The link as a square pattern, for an `<img>`."""
    return str(segno.make(marked(link), error="m", micro=False).svg_data_uri(scale=5, border=2))
