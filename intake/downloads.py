"""A citizen's paper as an answer that no browser runs, guesses at or keeps."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

EXTENSIONS: Final[Mapping[str, str]] = MappingProxyType({
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/heic": ".heic"})


def attachment(inside: bytes, content_type: str, name: str) -> HttpResponse:
    """A file that no browser runs, guesses at or keeps; its extension says what it really is."""
    response = HttpResponse(inside, content_type=content_type)
    stem = name.rsplit(".", 1)[0] if "." in name else name
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{stem or 'document'}{EXTENSIONS.get(content_type, '')}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
