"""The key that signs checkpoints: an Ed25519 key in a file of the worker's, which no database backup holds.

The file is JSON: the present key, and the public keys that came before it. A new key is vouched for by the old one, so
whoever trusts the first key can follow to the present one.
"""

import base64
import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

_ID_LETTERS: Final = 16


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The present key, and the public keys of all, oldest first, the present one last."""

    private: Ed25519PrivateKey
    public_keys: tuple[bytes, ...]

    @property
    def public(self) -> bytes:
        return self.public_keys[-1]

    @property
    def key_id(self) -> str:
        return key_id_of(self.public)

    def sign(self, said: str) -> bytes:
        return self.private.sign(said.encode())


def key_id_of(public_key: bytes) -> str:
    """Sixteen letters that name a public key."""
    return sha256(public_key).hexdigest()[:_ID_LETTERS]


def key_ring() -> KeyRing | None:
    """The ring of this machine; None where there is no key. A run on one machine makes itself one."""
    path = _path()
    if path is None:
        return None
    if not path.exists():
        if not settings.IS_LOCAL:
            return None
        store_ring(path, new_ring(()))
    return _read(path)


def new_ring(former: tuple[bytes, ...]) -> KeyRing:
    """A ring with a new key behind the public keys `former`."""
    private = Ed25519PrivateKey.generate()
    return KeyRing(private, (*former, private.public_key().public_bytes_raw()))


def store_ring(path: Path, ring: KeyRing) -> None:
    """Write the ring; a private key that stood there before is gone for good."""
    kept = {"key": base64.b64encode(ring.private.private_bytes_raw()).decode(),
            "former": [public.hex() for public in ring.public_keys[:-1]]}
    half_made = path.with_suffix(".new")
    half_made.touch(mode=0o600)
    half_made.write_text(json.dumps(kept, indent=1))
    half_made.replace(path)


def key_path() -> Path | None:
    return _path()


def trusted_keys() -> tuple[bytes, ...]:
    """The public keys that this machine trusts from outside the database: those of the settings, or of its own ring."""
    if settings.WARDPOST_CHECKPOINT_TRUSTED:
        return tuple(bytes.fromhex(each) for each in settings.WARDPOST_CHECKPOINT_TRUSTED)
    ring = key_ring()
    return () if ring is None else ring.public_keys


def _path() -> Path | None:
    return Path(settings.WARDPOST_CHECKPOINT_KEY_FILE) if settings.WARDPOST_CHECKPOINT_KEY_FILE else None


def _read(path: Path) -> KeyRing:
    kept = json.loads(path.read_text())
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept["key"]))
    former = tuple(bytes.fromhex(each) for each in kept["former"])
    return KeyRing(private, (*former, private.public_key().public_bytes_raw()))
