"""Evidence of where a facility stands or a copy lies: handing it in, and reading its file."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core import records
from contributions.core.roles import MEMBER, may
from contributions.forms.places import PlaceForm
from contributions.templatetags.moyai import called
from contributions.views import doors, filling
from contributions.views.exports import evidence_file


@doors.open_to(doors.FIGURES)
def facility(request, code):
    """Legal, the auditor or the operator hands in what shows the country of a facility."""
    found = get_object_or_404(selectors.compute.facilities_visible_to(request.viewer), code=code)
    today = selectors.facilities.on(found, localdate())
    if not may_attest(request.viewer, today.operator.code):
        raise Http404
    form = _form(request, today.country)
    done = filling.done(
        request,
        form,
        lambda: services.places.attest_facility(found, **form.named(), by=request.viewer, at=now()),
    )
    if done is not None:
        return redirect("contributions:facility", code)
    return _page(request, form, up=reverse("contributions:facility", args=[code]), up_label=called(found))


@doors.open_to(doors.FIGURES)
def copy(request, number, version, copy):
    """The owner, legal or the auditor hands in what shows the country of a copy."""
    rows = selectors.datasets.versions_visible_to(request.viewer)
    row = get_object_or_404(rows, dataset__number=number, version=version)
    held = next((each for each in row.copies if each.get("copy") == copy), None)
    if held is None or not may_attest(request.viewer, row.dataset.member.code):
        raise Http404
    form = _form(request, held["country"])
    done = filling.done(
        request, form, lambda: services.places.attest_copy(row, copy, **form.named(), by=request.viewer, at=now())
    )
    if done is not None:
        return redirect("contributions:dataset_version", number, version)
    return _page(request, form, up=reverse("contributions:dataset_version", args=[number, version]), up_label=number)


def file(request, sha256):
    """The file of evidence, as it was handed in."""
    found = selectors.places.file(request.viewer, sha256)
    if found is None:
        raise Http404
    row, annex = found
    if row.version is None:
        return evidence_file(row.file_name, annex)
    dataset = row.version.dataset
    owner = dataset.member.organization
    services.openings.record(f"dataset:{dataset.number}", owner=owner, by=request.viewer, at=now())
    return evidence_file(row.file_name, annex, marks=records.marks_of(row.version.record))


def may_attest(viewer, owner: str) -> bool:
    """Whether the viewer may hand in evidence of a place of this owner's."""
    return may(viewer, "place.attest") and (viewer.workplace != MEMBER or viewer.acting == owner)


def _form(request, country: str) -> PlaceForm:
    return PlaceForm(
        request.POST or None,
        request.FILES or None,
        organizations=selectors.organizations.visible_to(request.viewer),
        initial={"country": country, "on": localdate()},
    )


def _page(request, form, *, up: str, up_label: str):
    return filling.page(
        request,
        form,
        heading=_("Evidence of the country"),
        lead=_("The file is kept as an annex; the log names its digest, the country, the day and who attests it."),
        verb=_("Record the evidence"),
        up=up,
        up_label=up_label,
    )
