"""Redlines between two frozen rounds of an agreement: as a page, as PDF, and as a word-processor file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from licensing import selectors, services
from licensing.core import redlines
from licensing.views import lists

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def page(request: HttpRequest, number: str) -> HttpResponse:
    """What changed from one round to another, the last one by default."""
    agreement, versions, before, after = _chosen(request, number)
    changes = services.redlines.between(before, after)
    context = {
        "agreement": agreement,
        "versions": versions,
        "choices": [("from", before, _("From round")), ("to", after, _("To round"))],
        "before": before,
        "after": after,
        "changes": [change for change in changes if change.kind != redlines.SAME or change.moved],
        "summary": redlines.summary(changes),
    }
    return render(request, "licensing/negotiations/redline.html", context)


def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The same on paper."""
    agreement, _versions, before, after = _chosen(request, number)
    content = services.redlines.pdf(agreement, before, after)
    return lists.attachment(f"{number}-{before.number}-{after.number}.pdf", content, "application/pdf")


def docx(request: HttpRequest, number: str) -> HttpResponse:
    """The same with tracked changes, to be edited and handed back."""
    agreement, _versions, before, after = _chosen(request, number)
    content = services.redlines.docx(agreement, before, after)
    return lists.attachment(f"{number}-{before.number}-{after.number}.docx", content, WORD)


def _chosen(request: HttpRequest, number: str):
    """The agreement, its rounds, and the two that are compared."""
    agreement = get_object_or_404(selectors.agreements.visible_to(request.viewer), number=number)
    versions = list(selectors.negotiations.versions_visible_to(request.viewer).filter(agreement=agreement))
    if not versions:
        raise Http404
    by_number = {str(row.number): row for row in versions}
    after = by_number.get(request.GET.get("to", ""), versions[-1])
    default = versions[versions.index(after) - 1] if versions.index(after) else after
    return agreement, versions, by_number.get(request.GET.get("from", ""), default), after
