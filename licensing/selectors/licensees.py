"""Licensees and their screening: who may see them, what stands against them, and what is due."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from contributions.core.independence import wrote
from contributions.core.roles import AUDITOR, FINANCE, LEGAL, LICENSEE, OF_CONTRACTS, Viewer, reads
from contributions.models import Annex, RoleGrant
from contributions.selectors import organizations, people
from licensing.core import screening as rules
from licensing.models import Conflict, Licensee, Screening, ScreeningRule
from licensing.selectors import apart


def visible_to(viewer: Viewer | None) -> QuerySet[Licensee]:
    """Legal, finance and the auditor see licensees; members never; a licensee itself.

    Whoever is employed by it, or by a competitor that it named, sees nothing of it from an office.
    """
    rows = Licensee.objects.select_related("organization").prefetch_related("screenings")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE, AUDITOR, "system"}:
        return apart.past(rows, viewer, "organization__code")
    if viewer.workplace == LICENSEE and reads(viewer, OF_CONTRACTS):
        return rows.filter(organization__code=viewer.acting)
    return rows.none()


def competitors_of(licensee: Licensee) -> frozenset[str]:
    """The organizations that must keep out of its screening, with their groups."""
    codes = licensee.conflicts.filter(lifted_seq=None).values_list("organization__code", flat=True)
    return frozenset().union(*(organizations.group_of(code) for code in codes))


def conflicts_visible_to(viewer: Viewer | None) -> QuerySet[Conflict]:
    """Which competitors an applicant named is read by whoever screens it, and by the auditor."""
    rows = Conflict.objects.filter(lifted_seq=None).select_related("organization", "licensee__organization")
    if viewer is None or viewer.workplace not in {LEGAL, AUDITOR, "system"}:
        return rows.none()
    return rows.filter(licensee__in=visible_to(viewer)).exclude(organization__code__in=viewer.barred)


def held(licensee: Licensee) -> list[rules.Held]:
    """Its screenings as the core reads them, in the order of record."""
    rows = sorted(licensee.screenings.all(), key=lambda row: (row.seq, row.pk))
    return [rules.Held(row.kind, row.passed, row.screened_on, row.valid_until) for row in rows]


def open_checks(licensee: Licensee, on: date) -> list[str]:
    """The checks that are not in force on the day."""
    return rules.open_checks(held(licensee), on)


def rule_row(on: date) -> ScreeningRule | None:
    """The adopted screening rule of the day, if the consortium has adopted one."""
    return ScreeningRule.objects.filter(valid_from__lte=on).order_by("valid_from", "seq").last()


def rule_on(day: date) -> rules.Rule:
    """The screening rule of the day."""
    row = rule_row(day)
    return rules.rule(row.document if row else rules.FIRST_RULE)


def reads_evidence(viewer: Viewer | None) -> bool:
    """Whether the files behind a screening are open to this viewer: to the legal staff and the auditor."""
    return viewer is not None and viewer.workplace in {LEGAL, AUDITOR, "system"}


def evidence(viewer: Viewer | None, code: str, sha256: str) -> Annex | None:
    """One file of evidence behind a screening, for the secretariat and the auditor, unless it was erased."""
    licensee = visible_to(viewer).filter(organization__code=code).first()
    if licensee is None or not reads_evidence(viewer):
        return None
    named = {one["sha256"] for row in licensee.screenings.all() for one in row.evidence}
    return Annex.objects.filter(sha256=sha256, erased_at=None).first() if sha256 in named else None


def evidence_name(viewer: Viewer | None, code: str, sha256: str) -> str:
    """What the file was called; shown, never in a statement."""
    rows = Screening.objects.filter(licensee__in=visible_to(viewer).filter(organization__code=code))
    names = {one["sha256"]: one["name"] for row in rows for one in row.evidence}
    return names.get(sha256, "")


def waiting_for(viewer: Viewer | None, *, on: date) -> list[Licensee]:
    """Whom legal has still to screen or approve: applicants, and the approved whose screening is due again, or was.

    One whose every check is in force waits for a second pair of eyes, and for nobody who screened it.
    """
    if viewer is None or viewer.workplace != LEGAL:
        return []
    until = on + timedelta(days=settings.RESCREEN_NOTICE_DAYS)
    due = Q(state=Licensee.State.APPROVED, rescreen_on__lte=until)
    rows = visible_to(viewer).filter(Q(state=Licensee.State.APPLIED) | due)
    rows = list(rows.order_by("rescreen_on", "organization__code"))
    for row in rows:
        # one that is due again is screened when its new checks reach beyond the day it was due
        begun = row.state == Licensee.State.APPLIED or bool(row.judges)
        row.screened = begun and not open_checks(row, max(on, row.rescreen_on or on))
    return [row for row in rows if not (row.screened and wrote(viewer.user, row.judges))]


def affiliates_of(licensee: Licensee) -> list[Licensee]:
    """The other licensees of its group: they share one free tier and one set of caps; for rules and legal."""
    group = organizations.group_of(licensee.organization.code) - {licensee.organization.code}
    return list(Licensee.objects.filter(organization__code__in=group).select_related("organization"))


def staff_rows(viewer: Viewer | None, code: str, *, on: date) -> QuerySet[RoleGrant]:
    """Who acts for a licensee on the day, and in which role; for itself, for legal, and for the auditor."""
    rows = people.grants_visible_to(viewer).filter(organization__code=code, workplace=LICENSEE)
    if viewer is None or viewer.workplace not in {LEGAL, AUDITOR, LICENSEE}:
        return rows.none()
    return people.held_on(rows, on).select_related("user", "organization").order_by("user__username")
