"""Allocations, each seen only through `core.disclosure`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Min, Q, QuerySet

from contributions.adapters import tables
from contributions.core import canonical
from contributions.core.committed import commitments
from contributions.core.committed import openings as openings_of
from contributions.core.roles import LICENSEE, MEMBER, Viewer, may
from contributions.core.words import Text
from contributions.selectors import barriers, log, organizations
from licensing.core import disclosure, extracts, policies, results
from licensing.core.suppression import category_of
from licensing.models import Allocation

SHOWN_TO_MEMBERS = (Allocation.State.ADOPTED, Allocation.State.SUPERSEDED)


def visible_to(viewer: Viewer | None) -> QuerySet[Allocation]:
    """The secretariat sees every run; members those adopted or put to the vote; a licensee that one is adopted."""
    rows = Allocation.objects.select_related("policy", "release")
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace == "system":
        return rows
    adopted = rows.filter(state__in=SHOWN_TO_MEMBERS)
    if viewer.workplace == MEMBER:
        return (adopted | rows.filter(ballots__isnull=False)).distinct()
    if viewer.workplace == LICENSEE:
        return adopted.filter(release__agreements__licensee__organization__code=viewer.acting).distinct()
    return rows.none()


def view(allocation: Allocation, viewer: Viewer, right: str | None = None) -> disclosure.AllocationView:
    """All that this viewer may know of one right of the allocation; a page prints this and nothing else."""
    check_whole(viewer, allocation)
    told = _told(allocation)
    return disclosure.view(
        told.document,
        policy=told.policy,
        viewer=viewer,
        group_of=told.group_of,
        names={code: Text(name["ja"], name["en"]) for code, name in organizations.names().items()},
        commitments=commitments(canonical.loads(bytes(allocation.rows))),
        standing=allocation.state,
        attested=bool(allocation.attestations),
        right=right,
        earlier=_earlier(allocation) if viewer.workplace == MEMBER else (),
    )


def right(allocation: Allocation, seen: disclosure.AllocationView) -> policies.Right:
    """The rule of the right that is seen; for who may know nothing, that of the main one."""
    policy = policies.read(allocation.policy.document)
    return next((each for each in policy.shared if each.right == seen.right), policy.main)


def stored(allocation: Allocation, right: str | None = None) -> dict[str, Any]:
    """One right of the stored result, for whoever pays by it; empty where the policy does not share that right."""
    return results.right_of(canonical.loads(bytes(allocation.result)), allocation.policy.document, right)


def openings(allocation: Allocation, views: Sequence[disclosure.AllocationView]) -> list[dict[str, Any]]:
    """What these views show, row by row, opened against the adopted root: own shares, and totals that are shown."""
    committed = canonical.loads(bytes(allocation.rows))
    several = any(row["row"].startswith("right:") for row in committed)
    names = {f"category:{category_of(row.category)}" for view in views for row in view.categories if row.shown}
    for view in views:
        within = f"right:{view.right}:" if several else ""
        names |= {f"{within}member:{share.member}" for share in view.shares}
    return openings_of(committed, names)


def may_take_home(allocation: Allocation, viewer: Viewer) -> bool:
    """Whether the viewer acts for a member with a share in this allocation, and it has been adopted."""
    if allocation.state not in SHOWN_TO_MEMBERS or not may(viewer, "bundle.own"):
        return False
    return view(allocation, viewer).own is not None


def extract(allocation: Allocation, viewer: Viewer) -> dict[str, Any]:
    """All that a member may take home of an adopted allocation, as one document; of its own, whatever the level."""
    first = view(allocation, viewer)
    views = [first, *(view(allocation, viewer, row.right) for row in first.rights if row.right != first.right)]
    heading = {
        "allocation": allocation.number,
        "release": allocation.release.number,
        "window": [allocation.window_from.isoformat(), allocation.window_until.isoformat()],
        "checkpoint": allocation.log_size,
        "policy_sha256": allocation.policy.sha256,
        "inputs_sha256": allocation.inputs_sha256,
        "rows_root": allocation.rows_root,
        "notice": tables.ILLUSTRATIVE if log.head().demo or allocation.release.illustrative else None,
    }
    committed = canonical.loads(bytes(allocation.rows))
    policy, member = allocation.policy.document, viewer.acting or ""
    return extracts.extract(views, member=member, heading=heading, policy=policy, committed=committed)


def _told(allocation: Allocation) -> disclosure.Told:
    groups = disclosure.groups_of(canonical.loads(bytes(allocation.inputs)))
    return disclosure.Told(canonical.loads(bytes(allocation.result)), allocation.policy.document, groups)


def _earlier(allocation: Allocation) -> list[disclosure.Told]:
    """What members were shown before this allocation, oldest first: every one put to the vote or adopted earlier.

    One that was put to the vote has been shown, however the vote went.
    """
    shown = Allocation.objects.filter(Q(state__in=SHOWN_TO_MEMBERS) | Q(ballots__isnull=False)).distinct()
    rows = shown.annotate(put_at=Min("ballots__opened_at")).values_list("number", "put_at", "adopted_at")
    first = {number: min(at for at in times if at is not None) for number, *times in rows}
    own = (first.get(allocation.number, datetime.max.replace(tzinfo=UTC)), allocation.number)
    wanted = sorted((at, number) for number, at in first.items() if number != allocation.number and (at, number) < own)
    found = Allocation.objects.select_related("policy").in_bulk([number for _, number in wanted], field_name="number")
    return [_told(found[number]) for _, number in wanted]


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
