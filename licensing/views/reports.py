"""Audit reports: what a licensee takes home, in words here, as a PDF, and as a bundle to verify without the server."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from contributions import selectors as contributed
from contributions.core import canonical
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core.variables import REGIONS
from licensing.views import doors, lists, rails

SEARCH = (
    "number",
    "agreement__number",
    "agreement__licensee__organization__name_ja",
    "agreement__licensee__organization__name_en",
)


@doors.open_to(doors.PARTIES, part=doors.OF_MODELS)
def index(request: HttpRequest) -> HttpResponse:
    """Every report on the agreements that the viewer may see."""
    viewer = request.viewer
    rows, context = lists.narrowed(request, selectors.reports.visible_to(viewer), search=SEARCH)
    if lists.wants_csv(request):
        return lists.csv("reports", *_table(rows))
    context |= lists.paged(request, rows) | {
        "ready": selectors.agreements.in_force(viewer) if may(viewer, "report.prepare") else (),
    }
    return render(request, "licensing/reports/list.html", context)


def _table(rows):
    header = [_("Number"), _("Agreement"), _("Licensee"), _("Prepared at"), _("Checkpoint size"), "SHA-256"]
    cells = (
        [
            row.number,
            row.agreement.number,
            called(row.agreement.licensee.organization),
            localtime(row.prepared_at).strftime("%Y-%m-%d %H:%M"),
            row.checkpoint_size,
            row.facts_sha256,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The report's facts in words, its checkpoint, and how to verify it offline."""
    report = _visible(request, number)
    facts = canonical.loads(bytes(report.facts))
    covering = contributed.witnesses.paper_of(report.seq)
    context = {
        "report": report,
        "facts": facts,
        "categories": [_category(row) for row in facts["training"]["categories"]],
        "countries": [_region(code) for code in facts["training"]["countries"]],
        "ancestors": facts["training"].get("releases", [None])[1:],
        "regions": [_region(code) for code in facts["agreement"]["regions"]],
        "payments": [
            {**row, "gross": int(row["gross"]), "received": int(row["received"])} for row in facts["payments"]
        ],
        "totals": {name: sum(int(row[name]) for row in facts["payments"]) for name in ("gross", "received")},
        "covering": covering,
        "bundle": f"licensee-{report.number}.zip",
        "files": _files(report),
        "entries": _entries(request.viewer, facts["entries"]),
        "history": rails.history(request.viewer, f"report:{report.number}"),
    }
    return render(request, "licensing/reports/detail.html", context)


def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The report as its stored file."""
    report = _visible(request, number)
    content = services.papers.store().get(report.document_sha256)
    return lists.attachment(f"{report.number}.pdf", content, "application/pdf")


def bundle(request: HttpRequest, number: str) -> HttpResponse:
    """The zip with the licensee's own lines and their proofs."""
    name, content = services.reports.licensee_bundle(_visible(request, number))
    return lists.attachment(name, content, "application/zip")


def _visible(request: HttpRequest, number: str):
    return get_object_or_404(selectors.reports.visible_to(request.viewer), number=number)


def _files(report) -> list[dict]:
    return [
        {
            "label": _("Audit report"),
            "url": reverse("licensing:report_pdf", args=[report.number]),
            "media": "PDF/A-3",
            "digest": report.document_sha256,
        },
        {
            "label": f"licensee-{report.number}.zip",
            "url": reverse("licensing:report_bundle", args=[report.number]),
            "media": "ZIP",
            "note": _("The report, the licensee's own entries with a proof for each, and the signed checkpoint."),
        },
    ]


def _entries(viewer, sequences: list[int]) -> list:
    """The entries the report stands on, as far as the reader may open them."""
    rows = selectors.entries.visible_to(viewer).filter(seq__in=sequences).select_related("statement").order_by("seq")
    return [contributed.journal.readable(row) for row in rows]


def _category(row: dict) -> dict:
    def both(pair: dict) -> Text:
        return Text(pair["ja"], pair["en"])

    return {
        "kind": both(row["kind"]),
        "extent": both(row["extent"]),
        "reviews": [both(review) for review in row["reviews"]],
        "countries": [_region(code) for code in row["countries"]],
    }


def _region(code: str) -> Text:
    return REGIONS.get(code, Text(code, code))
