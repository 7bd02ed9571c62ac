"""Inventions of the joint work: who made and holds them, their route and filings, and the notices that are due."""

from __future__ import annotations

from fractions import Fraction

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import AUDITOR, LEGAL, MEMBER, may
from contributions.core.words import Text
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import inventions as rules
from licensing.forms.inventions import FilingForm, InventionForm, NoticeForm, RouteForm, TransferForm
from licensing.views import confirming, lists, rails
from licensing.views.doors import RIGHTS, open_to

STATES = ("registered", "filed", "kept", "published")
HEADER = ("invention", "title_ja", "title_en", "made_on", lists.coded("state"), "holders", "funding", "illustrative")
KEEPERS = frozenset({LEGAL, AUDITOR, MEMBER})


@require_safe
@open_to(KEEPERS)
def index(request):
    found = selectors.inventions.visible_to(request.viewer)
    rows, context = lists.narrowed(request, found, search=("number", "title_ja", "title_en"), states=STATES)
    if lists.wants_csv(request):
        return lists.csv("inventions", HEADER, [_cells(row) for row in rows])
    context |= lists.paged(request, rows)
    names = contributed.organizations.names()
    for row in context["rows"]:
        row.held = _held(row, names)
        due = [one for one in selectors.inventions.obligations_of(row, localdate()) if one.due and not one.done_on]
        row.next_due = due[0] if due else None
    context["may_register"] = may(request.viewer, "invention.register")
    return render(request, "licensing/inventions/list.html", context)


@require_safe
def detail(request, number):
    return _page(request, _find(request, number))


@require_http_methods(["GET", "POST"])
@open_to(KEEPERS)
def new(request):
    """Legal, or a member with an inventor of its own, enters an invention."""
    viewer = request.viewer
    if not may(viewer, "invention.register"):
        raise Http404
    sources = contributed.funding.visible_to(viewer)
    releases = selectors.releases.visible_to(viewer)
    form = InventionForm(
        request.POST or None,
        employers=[(row.code, called(row)) for row in contributed.organizations.visible_to(viewer)],
        releases=[(row.number, f"{row.number} {called(row)}") for row in releases],
        sources=[(row.code, f"{row.code} {called(row)}") for row in sources],
    )
    findings = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        stated = {name: said[name] for name in ("title_ja", "title_en", "summary", "made_on")}
        try:
            made = services.inventions.register(
                inventors=form.inventors(),
                release=releases.filter(number=said["release"]).first(),
                funding=sources.filter(code=said["funding"]).first(),
                illustrative=lists.is_illustrative(),
                by=viewer,
                at=now(),
                **stated,
            )
        except rules.BadInvention as refusal:
            findings = refusal.findings
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            return redirect("licensing:invention", made.number)
    context = {"form": form, "findings": findings}
    return render(request, "licensing/inventions/form.html", context, status=422 if findings or form.errors else 200)


@require_POST
def step(request, number, verb):
    """One step of an invention: route, file, notify or transfer, confirmed by its number."""
    found = _find(request, number)
    if verb not in STEPS or not may(request.viewer, f"invention.{verb}"):
        raise Http404
    form = _forms(request, found, {verb: (request.POST, request.FILES)})[verb]
    fault = confirming.fault(request, number)
    if fault or not form.is_valid():
        return _page(request, found, failed=verb, form=form, error=fault or _("See the fields below."))
    said = dict(form.cleaned_data)
    if verb == "transfer":
        rows = contributed.organizations.visible_to(request.viewer)
        said |= {name: get_object_or_404(rows, code=said[name]) for name in ("giver", "taker")}
    try:
        STEPS[verb](found, by=request.viewer, at=now(), **said)
    except Refused as refusal:
        return _page(request, found, failed=verb, form=form, error=refusal)
    return redirect("licensing:invention", number)


@require_safe
@open_to(RIGHTS)
def duties(request):
    """The adopted tables of notices, newest first."""
    rows = list(selectors.inventions.duties_visible_to(request.viewer))
    tables = [{"row": row, "lines": [(line, rules.TRIGGERS[line["trigger"]]) for line in row.lines]} for row in rows]
    return render(request, "licensing/inventions/duties.html", {"tables": tables})


