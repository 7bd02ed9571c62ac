"""Deliveries to licensees, the files of releases, and the updates that are owed."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from contributions.core.roles import LEGAL, LICENSEE, OF_MODELS, Viewer, reads
from contributions.models import Annex
from licensing.core import deliveries as rules
from licensing.models import Agreement, Delivery, Download, Release, ReleaseFile
from licensing.selectors import agreements, lives


def visible_to(viewer: Viewer | None) -> QuerySet[Delivery]:
    """Deliveries under the agreements that the viewer may see."""
    rows = Delivery.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_MODELS) else rows.none()
    return rows.select_related("agreement__licensee__organization", "agreement__release").prefetch_related("files")


def files_visible_to(viewer: Viewer | None) -> QuerySet[ReleaseFile]:
    """Legal and the auditor see every file of a release; a licensee those that were delivered to it."""
    rows = ReleaseFile.objects.select_related("release")
    if viewer is None:
        return rows.none()
    if viewer.workplace == LEGAL or viewer.workplace == "auditor":
        return rows
    if viewer.workplace == LICENSEE:
        return rows.filter(deliveries__in=visible_to(viewer)).distinct()
    return rows.none()


def state_on(row: Delivery, on: date) -> str:
    """How a delivery stands on a day."""
    return rules.state_on(row.state, accept_by=row.accept_by, deems=row.deems, on=on)


def waiting_for(viewer: Viewer | None, *, on: date) -> list[Delivery]:
    """Deliveries that the viewing licensee has still to check; rejected ones, for legal."""
    if viewer is None or viewer.workplace not in {LEGAL, LICENSEE}:
        return []
    wanted = {rules.DELIVERED, rules.RECEIVED} if viewer.workplace == LICENSEE else {rules.REJECTED}
    rows = visible_to(viewer).filter(state__in=wanted).prefetch_related(None)
    return [row for row in rows if state_on(row, on) in wanted and not _made_good(row)]


def newest_files(release: Release) -> list[ReleaseFile]:
    """The files of a release, each name in its newest form."""
    return list({row.name: row for row in release.files.order_by("pk")}.values())


def lacking(release: Release) -> tuple[str, ...]:
    """The kinds of file that nobody has registered for a release yet, and that its licensees are to have."""
    return rules.lacking({row.kind for row in newest_files(release)})


def owed(viewer: Viewer | None, *, at: datetime) -> list[tuple[Agreement, list[ReleaseFile]]]:
    """The agreements in force that have not had every file of their release in its present form; a licensee's own."""
    if viewer is None or viewer.workplace not in {LEGAL, LICENSEE} or not reads(viewer, OF_MODELS):
        return []
    rows = agreements.in_force(viewer, at=at).order_by("number")
    return [(row, files) for row in lives.gathered(rows) if (files := owed_under(row))]


def owed_under(agreement: Agreement) -> list[ReleaseFile]:
    """The files that a licensee has not had in their present form; what it rejected counts as not had."""
    files = {(row.name, row.sha256): row for row in newest_files(agreement.release)}
    had = ReleaseFile.objects.filter(deliveries__in=agreement.deliveries.exclude(state=rules.REJECTED))
    return [files[key] for key in rules.owed(list(files), [(row.name, row.sha256) for row in had])]


def downloads_of(viewer: Viewer | None, delivery: Delivery) -> QuerySet[Download]:
    """Who took which file, for either side of a delivery that the viewer may see."""
    return Download.objects.filter(delivery__in=visible_to(viewer).filter(pk=delivery.pk)).select_related(
        "file", "user"
    )


def content_of(row: ReleaseFile) -> Annex | None:
    """Where a file's bytes lie, unless they were erased."""
    return Annex.objects.filter(entry__seq=row.seq, erased_at=None).first()


def _made_good(row: Delivery) -> bool:
    """Whether a later delivery took the place of a rejected one."""
    return row.state == rules.REJECTED and row.agreement.deliveries.filter(delivered_at__gt=row.delivered_at).exists()
