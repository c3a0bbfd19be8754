"""PDFs signed by certificates made up for one test run; their keys are never kept."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT_NAME = "CA thử nghiệm Wardpost"


@dataclass(frozen=True)
class Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@cache
def root() -> Pair:
    return _issued(ROOT_NAME, None, ends=timedelta(days=3650), is_root=True)


@cache
def stranger() -> Pair:
    """An issuer that nobody here trusts."""
    return _issued("CA không quen", None, ends=timedelta(days=3650), is_root=True)


def person(name: str = "Trần Thị Lài", *, by: Pair | None = None, ends: timedelta = timedelta(days=365)) -> Pair:
    return _issued(name, by or root(), ends=ends)


def _issued(name: str, by: Pair | None, *, ends: timedelta, is_root: bool = False) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name),
                         x509.NameAttribute(NameOID.ORGANIZATION_NAME, "UBND phường thử nghiệm")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=not is_root, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False)
    built = (x509.CertificateBuilder().subject_name(subject)
             .issuer_name(by.certificate.subject if by else subject).public_key(key.public_key())
             .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=400))
             .not_valid_after(now + ends)
             .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
             .add_extension(usage, critical=True))
    return Pair(built.sign(by.key if by else key, hashes.SHA256()), key)


def plain_pdf(pages: int = 1) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(300, 400))
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def signed(signer: Pair, content: bytes | None = None, *, field: str = "Signature1") -> bytes:
    """`content` with one more signature, in an incremental update as signing programs write it."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def parsed(pair: Pair) -> asn1.Certificate:
        return asn1.Certificate.load(pair.certificate.public_bytes(serialization.Encoding.DER))

    key = keys.PrivateKeyInfo.load(signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    store = SimpleCertificateStore()
    store.register(parsed(signer))
    hand = signers.SimpleSigner(signing_cert=parsed(signer), signing_key=key, cert_registry=store)
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content or plain_pdf())),
        signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256"), signer=hand)
    return bytes(out.getvalue())


def altered(content: bytes) -> bytes:
    """The same file with another page added after signing."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/MediaBox")] = generic.ArrayObject([generic.NumberObject(each) for each in (0, 0, 99, 99)])
    writer.mark_update(page.container_ref)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def garbled(content: bytes) -> bytes:
    """The same file with one byte of the signed part exchanged."""
    return content.replace(b"300 400", b"301 400", 1)


def roots_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    (path / "root.pem").write_bytes(root().pem)
    return path
