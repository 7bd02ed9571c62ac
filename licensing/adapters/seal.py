"""Electronic signatures: PAdES on a PDF/A-3a file, by a licensor who certifies and a licensee who countersigns.

Both signature fields stand in the file before the first signature, or the second would break the first. The fields are
invisible: what a person reads is drawn on the page, and no picture looks like a seal. The signer's metadata writer is
silenced because it would rewrite the XMP and lose PDF/A. A *test authority* is made once in the keys folder; its
certificates carry 試験用署名・法的効力なし in their names and prove integrity only. A real certificate is a PKCS#12.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from contributions.core.errors import Refused
from contributions.core.words import Text

LICENSOR, LICENSEE = "Licensor", "Licensee"
TEST_MARK = "試験用署名・法的効力なし"
_FROM, _UNTIL = datetime(2020, 1, 1), datetime(2049, 12, 31)  # noqa: DTZ001 (X.509 wants naive UTC)
_KEY_BITS = 3072
_NAME_MAX = 64  # bytes of one attribute of a certificate's name

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # a failed check is an answer here, not a traceback


class SealRefused(Refused):
    code = "seal-refused"
    ja = "電子署名ができません。{reason}"
    en = "The document cannot be signed. {reason}"


@dataclass(frozen=True, slots=True)
class Field:
    """A place to sign: its name in the file and what a screen reader says of it."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, with key and certificate."""

    name: str
    test: bool
    key: signers.SimpleSigner


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of one signature found, and the same in plain words."""

    field: str
    signer: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    unchanged: bool
    test: bool

    @property
    def valid(self) -> bool:
        """Whether the signature stands: bytes intact, certificate trusted, no later change but permitted ones."""
        return self.intact and self.trusted and self.unchanged

    @property
    def text(self) -> Text:
        """The verdict as a sentence."""
        if not self.intact:
            return Text("署名後に内容が変更されています。", "The content was changed after signing.")
        if not self.unchanged:
            return Text("署名後に許されない追記があります。", "Something not permitted was added after signing.")
        if not self.trusted:
            return Text(
                "改ざんはありませんが、証明書が信頼できません。",
                "The content is intact, but the certificate is not trusted.",
            )
        if self.test:
            return Text(
                "改ざんはありません（試験用署名・法的効力なし）。",
                "The content is intact (test signature, no legal effect).",
            )
        return Text("有効な署名です。", "The signature is valid.")


BOTH = (Field(LICENSOR, "許諾者の電子署名欄"), Field(LICENSEE, "利用者の電子署名欄"))


def prepare(pdf: bytes, fields: Sequence[Field] = BOTH) -> bytes:
    """Add empty, invisible, tagged signature fields to a finished rendering; the same input gives the same bytes."""
    with pikepdf.open(BytesIO(pdf)) as document:
        if "/AcroForm" in document.Root:
            raise SealRefused(reason=_PREPARED)
        widgets = [_add_field(document, field) for field in fields]
        form = pikepdf.Dictionary(Fields=pikepdf.Array(widgets), SigFlags=3)
        document.Root.AcroForm = document.make_indirect(form)
        out = BytesIO()
        mode = pikepdf.ObjectStreamMode.disable
        document.save(out, object_stream_mode=mode, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def seal(pdf: bytes, field: str, signer: Signer, at: datetime, *, reason: str | None = None) -> bytes:
    """Sign a prepared field at the given instant: the licensor's signature certifies, any other countersigns.

    The result is the input plus one incremental update. A field already signed is refused.
    """
    assert at.tzinfo is not None
    certify = field == LICENSOR
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        name=signer.name,
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    out = BytesIO()
    try:
        writer = _KeepMeta(BytesIO(pdf))
        _At(metadata, signer=signer.key, at=at).sign_pdf(writer, existing_fields_only=True, output=out)
    except (SigningError, PdfError, ValueError) as error:
        raise SealRefused(reason=Text(f"署名欄「{field}」：{error}", f"Field “{field}”: {error}")) from error
    return out.getvalue()


def validate(pdf: bytes, roots: Sequence[bytes], at: datetime | None = None) -> list[Verdict]:
    """Check every signature of a file against trusted root certificates (PEM), as of `at`; in signing order."""
    trusted = [_certificate(root) for root in roots]
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        found = reader.embedded_regular_signatures
    except (PdfError, ValueError) as error:
        raise SealRefused(reason=_UNREADABLE) from error
    return [_verdict(signature, trusted, at) for signature in found]


def test_root(folder: Path) -> bytes:
    """The test authority's root certificate (PEM), made with its key on first use."""
    _authority(folder)
    return (folder / "test-authority.crt").read_bytes()


def test_signer(folder: Path, code: str, name: str) -> Signer:
    """A signer of the test authority for one organization; key and certificate are made on first use and kept."""
    key_file, crt_file = folder / f"test-{code}.key", folder / f"test-{code}.crt"
    if not (key_file.exists() and crt_file.exists()):
        authority_key, authority = _authority(folder)
        key = _new_key()
        _keep(key_file, _key_pem(key))
        _keep(crt_file, _issue(name, key, authority.subject, authority_key, authority=False).public_bytes(_PEM))
    signer = signers.SimpleSigner.load(
        str(key_file), str(crt_file), ca_chain_files=(str(folder / "test-authority.crt"),)
    )
    assert signer is not None, f"unreadable key {key_file}"
    return Signer(name, True, signer)


