"""Secrets of a run on one machine, made once and kept in a file that only its owner reads.

A server gets its secrets from the environment; nothing here has a default there.
"""

import base64
import fcntl
import json
import secrets
from pathlib import Path

CARRIERS = ("vnpost", "vtpost")


def new_secrets() -> dict[str, str]:
    """Return fresh values under the names of the environment variables they stand in for."""
    return {
        "WARDPOST_SECRET_KEY": secrets.token_urlsafe(48),
        "WARDPOST_FIELD_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "WARDPOST_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "WARDPOST_PRACTICE_KEY": secrets.token_urlsafe(32),
    }


def local_secrets(folder: Path) -> dict[str, str]:
    """Return the secrets kept in `folder`, adding those that are missing.

    They lie beside the database they encrypt, so that one is never deleted without the other.
    """
    path = folder / "secrets.json"
    with (folder / ".secrets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        complete = new_secrets() | kept
        complete["WARDPOST_CARRIER_SECRETS"] = _with_new_carriers(kept.get("WARDPOST_CARRIER_SECRETS", "{}"))
        if complete != kept:
            half_made = path.with_suffix(".new")
            half_made.touch(mode=0o600)
            half_made.write_text(json.dumps(complete, indent=2))
            half_made.replace(path)
    return complete


def _with_new_carriers(kept: str) -> str:
    return json.dumps({carrier: secrets.token_hex(32) for carrier in CARRIERS} | json.loads(kept))
