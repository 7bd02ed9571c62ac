"""The books: slips, and the balance of every account."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import AUDITOR, FINANCE, Viewer
from contributions.core.words import Text
from contributions.selectors import barriers
from licensing.core import books as rules
from licensing.models import Posting, Slip


def visible_to(viewer: Viewer | None) -> QuerySet[Slip]:
    """Finance and the auditor read the books."""
    rows = Slip.objects.prefetch_related("postings")
    if viewer is None or viewer.workplace not in {FINANCE, AUDITOR, "system"}:
        return rows.none()
    return rows.exclude(postings__party__in=viewer.barred) if viewer.barred else rows


def slips(viewer: Viewer | None) -> list[rules.Slip]:
    """The visible slips as the core reads them, checked again for balance."""
    return [_slip(row) for row in visible_to(viewer)]


def trial_balance(viewer: Viewer | None) -> tuple[rules.Balance, ...]:
    """Debits, credits and balance of every account that was touched; whoever may not see all of it sees no sum."""
    _check_whole(viewer)
    return rules.trial_balance(slips(viewer))


def export_rows(viewer: Viewer | None, language: str) -> list[dict]:
    """The postings line by line, for the accounts."""
    _check_whole(viewer)
    return rules.journal_rows(slips(viewer), language)


def _check_whole(viewer: Viewer | None) -> None:
    if viewer is not None and viewer.barred:
        barriers.check_whole(viewer, set(Posting.objects.exclude(party="").values_list("party", flat=True)))


def _slip(row: Slip) -> rules.Slip:
    lines = [rules.PostingLine(p.account, p.side, p.amount, p.party, p.tax) for p in row.postings.all()]
    return rules.slip(row.number, row.day, row.source, Text(row.text_ja, row.text_en), lines)
