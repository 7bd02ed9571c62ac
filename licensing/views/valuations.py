"""Tables of coalition values, for the desk and the auditor alone: handed in, compared with their digest, adopted."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import AUDITOR, DESK, may
from contributions.core.words import Text
from licensing import selectors, services
from licensing.core import valuations as rules
from licensing.forms.valuations import AdoptForm, SendBackForm, TableForm
from licensing.views import confirming, lists, rails
from licensing.views.doors import open_to

STATES = ("submitted", "adopted", "refused")
HEADER = ("valuation", "name_ja", "name_en", "players", "coalitions", lists.coded("state"), "adopted_on", "sha256")
TABLE = frozenset({DESK, AUDITOR})
ROWS_SHOWN = 300


@require_safe
@open_to(TABLE)
def index(request):
    found = selectors.valuations.visible_to(request.viewer)
    rows, context = lists.narrowed(request, found, search=("number", "name_ja", "name_en", "sha256"), states=STATES)
    if lists.wants_csv(request):
        return lists.csv("valuations", HEADER, [_cells(row) for row in rows])
    context |= lists.paged(request, rows) | {"may_submit": may(request.viewer, "valuation.submit")}
    return render(request, "licensing/valuations/list.html", context)


@require_safe
def detail(request, number):
    return _page(request, _find(request, number))


@require_http_methods(["GET", "POST"])
@open_to(TABLE)
def new(request):
    """The desk hands in a table; a faulty one is refused whole, with every finding by row."""
    if not may(request.viewer, "valuation.submit"):
        raise Http404
    form = TableForm(request.POST or None, request.FILES or None)
    findings = []
    if request.method == "POST" and form.is_valid():
        try:
            made = services.valuations.submit(
                by=request.viewer, at=now(), illustrative=lists.is_illustrative(), **form.cleaned_data
            )
        except rules.BadValuation as refusal:
            findings = refusal.findings
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            return redirect("licensing:valuation", made.number)
    context = {"form": form, "findings": findings}
    return render(request, "licensing/valuations/form.html", context, status=422 if findings or form.errors else 200)


@require_POST
def adopt(request, number):
    """Somebody else than who handed it in signs for it."""
    found, form = _find(request, number), AdoptForm(request.POST)
    return _decide(request, found, form, services.valuations.adopt, "adopting")


@require_POST
def send_back(request, number):
    """Somebody else than who handed it in refuses it, with the reason."""
    found, form = _find(request, number), SendBackForm(request.POST)
    return _decide(request, found, form, services.valuations.send_back, "refusing")


def _decide(request, found, form, verb, name: str):
    fault = confirming.fault(request, found.number)
    if fault or not form.is_valid():
        return _page(request, found, **{name: form}, error=fault or _("See the fields below."))
    try:
        verb(found, by=request.viewer, at=now(), **form.cleaned_data)
    except Refused as refusal:
        return _page(request, found, **{name: form}, error=refusal)
    return redirect("licensing:valuation", found.number)


def _find(request, number):
    return get_object_or_404(selectors.valuations.visible_to(request.viewer), number=number)


def _page(request, found, *, adopting=None, refusing=None, error=None):
    viewer = request.viewer
    if lists.wants_csv(request):
        return lists.csv(found.number, ("coalition", "value"), [(k, int(v)) for k, v in found.values.items()])
    names = contributed.organizations.names()
    named = {
        code: Text(names[code]["ja"], names[code]["en"]) if code in names else Text(code, code)
        for code in found.players
    }
    ordered = sorted(found.values.items(), key=lambda pair: (pair[0].count(","), pair[0]))
    waits = found.state == "submitted" and may(viewer, "valuation.adopt")
    is_other = found.submitted_by_id is None or found.submitted_by_id != viewer.user
    context = {
        "valuation": found,
        "players": [named[code] for code in found.players],
        "rows": [([named[code] for code in key.split(",")], int(value)) for key, value in ordered[:ROWS_SHOWN]],
        "coalitions": len(ordered),
        "left_out": len(ordered) - ROWS_SHOWN if len(ordered) > ROWS_SHOWN else 0,
        "recomputed": rules.address(found.players, found.values) == found.sha256,
        "may_decide": waits and is_other,
        "waits_for_another": waits and not is_other,
        "adopting": adopting or AdoptForm(initial={"adopted_on": localdate()}),
        "refusing": refusing or SendBackForm(),
        "error": error,
        "failed": "refuse" if refusing else "adopt",
        "csv_url": f"{request.path}?format=csv",
        "history": rails.history(viewer, f"valuation:{found.number}"),
    }
    return render(request, "licensing/valuations/detail.html", context, status=422 if error else 200)


def _cells(row) -> tuple:
    return (row.number, row.name_ja, row.name_en, " ".join(row.players), len(row.values), row.state, row.adopted_on,
            row.sha256)  # fmt: skip
