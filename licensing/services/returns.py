"""Signed papers that come back from outside, and the new timestamps that keep all of them checkable.

What comes back must be the frozen file with signatures appended, by certificates that the trust list knows; anything
else is refused with the sentence that says which of the six faults it is. What is accepted gets our own timestamp.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery

from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from licensing.adapters import seal, validation
from licensing.core import signatures as rules
from licensing.core.signatures import Act, Verdict
from licensing.models import Agreement, AgreementDocument
from licensing.services import agreements, papers, signatures

_STILL = {
    Agreement.State.OFFERED: (("sign", "licensor"), ("countersign", "licensee")),
    Agreement.State.SIGNED: (("countersign", "licensee"),),
}


class NothingToReturn(Refused):
    code = "nothing-to-return"
    ja = "この契約は署名を待っていません。提示済み、または許諾者署名済みの契約だけが署名済みPDFを受け入れます。"
    en = "This agreement does not wait for a signature. Only one that is offered, or signed by the licensor, does."


class NotYoursToReturn(Refused):
    code = "not-yours-to-return"
    ja = "利用者が戻せるのは、許諾者が署名した自社の契約だけです。"
    en = "A licensee can send back its own agreement once the licensor has signed it."


def take_back(agreement: Agreement, content: bytes, *, by: Viewer, at: datetime, act: Act | None = None) -> Agreement:
    """Take an outside service's signatures on the frozen file: one party's, or both at once from an offer."""
    check_may(by, "agreement.take_back")
    steps = _STILL.get(Agreement.State(agreement.state))
    if steps is None:
        raise NothingToReturn
    if by.workplace == "licensee" and (by.acting != agreement.licensee.organization.code or len(steps) > 1):
        raise NotYoursToReturn
    held = papers.stored(agreement, agreement.state)
    new = _checked(agreement, held, content, steps, at)
    pdf = seal.stamp(content, at, authority=signatures.authority(at))
    made = [
        signatures.made(
            agreement, party, verdict, factor="outside", identity="test" if verdict.test else "certificate",
            held=held, pdf=content, act=act, by=by, at=at,
        )
        for (_, party), verdict in zip(steps, new, strict=False)
    ]  # fmt: skip
    return agreements.take_signed(agreement, [verb for verb, _ in steps[: len(new)]], made, pdf, by=by, at=at)


def _checked(agreement: Agreement, held: bytes, content: bytes, steps, at: datetime) -> tuple[Verdict, ...]:
    if not content.startswith(b"%PDF"):
        raise rules.NotAPdf
    digest = hashlib.sha256(held).hexdigest()
    rules.check_same(agreement.number, held, content, digest)
    try:
        found = validation.validate(content, signatures.trust(at), at)
    except validation.Unreadable:  # it begins with our file, and what was added to that is broken
        raise rules.Tampered(number=agreement.number, where=rules.AFTER) from None
    expected = [(party, papers.FIELD_OF[party]) for _, party in steps]
    before = len(agreement.signatures.all())
    return rules.check_new(agreement.number, found, before, expected=expected, at=at)


def due(at: datetime) -> list[Agreement]:
    """Agreements whose newest paper's timestamp ends within the set time."""
    newest = AgreementDocument.objects.filter(agreement=OuterRef("pk")).order_by("-pk").values("stamped_until")[:1]
    rows = Agreement.objects.exclude(executed_at=None).annotate(until=Subquery(newest))
    return [row for row in rows.order_by("number") if rules.due(row.until, at, settings.RESTAMP_DAYS)]


def renew(agreement: Agreement, *, by: Viewer, at: datetime) -> AgreementDocument:
    """Put a new timestamp over an executed paper: one more revision of the same file, on record."""
    check_may(by, "agreement.restamp")
    newest = agreement.documents.last()
    pdf = seal.stamp(papers.store().get(newest.sha256), at, authority=signatures.authority(at))
    with transaction.atomic():
        locked = agreements.locked(agreement)
        if locked.documents.last().pk != newest.pk:  # somebody was faster
            return locked.documents.last()
        facts = {"before_sha256": newest.sha256}
        stage = f"renewed-{locked.documents.filter(stage__startswith='renewed-').count() + 1}"
        agreements.record_file(locked, "agreement.restamped", pdf, by=by, at=at, facts=facts, stage=stage)
        return locked.documents.last()


def renew_all(*, by: Viewer, at: datetime) -> int:
    """Every paper that is due; how many. A failing time authority stops it, and the next night goes on."""
    rows = due(at)
    for row in rows:
        renew(row, by=by, at=at)
    return len(rows)
