"""Versions of the negotiation and approval rules, adopted and proposed."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.independence import wrote
from contributions.core.roles import Viewer, may
from licensing.core import approvals as rules
from licensing.core import mandates
from licensing.models import NegotiationRules, RulesProposal
from licensing.selectors import clauses
from licensing.selectors.approvals import SEEN_BY


def visible_to(viewer: Viewer | None) -> QuerySet[RulesProposal]:
    """Proposed versions, for those who may read the rules."""
    rows = RulesProposal.objects.select_related("proposed_by", "adopted")
    return rows if viewer is not None and viewer.workplace in SEEN_BY else rows.none()


def versions_visible_to(viewer: Viewer | None) -> QuerySet[NegotiationRules]:
    """The adopted versions, newest first."""
    rows = NegotiationRules.objects.select_related("proposal__proposed_by")
    return rows if viewer is not None and viewer.workplace in SEEN_BY else rows.none()


def waiting_for(viewer: Viewer | None) -> list[RulesProposal]:
    """Proposed versions that this person may adopt: not its own."""
    if viewer is None or not may(viewer, "mandate.adopt"):
        return []
    rows = visible_to(viewer).filter(state=RulesProposal.State.PROPOSED)
    return [row for row in rows if not wrote(viewer.user, [row.proposed_by_id])]


def differences(before: dict | None, after: dict) -> tuple[mandates.Change, ...]:
    """What one version's document changes of another's, in words."""
    if before is None:
        return ()
    names = {**{one.id: one.heading for one in clauses.library()}, **clauses.labels()}
    return mandates.differences(rules.read(before), rules.read(after), names)


def changes_of(row: RulesProposal) -> tuple[mandates.Change, ...]:
    """What a proposed version changes of the newest other one."""
    before = newest_beside(row)
    return differences(before.document if before else None, row.document)


def newest_beside(row: RulesProposal) -> NegotiationRules | None:
    """What a proposed version is compared with: the version before its own, or the newest there is."""
    rows = NegotiationRules.objects.order_by("-version")
    return (rows.filter(version__lt=row.adopted.version) if row.adopted else rows).first()
