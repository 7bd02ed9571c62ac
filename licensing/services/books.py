"""Posting: each business fact's slip, in the transaction and under the entry of the fact itself."""

from __future__ import annotations

from datetime import date

from contributions.models import Entry
from contributions.services import numbers
from licensing.core import books as rules
from licensing.models import Posting, Slip


def next_number(day: date) -> str:
    """The number of the next slip of that month's books."""
    return numbers.take(Slip, f"J-{day:%Y%m}")


def post(slip: rules.Slip, *, entry: Entry) -> Slip:
    """Store a balanced slip beside the entry that caused it."""
    row = Slip.objects.create(
        seq=entry.seq,
        number=slip.number,
        day=slip.day,
        source=slip.source,
        text_ja=slip.text.ja,
        text_en=slip.text.en,
    )
    Posting.objects.bulk_create(
        Posting(slip=row, account=line.account, side=line.side, amount=line.amount, party=line.party, tax=line.tax)
        for line in slip.lines
    )
    return row
