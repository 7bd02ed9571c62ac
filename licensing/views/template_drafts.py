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
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.templatetags.moyai import text
from contributions.views import filling
from licensing import selectors, services
from licensing.core import outlines
from licensing.core import templates as rules
from licensing.forms import template_drafts as forms
from licensing.forms.clauses import TemplateForm
from licensing.views import template_pages as pages
from licensing.views import templates


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
        return pages.said(request, document)
    if "find" in request.POST:
        return render(request, "licensing/templates/found.html", {"found": pages.found(request)})
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


def _page(request: HttpRequest, row, part: str, given: dict, document: dict, **said) -> HttpResponse:
    opened = request.POST.get("opened", "") if request.method == "POST" else _opened(row)
    return pages.page(request, row, part, given, document, opened=opened, **said)


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
        if len(rows) < forms.ROWS_MAX and (verb == "chapter" or pages.versions(request).get(about)):
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
