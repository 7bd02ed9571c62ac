"""The evidence of signing: who may read what is on record of an act, of either kind of contract."""

from __future__ import annotations

from contributions.core.roles import AUDITOR, LEGAL, LICENSEE, OF_CONTRACTS, SYSTEM, Viewer, reads
from contributions.models import Annex
from licensing.models import AmendmentSignature, Signature
from licensing.selectors import agreements, amendments

EVIDENCE = "signing-evidence.json"


def shows_evidence(viewer: Viewer | None, party: str) -> bool:
    """Legal staff and the auditor read of both sides; a licensee of its own people alone: it holds personal data."""
    if viewer is None:
        return False
    own = viewer.workplace == LICENSEE and party == "licensee" and reads(viewer, OF_CONTRACTS)
    return own or viewer.workplace in {LEGAL, AUDITOR, SYSTEM}


def evidence(viewer: Viewer | None, seq: int) -> Annex | None:
    """The evidence of the act of an entry, unless it was erased."""
    ours = Signature.objects.filter(agreement__in=agreements.visible_to(viewer), seq=seq)
    row = (
        ours.first() or AmendmentSignature.objects.filter(amendment__in=amendments.visible_to(viewer), seq=seq).first()
    )
    if row is None or not shows_evidence(viewer, row.party):
        return None
    return Annex.objects.filter(entry__seq=seq, name=EVIDENCE, erased_at=None).first()
