"""Allocations, each seen only through `core.disclosure`."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core import canonical
from contributions.core.roles import LICENSEE, MEMBER, Viewer
from contributions.core.words import Text
from contributions.selectors import barriers, organizations
from licensing.core import allocations as rules
from licensing.core import disclosure
from licensing.models import Allocation


def visible_to(viewer: Viewer | None) -> QuerySet[Allocation]:
    """The secretariat sees every run; members those adopted or put to the vote; a licensee that one is adopted."""
    rows = Allocation.objects.select_related("policy", "release")
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace == "system":
        return rows
    adopted = rows.filter(state=Allocation.State.ADOPTED)
    if viewer.workplace == MEMBER:
        return (adopted | rows.filter(ballots__isnull=False)).distinct()
    if viewer.workplace == LICENSEE:
        return adopted.filter(release__agreements__licensee__organization__code=viewer.acting).distinct()
    return rows.none()


def view(allocation: Allocation, viewer: Viewer) -> disclosure.AllocationView:
    """All that this viewer may know of the allocation; a page prints this and nothing else."""
    check_whole(viewer, allocation)
    inputs = canonical.loads(bytes(allocation.inputs))
    return disclosure.view(
        canonical.loads(bytes(allocation.result)),
        policy=allocation.policy.document,
        viewer=viewer,
        group_of=disclosure.groups_of(inputs),
        names={code: Text(name["ja"], name["en"]) for code, name in organizations.names().items()},
        commitments=rules.commitments(canonical.loads(bytes(allocation.rows))),
        standing=allocation.state,
        attested=bool(allocation.attestations),
    )


def check_whole(viewer: Viewer, allocation: Allocation) -> None:
    """Refuse the trace of everybody's share to an officer of the consortium who is barred from one of them."""
    if viewer.is_office and viewer.barred:
        barriers.check_whole(viewer, set(allocation.shares.values_list("member__organization__code", flat=True)))


def waiting_for(viewer: Viewer | None) -> list[Allocation]:
    """Calculated allocations that the desk or the auditor has not attested yet, or that legal may adopt."""
    if viewer is None:
        return []
    if viewer.workplace in {"desk", "auditor"}:
        rows = visible_to(viewer).filter(state=Allocation.State.RUN)
        return [row for row in rows if viewer.workplace not in {done["workplace"] for done in row.attestations}]
    if viewer.workplace == "legal":
        return list(visible_to(viewer).filter(state=Allocation.State.ATTESTED))
    return []
