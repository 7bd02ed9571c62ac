"""Checking signed PDFs: every signature of a file with both its verdicts, integrity and AdES level.

A file that somebody hands in may be anything. Whatever cannot be read is a verdict or a refusal here, never a
traceback; and no address that stands in it is ever called: what proves a certificate is in the file, or in the trust
folder.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import parser, tsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESStatus
from pyhanko.sign.general import SigningError, extract_certificate_info
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.errors import PathError
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from contributions.core.errors import Refused
from licensing.adapters.authorities import TEST_MARK, Trust
from licensing.core.signatures import LTA, Verdict

_WRONG = (PdfError, SigningError, SignatureValidationError, ValidationInfoReadingError, PathError, ValueError, KeyError,
          TypeError, IndexError, AttributeError, AssertionError, RecursionError, NotImplementedError)  # fmt: skip
_FULL = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED


class Unreadable(Refused):
    code = "unreadable-pdf"
    ja = "PDFとして読めません。"
    en = "It does not read as a PDF."


def validate(pdf: bytes, trust: Trust, at: datetime) -> list[Verdict]:
    """Check every signature of a file against what is trusted, as of `at`; in signing order."""
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        found = list(reader.embedded_regular_signatures)
        stamps = list(reader.embedded_timestamp_signatures)
    except _WRONG as error:
        raise Unreadable from error
    broken = [one.signed_revision for one in [*found, *stamps] if not _is_clean(one)]
    broken += [one.signed_revision for one in stamps if not _holds(one)]
    upto = max(broken, default=-1)
    return [_broken(one) if one.signed_revision <= upto else _verdict(one, trust, at) for one in found]


def _is_clean(one: EmbeddedPdfSignature) -> bool:
    """Whether nothing was put into the room that a signature leaves free behind itself: no signature covers that."""
    try:
        return not one.pkcs7_content[parser.peek(one.pkcs7_content) :].strip(b"\0")
    except _WRONG:
        return False


def _holds(stamp: EmbeddedPdfSignature) -> bool:
    """Whether a document timestamp is of these very bytes, which include what the signatures before leave out."""
    try:
        told = stamp.signed_data["encap_content_info"]["content"].parsed["message_imprint"]
        algorithm = told["hash_algorithm"]["algorithm"].native
        return stamp.compute_digest(algorithm) == told["hashed_message"].native
    except _WRONG:
        return False


def _verdict(one: EmbeddedPdfSignature, trust: Trust, at: datetime) -> Verdict:
    try:
        certificate = one.signer_cert
        status = validate_pdf_signature(one, trust.context(at))
        intact = bool(status.intact and status.valid)
        lasting, stamp = _ades(one, trust, at), _stamp(one)
        level = _level(one, has_time=stamp is not None)
    except _WRONG:
        return _broken(one)
    ades = lasting.ades_subindic
    reported = status.signer_reported_dt
    return Verdict(
        field=str(one.field_name),
        signer=_name(certificate),
        signed_at=stamp[0] if stamp else reported,
        intact=intact,
        trusted=bool(status.trusted) or ades.status is AdESStatus.PASSED,
        unchanged=bool(status.docmdp_ok) if intact else False,
        test=TEST_MARK in certificate.subject.human_friendly,
        level=level,
        ades=ades.standard_name if intact else "HASH_FAILURE",
        issuer=_common(certificate.issuer),
        stamped_at=stamp[0] if stamp else None,
        stamped_by=stamp[1] if stamp else "",
        certificate_sha256=certificate.sha256.hex(),
        certificate_until=certificate["tbs_certificate"]["validity"]["not_after"].native.astimezone(UTC),
        checked_at=at,
    )


def _broken(one: EmbeddedPdfSignature) -> Verdict:
    """A signature whose own bytes cannot be read."""
    return Verdict(str(one.field_name), "?", None, False, False, False, False, ades="FORMAT_FAILURE")


def _ades(one: EmbeddedPdfSignature, trust: Trust, at: datetime):
    """The verdict for the long term, with all revocation data at hand."""
    every = RevocationCheckingPolicy(ee_certificate_rule=_FULL, intermediate_ca_cert_rule=_FULL)
    policy = CertValidationPolicySpec(SimpleTrustManager.build(list(trust.roots)), CertRevTrustPolicy(every))
    offline = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    known = LocalKnowledge(known_crls=[CRLContainer(one) for one in trust.crls], known_certs=list(trust.others))
    spec = SignatureValidationSpec(policy, offline, local_knowledge=known)
    timing = ValidationTimingInfo(at, at, False)
    return asyncio.run(ades_lta_validation(one, PdfSignatureValidationSpec(spec), timing_info=timing))


def _level(one: EmbeddedPdfSignature, *, has_time: bool) -> str:
    """The level by what stands in the file: a time in the signature, proofs in the file, a time over them."""
    if not has_time:
        return "B-B"
    root = one.reader.root
    if "/DSS" not in root or not {"/CRLs", "/OCSPs"} & set(root["/DSS"]):
        return "B-T"
    later = any(stamp.signed_revision > one.signed_revision for stamp in one.reader.embedded_timestamp_signatures)
    return LTA if later else "B-LT"


def _stamp(one: EmbeddedPdfSignature) -> tuple[datetime, str] | None:
    """The time that the signature carries, and who gave it."""
    token = next(iter(extract_tst_data_iter(one.signer_info, signed=False)), None)
    if token is None:
        return None
    told = token["encap_content_info"]["content"].parsed
    if not isinstance(told, tsp.TSTInfo):
        return None
    return told["gen_time"].native, _common(extract_certificate_info(token).signer_cert.subject)


def _name(certificate: asn1_x509.Certificate) -> str:
    subject = certificate.subject.native
    common = str(subject.get("common_name", ""))
    return f"{subject['organization_name']}（{common}）" if "organization_name" in subject else common


def _common(name: asn1_x509.Name) -> str:
    """How people call an authority: its organization, or else its common name."""
    parts = name.native
    return str(parts.get("organization_name") or parts.get("common_name") or "")
