"""Copies of a dataset's newest version: recording one, and recording that it is gone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.errors import Refused
from contributions.forms.datasets import CopyForm, RemoveCopyForm
from contributions.views import datasets


@require_POST
def record(request, number):
    """Somebody entitled records where another copy of the newest version lies."""
    dataset = datasets.dataset_of(request, number)
    form = CopyForm(request.POST, request.FILES)
    if not form.is_valid():
        return datasets.page(request, dataset, copy_form=form, status=422)
    try:
        services.copies.record(dataset.versions.last(), **form.cleaned_data, by=request.viewer, at=now())
    except Refused as refusal:
        form.add_error(None, refusal.text(get_language()))
        return datasets.page(request, dataset, copy_form=form, status=422)
    return redirect("contributions:dataset", number)


@require_POST
def remove(request, number, version, copy):
    """Somebody entitled records that a copy was deleted."""
    rows = selectors.datasets.versions_visible_to(request.viewer)
    row = get_object_or_404(rows, dataset__number=number, version=version)
    form = RemoveCopyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.copies.remove(row, copy, **form.cleaned_data, by=request.viewer, at=now())
        except Refused as refusal:
            messages.error(request, refusal.text(get_language()))
    else:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect("contributions:dataset_version", number, version)
