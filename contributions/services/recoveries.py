"""What came back from elsewhere of a contribution: declared by its member or by finance, never taken back.

Of money, people and background IP it is told of the contribution, of data of the version, of compute of the batch.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from contributions.core import completeness
from contributions.core import resources as rules
from contributions.core.money import fraction, fraction_text
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import Batch, DatasetVersion, Member, Recovery, Resource
from contributions.selectors import recoveries
from contributions.services import journal
from contributions.services.datasets import check_own


@transaction.atomic
def declare(
    given: Resource | DatasetVersion | Batch, *, part: str, source: str, recovered_on: date, by: Viewer, at: datetime
) -> Recovery:
    """Declare that a part of it came back from elsewhere; from that day on, that part earns nothing here."""
    check_may(by, "resource.recover")
    given = type(given)._base_manager.select_for_update(of=("self",)).get(pk=given.pk)
    kind, column, subject, member, named = _told(given)
    check_own(member, by)
    stated = fraction_text(rules.check_recovery(fraction(part), recoveries.part(given)))
    rules.check_source(source)
    completeness.check_past(jst_date(at), recovery=recovered_on)
    entry = journal.append(
        kind,
        subject=subject,
        member=member.code,
        facts={**named, "part": stated, "source": source, "on": recovered_on.isoformat()},
        effective=(recovered_on, None),
        by=by,
        at=at,
    )
    return Recovery.objects.create(
        seq=entry.seq, part=stated, source=source, recovered_on=recovered_on, **{column: given}
    )


def _told(given: Resource | DatasetVersion | Batch) -> tuple[str, str, str, Member, dict[str, Any]]:
    """Kind of the entry, column of the row, subject, member, and the facts that name what was put in."""
    if isinstance(given, DatasetVersion):
        number = given.dataset.number
        facts = {"dataset": number, "version": given.version}
        return "dataset.recovered", "version", f"dataset:{number}", given.dataset.member, facts
    if isinstance(given, Batch):
        return "compute.recovered", "batch", f"batch:{given.number}", given.member, {"batch": given.number}
    named = {"resource": given.number}
    return "resource.recovered", "resource", f"resource:{given.number}", given.member, named