STEPS = {
    "route": services.inventions.route,
    "file": services.inventions.file,
    "notify": services.inventions.notify,
    "transfer": services.inventions.transfer,
}


def _find(request, number):
    return get_object_or_404(selectors.inventions.visible_to(request.viewer), number=number)


def _held(invention, names: dict) -> list[tuple[Text, Fraction]]:
    held = selectors.inventions.holders_of(invention)
    return [(_named(code, names), share) for code, share in sorted(held.items(), key=lambda one: (-one[1], one[0]))]


def _named(code: str, names: dict) -> Text:
    return Text(names[code]["ja"], names[code]["en"]) if code in names else Text(code, code)


def _forms(request, invention, bound: dict) -> dict:
    """The form of each step, with what was sent to one of them."""
    names = contributed.organizations.names()
    table = selectors.inventions.duties_on(invention.made_on)
    language = request.LANGUAGE_CODE
    listed = [(row["code"], Text(row["ja"], row["en"]).of(language)) for row in (table.lines if table else ())]
    givers = [(code, _named(code, names).of(language)) for code in selectors.inventions.holders_of(invention)]
    takers = [(row.code, called(row)) for row in contributed.organizations.visible_to(request.viewer)]
    today = localdate()
    return {
        "route": RouteForm(*bound.get("route", ()), initial={"on": today}),
        "file": FilingForm(*bound.get("file", ()), initial={"filed_on": today, "country": "JP"}),
        "notify": NoticeForm(*bound.get("notify", ()), duties=listed, initial={"done_on": today}),
        "transfer": TransferForm(*bound.get("transfer", ()), givers=givers, takers=takers, initial={"on": today}),
    }


def _page(request, found, *, failed="", form=None, error=None):
    viewer, today, names = request.viewer, localdate(), contributed.organizations.names()
    forms = _forms(request, found, {})
    if form is not None:
        forms[failed] = form
    obligations = selectors.inventions.obligations_of(found, today)
    is_open = {"route": found.state in {"registered", "kept"}, "file": found.state != "published"}
    is_open |= {"notify": bool(obligations), "transfer": True}
    inventors = list(found.inventors.select_related("employer"))
    context = {
        "invention": found,
        "inventors": [(one, _named(one.employer.code, names)) for one in inventors],
        "total": sum((Fraction(one.share) for one in inventors), Fraction(0)),
        "held": _held(found, names),
        "filings": found.filings.all(),
        "obligations": [(one, one.state(today), rules.TRIGGERS[one.trigger]) for one in obligations],
        "funding_mode": found.funding.mode if found.funding else None,
        "steps": [
            {
                "verb": verb,
                "label": label,
                "sentence": sentence,
                "form": forms[verb],
                "error": error if verb == failed else None,
                "open": verb == failed,
            }
            for verb, label, sentence in _steps(found.number)
            if may(viewer, f"invention.{verb}") and is_open[verb]
        ],
        "history": rails.history(viewer, f"invention:{found.number}"),
    }
    return render(request, "licensing/inventions/detail.html", context, status=422 if error else 200)


def _steps(number: str) -> list[tuple]:
    said = {"number": number}
    return [
        (
            "route",
            _("Decide the route"),
            _("The route of %(number)s is recorded. What is published stays published.") % said,
        ),
        ("file", _("Record an application"), _("A patent application for %(number)s is recorded for good.") % said),
        ("notify", _("Record a notice"), _("That a notice on %(number)s was given is recorded for good.") % said),
        (
            "transfer",
            _("Transfer a share"),
            _("A share in %(number)s moves to another holder from the day named.") % said,
        ),
    ]


def _cells(row) -> tuple:
    held = "; ".join(f"{code} {share}" for code, share in selectors.inventions.holders_of(row).items())
    funding = row.funding.code if row.funding else ""
    return (row.number, row.title_ja, row.title_en, row.made_on, row.state, held, funding, row.illustrative)
