"""Deciding data reviews. Nobody decides on its own member's data, or on that of its own group."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core import reviews as rules
from contributions.core.roles import Viewer, check_may
from contributions.models import Review
from contributions.selectors import organizations
from contributions.services import journal


@transaction.atomic
def decide(
    review: Review,
    *,
    decision: str,
    opinion: str,
    by: Viewer,
    at: datetime,
    valid_from: date,
    valid_until: date | None = None,
    ground: str = "",
    channel: str = "",
) -> Review:
    """Pass or refuse one review; the opinion is kept as an erasable annex, named by its digest."""
    check_may(by, "review.decide")
    review = (
        Review.objects.select_for_update().select_related("version__dataset__member__organization").get(pk=review.pk)
    )
    dataset = review.version.dataset
    owner = dataset.member.code
    rules.check_reviewer(home=by.home, acting=by.acting, owner=owner, group=organizations.group_of(owner))
    rules.check_decision(
        review.kind,
        decision,
        start=valid_from,
        until=valid_until,
        opinion=opinion,
        outcome=ground or None,
        channel=channel or None,
        is_decided=review.state != Review.State.OPEN,
    )
    entry = journal.append(
        "review.decided",
        subject=f"dataset:{dataset.number}",
        member=dataset.member.code,
        facts={
            "dataset": dataset.number,
            "version": review.version.version,
            "review": review.kind,
            "decision": decision,
            "ground": ground or None,
            "channel": channel or None,
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
        effective=(valid_from, valid_until),
        annexes=[journal.Attachment("opinion.txt", "text/plain; charset=utf-8", opinion.encode())],
        by=by,
        at=at,
    )
    review.state, review.opinion, review.ground = decision, opinion, ground
    review.opinion_sha256 = entry.annexes.get().sha256
    review.decided_at, review.decided_by_id = at, by.user
    review.valid_from, review.valid_until, review.seq = valid_from, valid_until, entry.seq
    review.save()
    return review
