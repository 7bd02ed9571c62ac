"""A version's Croissant file: as it was sent, and with our additions. The marks of the data travel in its name."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate, now

from contributions import selectors, services
from contributions.core import records
from contributions.core.errors import Refused


def original(request, number, version):
    """The file as it was sent, byte for byte."""
    row = _version(request, number, version)
    try:
        content = selectors.descriptions.description_of(row)
    except Refused:
        raise Http404 from None  # it was erased
    return _file(row, content, "croissant.json")


def exported(request, number, version):
    """The file with the record, the copies, the outcome of the reviews and the marks."""
    row = _version(request, number, version)
    return _file(row, selectors.descriptions.exported(row, localdate()), "moyai.croissant.json")


def _version(request, number, version):
    """The version, for whoever may read its columns; for a reviewer before it is assigned, there is no file."""
    rows = selectors.datasets.versions_visible_to(request.viewer)
    row = get_object_or_404(rows, dataset__number=number, version=version)
    if not selectors.datasets.may_see_columns(request.viewer, row):
        raise Http404
    owner = row.dataset.member.organization
    services.openings.record(f"dataset:{number}", owner=owner, by=request.viewer, at=now())
    return row


def _file(row, content: bytes, ending: str) -> HttpResponse:
    marks = "".join(f".{mark}" for mark in records.marks_of(row.record))
    response = HttpResponse(content, content_type="application/ld+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row}{marks}.{ending}"'
    return response
