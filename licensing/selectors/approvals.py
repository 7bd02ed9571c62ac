"""Approvals (稟議), the rules behind them, deputies, and what waits for whom."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, Viewer
from contributions.models import User
from licensing.core import approvals as rules
from licensing.models import Approval, Deputy, NegotiationRules
from licensing.selectors import apart

SEEN_BY = frozenset({LEGAL, FINANCE, AUDITOR, "system"})


def visible_to(viewer: Viewer | None) -> QuerySet[Approval]:
    """Legal, finance and the auditor see every approval, past the barriers; nobody else knows that there is one."""
    rows = Approval.objects.select_related(
        "agreement__licensee__organization", "agreement__schedule", "deviation", "rules", "applicant"
    )
    if viewer is None or viewer.workplace not in SEEN_BY:
        return rows.none()
    return apart.past(rows, viewer, "agreement__licensee__organization__code")


def deputies_visible_to(viewer: Viewer | None) -> QuerySet[Deputy]:
    """Who acts for whom in approvals."""
    rows = Deputy.objects.select_related("principal", "deputy")
    return rows if viewer is not None and viewer.workplace in SEEN_BY else rows.none()


def in_force(on: date) -> NegotiationRules | None:
    """The rules of that day: the newest version that has begun."""
    return NegotiationRules.objects.filter(valid_from__lte=on).order_by("-version").first()


def deputies_on(on: date) -> list[rules.Deputy]:
    """The deputies of that day, by user name."""
    rows = Deputy.objects.filter(valid_from__lte=on, valid_until__gt=on).select_related("principal", "deputy")
    return [rules.Deputy(row.principal.username, row.deputy.username, row.valid_from, row.valid_until) for row in rows]


def steps_of(approval: Approval) -> tuple[rules.Step, ...]:
    """The steps of an approval, as they were when it was asked for."""
    return tuple(rules.Step(row["code"], row["kind"], row["post"]) for row in approval.steps)


def acts_of(approval: Approval) -> list[rules.Act]:
    """What was done in an approval, in order."""
    rows = approval.acts.select_related("person")
    return [rules.Act(row.kind, row.step, row.person.username if row.person else "", row.to) for row in rows]


def position_of(approval: Approval) -> rules.Position:
    """Where an approval stands."""
    return rules.position(steps_of(approval), acts_of(approval))


def step_of(approval: Approval, username: str, on: date) -> tuple[rules.Step, str] | None:
    """The step that this person may take now, and for whom; none where it is not asked."""
    applicant = approval.applicant.username if approval.applicant else ""
    try:
        return rules.step_for(
            position_of(approval), rules.read(approval.rules.document), username, applicant, deputies_on(on), on
        )
    except rules.NotYourStep:
        return None


def waiting_for(viewer: Viewer | None, *, on: date) -> list[Approval]:
    """Approvals that ask this very person, as holder of a post or as deputy; and its own that were sent back."""
    rows = visible_to(viewer)
    user = User.objects.filter(pk=viewer.user).first() if viewer is not None and viewer.user else None
    if user is None:
        return []
    asked = [row for row in rows.filter(state=Approval.State.OPEN) if step_of(row, user.username, on)]
    return asked + list(rows.filter(state=Approval.State.SENT_BACK, applicant=user))