def file_signer(path: Path, passphrase: bytes | None, name: str) -> Signer:
    """A signer from a PKCS#12 file that an authority issued."""
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=passphrase)
    if signer is None:
        raise SealRefused(reason=_BAD_KEY)
    return Signer(name, False, signer)


class _KeepMeta(IncrementalPdfFileWriter):
    """Leaves document metadata alone: rewriting it would break PDF/A."""

    def _update_meta(self) -> None:
        return None


class _At(signers.PdfSigner):
    """Signs at a given instant instead of reading the clock."""

    def __init__(self, metadata: signers.PdfSignatureMetadata, *, signer: signers.SimpleSigner, at: datetime) -> None:
        super().__init__(metadata, signer=signer)
        self._at = at

    def init_signing_session(self, *args: object, **options: object) -> signers.PdfSigningSession:
        session = super().init_signing_session(*args, **options)
        session.system_time = self._at
        return session


def _add_field(document: pikepdf.Pdf, field: Field) -> pikepdf.Object:
    """An invisible /Sig widget on the last page, reachable from the structure tree as PDF/UA asks."""
    page, tree = document.pages[-1], document.Root.StructTreeRoot
    key = int(tree.get("/ParentTreeNextKey", _next_key(tree)))
    widget = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T=field.name,
            TU=field.label,
            Rect=[0, 0, 0, 0],
            F=132,
            P=page.obj,
            StructParent=key,
        )
    )
    parent = _document_element(tree)
    element = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem,
            S=pikepdf.Name.Form,
            P=parent,
            Alt=field.label,
            Pg=page.obj,
            K=pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=widget, Pg=page.obj),
        )
    )
    _append(parent, "/K", element)
    _append(page.obj, "/Annots", widget)
    page.obj.Tabs = pikepdf.Name.S
    tree.ParentTree.Nums.extend([key, element])
    tree.ParentTreeNextKey = key + 1
    return widget


def _document_element(tree: pikepdf.Object) -> pikepdf.Object:
    top = tree.K
    return top[0] if isinstance(top, pikepdf.Array) else top


def _next_key(tree: pikepdf.Object) -> int:
    keys = [int(key) for key in list(tree.ParentTree.Nums)[::2]]
    return max(keys, default=-1) + 1


def _append(owner: pikepdf.Object, name: str, child: pikepdf.Object) -> None:
    held = owner.get(name)
    if held is None:
        owner[name] = pikepdf.Array([child])
    elif isinstance(held, pikepdf.Array):
        held.append(child)
    else:
        owner[name] = pikepdf.Array([held, child])


def _verdict(signature: object, trusted: list[asn1_x509.Certificate], at: datetime | None) -> Verdict:
    certificate = signature.signer_cert  # type: ignore[attr-defined]
    subject = certificate.subject.native
    common = str(subject.get("common_name", ""))
    name = f"{subject['organization_name']}（{common}）" if "organization_name" in subject else common
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, moment=at)
    status = validate_pdf_signature(signature, context)  # type: ignore[arg-type]
    return Verdict(
        field=str(signature.field_name),  # type: ignore[attr-defined]
        signer=name,
        signed_at=status.signer_reported_dt,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        unchanged=bool(status.docmdp_ok) if status.intact else False,
        test=TEST_MARK in common,
    )


def _authority(folder: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key_file, crt_file = folder / "test-authority.key", folder / "test-authority.crt"
    if not (key_file.exists() and crt_file.exists()):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = _new_key()
        _keep(key_file, _key_pem(key))
        _keep(crt_file, _issue("試験用認証局", key, None, key, authority=True).public_bytes(_PEM))
    loaded = serialization.load_pem_private_key(key_file.read_bytes(), None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return loaded, x509.load_pem_x509_certificate(crt_file.read_bytes())


def _issue(
    name: str, key: rsa.RSAPrivateKey, issuer: x509.Name | None, issuer_key: rsa.RSAPrivateKey, *, authority: bool
) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(name)),
            x509.NameAttribute(NameOID.COMMON_NAME, TEST_MARK),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(signed_by, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _fitting(name: str) -> str:
    """The name cut to what a certificate holds, at a whole character."""
    return name.encode()[:_NAME_MAX].decode(errors="ignore")


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _key_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _keep(path: Path, data: bytes) -> None:
    """Write a key file that only its owner may read, whole or not at all."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    draft.replace(path)


def _certificate(data: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(pem.unarmor(data)[2])


_PEM = serialization.Encoding.PEM
_PREPARED = Text("署名欄は既にあります。", "It already has signature fields.")
_UNREADABLE = Text("PDFとして読めません。", "It does not read as a PDF.")
_BAD_KEY = Text("鍵ファイルが読めません。", "The key file cannot be read.")
