"""The second pair of eyes on metered batches."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import Batch
from contributions.selectors import independence
from contributions.services import journal, meter_totals


class NotSubmitted(Refused):
    code = "batch-not-submitted"
    ja = "受付番号 {batch} は確認待ちではありません。"
    en = "Batch {batch} is not waiting to be attested."


class SameEyes(Refused):
    code = "batch-sent-by-you"
    ja = "受付番号 {batch} はご自身が提出したものです。別の担当者が確認してください。"
    en = "You sent batch {batch} in yourself. Somebody else must attest it."


@transaction.atomic
def attest(batch: Batch, *, by: Viewer, at: datetime) -> Batch:
    """Accept a batch: from now on its days count. Never one's own, one's group's or a rival's."""
    check_may(by, "batch.attest")
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.SUBMITTED:
        raise NotSubmitted(batch=batch.number)
    _check_independent(batch, by, at)
    entry = journal.append(
        "compute.attested",
        subject=f"batch:{batch.number}",
        member=batch.member.code,
        facts={"batch": batch.number},
        by=by,
        at=at,
    )
    batch.state, batch.seq = Batch.State.ACCEPTED, entry.seq
    batch.save(update_fields=["state", "seq"])
    meter_totals.add(batch)
    return batch


def _check_independent(batch: Batch, by: Viewer, at: datetime) -> None:
    """Whoever attests did not send it in, and neither works for the member or its group nor for a rival."""
    if by.user is None:
        return
    if by.user == batch.sent_by_id:
        raise SameEyes(batch=batch.number)
    independence.check(by, batch.member.code, at=jst_date(at))
