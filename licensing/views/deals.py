"""The usual deals: each right with its ownership, use, further training and form; changed cell by cell by legal."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contributions.core.words import Text
from licensing.core import deals
from licensing.forms.deals import DealForm
from licensing.views import lists
from licensing.views.doors import RIGHTS, open_to

HEADER = ("preset", "right", *deals.AXES)


@require_safe
@open_to(RIGHTS)
def index(request):
    if lists.wants_csv(request):
        return lists.csv("deals", HEADER, _lines())
    rows = [
        {"code": code, "preset": preset, "warns": deals.warnings(preset.terms)}
        for code, preset in deals.PRESETS.items()
    ]
    return render(request, "licensing/deals/list.html", {"rows": rows, "csv_url": f"{request.path}?format=csv"})


@require_http_methods(["GET", "POST"])
@open_to(RIGHTS)
def detail(request, code):
    """One deal as a table; legal changes cells, reads the warnings, and takes the result into a policy draft."""
    preset = deals.PRESETS.get(code)
    if preset is None:
        raise Http404
    may_take = request.viewer.workplace in {"legal", "desk"}
    form = DealForm(request.POST if request.method == "POST" and may_take else None, terms=preset.terms)
    terms, findings = dict(preset.terms), []
    if form.is_bound and form.is_valid():
        terms = form.terms()
        try:
            terms = deals.check(terms)
        except deals.BadDeal as refusal:
            findings = refusal.findings
    changed = deals.changes(terms, preset)
    context = {
        "code": code,
        "preset": preset,
        "rows": form.rows(changed),
        "axes": deals.AXIS_NAMES.values(),
        "read_only": [
            (name, [deals.AXES[axis][terms[right][axis]] for axis in deals.AXES])
            for right, name in deals.RIGHTS.items()
        ],
        "findings": findings,
        "warnings": _warned(terms),
        "changed": len(changed),
        "may_take": may_take,
        "take_url": f"{reverse('licensing:policy_new')}?{urlencode({'deal': deals.written(terms)})}",
    }
    return render(request, "licensing/deals/detail.html", context, status=422 if findings else 200)


def _warned(terms: deals.Terms) -> list[tuple[Text, list[Text]]]:
    """Each warning once, with the rights that it concerns."""
    grouped: dict[Text, list[Text]] = {}
    for one in deals.warnings(terms):
        grouped.setdefault(one.text, []).append(deals.RIGHTS[one.right])
    return list(grouped.items())


def _lines() -> list[tuple]:
    return [
        (code, right, *(preset.terms[right][axis] for axis in deals.AXES))
        for code, preset in deals.PRESETS.items()
        for right in deals.RIGHTS
    ]
