"""Which journal entries are a licensee's own, and the history of a subject for its page."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import LICENSEE, MEMBER, OF_CONTRACTS, Viewer, reads
from contributions.models import Entry
from contributions.selectors import journal
from licensing.models import (
    Agreement,
    Amendment,
    Approval,
    AuditReport,
    Derivative,
    Deviation,
    Invoice,
    Payout,
    UsageReport,
)
from licensing.selectors import (
    agreements,
    allocations,
    amendments,
    apart,
    derivatives,
    distributions,
    invoices,
    origins,
    outside,
    releases,
    reports,
    usage,
)


def subjects_of(viewer: Viewer | None) -> list[str]:
    """The subjects whose entries a licensee or member may read beside those that carry its own code."""
    if viewer is None:
        return []
    if viewer.workplace == MEMBER:
        numbers = distributions.payouts_visible_to(viewer).values_list("number", flat=True)
        return [f"payout:{number}" for number in numbers]
    if viewer.workplace != LICENSEE:
        return []
    of_contracts = [f"licensee:{viewer.acting}", *(f"agreement:{row.number}" for row in agreements.visible_to(viewer))]
    return [
        *(of_contracts if reads(viewer, OF_CONTRACTS) else ()),
        *(f"amendment:{row.number}" for row in amendments.visible_to(viewer)),
        *(f"derivative:{row.number}" for row in derivatives.visible_to(viewer)),
        *(f"usage:{row.number}" for row in usage.visible_to(viewer)),
        *(f"invoice:{row.number}" for row in invoices.visible_to(viewer)),
        *(f"report:{row.number}" for row in reports.visible_to(viewer)),
        *(f"release:{row.number}" for row in releases.visible_to(viewer)),
    ]


def closed_to(viewer: Viewer | None) -> list[str]:
    """The subjects of licensees that the viewer keeps out of, and of payouts to members that it is barred from."""
    kept = apart.kept_from(viewer) if viewer else frozenset[str]()
    if viewer is None or not kept:
        return []
    theirs = {"licensee__organization__code__in": kept}
    under = {"agreement__licensee__organization__code__in": kept}
    payouts = Payout.objects.filter(member__organization__code__in=viewer.barred)
    agreed = list(Agreement.objects.filter(**theirs).values_list("number", flat=True))
    return [
        *(f"licensee:{code}" for code in kept),
        *(f"{noun}:{number}" for noun in ("agreement", "checklist") for number in agreed),
        *(f"amendment:{number}" for number in Amendment.objects.filter(**under).values_list("number", flat=True)),
        *(f"derivative:{number}" for number in Derivative.objects.filter(**under).values_list("number", flat=True)),
        *(f"usage:{number}" for number in UsageReport.objects.filter(**under).values_list("number", flat=True)),
        *(f"invoice:{number}" for number in Invoice.objects.filter(**under).values_list("number", flat=True)),
        *(f"report:{number}" for number in AuditReport.objects.filter(**under).values_list("number", flat=True)),
        *(f"payout:{number}" for number in payouts.values_list("number", flat=True)),
        *(f"deviation:{number}" for number in Deviation.objects.filter(**under).values_list("number", flat=True)),
        *(f"approval:{number}" for number in Approval.objects.filter(**under).values_list("number", flat=True)),
        *outside.closed_to(viewer),
    ]


def visible_to(viewer: Viewer | None) -> QuerySet[Entry]:
    """The entries that the viewer may read."""
    return journal.visible_to(viewer, subjects=subjects_of(viewer))


def about(viewer: Viewer | None, *subjects: str) -> list[journal.ReadableEntry]:
    """The history of a subject, newest first, as far as the viewer may read it."""
    return journal.about(viewer, *subjects, subjects=subjects_of(viewer))


def disclosed_with(agreement: Agreement) -> QuerySet[Entry]:
    """What the bundle of a report on this agreement opens: its own lines, what the release descends from, and that an
    adopted allocation exists.

    None of them names a member or a share: kinds that do are written under other subjects.
    """
    code = agreement.licensee.organization.code
    subjects = [
        f"licensee:{code}",
        f"agreement:{agreement.number}",
        f"release:{agreement.release.number}",
        f"schedule:{agreement.schedule}",
        *(f"usage:{number}" for number in agreement.usage_reports.values_list("number", flat=True)),
        *(f"invoice:{number}" for number in agreement.invoices.values_list("number", flat=True)),
        *(f"report:{number}" for number in agreement.reports.values_list("number", flat=True)),
    ]
    adopted = Entry.objects.filter(
        kind="allocation.adopted",
        subject__in=[
            f"allocation:{row.number}"
            for row in allocations.visible_to(Viewer.system("report")).filter(
                release=agreement.release, state="adopted"
            )
        ],
    )
    descent = origins.line_of([agreement.release.number])
    published = Entry.objects.filter(kind="release.published", subject__in=[f"release:{each}" for each in descent])
    found = Entry.objects.filter(subject__in=subjects) | adopted | published
    return found.select_related("statement").order_by("seq")
