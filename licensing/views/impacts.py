"""What a withdrawal of data touches: releases, derivatives, licences and shares, from the cut-off on."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from contributions import selectors as contributed
from contributions.core.roles import MEMBER
from contributions.views import history
from licensing import selectors
from licensing.forms.releases import ImpactForm
from licensing.views import lists

HEADER = ("what", "number", "name_ja", "name_en", "since", "effect", "cut_off")


@require_safe
def detail(request, number):
    """The impact of withdrawing a dataset, or one version of it, from a day on."""
    viewer = request.viewer
    if not selectors.impacts.may_see(viewer):
        raise Http404
    dataset = get_object_or_404(contributed.datasets.visible_to(viewer), number=number)
    rows = {str(row): row for row in contributed.datasets.versions_visible_to(viewer).filter(dataset=dataset)}
    form = ImpactForm(request.GET, versions=rows)
    said = form.cleaned_data if form.is_valid() else {}
    chosen = [rows[said["version"]]] if said.get("version") else None
    impact = selectors.impacts.of_withdrawal(viewer, dataset, on=said.get("on") or localdate(), versions=chosen)
    if lists.wants_csv(request):
        return lists.csv(f"impact-{number}", HEADER, [_cells(row) for row in impact.rows])
    context = {
        "dataset": dataset,
        "form": form,
        "impact": impact,
        "withdrawn": [row for row in rows.values() if row.withdrawn_on],
        "lines": [(row, history.page_of(row.subject, viewer)) for row in impact.rows],
        "is_owner": viewer.workplace == MEMBER,
        "csv_url": f"{request.path}?{request.GET.urlencode()}&format=csv",
    }
    return render(request, "licensing/impacts/detail.html", context)


def _cells(row) -> tuple:
    return row.noun.en, row.number, row.name.ja, row.name.en, row.on, row.effect, row.cut_off
