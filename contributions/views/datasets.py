"""Datasets: the record of each version, its reviews, its copies, and why it counts or does not."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.errors import Refused
from contributions.core.roles import MEMBER, may
from contributions.forms.datasets import CopyForm, DatasetForm
from contributions.forms.filters import Narrow
from contributions.templatetags.contributed import stated
from contributions.templatetags.moyai import called, state_label, text
from contributions.views import doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv

STATES = ("usable", "in_review", "new", "refused", "expired", "not_counted", "withdrawn")


@doors.open_to(doors.REVIEWS)
def index(request):
    """The latest version of each dataset, and how it stands today."""
    viewer, query = request.viewer, query_of(request)
    filters = Narrow(request.GET, state=(_("State"), [(state, state_label(state)) for state in STATES]))
    rows = selectors.datasets.standings(viewer, localdate(), query=query, state=filters.chosen("state"))
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    context = {
        "rows": page,
        "page": page,
        "filters": filters,
        "search": True,
        "query": query,
        "totals": _totals(rows),
        "may_register": viewer.workplace == MEMBER and may(viewer, "dataset.register"),
        "csv_url": request.path,
    }
    return render(request, "contributions/datasets/list.html", context)


def detail(request, number):
    """One dataset: its newest version in full, the older ones below."""
    dataset = _dataset(request, number)
    _note(request, dataset)
    return _detail(request, dataset, CopyForm())


def new(request):
    """A member registers a dataset from its Croissant file."""
    viewer = request.viewer
    member = get_object_or_404(selectors.members.visible_to(viewer), organization__code=viewer.acting)
    choices = {
        "agreements": selectors.terms.visible_to(viewer),
        "sources": selectors.funding.visible_to(viewer).exclude(mode="own"),
    }
    form = DatasetForm(request.POST or None, request.FILES or None, **choices)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.datasets.register(
                form.description,
                member=member,
                submitted_on=localdate(),
                illustrative=selectors.log.head().demo,
                by=viewer,
                at=now(),
                **form.registration(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(
                request, _("The dataset was registered as %(number)s.") % {"number": version.dataset.number}
            )
            return redirect("contributions:dataset", version.dataset.number)
    return render(request, "contributions/datasets/form.html", {"form": form})


@require_POST
def open_reviews(request, number):
    """Legal starts every review that the newest version needs."""
    version = _dataset(request, number).versions.last()
    services.datasets.open_reviews(version, by=request.viewer, at=now())
    return redirect("contributions:dataset", number)


@require_POST
def copies(request, number):
    """Somebody entitled records where another copy of the newest version lies."""
    dataset = _dataset(request, number)
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _detail(request, dataset, form, status=422)
    services.datasets.record_copy(dataset.versions.last(), **form.cleaned_data, by=request.viewer, at=now())
    return redirect("contributions:dataset", number)


def description(request, number, version):
    """The Croissant file of a version, as it was sent."""
    rows = selectors.datasets.versions_visible_to(request.viewer)
    found = get_object_or_404(rows, dataset__number=number, version=version)
    _note(request, found.dataset)
    response = HttpResponse(selectors.datasets.description_of(found), content_type="application/ld+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found}.croissant.json"'
    return response


def _note(request, dataset) -> None:
    """The owner reads who opened its dataset."""
    owner = dataset.member.organization
    services.openings.record(f"dataset:{dataset.number}", owner=owner, by=request.viewer, at=now())


def _dataset(request, number):
    return get_object_or_404(selectors.datasets.visible_to(request.viewer), number=number)


def _detail(request, dataset, form, *, status: int = 200):
    viewer = request.viewer
    rows = selectors.datasets.versions_visible_to(viewer).filter(dataset=dataset)
    versions = [selectors.datasets.standing(version, localdate()) for version in rows.order_by("-version")]
    newest = versions[0]
    reviews = {row.kind: row for row in newest.version.reviews.all()}
    context = {
        "dataset": dataset,
        "standing": newest,
        "version": newest.version,
        "older": versions[1:],
        "reviews": [(kind, reviews.get(kind)) for kind in newest.version.required],
        "gaps": [called({"name_ja": gap["ja"], "name_en": gap["en"]}) for gap in newest.version.gaps],
        "stated": stated(selectors.datasets.stated(newest.version)),
        "sees_terms": selectors.terms.visible_to(viewer).filter(pk=newest.version.agreement_id).exists(),
        "sees_member": selectors.members.visible_to(viewer).filter(pk=dataset.member_id).exists(),
        "may_open": may(viewer, "review.open") and set(newest.version.required) - set(reviews),
        "may_copy": may(viewer, "dataset.copy"),
        "copy_form": form,
        "history": history.about(viewer, f"dataset:{dataset.number}"),
    }
    return render(request, "contributions/datasets/detail.html", context, status=status)


def _totals(rows) -> list[tuple[int, str]]:
    """Sums by unit: bytes and hours are not added to each other."""
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row.version.unit] += row.version.quantity
    return [(amount, unit) for unit, amount in sorted(sums.items())]


def _as_csv(rows):
    header = (_("Number"), _("Version"), _("Name"), _("Member"), _("Quantity"), _("Unit"), _("State"), _("Why"))
    lines = [
        (
            row.version.dataset.number,
            row.version.version,
            called(row.version),
            called(row.version.dataset.member.organization),
            row.version.quantity,
            row.version.unit,
            state_label(row.state),
            " / ".join(text(ground.text) for ground in row.grounds if not ground.is_met),
        )
        for row in rows
    ]
    return csv_file("datasets", header, lines)
