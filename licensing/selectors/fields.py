"""The fields of use there are on a day: the first list, and what the consortium has listed since."""

from __future__ import annotations

from datetime import date

from contributions.core.words import Text
from licensing.core.licensees import FIELDS
from licensing.models import FieldOfUse


def on(day: date) -> dict[str, Text]:
    """Every field of use on the day, by code, in both languages. Names are common knowledge."""
    found = dict(FIELDS)
    for row in FieldOfUse.objects.filter(valid_from__lte=day).order_by("valid_from", "seq"):
        if row.valid_until is not None and row.valid_until <= day:
            found.pop(row.code, None)
        else:
            found[row.code] = Text(row.name_ja, row.name_en)
    return found


def name(code: str, day: date) -> Text:
    """What a field is called, also one that is closed by now."""
    known = on(day).get(code) or FIELDS.get(code)
    if known is None:
        row = FieldOfUse.objects.filter(code=code).order_by("valid_from", "seq").last()
        known = Text(row.name_ja, row.name_en) if row else Text(code, code)
    return known
