"""Official papers as PDF, by Typst: our own folder of templates, data handed in apart from the template."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from shared.typesetting import Typesetter

TEMPLATES: Final = Path(__file__).parent / "typst"
_typesetter: Final = Typesetter(TEMPLATES)


def render_pdf(paper: str, data: Mapping[str, Any], *, dated: datetime) -> bytes:
    """PDF/A-2b of the template `paper` ("receipt", "slip", …) filled with `data`, which must be plain JSON.

    Data goes in as an input and is never pasted into the source, so no name can be read as markup. In practice every
    page says so.
    """
    return _typesetter.pdf(paper, data, dated=dated)


def render_png(paper: str, data: Mapping[str, Any], *, dated: datetime, ppi: float = 110) -> bytes:
    """The first page as a picture, to look at."""
    return _typesetter.png(paper, data, dated=dated, ppi=ppi)
