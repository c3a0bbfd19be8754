"""Files that come from elsewhere are exactly the ones the manifest names."""

import hashlib
import json
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[2] / "shared" / "static"
MANIFEST: Final = json.loads((STATIC / "vendor" / "MANIFEST.json").read_text())
LISTED: Final[dict[str, str]] = {
    path: digest for package in MANIFEST["packages"] for path, digest in package["files"].items()
}


def test_each_listed_file_has_its_digest() -> None:
    actual = {path: hashlib.sha256((STATIC / path).read_bytes()).hexdigest() for path in LISTED}
    assert actual == LISTED


def test_no_file_from_elsewhere_is_missing_from_the_list() -> None:
    vendored = {
        str(path.relative_to(STATIC))
        for folder in ("vendor/chartjs", "vendor/jsqr", "vendor/leaflet", "wardpost/fonts")
        for path in (STATIC / folder).rglob("*") if path.is_file()
    }
    assert vendored <= set(LISTED)


def test_nothing_points_to_another_host() -> None:
    ours = [path for path in (STATIC / "wardpost").rglob("*") if path.suffix in {".css", ".js"}]
    assert [path.name for path in ours if "http://" in path.read_text() or "https://" in path.read_text()] == []
