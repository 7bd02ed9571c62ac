"""Redlines of frozen rounds as papers: PDF, and a word-processor file with real tracked changes."""

from __future__ import annotations

from contributions.core.words import Text
from contributions.models import LogHead
from licensing.adapters import pdf as paper
from licensing.adapters import tracked
from licensing.core import redlines as rules
from licensing.core.documents import RedlineDocument
from licensing.models import Agreement, AgreementVersion


def between(before: AgreementVersion, after: AgreementVersion) -> tuple[rules.SectionChange, ...]:
    """What changed from one frozen round to another."""
    return rules.compare(rules.read(before.sections), rules.read(after.sections))


def document(agreement: Agreement, before: AgreementVersion, after: AgreementVersion) -> RedlineDocument:
    """The redline with what its paper prints."""
    return RedlineDocument(
        number=agreement.number,
        licensee=Text(agreement.licensee.organization.name_ja, agreement.licensee.organization.name_en),
        before=before.number,
        after=after.number,
        digests=(before.sha256, after.sha256),
        changes=between(before, after),
        made_at=after.made_at,
        demo=LogHead.objects.get().demo,
    )


def pdf(agreement: Agreement, before: AgreementVersion, after: AgreementVersion) -> bytes:
    """The redline on paper."""
    return paper.write(document(agreement, before, after))


def docx(agreement: Agreement, before: AgreementVersion, after: AgreementVersion) -> bytes:
    """The redline as a file that a word processor shows as tracked changes, by the side that made them."""
    return tracked.write(document(agreement, before, after), author=SIDE_NAMES[after.side], at=after.made_at)


SIDE_NAMES = {"licensor": "許諾者 / Licensor", "licensee": "利用者 / Licensee"}
