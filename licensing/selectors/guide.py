"""What is open to everybody, signed in or not: price lists in force, the standard text, the screening rule.

Nothing here starts from a viewer, so nothing here may come near a member or a licensee: no list for members, no name,
no count, no release. What is public is listed in the decisions.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings

from contributions.models import LogHead, Organization
from licensing.core import assembly
from licensing.core.clauses import ClauseVersion
from licensing.models import Schedule
from licensing.selectors import clauses, schedules, templates

PUBLIC_CLASSES = ("japanese", "other")
STANDARD, EVALUATION = "standard", "evaluation"


def schedules_on(day: date) -> list[Schedule]:
    """The price lists in force for companies outside the consortium; those for members are the members'."""
    return [row for row in schedules.in_force(day) if row.licensee_class in PUBLIC_CLASSES]


def schedule(number: str, day: date) -> Schedule | None:
    """One of them."""
    return next((row for row in schedules_on(day) if row.number == number), None)


def standard_text(kind: str, day: date) -> tuple[assembly.Template, list[ClauseVersion]] | None:
    """The template of the day, of the licence or of the evaluation before it, with the approved wordings it pins."""
    row = next((row for row in clauses.in_force(day) if row.code == kind), None)
    return (assembly.template(row.document), templates.library_of(row)) if row else None


def consortium() -> Organization | None:
    """Who licenses."""
    return Organization.objects.filter(code=settings.CONSORTIUM).first()


def is_demo() -> bool:
    """Whether the figures are a demo's."""
    head = LogHead.objects.first()
    return head is not None and head.demo
