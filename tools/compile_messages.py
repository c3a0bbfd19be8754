"""Compile each app's translations (`*.po`) to the form Django reads (`*.mo`).

Babel does it, so that no machine needs the gettext programs. A catalogue that
is newer than its source is left alone: `python -m tools.compile_messages`.
"""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

PROJECT = Path(__file__).resolve().parent.parent


def catalogues() -> list[Path]:
    """Return every translation source of the project's own apps."""
    return sorted(PROJECT.glob("*/locale/*/LC_MESSAGES/*.po"))


def is_stale(source: Path) -> bool:
    """Tell whether `source` has no compiled form, or an older one."""
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def compile_catalogue(source: Path) -> None:
    """Write the compiled form beside `source`, in one step.

    Raises:
        PoFileError: the source is malformed.
    """
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parent.parent.name, abort_invalid=True)
    half_made = source.with_suffix(f".mo.{os.getpid()}")
    with half_made.open("wb") as binary:
        write_mo(binary, catalogue)
    half_made.replace(source.with_suffix(".mo"))


def main() -> int:
    """Compile what is stale; return 1 when a source is malformed."""
    failures = 0
    for source in filter(is_stale, catalogues()):
        try:
            compile_catalogue(source)
        except PoFileError as error:
            failures = 1
            print(f"{source.relative_to(PROJECT)}: {error}", file=sys.stderr)
    return failures


if __name__ == "__main__":
    sys.exit(main())
