"""Signing a contract B-LTA with a time authority on this machine, beside the same library's bare call.

Ours signs, embeds what proves the certificates, and puts an archive timestamp over it, through an RFC 3161 server on
the loopback. The peer is pyHanko's own one-call B-LTA with the same keys and the same server. The goal of half a
second is in the row of ours. Checking a file with both signatures is measured beside pyHanko's plain check of the same.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature

from bench.case import Case
from contributions.core import canonical
from licensing.adapters import authorities, pdf, seal, validation
from licensing.adapters.authorities import Authority

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))

import documents
import time_authority

AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)


def cases() -> Iterator[Case]:
    """Sign once; check what two have signed."""
    keys = Path(tempfile.mkdtemp())
    attachment = pdf.Attachment("agreement.json", canonical.dumps(documents.agreement_json()), "契約データ")
    unsigned = seal.prepare(pdf.write(documents.agreement(), [attachment]))
    signer = authorities.test_signer(keys, "licensor", "見本開発株式会社")
    with time_authority.running(keys, AT) as server:
        trust = authorities.test_trust(keys, AT)

        def authority() -> Authority:
            return Authority(trust, authorities.http_time([server.url], 5), True)

        def ours() -> str:
            seal.seal(unsigned, seal.LICENSOR, signer, AT, authority=authority())
            return "signed"

        def bare() -> str:
            metadata = signers.PdfSignatureMetadata(
                field_name=seal.LICENSOR, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
                use_pades_lta=True,
                docmdp_permissions=MDPPerm.FILL_FORMS, embed_validation_info=True,
                validation_context=trust.context(AT, hard=True),
            )  # fmt: skip
            made = signers.PdfSigner(metadata, signer.key, timestamper=authority().stamper)
            made.sign_pdf(IncrementalPdfFileWriter(BytesIO(unsigned)), output=BytesIO())
            return "signed"

        yield Case(f"sign B-LTA, {len(unsigned) // 1024} KiB, time over HTTP (goal: 0.5 s)", ours, {"pyHanko": bare})

        both = seal.seal(unsigned, seal.LICENSOR, signer, AT, authority=authority())
        both = seal.seal(both, seal.LICENSEE, signer, AT, authority=authority())

        def check() -> list[bool]:
            return [one.valid for one in validation.validate(both, trust, AT)]

        def plain() -> list[bool]:
            reader = PdfFileReader(BytesIO(both), strict=False)
            found = reader.embedded_regular_signatures
            return [validate_pdf_signature(one, trust.context(AT)).bottom_line for one in found]

        yield Case("check both signatures, integrity and AdES level", check, {"pyHanko, integrity alone": plain})
