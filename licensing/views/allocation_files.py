"""An allocation as files: the shares and lines a viewer may see, and the bundle from which all can be recomputed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction

from django.http import Http404
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from contributions.adapters import tables
from contributions.core.money import fraction_text
from contributions.core.roles import may
from licensing import selectors, services
from licensing.core.disclosure import EXISTENCE
from licensing.core.views import AllocationView
from licensing.views import lists
from licensing.views.allocations import find

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def export(request, number):
    """The shares of every right (`?table=lines`: the lines) that this viewer may see, as CSV, XLSX or JSON."""
    found = find(request, number)
    first = selectors.allocations.view(found, request.viewer)
    if first.audience == EXISTENCE:
        raise Http404
    views = [selectors.allocations.view(found, request.viewer, right.right) for right in first.rights]
    wanted = request.GET.get("format", "csv")
    if wanted == "json":
        document = json.dumps(_document(found, views), ensure_ascii=False, indent=2, sort_keys=True)
        return lists.attachment(f"{number}.json", document.encode(), "application/json")
    by_line = request.GET.get("table") == "lines"
    header, rows = _line_table(views) if by_line else _share_table(views)
    name = f"{number}-lines" if by_line else number
    illustrative = lists.is_illustrative() or found.release.illustrative
    if wanted == "xlsx":
        content = tables.xlsx_bytes(header, rows, sheet=number, illustrative=illustrative)
        return lists.attachment(f"{name}.xlsx", content, XLSX)
    content = tables.csv_bytes(header, rows, illustrative=illustrative)
    return lists.attachment(f"{name}.csv", content, "text/csv; charset=utf-8")


@require_safe
def bundle(request, number):
    """Everything that recomputing takes, for the desk and the auditor; anybody else is told it does not exist."""
    found = find(request, number)
    if not may(request.viewer, "bundle.full"):
        raise Http404
    content = services.reports.full_bundle(found, by=request.viewer, at=now())
    return lists.attachment("full.zip", content, "application/zip")


@require_safe
def own_bundle(request, number):
    """A member's own bundle of an adopted allocation; whoever has no share in it is told that it does not exist."""
    found = find(request, number)
    if not selectors.allocations.may_take_home(found, request.viewer):
        raise Http404
    name, content = services.member_bundles.make(found, by=request.viewer, at=now())
    return lists.attachment(name, content, "application/zip")


def _share_table(views: Sequence[AllocationView]) -> tuple[list[str], list[list]]:
    """One row a right and member; a column pair for each term that any right is shared by."""
    codes = list(dict.fromkeys(row.category for view in views for row in view.categories))
    header = ["right", "member", "name_ja", "name_en", "share", "of", "clip", "exact"]
    header += [f"{code}_{what}" for code in codes for what in ("points", "part")]
    rows = []
    for view, share in [(shown, share) for shown in views for share in shown.shares]:
        parts = {part.category: part for part in share.parts}
        name = share.name
        cells = [view.right, share.member, name.ja, name.en, share.grid, view.grid, share.clip, share.exact]
        for code in codes:
            part = parts.get(code)
            cells += [part.points, part.part] if part else [None, None]
        rows.append(cells)
    return header, rows


def _line_table(views: Sequence[AllocationView]) -> tuple[list[str], list[list]]:
    """The lines, once: every right counts the same ones."""
    shares = {share.member: share for view in views for share in view.shares if share.lines}
    header = ["member", "category", "asset", "unit", "month", "quantity", "factors", "counted", "reasons", "points"]
    return header, [
        [
            share.member,
            line.category,
            line.asset,
            line.unit,
            line.month,
            line.quantity,
            " ".join(f"{name}={value}" for name, value in line.factors),
            line.counted,
            " ".join(line.reasons),
            line.points,
        ]
        for share in shares.values()
        for line in share.lines
    ]


def _document(found, views: Sequence[AllocationView]) -> dict:
    """The viewer's view as JSON, with the digests that the adopted record holds."""
    header, shares = _share_table(views)
    line_header, lines = _line_table(views)
    terms = [(view.right, row) for view in views for row in view.categories]
    return {
        "notice": tables.ILLUSTRATIVE if lists.is_illustrative() or found.release.illustrative else None,
        "allocation": found.number,
        "release": found.release.number,
        "policy_sha256": found.policy.sha256,
        "inputs_sha256": found.inputs_sha256,
        "result_sha256": found.result_sha256,
        "rows_root": found.rows_root,
        "checkpoint": found.log_size,
        "window": [found.window_from.isoformat(), found.window_until.isoformat()],
        "disclosure": views[0].level,
        "commitments": {row.category: row.commitment for _, row in terms if row.commitment},
        "totals": {row.category: fraction_text(row.total) for _, row in terms if row.total is not None},
        "methods": {right: row.method for right, row in terms},
        "notes": {view.right: [{"ja": note.ja, "en": note.en} for note in view.notes] for view in views if view.notes},
        "openings": selectors.allocations.openings(found, views),
        "shares": [_row_object(header, row) for row in shares],
        "lines": [_row_object(line_header, row) for row in lines],
    }


def _row_object(header: list[str], row: list) -> dict:
    return {
        name: fraction_text(cell) if isinstance(cell, Fraction) else cell
        for name, cell in zip(header, row, strict=True)
    }
