"""What the pages of a template's draft show: its rows with their steps, each condition in words, and what is wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from contributions.templatetags.moyai import text
from licensing import selectors, services
from licensing.core import clauses as clause_rules
from licensing.core import conditions, outlines
from licensing.core.particulars import KINDS
from licensing.core.regions import REGIONS
from licensing.forms import template_drafts as forms

FOUND_MAX = 12


def page(
    request: HttpRequest,
    row,
    part: str,
    given: dict,
    document: dict,
    *,
    opened: str,
    findings=(),
    refusal=None,
    focus: str = "",
) -> HttpResponse:
    """One part as it is typed, with its faults beside its fields and what keeps the whole from being approved."""
    beside: dict[str, list[Finding]] = {}
    for finding in findings:
        beside.setdefault(finding.field, []).append(finding)
    faults, broken = _faults(part, given, document)
    context = {
        "row": row,
        "part": part,
        "tabs": [(code, label, code == part) for code, label in _tabs().items()],
        "opened": opened,
        "given": given,
        "beside": beside,
        "findings": findings,
        "refusal": refusal,
        "focus": focus,
        "faults": faults,
        "broken": broken,
        **PAGES[part](request, given, document, beside, faults),
    }
    status = 422 if findings or refusal else 200
    return render(request, f"licensing/templates/{part}.html", context, status=status)


def _tabs() -> dict[str, str]:
    return {
        forms.ORDER: _("Clauses in order"),
        forms.FRONT: _("Title and key terms"),
        forms.VARIABLES: _("Variables"),
    }


def _faults(part: str, given: dict, document: dict) -> tuple[list, Refused | None]:
    """What would keep the template from being approved as it is typed, each with the clause it is about."""
    _shown, _typed, made, faults = forms.PARTS[part]
    if faults(given, document):
        return [], None
    try:
        return services.templates.faults({**made(given, document), "version": 1}), None
    except Refused as refusal:
        return [], refusal


def _order_page(request: HttpRequest, given: dict, document: dict, beside: dict, faults: list) -> dict:
    held = versions(request)
    said: dict[str, list[Finding]] = {}
    for name, finding in faults:
        said.setdefault(name, []).append(finding)
    rows = []
    for n, row in enumerate(given["rows"]):
        known = held.get(row.clause, [])
        named = next((one for one in known if one.version == row.version), known[0] if known else None)
        rows.append(
            {
                "n": n,
                "row": row,
                "steps": _steps("row", n, len(given["rows"]), row.clause or text(row.heading), _nesting(row)),
                "versions": [one.version for one in known],
                "clause": clause_rules.clause(named.document) if named else None,
                "family": clause_rules.FAMILIES.get(named.clause.family) if named else None,
                "said": _sentence(row.condition, document),
                "own": _own_condition(named, document),
                "errors": [*beside.get(f"row-{n}-ja", []), *beside.get(f"row-{n}-when", []), *said.get(row.clause, [])],
            }
        )
    return {"rows": rows, "found": found(request)}


def _steps(prefix: str, n: int, count: int, name: str, nesting: tuple = ()) -> list[dict]:
    """The buttons of one row, each with what it says to those who do not see its sign."""
    steps = [("up", "↑", _("Move up"), n == 0), ("down", "↓", _("Move down"), n == count - 1), *nesting]
    return [
        {"id": f"{prefix}-{n}-{verb}", "do": f"{verb}:{n}", "sign": sign, "label": f"{label}: {name}", "off": off}
        for verb, sign, label, off in (*steps, ("remove", "×", _("Remove"), False))
    ]


def _nesting(row: outlines.Row) -> tuple:
    if row.kind == outlines.CHAPTER:
        return ()
    if row.inside:
        return (("out", "←", _("Out of the chapter"), False),)
    return (("in", "→", _("Into the chapter above"), False),)


def _own_condition(named, document: dict) -> Text | None:
    """The condition that the clause brings along, in words."""
    condition = named.document.get("condition") if named else None
    return _sentence(condition, document) if condition else None


def _front_page(request: HttpRequest, given: dict, document: dict, beside: dict, faults: list) -> dict:
    return {
        "pairs": [
            (f"{name}_{language}", label, language, given[f"{name}_{language}"], name == "preamble")
            for name, label in _front_labels().items()
            for language in ("ja", "en")
        ],
        "presets": [
            (name, label, [(code, words, code == given[name]) for code, words in listed.items()])
            for name, (label, listed, _first) in forms.PRESETS.items()
        ],
        "terms": [
            {
                "n": n,
                "first": f"term-{n}-label_ja",
                "row": one,
                "steps": _steps("term", n, len(given["terms"]), one["label_ja"]),
                "said": _sentence(one["when"], document),
                "errors": [error for name in forms.TERM for error in beside.get(f"term-{n}-{name}", [])],
            }
            for n, one in enumerate(given["terms"])
        ],
        "names": [(one["name"], Text(one["label"]["ja"], one["label"]["en"])) for one in document["variables"]],
    }


def _front_labels() -> dict[str, str]:
    return {
        "title": _("Title of the agreement"),
        "name": _("What the text calls itself"),
        "licensor": _("What the text calls the first party"),
        "licensee": _("What the text calls the second party"),
        "preamble": _("Preamble"),
    }


def _variables_page(request: HttpRequest, given: dict, document: dict, beside: dict, faults: list) -> dict:
    asked = _asked(request, document)
    return {
        "variables": [
            {
                "n": n,
                "first": f"var-{n}-name",
                "kind": f"var-{n}-kind",
                "row": one,
                "steps": _steps("var", n, len(given["variables"]), one["name"]),
                "used": asked.get(one["name"], []),
                "choices": forms.variable_choices(one),
                "listed": one["kind"] in forms.WITH_CHOICES,
                "errors": [error for name in forms.VARIABLE for error in beside.get(f"var-{n}-{name}", [])],
            }
            for n, one in enumerate(given["variables"])
        ],
        "kinds": list(KINDS.items()),
    }


PAGES = {forms.ORDER: _order_page, forms.FRONT: _front_page, forms.VARIABLES: _variables_page}


def _asked(request: HttpRequest, document: dict) -> dict[str, list[str]]:
    """Which clauses of the template print each variable, so that nobody takes one out that is needed."""
    held, found = versions(request), {}
    for name in dict.fromkeys(row.clause for row in outlines.rows(document) if row.clause):
        for variable in held[name][0].document.get("variables", []) if held.get(name) else []:
            found.setdefault(variable, []).append(name)
    return found


def versions(request: HttpRequest) -> dict[str, list]:
    """The approved versions of each clause, the newest first."""
    found: dict[str, list] = {}
    for row in selectors.clauses.visible_to(request.viewer).filter(state="approved"):
        found.setdefault(row.clause.code, []).append(row)
    return found


def found(request: HttpRequest) -> list[dict]:
    """Clauses of the library whose name, family or heading holds what is looked for; alternatives are not placed."""
    wanted = str(request.POST.get("looking", "")).strip().lower()
    if not wanted:
        return []
    found = []
    for code, rows in versions(request).items():
        clause, family = clause_rules.clause(rows[0].document), clause_rules.FAMILIES[rows[0].clause.family]
        if rows[0].clause.base_id is None and any(
            wanted in one.lower() for one in (code, clause.heading.ja, clause.heading.en, family.ja, family.en)
        ):
            found.append({"code": code, "heading": clause.heading, "family": family})
    return found[:FOUND_MAX]


def said(request: HttpRequest, document: dict) -> HttpResponse:
    """The condition of one row as a sentence, while it is typed."""
    name = str(request.POST.get("said", ""))[:40]
    condition = str(request.POST.get(name, "")).strip()[: forms.LINE_MAX]
    known = {row["name"] for row in document["variables"]}
    faults = forms.condition_faults(name, condition, known, Text(name, name))
    said = faults[0].text(get_language()) if faults else text(_sentence(condition, document) or _("always"))
    return render(request, "licensing/templates/said.html", {"said": said, "wrong": bool(faults)})


def _sentence(condition: str, document: dict) -> Text | None:
    """A condition in words, by the labels of the document's variables; None where there is none that reads."""
    if not condition:
        return None
    labels = {row["name"]: Text(row["label"]["ja"], row["label"]["en"]) for row in document["variables"]}
    listed = {
        row["name"]: REGIONS
        if row["kind"] == "regions"
        else {code: Text(words["ja"], words["en"]) for code, words in row.get("choices", {}).items()}
        for row in document["variables"]
    }
    try:
        return conditions.sentence(condition, labels, listed)
    except Refused:
        return None
