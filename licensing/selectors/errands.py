"""What waits before a contract is signed: answers in negotiations, steps of approvals, rules to adopt."""

from __future__ import annotations

from datetime import date

from contributions.core.roles import Viewer
from contributions.core.words import Text
from licensing.selectors import approvals, mandates, negotiations
from licensing.selectors.waiting import Waiting


def waiting_for(viewer: Viewer | None, *, on: date) -> list[Waiting]:
    """Negotiations and approvals in which this viewer is to act."""
    return [] if viewer is None else [*_talks(viewer), *_approvals(viewer, on), *_rules(viewer)]


def _talks(viewer: Viewer) -> list[Waiting]:
    """Negotiations in which it is this side's turn."""
    return [
        Waiting(
            Text("契約交渉への回答", "Answer in a negotiation"),
            Text(row.agreement.licensee.organization.name_ja, row.agreement.licensee.organization.name_en),
            row.agreement.number,
            "licensing:negotiation",
            (row.agreement.number,),
            state=row.state,
        )
        for row in negotiations.waiting_for(viewer)
    ]


def _approvals(viewer: Viewer, on: date) -> list[Waiting]:
    """Approvals that ask this very person, and its own that were sent back."""
    return [
        Waiting(
            Text("差し戻された稟議に対応", "Mend an approval that was sent back")
            if row.state == "sent_back"
            else Text("稟議の決裁・合議", "Decide or give an opinion in an approval"),
            Text(row.agreement.licensee.organization.name_ja, row.agreement.licensee.organization.name_en),
            row.number,
            "licensing:approval",
            (row.number,),
            amount=row.amount,
            state=row.state,
        )
        for row in approvals.waiting_for(viewer, on=on)
    ]


def _rules(viewer: Viewer) -> list[Waiting]:
    """Versions of the negotiation and approval rules that somebody else proposed."""
    return [
        Waiting(
            Text("交渉・決裁規程を採択", "Adopt negotiation and approval rules"),
            Text(row.source_ja, row.source_en),
            row.number,
            "licensing:mandate_proposal",
            (row.number,),
            due_on=row.valid_from,
            state=row.state,
        )
        for row in mandates.waiting_for(viewer)
    ]
