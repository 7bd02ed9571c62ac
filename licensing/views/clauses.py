"""The clause library: approved wording in both languages, its digest, and where it is used."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_list_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from contributions.core.roles import WORKPLACES, may
from contributions.core.words import Text
from contributions.services import independence
from contributions.templatetags.moyai import state_label, text
from licensing import selectors, services
from licensing.core import clauses as rules
from licensing.core import conditions, drafting
from licensing.core.variables import REGIONS, Variable, schema
from licensing.forms.clauses import DayForm
from licensing.forms.filters import ByState
from licensing.views import doors, lists, rails


@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """The library by family, in the order of the contract: of each clause the newest approved wording, and drafts."""
    rows = list(_current(selectors.clauses.visible_to(request.viewer)))
    query, form = request.GET.get("q", "").strip(), ByState(request.GET, states=_states())
    labels, choices = _labels(request.viewer), _choices(request.viewer)
    rows = [row for row in rows if _says(row, query) and (not form.chosen or row.state == form.chosen)]
    found = [_read(row, labels, choices) for row in rows]
    if lists.wants_csv(request):
        return lists.csv("clauses", *_table(found))
    context = {
        "families": [{"family": family, "rows": list(of)} for family, of in groupby(found, lambda one: one["family"])],
        "count": len(found),
        "search": True,
        "query": query,
        "filters": form,
        "may_propose": may(request.viewer, "clause.propose"),
    }
    return render(request, "licensing/clauses/list.html", context)


def _current(rows) -> Iterator:
    """Of each clause the newest approved version, every draft, and the newest one where none is approved."""
    for _group, versions in groupby(rows, lambda row: row.clause.code):
        held = list(versions)
        approved = next((row for row in held if row.state == "approved"), None)
        drafts = [row for row in held if row.state == "draft"]
        yield from drafts
        if approved is not None or not drafts:
            yield approved or held[0]


def _states() -> list[tuple[str, str]]:
    return [(state, state_label(state)) for state in ("draft", "approved", "retired")]


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
        "rank": rules.RANKS[row.rank],
        "owner": WORKPLACES.get(row.clause.owner, row.clause.owner),
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
        _("Rank on the ladder"),
        lists.coded(_("State")),
        "SHA-256",
    ]
    cells = (
        [
            one["row"].clause.code,
            text(one["family"]),
            one["row"].version,
            one["clause"].heading.ja,
            one["clause"].heading.en,
            text(one["rank"]),
            one["row"].state,
            one["row"].sha256,
        ]
        for one in found
    )
    return header, cells


def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One clause: both languages side by side, its ladder, its versions and what holds it."""
    versions = get_list_or_404(selectors.clauses.visible_to(request.viewer), clause__code=code)
    wanted = request.GET.get("version", "")
    return page(request, next((one for one in versions if str(one.version) == wanted), versions[0]))


def page(request: HttpRequest, row, *, error: object = "", form: DayForm | None = None) -> HttpResponse:
    """The page of one version, with what was refused where something was."""
    viewer = request.viewer
    rows = selectors.clauses.visible_to(viewer)
    versions = list(rows.filter(clause=row.clause))
    labels = _labels(viewer) | _headings()
    read = _read(row, labels, _choices(viewer))
    clause = read["clause"]
    before = _against(request, versions, row)
    context = {
        **read,
        "paragraphs": [_paragraph(number, one, labels) for number, one in enumerate(clause.paragraphs, 1)],
        "variables": [{"name": name, "label": labels.get(name, name)} for name in sorted(clause.variables)],
        "references": sorted({one.clause for one in clause.references()}),
        "versions": versions,
        "ladder": _ladder(rows, row),
        "before": before,
        "changes": drafting.compared(rules.clause(before.document), clause) if before else [],
        "findings": [fault for _, fault in services.clauses.faults(read_row(row))] if row.state == "draft" else [],
        "agreements": [one for one in selectors.agreements.visible_to(viewer) if _holds(one, row)],
        "templates": services.templates.using(row.clause.code, row.version),
        "history": rails.history(viewer, f"clause:{row}"),
        "acts": _acts(row, viewer, error, form),
        "barred": _barred(row, viewer),
        "may_propose": may(viewer, "clause.propose"),
    }
    return render(request, "licensing/clauses/detail.html", context, status=422 if error or form else 200)


