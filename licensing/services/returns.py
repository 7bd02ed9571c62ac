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
from contributions.core.roles import LICENSEE, Viewer, check_may
from licensing.adapters import seal, validation
from licensing.adapters.authorities import TimeAuthorityFailed
from licensing.core import signatures as rules
from licensing.core.signatures import Act, Verdict
from licensing.models import Agreement, AgreementDocument, Amendment, AmendmentDocument
from licensing.services import agreements, amendments, papers, signatures

_STILL = {
    "offered": (("sign", "licensor"), ("countersign", "licensee")),
    "signed": (("countersign", "licensee"),),
}
Paper = Agreement | Amendment


class NothingToReturn(Refused):
    code = "nothing-to-return"
    ja = "この書面は署名を待っていません。提示済み、または許諾者署名済みの書面だけが署名済みPDFを受け入れます。"
    en = "This paper does not wait for a signature. Only one that is offered, or signed by the licensor, does."


class NotYoursToReturn(Refused):
    code = "not-yours-to-return"
    ja = "利用者が戻せるのは、許諾者が署名した自社の契約又は覚書だけです。"
    en = "A licensee can send back its own agreement, or amendment, once the licensor has signed it."


def take_back(agreement: Agreement, content: bytes, *, by: Viewer, at: datetime, act: Act | None = None) -> Agreement:
    """Take an outside service's signatures on the frozen file: one party's, or both at once from an offer."""
    check_may(by, "agreement.take_back")
    verbs, made, pdf = _taken(agreement, agreement, content, by=by, at=at, act=act)
    return agreements.take_signed(agreement, verbs, made, pdf, by=by, at=at)


def take_back_amendment(
    amendment: Amendment, content: bytes, *, by: Viewer, at: datetime, act: Act | None = None
) -> Amendment:
    """The same for the 覚書 of an amendment: what comes back must be its frozen file with signatures appended."""
    check_may(by, "amendment.take_back")
    verbs, made, pdf = _taken(amendment, amendment.agreement, content, by=by, at=at, act=act)
    return amendments.take_signed(amendment, verbs, made, pdf, by=by, at=at)


def _taken(
    paper: Paper, agreement: Agreement, content: bytes, *, by: Viewer, at: datetime, act: Act | None
) -> tuple[list[str], list[signatures.Made], bytes]:
    """The steps that the file takes the paper through, their signatures, and the file with our timestamp over it."""
    steps = _STILL.get(paper.state)
    if steps is None:
        raise NothingToReturn
    if by.workplace == LICENSEE and (by.acting != agreement.licensee.organization.code or len(steps) > 1):
        raise NotYoursToReturn
    if len(steps) > 1:  # the licensor's own signature is among them
        agreements.check_exclusions(agreement.licensee, agreement.release, by=by, at=at)
    held = papers.stored(paper, paper.state)
    new = _checked(paper, held, content, steps, at)
    pdf = seal.stamp(content, at, authority=signatures.authority(at))
    made = [
        signatures.made(
            paper, party, verdict, factor="outside", identity="test" if verdict.test else "certificate",
            held=held, pdf=content, act=act, by=by, at=at,
        )
        for (_, party), verdict in zip(steps, new, strict=False)
    ]  # fmt: skip
    return [verb for verb, _ in steps[: len(new)]], made, pdf


def _checked(paper: Paper, held: bytes, content: bytes, steps, at: datetime) -> tuple[Verdict, ...]:
    if not content.startswith(b"%PDF"):
        raise rules.NotAPdf
    digest = hashlib.sha256(held).hexdigest()
    rules.check_same(paper.number, held, content, digest)
    try:
        found = validation.validate(content, signatures.trust(at), at)
    except validation.Unreadable:  # it begins with our file, and what was added to that is broken
        raise rules.Tampered(number=paper.number, where=rules.AFTER) from None
    expected = [(party, papers.FIELD_OF[party]) for _, party in steps]
    before = len(paper.signatures.all())
    return rules.check_new(paper.number, found, before, expected=expected, at=at)


def due(at: datetime) -> list[Paper]:
    """Agreements and amendments whose newest paper's timestamp ends within the set time."""
    newest = AgreementDocument.objects.filter(agreement=OuterRef("pk")).order_by("-pk").values("stamped_until")[:1]
    of_amendment = AmendmentDocument.objects.filter(amendment=OuterRef("pk")).order_by("-pk").values("stamped_until")
    rows: list[Paper] = []
    for found, until in ((Agreement.objects.all(), newest), (Amendment.objects.all(), of_amendment[:1])):
        concluded = found.exclude(executed_at=None).annotate(until=Subquery(until)).order_by("number")
        rows += [row for row in concluded if rules.due(row.until, at, settings.RESTAMP_DAYS)]
    return rows


def renew(paper: Paper, *, by: Viewer, at: datetime) -> AgreementDocument | AmendmentDocument:
    """Put a new timestamp over an executed paper: one more revision of the same file, on record."""
    check_may(by, "agreement.restamp")
    newest = paper.documents.last()
    pdf = seal.stamp(papers.store().get(newest.sha256), at, authority=signatures.authority(at))
    noun, kind = _NOUNS[type(paper)]
    with transaction.atomic():
        locked = noun.locked(paper)
        if locked.documents.last().pk != newest.pk:  # somebody was faster
            return locked.documents.last()
        facts = {"before_sha256": newest.sha256}
        if isinstance(paper, Amendment):
            facts["agreement"] = paper.agreement.number
        stage = f"renewed-{locked.documents.filter(stage__startswith='renewed-').count() + 1}"
        noun.record_file(locked, kind, pdf, by=by, at=at, facts=facts, stage=stage)
        return locked.documents.last()


_NOUNS = {Agreement: (agreements, "agreement.restamped"), Amendment: (amendments, "amendment.restamped")}


def renew_all(*, by: Viewer, at: datetime) -> int:
    """Every paper that is due; how many. A failing time authority stops it, and the next night goes on.

    A paper whose own file is lost or unreadable keeps no other from its timestamp; it is raised when all had theirs.
    """
    rows, failed = due(at), []
    for row in rows:
        try:
            renew(row, by=by, at=at)
        except TimeAuthorityFailed:
            raise
        except (Refused, OSError, AssertionError) as wrong:
            failed.append(wrong)
    if failed:
        raise failed[0]
    return len(rows)
