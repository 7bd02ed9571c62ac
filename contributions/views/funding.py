"""Where money came from, edition by edition, and what was bought with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.forms.funding import AmendFundingForm, AssetForm, DisposalForm, FundingForm
from contributions.templatetags.contributed import word
from contributions.templatetags.moyai import called
from contributions.views import as_of, doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.COMMON)
def index(request):
    """Funding sources with the part that the state pays."""
    at, query = as_of.read(request), query_of(request)
    rows = selectors.funding.matching(selectors.funding.visible_to(request.viewer), query)
    rows = selectors.funding.then(rows, at.day) if at.is_chosen else rows
    if wants_csv(request):
        header = (
            _("Code"), _("Name"), _("Mode"), _("Programme"), _("Number of the decision or contract"),
            _("Day of the decision or contract"),
            _("Recipient"), _("Expense category"), _("Fiscal year"), _("Part paid by the state"),
        )  # fmt: skip
        return csv_file("funding", header, [_cells(row) for row in rows])
    page = page_of(request, rows)
    context = {"rows": page, "page": page, "search": True, "query": query, "csv_url": request.path, "as_of": at}
    context["may_register"] = may(request.viewer, "funding.register")
    return render(request, "contributions/funding/list.html", context)


@doors.open_to(doors.COMMON)
def detail(request, code):
    """One source: its editions, what stands under it, and what was bought with it."""
    return _detail(request, _source(request, code))


@doors.open_to(doors.COMMON)
def new(request):
    """The secretariat registers a source."""
    viewer = request.viewer
    if not may(viewer, "funding.register"):
        raise Http404
    form = FundingForm(
        request.POST or None,
        organizations=selectors.organizations.visible_to(viewer).order_by("code"),
        taken=selectors.funding.is_taken,
    )
    if request.method == "POST" and form.is_valid():
        try:
            source = services.funding.register(
                **form.named(), illustrative=selectors.log.head().demo, by=viewer, at=now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("Recorded as %(number)s.") % {"number": source.code})
            return redirect("contributions:funding_source", source.code)
    return render(request, "contributions/funding/form.html", {"form": form, "source": None})


@doors.open_to(doors.COMMON)
def amend(request, code):
    """The secretariat adds an edition from a day on, as a changed decision states it."""
    viewer, source = request.viewer, _source(request, code)
    if not may(viewer, "funding.amend"):
        raise Http404
    stated = {name: getattr(source, name) for name in selectors.funding.STATED}
    form = AmendFundingForm(request.POST or None, initial=stated)
    if request.method == "POST" and form.is_valid():
        try:
            services.funding.amend(source, **form.cleaned_data, by=viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("The new edition was recorded. The one before it stays readable."))
            return redirect("contributions:funding_source", code)
    return render(request, "contributions/funding/form.html", {"form": form, "source": source})


@require_POST
@doors.open_to(doors.COMMON)
def acquire(request, code):
    """The secretariat enters an asset bought with the money."""
    source, form = _source(request, code), AssetForm(request.POST)
    if not form.is_valid():
        return _detail(request, source, form, status=422)
    try:
        services.funding.acquire(source, **form.cleaned_data, by=request.viewer, at=now())
    except Refused as refusal:
        form.add_error(None, refusal.text(get_language()))
        return _detail(request, source, form, status=422)
    return redirect("contributions:funding_source", code)


@require_POST
@doors.open_to(doors.COMMON)
def dispose(request, number):
    """The secretariat records that an asset was disposed of."""
    asset = get_object_or_404(selectors.funding.assets_visible_to(request.viewer), number=number)
    form, code = DisposalForm(request.POST), asset.source.code
    if form.is_valid():
        try:
            services.funding.dispose(asset, **form.cleaned_data, by=request.viewer, at=now())
        except Refused as refusal:
            messages.error(request, refusal.text(get_language()))
    else:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect("contributions:funding_source", code)


def _source(request, code):
    return get_object_or_404(selectors.funding.visible_to(request.viewer), code=code)


def _detail(request, source, asset_form=None, *, status: int = 200):
    viewer, at = request.viewer, as_of.read(request)
    if source.recipient is not None:
        services.openings.record(f"funding:{source.code}", owner=source.recipient, by=viewer, at=now())
    under = selectors.resources.visible_to(viewer).filter(funding=source)
    versions = selectors.datasets.versions_visible_to(viewer).filter(funding=source)
    batches = selectors.compute.by_batch(selectors.compute.batches_visible_to(viewer).filter(funding=source))
    assets = selectors.funding.assets_visible_to(viewer).filter(source=source)
    editions = source.editions.all()
    totals = None if at.is_chosen else selectors.resources.totals(under)
    if at.is_chosen:
        under = selectors.resources.then(under.prefetch_related("steps"), at.day)
        versions, totals = versions.filter(submitted_on__lte=at.day), selectors.resources.summed(under)
        batches, assets = selectors.compute.then(batches, at.day), selectors.funding.assets_then(assets, at.day)
        editions = [row for row in editions if row.valid_from is None or row.valid_from <= at.day]
    context = {
        "source": selectors.funding.then([source], at.day)[0] if at.is_chosen else source,
        "as_of": at,
        "versions": versions[:50],
        "batches": selectors.courses.tell(batches[:50]),
        "editions": sorted(editions, key=lambda row: -row.edition),
        "assets": assets,
        "resources": under[:50],
        "totals": totals,
        "may_amend": may(viewer, "funding.amend") and not at.is_chosen,
        "may_acquire": may(viewer, "asset.acquire") and not at.is_chosen,
        "may_dispose": may(viewer, "asset.dispose") and not at.is_chosen,
        "asset_form": asset_form or AssetForm(),
        "disposal_form": DisposalForm(),
        "today": at.day,
        "history": history.about(viewer, f"funding:{source.code}"),
    }
    return render(request, "contributions/funding/detail.html", context, status=status)


def _cells(row) -> tuple:
    return (
        row.code, called(row), word(row.mode, "funding_mode"), row.programme, row.decision_number, row.decided_on,
        called(row.recipient) if row.recipient else "", row.expense_category, row.fiscal_year, row.state_rate,
    )  # fmt: skip