def address(row) -> str:
    """Where a version is read."""
    return f"{reverse('licensing:clause', args=[row.clause.code])}?version={row.version}"


def read_row(row) -> rules.ClauseVersion:
    """A row as the core reads it."""
    return selectors.clauses.read(row)


def _against(request: HttpRequest, versions, row):
    """The version that this one is compared with: the one that is asked for, else the one before."""
    wanted = request.GET.get("against", "")
    older = [one for one in versions if one.version < row.version]
    return next((one for one in older if str(one.version) == wanted), older[0] if older else None)


def _ladder(rows, row) -> list[dict]:
    """The clause and its alternatives, the newest version of each, from preferred to forbidden."""
    base = row.clause.base or row.clause
    newest = {one.clause_id: one for one in _current(rows)}  # where one is approved, the approved one
    found = [one for one in newest.values() if base.pk in (one.clause_id, one.clause.base_id)]
    order = list(rules.RANKS)
    found.sort(key=lambda one: (order.index(one.rank), one.clause.code))
    return [{"row": one, "rank": rules.RANKS[one.rank], "clause": rules.clause(one.document)} for one in found]


def _barred(row, viewer):
    """Why this viewer cannot approve the draft that it proposed, and who can."""
    if row.state != "draft" or not may(viewer, "clause.approve"):
        return None
    return independence.barred(viewer, [row.proposed_by_id], name=str(row), at=now())


def _acts(row, viewer, error: object, form: DayForm | None) -> list[dict]:
    """What this viewer may do with the version, each with the sentence that says what it does."""
    step = {"draft": "approve", "approved": "retire"}.get(row.state)
    if step is None or not may(viewer, f"clause.{step}") or (step == "approve" and row.proposed_by_id == viewer.user):
        return []
    verbs = {"approve": _("Approve the wording"), "retire": _("Retire the wording")}
    sentences = {
        "approve": _("You approve %(name)s. From that day on new template versions are made of it."),
        "retire": _("You retire %(name)s. It leaves the library on that day; agreements that hold it keep it."),
    }
    label = _("In force from") if step == "approve" else _("In force until")
    return [
        {
            "verb": verbs[step],
            "sentence": sentences[step] % {"name": str(row)},
            "url": reverse(f"licensing:clause_{step}", args=[row.clause.code, row.version]),
            "form": form or DayForm(initial={"day": localdate()}, label=label),
            "error": error,
            "plain": step == "retire",
        }
    ]


def _holds(agreement, row) -> bool:
    return any(one["id"] == row.clause.code and one["version"] == row.version for one in agreement.clauses)


def words(viewer) -> tuple[dict[str, Text], dict[str, dict[str, Text]]]:
    """What the variables are called, and the values that each may take: to say a condition in words."""
    return _labels(viewer), _choices(viewer)


def _labels(viewer) -> dict[str, Text]:
    """What the variables of the templates in force are called."""
    return {variable.name: variable.label for variable in _variables(viewer)}


def _headings() -> dict[str, Text]:
    """What the clauses that may be referred to are called."""
    return {f"ref:{version.id}": version.heading for version in selectors.clauses.library()}


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
            code, _dot, place = name.removeprefix("ref:").partition(".")
            called = labels.get(f"ref:{code}") or _family(code)
            return f"［→ {called.of(language)}{f' {place}' if place else ''}］"
        label = labels.get(name)
        return f"［{label.of(language) if label else name}］"

    return rules.PLACEHOLDER.sub(named, wording)
