"""Official papers as PDF, by Typst: one compiler a process, data handed in apart from the template.

The same data gives the same bytes, always: nothing is read from the clock, and the document's date is the paper's own.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import fontpkg
import typst

TEMPLATES: Final = Path(__file__).parent / "typst"
FONT: Final = "Be Vietnam Pro"

_lock: Final = Lock()


@cache
def _compiler() -> typst.Compiler:
    """Knows our templates and our font, nothing of the machine's."""
    fonts = Path(fontpkg.path(FONT)).parent
    return typst.Compiler(root=str(TEMPLATES), font_paths=[str(fonts)], ignore_system_fonts=True)


def render_pdf(paper: str, data: Mapping[str, Any], *, dated: datetime) -> bytes:
    """PDF/A-2b of the template `paper` ("receipt", "slip", …) filled with `data`, which must be plain JSON.

    Data goes in as an input and is never pasted into the source, so no name can be read as markup.
    """
    return _compile(paper, data, dated, format="pdf", pdf_standards=["a-2b"])


def render_png(paper: str, data: Mapping[str, Any], *, dated: datetime, ppi: float = 110) -> bytes:
    """The first page as a picture, to look at."""
    return _compile(paper, data, dated, format="png", ppi=ppi)


def _compile(paper: str, data: Mapping[str, Any], dated: datetime, **how: Any) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    with _lock:  # a compiler is one conversation; web processes have two threads
        made = _compiler().compile(input=str(TEMPLATES / f"{paper}.typ"), sys_inputs=inputs,
                                   timestamp=int(dated.timestamp()), **how)
    return made[0] if isinstance(made, list) else made or b""
