"""Deviations: of one agreement, of all live agreements from one clause, and past usage to rate concessions by."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, Viewer
from licensing.core import approvals as route_rules
from licensing.core import assembly, rewordings
from licensing.core import deviations as rules
from licensing.models import Agreement, Deviation
from licensing.selectors import agreements, apart, approvals, clauses

LIVE = ("drafted", "approved", "offered", "signed", "executed")


def visible_to(viewer: Viewer | None) -> QuerySet[Deviation]:
    """Legal, finance and the auditor see deviations, past the barriers; nobody else knows that there are any."""
    rows = Deviation.objects.select_related("agreement__licensee__organization", "approver", "recorded_by", "proposal")
    if viewer is None or viewer.workplace not in {LEGAL, FINANCE, AUDITOR, "system"}:
        return rows.none()
    return apart.past(rows, viewer, "agreement__licensee__organization__code")


def found_in(agreement: Agreement, on: date) -> list[rules.Found]:
    """Where an agreement's present terms leave the library, the schedule and the rules' standard figures."""
    return rules.find(
        clauses.for_agreement(agreement), agreement.wordings, agreement.variables, standards_of(agreement, on)
    )


def standards_of(agreement: Agreement, on: date) -> dict[str, object]:
    """The standard of each figure that the rules of the day bound, and the schedule's price terms."""
    adopted = approvals.in_force(on)
    figures = route_rules.read(adopted.document).figures if adopted is not None else {}
    return {"terms": agreement.schedule.terms} | {name: limits.standard for name, limits in figures.items()}


def ladder(clause: str) -> list[tuple[str, str]]:
    """The rungs of a clause's alternatives in the library, with the digests of their wordings."""
    return [(one.rank, rewordings.sha256(one)) for one in clauses.library() if one.of == clause]


def uncovered(agreement: Agreement, on: date) -> list[rules.Found]:
    """What of it no approved deviation covers on that day."""
    covers = [
        rules.Cover(row.subject, row.approved_sha256, row.changed_sha256, row.state, row.expires_on)
        for row in agreement.deviations.all()
    ]
    return rules.uncovered(found_in(agreement, on), covers, on)


def is_current(row: Deviation, on: date) -> bool:
    """Whether a deviation stands in its agreement's present terms, and its approval holds on that day."""
    cover = rules.Cover(row.subject, row.approved_sha256, row.changed_sha256, row.state, row.expires_on)
    return any(rules.stands(cover, found, on) for found in found_in(row.agreement, on))


def live_from(viewer: Viewer | None, subject: str, on: date) -> list[Deviation]:
    """The deviations from one clause or figure that stand in agreements which are alive on that day."""
    rows = visible_to(viewer).filter(subject=subject, agreement__state__in=LIVE)
    rows = rows.select_related("agreement__schedule", "agreement__template")
    return [row for row in rows if is_current(row, on)]


def live_with(viewer: Viewer | None, clause: str) -> list[Agreement]:
    """The agreements in force that hold a clause."""
    rows = agreements.in_force(viewer).select_related("licensee__organization")
    return [row for row in rows if any(one["id"] == clause for one in row.clauses)]


def labels_of(agreement: Agreement) -> dict[str, object]:
    """What each subject of a deviation is called: clauses by their heading, figures by their label."""
    schema = assembly.template(agreement.template.document).schema
    headings = {version.id: version.heading for version in clauses.for_agreement(agreement)}
    return headings | {name: variable.label for name, variable in schema.items()}
