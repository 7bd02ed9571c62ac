"""What waits before a contract is signed: answers in negotiations, steps of approvals."""

from __future__ import annotations

from datetime import date

from contributions.core.roles import Viewer
from contributions.core.words import Text
from licensing.selectors import approvals, negotiations
from licensing.selectors.waiting import Waiting


def waiting_for(viewer: Viewer | None, *, on: date) -> list[Waiting]:
    """Negotiations and approvals in which this viewer is to act."""
    return [] if viewer is None else [*_talks(viewer), *_approvals(viewer, on)]


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
