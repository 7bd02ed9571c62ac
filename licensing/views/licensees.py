"""Licensees: who asks to use the models, how each was screened, and its agreements."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from contributions.core.roles import LICENSEE
from contributions.core.words import Text
from licensing import selectors
from licensing.core import licensees as rules
from licensing.views import doors, lists, rails

STATES = ("applied", "approved", "refused", "suspended")
SEARCH = ("organization__code", "organization__name_ja", "organization__name_en", "field_of_use")


@doors.open_to(doors.PARTIES)
def index(request: HttpRequest) -> HttpResponse:
    """Every licensee the viewer may see, with how far its screening is."""
    visible = selectors.licensees.visible_to(request.viewer)
    rows, context = lists.narrowed(request, visible, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("licensees", *_table(rows))
    context |= lists.paged(request, rows) | {"checks": len(rules.CHECKS)}
    for row in context["page"]:
        row.passed, row.field, row.kind = _passed(row, localdate()), _field(row), _kind(row)
    return render(request, "licensing/licensees/list.html", context)


def _table(rows):
    header = [_("Code"), _("Name"), _("Class"), _("Field of use"), _("Applied on"), _("Decided on"), _("State")]
    cells = (
        [
            row.organization.code,
            row.organization.name_ja,
            row.licensee_class,
            row.field_of_use,
            row.applied_on,
            row.decided_on,
            row.state,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One licensee: facts, each check with its finding, agreements and what they brought."""
    viewer = request.viewer
    licensee = get_object_or_404(selectors.licensees.visible_to(viewer), organization__code=code)
    agreements = selectors.agreements.visible_to(viewer).filter(licensee=licensee)
    invoices = selectors.invoices.visible_to(viewer).filter(agreement__licensee=licensee)
    context = {
        "licensee": licensee,
        "field": _field(licensee),
        "kind": _kind(licensee),
        "inside": viewer.workplace != LICENSEE,
        "checks": _checks(licensee, localdate()),
        "agreements": agreements,
        "owed": [row for row in selectors.usage.owed(viewer, on=localdate()) if row.agreement.licensee == licensee],
        "gross": sum(row.gross for row in invoices),
        "open": sum(row.gross - row.received for row in invoices),
        "history": rails.history(viewer, f"licensee:{code}"),
    }
    return render(request, "licensing/licensees/detail.html", context)


def _checks(licensee, on) -> list[dict]:
    """Each check an applicant must pass, with the newest screening of it or none."""
    newest = {row.kind: row for row in licensee.screenings.all()}
    return [
        {"label": label, "row": newest.get(kind), "state": _state(newest.get(kind), on)}
        for kind, label in rules.CHECKS.items()
    ]


def _state(screening, on) -> str:
    if screening is None:
        return "waiting"
    if not screening.passed:
        return "refused"
    return "passed" if screening.valid_until > on else "expired"


def _passed(licensee, on) -> int:
    return sum(1 for check in _checks(licensee, on) if check["state"] == "passed")


def _field(licensee) -> Text | str:
    return rules.FIELDS.get(licensee.field_of_use, licensee.field_of_use)


def _kind(licensee) -> Text | str:
    return rules.CLASSES.get(licensee.licensee_class, licensee.licensee_class)
