"""Reviews a viewer may see, and those that wait for it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contributions.core import reviews as rules
from contributions.core.errors import Refused
from contributions.core.roles import REVIEWER, Viewer, may
from contributions.models import Dataset, Review
from contributions.selectors import datasets, organizations


def visible_to(viewer: Viewer | None) -> QuerySet[Review]:
    """Reviews of the datasets that the viewer may see."""
    return Review.objects.filter(version__dataset__in=datasets.visible_to(viewer)).select_related(
        "version__dataset__member__organization", "decided_by"
    )


def waiting_for(viewer: Viewer | None) -> QuerySet[Review]:
    """Open reviews that this viewer may decide."""
    rows = visible_to(viewer).filter(state=Review.State.OPEN)
    return rows if viewer is not None and viewer.workplace == REVIEWER else rows.none()


def matching(rows: QuerySet[Review], query: str) -> QuerySet[Review]:
    """Reviews of datasets whose number, name or member holds the text."""
    if not query:
        return rows
    wanted = Q(number__icontains=query.partition("@")[0]) | Q(name_ja__icontains=query) | Q(name_en__icontains=query)
    owned = Q(member__organization__name_ja__icontains=query) | Q(member__organization__name_en__icontains=query)
    return rows.filter(version__dataset__in=Dataset.objects.filter(wanted | owned))


def may_decide(viewer: Viewer, review: Review) -> bool:
    """Whether this viewer could decide the review now: it is open, and the viewer stands apart from its owner."""
    if not may(viewer, "review.decide") or review.state != Review.State.OPEN:
        return False
    owner = review.version.dataset.member.code
    try:
        rules.check_reviewer(home=viewer.home, acting=viewer.acting, owner=owner, group=organizations.group_of(owner))
    except Refused:
        return False
    return True
