"""The clause library: approved wording in both languages, its digest, and where it is used."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_list_or_404, render
from django.utils.translation import gettext as _

from contributions.core.words import Text
from contributions.templatetags.moyai import text
from licensing import selectors
from licensing.core import clauses as rules
from licensing.core import conditions
from licensing.core.variables import REGIONS, Variable, schema
from licensing.views import doors, lists, rails


@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """The library by family, in the order of the contract."""
    rows = list(selectors.clauses.visible_to(request.viewer))
    query = request.GET.get("q", "").strip()
    labels, choices = _labels(request.viewer), _choices(request.viewer)
    found = [_read(row, labels, choices) for row in rows if _says(row, query)]
    if lists.wants_csv(request):
        return lists.csv("clauses", *_table(found))
    context = {
        "families": [{"family": family, "rows": list(of)} for family, of in groupby(found, lambda one: one["family"])],
        "count": len(found),
        "search": True,
        "query": query,
    }
    return render(request, "licensing/clauses/list.html", context)


def _says(row, query: str) -> bool:
    """Whether the clause's name or its wording in either language holds what is looked for."""
    if not query:
        return True
    texts = (part for _place, text in rules.clause(row.document).texts() for part in (text.ja, text.en))
    return any(query.casefold() in part.casefold() for part in (row.clause.code, row.clause.family, *texts))


def _read(row, labels: dict[str, Text], choices: dict[str, dict[str, Text]]) -> dict:
    clause = rules.clause(row.document)
    return {
        "row": row,
        "clause": clause,
        "family": _family(row.clause.family),
        "condition": conditions.sentence(clause.condition, labels, choices) if clause.condition else None,
    }


def _family(code: str) -> Text:
    return rules.FAMILIES.get(code, Text(code, code))


def _table(found):
    header = [
        _("Clause"),
        _("Family"),
        _("Version"),
        _("Heading (Japanese)"),
        _("Heading (English)"),
        _("State"),
        "SHA-256",
    ]
    cells = (
        [
            one["row"].clause.code,
            text(one["family"]),
            one["row"].version,
            one["clause"].heading.ja,
            one["clause"].heading.en,
            one["row"].state,
            one["row"].sha256,
        ]
        for one in found
    )
    return header, cells


def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One clause: both languages side by side, its variables and references, and the agreements that hold it."""
    viewer = request.viewer
    versions = get_list_or_404(selectors.clauses.visible_to(viewer), clause__code=code)
    wanted = request.GET.get("version", "")
    row = next((one for one in versions if str(one.version) == wanted), versions[0])
    labels = _labels(viewer)
    read = _read(row, labels, _choices(viewer))
    clause = read["clause"]
    context = {
        **read,
        "paragraphs": [_paragraph(number, one, labels) for number, one in enumerate(clause.paragraphs, 1)],
        "variables": [{"name": name, "label": labels.get(name, name)} for name in sorted(clause.variables)],
        "references": sorted({one.clause for one in clause.references()}),
        "versions": versions,
        "agreements": [one for one in selectors.agreements.visible_to(viewer) if _holds(one, row)],
        "history": rails.history(viewer, f"clause:{code}@{row.version}"),
    }
    return render(request, "licensing/clauses/detail.html", context)


def _holds(agreement, row) -> bool:
    return any(one["id"] == row.clause.code and one["version"] == row.version for one in agreement.clauses)


def _labels(viewer) -> dict[str, Text]:
    """What the variables of the templates in force are called."""
    return {variable.name: variable.label for variable in _variables(viewer)}


def _choices(viewer) -> dict[str, dict[str, Text]]:
    """What the values that a variable may take are called."""
    return {
        variable.name: dict(REGIONS if variable.kind == "regions" else variable.choices)
        for variable in _variables(viewer)
    }


def _variables(viewer) -> list[Variable]:
    return [
        variable
        for template in selectors.clauses.templates_open_to(viewer)
        for variable in schema(template.document["variables"]).values()
    ]


def _paragraph(number: int, paragraph: rules.Paragraph, labels: dict[str, Text]) -> dict:
    return {
        "number": number,
        "text": _shown(paragraph.text, labels),
        "items": [{"number": n, "text": _shown(item, labels)} for n, item in enumerate(paragraph.items, 1)],
    }


def _shown(text: Text, labels: dict[str, Text]) -> Text:
    """The wording with its blanks named: ［最低利用料］, ［Minimum Fee］."""
    return Text(_filled(text.ja, labels, "ja"), _filled(text.en, labels, "en"))


def _filled(wording: str, labels: dict[str, Text], language: str) -> str:
    def named(match) -> str:
        name = match[1]
        if name.startswith("ref:"):
            return f"［→ {name.removeprefix('ref:')}］"
        label = labels.get(name)
        return f"［{label.of(language) if label else name}］"

    return rules.PLACEHOLDER.sub(named, wording)
