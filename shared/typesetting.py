"""Papers as PDF, by Typst: one compiler for each folder of templates, data handed in apart from the template.

The same data gives the same bytes, always: nothing is read from the clock, and the document's date is the paper's own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Final

import fontpkg
import typst

from shared import practice

FONT: Final = "Be Vietnam Pro"
_ACROSS: Final = f"""#set page(foreground: layout(page => rotate(-24deg, text(
  font: "{FONT}", size: page.width * 0.1, weight: 700, fill: rgb("#a3157a40"))[{practice.WORDS}])))
"""
"""Stands before a template, and over every page of its paper."""


@dataclass
class Typesetter:
    """Knows its folder of templates and our font, nothing of the machine's."""

    templates: Path
    _lock: Any = field(default_factory=Lock, repr=False)

    @cached_property
    def _compiler(self) -> typst.Compiler:
        fonts = Path(fontpkg.path(FONT)).parent
        return typst.Compiler(root=str(self.templates), font_paths=[str(fonts)], ignore_system_fonts=True)

    def pdf(self, paper: str, data: Mapping[str, Any], *, dated: datetime) -> bytes:
        """PDF/A-2b of the template `paper`, filled with `data`, which must be plain JSON.

        Data goes in as an input and is never pasted into the source, so no name can be read as markup.
        """
        return self._compile(paper, data, dated, format="pdf", pdf_standards=["a-2b"])

    def png(self, paper: str, data: Mapping[str, Any], *, dated: datetime, ppi: float = 144) -> bytes:
        """The first page as a picture, to look at."""
        return self._compile(paper, data, dated, format="png", ppi=ppi)

    def _compile(self, paper: str, data: Mapping[str, Any], dated: datetime, **how: Any) -> bytes:
        inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
        with self._lock:  # a compiler is one conversation; web processes have two threads
            made = self._compiler.compile(input=self._source(paper), sys_inputs=inputs,
                                          timestamp=int(dated.timestamp()), **how)  # fmt: skip
        return made[0] if isinstance(made, list) else made or b""

    def _source(self, paper: str) -> str | bytes:
        """The template, in practice with the mark over it."""
        if practice.is_on():
            return f'{_ACROSS}#include "/{paper}.typ"\n'.encode()
        return str(self.templates / f"{paper}.typ")
