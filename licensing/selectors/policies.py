"""Allocation policies: the common rule, read by every member and the secretariat."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import MEMBER, Viewer
from licensing.models import Policy


def visible_to(viewer: Viewer | None) -> QuerySet[Policy]:
    """Policies are the members' own rule; licensees learn only that one was adopted."""
    rows = Policy.objects.all()
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return rows.none()
    return rows


def in_force() -> Policy | None:
    """The adopted policy."""
    return Policy.objects.filter(state=Policy.State.ADOPTED).first()
