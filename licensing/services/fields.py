"""Fields of use: listed, renamed or closed from a day on; what was listed before stays readable."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core.periods import Period
from contributions.core.roles import Viewer, check_may
from contributions.services import journal
from licensing.models import FieldOfUse


@transaction.atomic
def list_field(
    *,
    code: str,
    name_ja: str,
    name_en: str,
    valid_from: date,
    by: Viewer,
    at: datetime,
    valid_until: date | None = None,
) -> FieldOfUse:
    """List a field of use, or name or close one anew, from a day on."""
    check_may(by, "field.list")
    Period(valid_from, valid_until)
    entry = journal.append(
        "field.listed",
        subject=f"field:{code}",
        facts={
            "field": code,
            "name": {"ja": name_ja, "en": name_en},
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
        effective=(valid_from, valid_until),
        by=by,
        at=at,
    )
    return FieldOfUse.objects.create(
        seq=entry.seq, code=code, name_ja=name_ja, name_en=name_en, valid_from=valid_from, valid_until=valid_until
    )
