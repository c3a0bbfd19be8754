"""Certificates and digital signatures made up on the spot: for the demo and for tests. No key of them is ever kept."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ORGANISATION: Final = "UBND phường (bản trình diễn)"
_BEGUN_BEFORE: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def issuer(name: str, *, at: datetime) -> Pair:
    """A root certificate that vouches for itself."""
    return _issued(name, None, begins=at - _BEGUN_BEFORE, ends=at + timedelta(days=3650))


def person(name: str, *, by: Pair, begins: datetime, ends: datetime) -> Pair:
    return _issued(name, by, begins=begins, ends=ends)


def _issued(name: str, by: Pair | None, *, begins: datetime, ends: datetime) -> Pair:
    key, is_root = ec.generate_private_key(ec.SECP256R1()), by is None
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name),
                         x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=not is_root, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False)
    built = (x509.CertificateBuilder().subject_name(subject).issuer_name(by.certificate.subject if by else subject)
             .public_key(key.public_key()).serial_number(x509.random_serial_number())
             .not_valid_before(begins).not_valid_after(ends)
             .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
             .add_extension(usage, critical=True))
    return Pair(built.sign(by.key if by else key, hashes.SHA256()), key)


def signed(content: bytes, signer: Pair, *, field: str = "Signature1") -> bytes:
    """A PDF with one more signature, in an incremental update as signing programs write it."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificate = asn1.Certificate.load(signer.certificate.public_bytes(serialization.Encoding.DER))
    key = keys.PrivateKeyInfo.load(signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(certificate)
    hand = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store)
    # pyHanko runs an event loop of its own, which the caller's thread may have already.
    with ThreadPoolExecutor(max_workers=1) as apart:
        out = apart.submit(
            signers.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(content)),
            signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256"), signer=hand).result()
    return bytes(out.getvalue())
