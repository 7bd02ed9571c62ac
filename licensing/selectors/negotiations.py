"""Negotiations as either side may see them: the same state, one's own drafts, and no note of the other's."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, LICENSEE, OF_CONTRACTS, Viewer, reads
from licensing.core import negotiations as rules
from licensing.models import AgreementVersion, Comment, Negotiation, Proposal
from licensing.selectors import apart

OFFICE = frozenset({LEGAL, FINANCE, AUDITOR, "system"})


def side_of(viewer: Viewer) -> str:
    """At which side of the table a viewer sits."""
    return rules.LICENSEE if viewer.workplace == LICENSEE else rules.LICENSOR


def visible_to(viewer: Viewer | None) -> QuerySet[Negotiation]:
    """The office sees all, past the barriers; a licensee its own."""
    return _own(Negotiation.objects.select_related("agreement__licensee__organization"), viewer, "agreement")


def proposals_visible_to(viewer: Viewer | None) -> QuerySet[Proposal]:
    """What was handed over, and the drafts of the viewer's own side."""
    rows = Proposal.objects.select_related("negotiation__agreement__licensee__organization", "counters")
    rows = _own(rows, viewer, "negotiation__agreement")
    if viewer is None:
        return rows
    side = side_of(viewer)
    return rows.filter(Q(side=side) | Q(proposed_at__isnull=False))


def comments_visible_to(viewer: Viewer | None) -> QuerySet[Comment]:
    """Comments that both sides see; the secretariat's own notes only to the office, who alone counts them."""
    rows = _own(
        Comment.objects.select_related("negotiation__agreement", "written_by"), viewer, "negotiation__agreement"
    )
    if viewer is None or viewer.workplace not in OFFICE:
        return rows.filter(internal=False)
    return rows


def versions_visible_to(viewer: Viewer | None) -> QuerySet[AgreementVersion]:
    """The frozen rounds: both sides have the same."""
    return _own(AgreementVersion.objects.select_related("agreement__licensee__organization"), viewer, "agreement")


def waiting_for(viewer: Viewer | None) -> QuerySet[Negotiation]:
    """Negotiations in which it is the viewer's side's turn."""
    rows = visible_to(viewer).filter(agreement__state="drafted")
    if viewer is None or viewer.workplace not in {LEGAL, LICENSEE}:
        return rows.none()
    side = side_of(viewer)
    turns = [state for state, whose in rules.TURN.items() if whose == side and state != "in_approval"]
    wanted = Q(state__in=turns)
    if side == rules.LICENSOR:
        wanted |= Q(state="in_approval", proposals__state="proposed", proposals__side=rules.LICENSEE)
    return rows.filter(wanted).distinct()


def standings(negotiation: Negotiation) -> list[rules.Standing]:
    """Every proposal of a negotiation as the rules look at it, the drafts of both sides included."""
    return [
        rules.Standing(f"P{row.number}", row.side, row.state, all(one.state in CLEARED for one in row.deviations.all()))
        for row in negotiation.proposals.prefetch_related("deviations")
    ]


CLEARED = frozenset({"approved", "allowed"})


def _own(rows: QuerySet, viewer: Viewer | None, path: str) -> QuerySet:
    code = f"{path}__licensee__organization__code"
    if viewer is None:
        return rows.none()
    if viewer.workplace in OFFICE:
        return apart.past(rows, viewer, code)
    if viewer.workplace == LICENSEE and viewer.acting and reads(viewer, OF_CONTRACTS):
        return rows.filter(**{code: viewer.acting})
    return rows.none()
