"""Digital signatures of a PDF: who signed, when, whether the file is still what was signed, and who vouches for the
signer.

Nothing is fetched: a revocation that happened after signing is seen only where the file brings its proof along.
"""

import mmap
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

MOST_SIGNATURES: Final = 20


def looks_signed(path: Path) -> bool:
    """Whether the bytes say that there may be a signature; a quick look before the long one."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"/ByteRange") >= 0


def signatures_of(path: Path, roots: Sequence[Path]) -> list[dict[str, Any]]:
    """One entry for each signature, in the order in which they were made.

    `standing` is a code of intake.rules.papers.STANDINGS: "altered" means that the file was changed after signing,
    "broken" that the signature does not fit, "expired" that the certificate had ended when it was used, "untrusted"
    that nobody in `roots` vouches for its issuer. Also `by`, `organisation`, `issuer`, `at` (ISO or ""), `is_stamped`
    (a trusted stamp vouches for the time) and `ends` (of the certificate).
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    trusted = _certificates(roots)
    with path.open("rb") as file:
        try:
            found = PdfFileReader(file, strict=False).embedded_regular_signatures[:MOST_SIGNATURES]
        except (PdfError, ValueError, KeyError):
            return []
        return [_described(each, trusted) for each in found]


def _certificates(roots: Sequence[Path]) -> list[Any]:
    from pyhanko.keys import load_certs_from_pemder

    kept = []
    for root in roots:
        with suppress(ValueError, OSError):
            kept += list(load_certs_from_pemder([str(root)]))  # type: ignore[no-untyped-call]
    return kept


def _described(signature: Any, roots: Sequence[Any]) -> dict[str, Any]:
    try:
        return _validated(signature, roots)
    except Exception:  # noqa: BLE001  # a signature that cannot be read is told as such, beside those that can
        return {"standing": "unreadable", "by": "", "organisation": "", "issuer": "", "at": "", "is_stamped": False,
                "ends": ""}


def _validated(signature: Any, roots: Sequence[Any]) -> dict[str, Any]:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    now = datetime.now(UTC)
    signed_at = signature.self_reported_timestamp
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail",
        moment=now))
    stamp = status.timestamp_validity
    stamped_at = stamp.timestamp if stamp is not None and stamp.valid and stamp.trusted else None
    certificate = status.signing_cert
    moment = stamped_at or signed_at
    if status.valid and not status.trusted and moment is not None and certificate.not_valid_before <= moment:
        # The certificate may have ended since; what counts is the day on which it was used.
        status = validate_pdf_signature(signature, ValidationContext(
            trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail", moment=moment))
    return {
        "standing": _standing(status, certificate, moment or now), "by": _of(certificate.subject, "common_name"),
        "organisation": _of(certificate.subject, "organization_name"),
        "issuer": _of(certificate.issuer, "common_name") or _of(certificate.issuer, "organization_name"),
        "at": moment.isoformat() if moment else "", "is_stamped": stamped_at is not None,
        "ends": certificate.not_valid_after.isoformat()}


def _standing(status: Any, certificate: Any, moment: datetime) -> str:
    if not status.intact:
        return "altered"
    if not status.valid:
        return "broken"
    if not status.bottom_line and status.modification_level is not None and not status.docmdp_ok:
        return "altered"
    if status.revoked:
        return "revoked"
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        return "expired"
    return "valid" if status.trusted else "untrusted"


def _of(name: Any, part: str) -> str:
    """One part of a certificate's name, as text a person may read."""
    value = name.native.get(part, "")
    text = value[0] if isinstance(value, list) else value
    return "".join(letter for letter in str(text) if letter.isprintable())[:120]
