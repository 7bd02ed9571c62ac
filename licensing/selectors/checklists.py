"""The checklist in force, and how far an agreement has been reviewed by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import AUDITOR, LEGAL, Viewer
from licensing.core import checklists as rules
from licensing.models import Agreement, Checklist, ChecklistAnswer
from licensing.selectors import agreements

READERS = frozenset({LEGAL, AUDITOR, "system"})


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One question with its newest answer, if it has one."""

    item: rules.Item
    answer: ChecklistAnswer | None


def visible_to(viewer: Viewer | None) -> QuerySet[ChecklistAnswer]:
    """Legal and the auditor read the review; it is no affair of the licensee's."""
    rows = ChecklistAnswer.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows.select_related("agreement", "checklist", "reviewer")
    return rows if viewer is not None and viewer.workplace in READERS else rows.none()


def editions_visible_to(viewer: Viewer | None) -> QuerySet[Checklist]:
    """Every edition, for those who review by it."""
    rows = Checklist.objects.all()
    return rows if viewer is not None and viewer.workplace in READERS else rows.none()


def in_force(on: date) -> Checklist | None:
    """The edition of a day: the newest of those in force by then."""
    return Checklist.objects.filter(valid_from__lte=on).order_by("-valid_from", "-version").first()


def review_of(viewer: Viewer, agreement: Agreement, on: date) -> list[Reviewed]:
    """Every question of the edition in force, in its order, with the newest answer on the agreement."""
    edition = in_force(on)
    if edition is None or viewer.workplace not in READERS:
        return []
    newest = answers_of(agreement)
    return [Reviewed(item, newest.get(item.code)) for item in rules.items(edition.items)]


def answers_of(agreement: Agreement) -> dict[str, ChecklistAnswer]:
    """The newest answer to each question of an agreement."""
    rows = ChecklistAnswer.objects.filter(agreement=agreement).select_related("reviewer").order_by("pk")
    return {row.item: row for row in rows}


def missing_of(agreement: Agreement, on: date) -> list[rules.Item]:
    """The questions without an answer."""
    edition = in_force(on)
    if edition is None:
        return []
    return rules.open_items(
        rules.items(edition.items), {code: row.answer for code, row in answers_of(agreement).items()}
    )
