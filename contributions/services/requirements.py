"""Adopting the table of required reviews: which a kind of data needs, and how many opinions each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from contributions.core import requirements as rules
from contributions.core.roles import Viewer, check_may
from contributions.models import Requirement
from contributions.services import journal


@transaction.atomic
def adopt(
    lines: Mapping[str, Mapping[str, int]],
    *,
    valid_from: date,
    source_ja: str,
    source_en: str,
    by: Viewer,
    at: datetime,
) -> Requirement:
    """Put a table in force from a day on. Versions that were submitted before keep what they needed then."""
    check_may(by, "requirement.adopt")
    checked = rules.check(lines)
    if not source_ja.strip() or not source_en.strip():
        raise rules.NoSource
    journal.lock()
    version = Requirement.objects.count() + 1
    entry = journal.append(
        "requirement.adopted",
        subject=f"requirement:{version}",
        facts={
            "version": version,
            "from": valid_from.isoformat(),
            "lines": checked,
            "source": {"ja": source_ja, "en": source_en},
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return Requirement.objects.create(
        seq=entry.seq,
        version=version,
        valid_from=valid_from,
        lines=checked,
        source_ja=source_ja,
        source_en=source_en,
    )
