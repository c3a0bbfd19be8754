"""The process in which files are opened: `python -m intake.inspection VERB JSON` prints one JSON object.

`{"cause": "password"}` and the like when the file cannot be used. Any crash, and any silence, means the same as
"unreadable".
"""

import contextlib
import json
import os
import resource
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from intake.inspection import PDF, UnusableError

MEMORY_BYTES: Final = 1536 * 1024 * 1024
CPU_SECONDS: Final = 30
WRITTEN_BYTES: Final = 256 * 1024 * 1024
OPEN_FILES: Final = 256


def _examine(asked: Mapping[str, Any]) -> dict[str, Any]:
    from intake.inspection.examine import examine

    return {"pages": examine(Path(asked["path"]), asked["kind"])}


def _rebuild(asked: Mapping[str, Any]) -> dict[str, Any]:
    path, out = Path(asked["path"]), Path(asked["out"])
    if asked["kind"] == PDF:
        from intake.inspection import pdfs

        return pdfs.rebuild(path, out)
    from intake.inspection import pictures

    return pictures.rebuild(path, asked["kind"], out)


def _draw(asked: Mapping[str, Any]) -> dict[str, Any]:
    from intake.inspection import thumbs

    return {"drawn": thumbs.draw(Path(asked["path"]), asked["kind"], asked["pages"], Path(asked["out"]))}


def _arrange(asked: Mapping[str, Any]) -> dict[str, Any]:
    from intake.inspection.arrange import arrange

    pages = [(Path(path), kind, number, turns) for path, kind, number, turns in asked["pages"]]
    return arrange(pages, Path(asked["out"]))


def _signatures(asked: Mapping[str, Any]) -> dict[str, Any]:
    from intake.inspection.signatures import signatures_of

    return {"signatures": signatures_of(Path(asked["path"]), [Path(root) for root in asked["roots"]])}


VERBS: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "examine": _examine, "rebuild": _rebuild, "draw": _draw, "arrange": _arrange, "signatures": _signatures}


def confine() -> None:
    """Bound what this process may use, and cut it off from the network where the system lets it."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS),
                        (resource.RLIMIT_FSIZE, WRITTEN_BYTES), (resource.RLIMIT_NOFILE, OPEN_FILES),
                        (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    with contextlib.suppress(OSError):
        # A user namespace of its own has no network; not every system allows one.
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)


def main(verb: str, asked: str) -> int:
    confine()
    warnings.simplefilter("ignore")
    try:
        found = VERBS[verb](json.loads(asked))
    except UnusableError as error:
        found = {"cause": error.cause}
    except Exception:  # noqa: BLE001  # whatever a decoder stumbles over, the file cannot be read
        found = {"cause": "unreadable"}
    print(json.dumps(found))  # the answer
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
