"""Allocation policies: the rule in words and as a formula, its document and digest, its versions, and its adoption."""

from __future__ import annotations

import json
from fractions import Fraction

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST, require_safe

from contributions import selectors as contributed
from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from contributions.core.roles import may
from contributions.core.units import UNITS
from contributions.core.words import Text
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import caveats, prose, rights, vintages
from licensing.core import policies as rules
from licensing.core.categories import CATEGORIES, FACTORS
from licensing.core.decimals import percent
from licensing.core.disclosure import OPEN, OWN_LINES, SAFE_TOTALS
from licensing.core.methods import NAMES
from licensing.forms.policies import AdoptionForm
from licensing.views import confirming, lists, rails
from licensing.views.doors import RIGHTS, open_to

STATES = ("proposed", "adopted", "rejected", "superseded")
LEVEL_NAMES = {
    OWN_LINES: Text("自社の明細と配分比率のみ", "Own lines and share only"),
    SAFE_TOTALS: Text("自社の明細と、他社を推し量れない総量", "Own lines, and totals that reveal nobody"),
    OPEN: Text("全会員の配分比率と総量", "Every share and total"),
}
HEADER = ("policy", "version", "rights", lists.coded("state"), "adopted_on", "sha256")


@require_safe
@open_to(RIGHTS)
def index(request):
    found = selectors.policies.visible_to(request.viewer)
    rows, context = lists.narrowed(request, found, search=("number", "sha256"), states=STATES)
    if lists.wants_csv(request):
        return lists.csv("policies", HEADER, [_cells(row) for row in rows])
    context |= lists.paged(request, rows)
    for row in context["rows"]:
        row.rights = [rules.RIGHTS[right.right] for right in rules.read(row.document).shared]
    context["may_propose"] = may(request.viewer, "policy.propose")
    return render(request, "licensing/policies/list.html", context)


@require_safe
def detail(request, number, version):
    found = _find(request, number, version)
    if request.GET.get("format") == "json":
        return _document(found)
    return _page(request, found)


@require_POST
def adopt(request, number, version):
    """Put in force what a ballot carried."""
    found = _find(request, number, version)
    form = AdoptionForm(request.POST)
    fault = confirming.fault(request, str(found))
    if fault or not form.is_valid():
        return _page(request, found, form=form, error=fault)
    try:
        services.policies.adopt(found, by=request.viewer, at=now(), adopted_on=form.cleaned_data["adopted_on"])
    except Refused as refusal:
        return _page(request, found, form=form, error=refusal)
    return redirect("licensing:policy", number, version)


def _find(request, number, version):
    return get_object_or_404(selectors.policies.visible_to(request.viewer), number=number, version=version)


def _cells(row) -> tuple:
    shared = " ".join(right.right for right in rules.read(row.document).rights)
    return row.number, row.version, shared, row.state, row.adopted_on, row.sha256


def _page(request, found, *, form=None, error=None):
    viewer = request.viewer
    rule = rules.read(found.document)
    names = {member.code: called(member.organization) for member in contributed.members.visible_to(viewer)}
    versions = list(selectors.policies.visible_to(viewer).filter(number=found.number))
    before = next((one for one in versions if one.version == found.version - 1), None)
    ballots = list(selectors.ballots.visible_to(viewer).filter(policy=found))
    carried = any(ballot.state == "carried" for ballot in ballots)
    context = {
        "policy": found,
        "rule": rule,
        "shared": [rules.RIGHTS[right.right] for right in rule.shared],
        "level_name": LEVEL_NAMES[rule.disclosure],
        "before": before,
        **in_words(rule, before),
        "rights": [_right(right, names) for right in rule.rights],
        "formula": prose.formula(rule).replace(" + ", "\n     + ").replace(";  ", "\n"),
        "weighted": (weighted := _weighted(rule)),
        "categories": [_category(category, weighted) for category in rule.categories],
        "warnings": caveats.warnings(rules.equations(rule), [category.code for category in rule.categories]),
        "document": json.dumps(found.document, ensure_ascii=False, indent=2, sort_keys=True),
        "recomputed": rules.address(found.document) == found.sha256,
        "versions": versions,
        "ballots": ballots,
        "allocations": selectors.allocations.visible_to(viewer).filter(policy=found),
        "may_adopt": may(viewer, "policy.adopt") and found.state == "proposed" and carried,
        "may_open_ballot": may(viewer, "ballot.open")
        and found.state == "proposed"
        and all(ballot.state == "lost" for ballot in ballots),
        "form": form or AdoptionForm(initial={"adopted_on": localdate()}),
        "error": error,
        "history": rails.history(viewer, f"policy:{found}"),
    }
    return render(request, "licensing/policies/detail.html", context, status=422 if error or form else 200)


def in_words(rule: rules.Policy, before) -> dict:
    """The sentences under their headings, each with whether it differs from an earlier version; and the changes."""
    names = {code: Text(name["ja"], name["en"]) for code, name in contributed.organizations.names().items()}
    changes = prose.differences(rules.read(before.document), rule, names) if before else []
    changed = {(change.heading, change.field) for change in changes}
    found: dict[Text, list[dict]] = {}
    for said in prose.stated(rule, names):
        row = {"text": said.text, "changed": (said.heading, said.field) in changed}
        found.setdefault(said.heading, []).append(row)
    return {"headings": [{"name": name, "sentences": rows} for name, rows in found.items()], "changes": changes}


def _right(right: rules.Right, names: dict[str, str]) -> dict:
    """A right as a row: what is laid down of it, and how it is shared."""
    return {
        "name": rules.RIGHTS[right.right],
        "form": rights.FORM_NAMES[right.form] if right.method else None,
        "common": right.form == rights.CO_OWNERSHIP,
        "ownership": rights.OWNERSHIP[right.ownership] if right.ownership else None,
        "lead": names.get(right.lead, right.lead),
        "use": rights.USE[right.use] if right.use else None,
        "further_training": rights.FURTHER_TRAINING[right.further_training] if right.further_training else None,
        "method": NAMES[right.method.name] if right.method else None,
        "identifier": right.method.name if right.method else "",
        "bounds": f"{percent(right.floor)} – {percent(right.cap)}" if right.method else "",
    }


def _weighted(rule: rules.Policy) -> list[dict]:
    """The rights that are shared by weights of categories: a column each."""
    return [
        {"name": rules.RIGHTS[right.right], "weights": right.method.weights, "total": percent(Fraction(1))}
        for right in rule.shared
        if right.method is not None and right.method.weights
    ]


def _category(category: rules.Category, weighted: list[dict]) -> dict:
    """A category as a row: its weight in each right, what earns one point, and what multiplies it."""
    return {
        "code": category.code,
        "name": CATEGORIES[category.code],
        "weights": [
            percent(column["weights"][category.code]) if category.code in column["weights"] else ""
            for column in weighted
        ],
        "vintage": vintages.sentence(category.vintage) if category.vintage else None,
        "units": [
            {"unit": UNITS[code], "points": fraction_text(points * UNITS[code].per)}
            for code, points in category.units.items()
        ],
        "factors": [FACTORS[factor] for factor in category.factors],
    }


def _document(found) -> HttpResponse:
    """The very bytes whose SHA-256 is the policy's address."""
    return lists.attachment(f"{found.number}-{found.version}.json", canonical.dumps(found.document), "application/json")
