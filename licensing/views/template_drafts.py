"""Writing a template: its clauses in order, what stands in front, its variables, each on a page of its own.

The state of a page stands in its form: a row is moved, taken in or taken out by a button that sends the form, and comes
back changed; nothing is kept until the draft is saved. So it works by keyboard and without a script.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contributions.core.errors import Finding, Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.templatetags.moyai import text
from contributions.views import filling
from licensing import selectors, services
from licensing.core import clauses as clause_rules
from licensing.core import conditions, outlines
from licensing.core import templates as rules
from licensing.core import variables as kinds
from licensing.core.regions import REGIONS
from licensing.forms import template_drafts as forms
from licensing.forms.clauses import TemplateForm
from licensing.views import templates

FOUND_MAX = 12


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A template of its own, begun from one that there is."""
    _check_may(request)
    rows = list(selectors.templates.visible_to(request.viewer))
    newest = {row.code: row for row in reversed(rows)}
    starts = [(code, f"{row} {text(rules.template(row.document).title)}") for code, row in sorted(newest.items())]
    form = forms.NewForm(request.POST or None, taken=tuple(newest), starts=starts)
    done = filling.done(request, form, lambda: _begin(request, newest, form.cleaned_data))
    if done is not None:
        messages.success(request, _("The draft is saved. Somebody else approves it."))
        return redirect("licensing:template_edit", done.code)
    return filling.page(
        request,
        form,
        heading=_("Write a new template"),
        lead=_("It begins with the clauses and variables of another one; then each is changed as needed."),
        verb=_("Begin"),
        up="/templates/",
        up_label=_("Agreement templates"),
    )


def _begin(request: HttpRequest, newest: dict, typed: dict):
    title = {"ja": typed["title_ja"], "en": typed["title_en"]}
    document = rules.unpinned(newest[typed["start"]].document) | {"id": typed["code"], "title": title}
    return services.templates.propose(document, by=request.viewer, at=now())


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str, part: str = forms.ORDER) -> HttpResponse:
    """One part of the draft of a template's next version, begun from the newest one."""
    row = _newest(request, code)
    if part not in forms.PARTS:
        raise Http404
    shown, typed, made, faults = forms.PARTS[part]
    document = _document(row)
    if request.method != "POST":
        return _page(request, row, part, shown(document), document)
    given = typed(request.POST)
    if "said" in request.POST:
        return _said(request, document)
    if "find" in request.POST:
        return render(request, "licensing/templates/found.html", {"found": _found(request)})
    if do := request.POST.get("do", ""):
        if do == "read":
            return templates.read(request, row, made(given, document))
        given, focus = STEPS[part](given, do, request)
        return _page(request, row, part, given, document, focus=focus)
    findings = faults(given, document)
    try:
        if not findings:
            opened = request.POST.get("opened", "")
            document = made(given, document) | {"id": code}
            saved = services.templates.propose(document, opened=opened, by=request.viewer, at=now())
            messages.success(request, _("The draft is saved. Somebody else approves it."))
            return redirect("licensing:template", saved.code, saved.version)
    except Refused as refusal:
        return _page(request, row, part, given, document, refusal=refusal)
    return _page(request, row, part, given, document, findings=findings)


