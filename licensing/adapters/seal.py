"""Electronic signatures: PAdES B-LTA on a PDF/A-3a file, by a licensor who certifies and a licensee who countersigns.

Both signature fields stand in the file before the first signature, or the second would break the first. The fields are
invisible: what a person reads is drawn on the page, and no picture looks like a seal. The signer's metadata writer is
silenced because it would rewrite the XMP and lose PDF/A. A signature has a trusted time or is not made at all.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import ExpiredError, NotYetValidError, PathError, ValidationError

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.adapters.authorities import Authority, Signer, TimeAuthorityFailed

LICENSOR, LICENSEE = "Licensor", "Licensee"

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # a failed check is an answer here, not a traceback
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


class SealRefused(Refused):
    code = "seal-refused"
    ja = "電子署名ができません。{reason}"
    en = "The document cannot be signed. {reason}"


class CertificateNotCurrent(SealRefused):
    code = "signing-certificate-not-current"
    ja = (
        "署名に用いる証明書（{signer}）の有効期間は {start} から {until} までであり、署名の日に有効ではありません。"
        "有効な証明書を設定してください。署名はされていません。"
    )
    en = (
        "The certificate to sign with ({signer}) is valid from {start} to {until}, and so not on the day of signing. "
        "Configure one that is. Nothing was signed."
    )


@dataclass(frozen=True, slots=True)
class Field:
    """A place to sign: its name in the file and what a screen reader says of it."""

    name: str
    label: str


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


def seal(
    pdf: bytes, field: str, signer: Signer, at: datetime, *, authority: Authority, reason: str | None = None
) -> bytes:
    """Sign a prepared field at the given instant, B-LTA: the licensor's signature certifies, any other countersigns.

    The result is the input plus incremental updates: signature with its time, proofs of the certificates, and a time
    over all of it. Without an answer of the time authority nothing is made. A field already signed is refused.
    """
    assert at.tzinfo is not None
    _check_current(signer, at)
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        name=signer.name,
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=field == LICENSOR,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    out = BytesIO()
    with _refusals(field):
        made = _At(metadata, signer=signer.key, at=at, timestamper=authority.stamper)
        made.sign_pdf(_KeepMeta(BytesIO(pdf)), existing_fields_only=True, output=out)
        # proofs and archive time in one revision of our own making: the library's would rewrite the metadata
        return asyncio.run(_stamped(out.getvalue(), authority, at, strict=True))


def stamp(pdf: bytes, at: datetime, *, authority: Authority) -> bytes:
    """Put a new document timestamp over everything, with the proofs of those before it; one incremental update.

    Done again before the newest timestamp's certificate ends, it keeps a signature checkable for good.
    """
    with _refusals("DocTimeStamp"):
        return asyncio.run(_stamped(pdf, authority, at))


async def _stamped(pdf: bytes, authority: Authority, at: datetime, *, strict: bool = False) -> bytes:
    """With the proofs of what stands in the file; `strict` refuses where one is not to be had, as our own must be."""
    context, out = authority.trust.context(at, hard=True), BytesIO()
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    before = [*reader.embedded_regular_signatures[-1:], *reader.embedded_timestamp_signatures[-1:]]
    paths = []
    for one in before:
        usage = {"time_stamping"} if one.sig_object_type == "/DocTimeStamp" else None
        chain = CertificateValidator(one.signer_cert, one.other_embedded_certs, validation_context=context)
        try:
            paths.append(await chain.async_validate_usage(set(), usage))
        except (PathError, ValidationError):
            if strict:
                raise
    # the proofs of the timestamp before come first, so that the new one covers them
    proofs = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
    await signers.PdfTimeStamper(authority.stamper, invis_settings=_BESIDE).async_timestamp_pdf(
        _KeepMeta(BytesIO(pdf)), "sha256", context, validation_paths=paths, output=out, dss_settings=proofs
    )
    return out.getvalue()


def stamped_until(pdf: bytes) -> datetime | None:
    """When the certificate of the newest document timestamp ends; none where there is no timestamp."""
    stamps = list(PdfFileReader(BytesIO(pdf), strict=False).embedded_timestamp_signatures)
    if not stamps:
        return None
    return stamps[-1].signer_cert["tbs_certificate"]["validity"]["not_after"].native.astimezone(UTC)


# A timestamp's field lies beside the page: nothing for a reader to find there, and so nothing that needs a tag.
_BESIDE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


class _KeepMeta(IncrementalPdfFileWriter):
    """Leaves document metadata alone: rewriting it would break PDF/A."""

    def _update_meta(self) -> None:
        return None


class _At(signers.PdfSigner):
    """Signs at a given instant instead of reading the clock."""

    def __init__(self, metadata: signers.PdfSignatureMetadata, *, at: datetime, **options: object) -> None:
        super().__init__(metadata, **options)  # type: ignore[arg-type]
        self._at = at

    def init_signing_session(self, *args: object, **options: object) -> signers.PdfSigningSession:
        session = super().init_signing_session(*args, **options)
        session.system_time = self._at
        return session


class _refusals:
    """What the signing library raises, as a refusal in plain words; its own text stays with the cause, for the log."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, TimestampRequestError | asyncio.TimeoutError):
            raise TimeAuthorityFailed(reason=_NO_STAMP) from error
        found = next((text for kinds, text in _FAULTS if isinstance(error, kinds)), None)
        if found is not None:
            said = Text(f"署名欄「{self.field}」：{found.ja}", f"Field “{self.field}”: {found.en}")
            raise SealRefused(reason=said) from error


def _check_current(signer: Signer, at: datetime) -> None:
    certificate = signer.key.signing_cert
    if certificate is None:
        return
    span = certificate["tbs_certificate"]["validity"]
    start, until = (span[name].native.astimezone(UTC) for name in ("not_before", "not_after"))
    if not start <= at <= until:
        raise CertificateNotCurrent(signer=signer.name, start=start.date(), until=until.date())


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


_NO_STAMP = Text("応答が、求めたタイムスタンプではありません", "its answer is not the timestamp that was asked for")
_FAULTS: tuple[tuple[type | tuple[type, ...], Text], ...] = (
    (
        (ExpiredError, NotYetValidError),
        Text(
            "署名又は時刻を証明する証明書が有効期間外です。時刻認証局と認証局の設定を確認してください。",
            "a certificate behind the signature or its time is out of its term. "
            "Check the time authority and the trusted authorities.",
        ),
    ),
    (
        (PathError, ValidationError),
        Text(
            "証明書の検証に必要な認証局の証明書又は失効情報がありません。信頼する認証局の設定を確認してください。",
            "what proves the certificate (its authority, revocation data) is missing. Check the trusted authorities.",
        ),
    ),
    (SigningError, Text("署名欄がないか、既に署名されています。", "it is not there, or signed already.")),
    (PdfError, Text("PDFとして読めません。", "the file does not read as a PDF.")),
    (ValueError, Text("この鍵では署名できません。", "the key cannot sign it.")),
)
_PREPARED = Text("署名欄は既にあります。", "It already has signature fields.")