@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, code: str) -> HttpResponse:
    """The whole draft as JSON, for those who carry it elsewhere and bring it back."""
    row = _newest(request, code)
    initial = {"document": json.dumps(_document(row), ensure_ascii=False, indent=1), "opened": _opened(row)}
    form = TemplateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            whole = {**given["document"], "id": code}
            saved = services.templates.propose(whole, opened=given["opened"], by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error("document", refusal.text(request.LANGUAGE_CODE))
        else:
            messages.success(request, _("The draft is saved. Somebody else approves it."))
            return redirect("licensing:template", saved.code, saved.version)
    status = 422 if form.errors else 200
    return render(request, "licensing/templates/form.html", {"form": form, "row": row}, status=status)


def _check_may(request: HttpRequest) -> None:
    if not may(request.viewer, "template.propose"):
        raise Http404


def _newest(request: HttpRequest, code: str):
    _check_may(request)
    row = selectors.templates.visible_to(request.viewer).filter(code=code).first()
    if row is None:
        raise Http404
    return row


def _document(row) -> dict:
    return dict(row.document) if row.state == "draft" else rules.unpinned(row.document)


def _opened(row) -> str:
    return row.sha256 if row.state == "draft" else ""


# ---- the steps on what is typed ----
def _order_step(given: dict, do: str, request: HttpRequest) -> tuple[dict, str]:
    """One step on the outline, and the button that the reader is at afterwards."""
    rows, (verb, _colon, about) = given["rows"], do.partition(":")
    if verb in {"add", "chapter"}:
        after = request.POST.get("after", "")
        place = int(after) if after.isdecimal() and int(after) < len(rows) else None
        row = outlines.Row(outlines.CHAPTER) if verb == "chapter" else outlines.Row(outlines.CLAUSE, clause=about[:60])
        if len(rows) < forms.ROWS_MAX and (verb == "chapter" or _version_rows(request).get(about)):
            rows, at = outlines.added(rows, row, place)
            return given | {"rows": rows}, f"row-{at}-ja" if verb == "chapter" else f"row-{at}-when"
        return given, "find"
    at = int(about) if about.isdecimal() else len(rows)
    if at >= len(rows):
        return given, ""
    if verb in {"up", "down"}:
        rows, at = outlines.moved(rows, at, outlines.UP if verb == "up" else outlines.DOWN)
    elif verb == "remove":
        rows = outlines.removed(rows, at)
        return given | {"rows": rows}, f"row-{min(at, len(rows) - 1)}-remove"
    elif verb in {"in", "out"}:
        rows = outlines.nested(rows, at, verb == "in")
        verb = "out" if rows[at].inside else "in"
    return given | {"rows": rows}, f"row-{at}-{verb}"


def _table_step(name: str, prefix: str, blank: dict[str, str], first: str) -> Callable:
    def step(given: dict, do: str, request: HttpRequest) -> tuple[dict, str]:
        """One step on a table of rows: up, down, out, or one more."""
        rows, (verb, _colon, about) = list(given[name]), do.partition(":")
        if verb == "more":
            rows.append(dict(blank))
            return given | {name: rows}, f"{prefix}-{len(rows) - 1}-{first}"
        at = int(about) if about.isdecimal() else len(rows)
        if at >= len(rows):
            return given, ""
        to = {"up": at - 1, "down": at + 1}.get(verb, at)
        if verb == "remove":
            rows.pop(at)
            return given | {name: rows}, f"{prefix}-{min(at, len(rows) - 1)}-remove"
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
            at = to
        return given | {name: rows}, f"{prefix}-{at}-{verb}"

    return step


STEPS = {
    forms.ORDER: _order_step,
    forms.FRONT: _table_step("terms", "term", dict.fromkeys(forms.TERM, ""), "label_ja"),
    forms.VARIABLES: _table_step(
        "variables", "var", dict.fromkeys(forms.VARIABLE, "") | {"kind": "words", "required": "1"}, "name"
    ),
}


# ---- the pages ----
def _page(
    request: HttpRequest, row, part: str, given: dict, document: dict, *, findings=(), refusal=None, focus: str = ""
) -> HttpResponse:
    beside: dict[str, list[Finding]] = {}
    for finding in findings:
        beside.setdefault(finding.field, []).append(finding)
    faults, broken = _faults(part, given, document)
    context = {
        "row": row,
        "part": part,
        "tabs": [(code, label, code == part) for code, label in _tabs().items()],
        "opened": _opened(row) if request.method != "POST" else request.POST.get("opened", ""),
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
    held, said = _version_rows(request), {}
    for name, finding in faults:
        said.setdefault(name, []).append(finding)
    rows = []
    for n, row in enumerate(given["rows"]):
        versions = held.get(row.clause, [])
        named = next((one for one in versions if one.version == row.version), versions[0] if versions else None)
        rows.append(
            {
                "n": n,
                "row": row,
                "steps": _steps("row", n, len(given["rows"]), row.clause or text(row.heading), _nesting(row)),
                "versions": [one.version for one in versions],
                "clause": clause_rules.clause(named.document) if named else None,
                "family": clause_rules.FAMILIES.get(named.clause.family) if named else None,
                "said": _sentence(row.condition, document),
                "own": _own_condition(named, document),
                "errors": [*beside.get(f"row-{n}-ja", []), *beside.get(f"row-{n}-when", []), *said.get(row.clause, [])],
            }
        )
    return {"rows": rows, "found": _found(request)}


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
        "kinds": list(kinds.KINDS.items()),
    }


PAGES = {forms.ORDER: _order_page, forms.FRONT: _front_page, forms.VARIABLES: _variables_page}


def _asked(request: HttpRequest, document: dict) -> dict[str, list[str]]:
    """Which clauses of the template print each variable, so that nobody takes one out that is needed."""
    held, found = _version_rows(request), {}
    for name in dict.fromkeys(row.clause for row in outlines.rows(document) if row.clause):
        for variable in held[name][0].document.get("variables", []) if held.get(name) else []:
            found.setdefault(variable, []).append(name)
    return found


def _version_rows(request: HttpRequest) -> dict[str, list]:
    """The approved versions of each clause, the newest first."""
    found: dict[str, list] = {}
    for row in selectors.clauses.visible_to(request.viewer).filter(state="approved"):
        found.setdefault(row.clause.code, []).append(row)
    return found


def _found(request: HttpRequest) -> list[dict]:
    """Clauses of the library whose name, family or heading holds what is looked for; alternatives are not placed."""
    wanted = str(request.POST.get("looking", "")).strip().lower()
    if not wanted:
        return []
    found = []
    for code, rows in _version_rows(request).items():
        clause, family = clause_rules.clause(rows[0].document), clause_rules.FAMILIES[rows[0].clause.family]
        if rows[0].clause.base_id is None and any(
            wanted in one.lower() for one in (code, clause.heading.ja, clause.heading.en, family.ja, family.en)
        ):
            found.append({"code": code, "heading": clause.heading, "family": family})
    return found[:FOUND_MAX]


def _said(request: HttpRequest, document: dict) -> HttpResponse:
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
