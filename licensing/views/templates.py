"""Templates of agreements: the tree in words, two versions compared, a specimen as a file, and new versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.services import independence
from licensing import selectors, services
from licensing.core import conditions
from licensing.core import templates as rules
from licensing.core import variables as kinds
from licensing.core.regions import REGIONS
from licensing.forms.clauses import DayForm
from licensing.views import confirming, doors, lists, rails

KINDS = {
    "clause": Text("条項", "clause"),
    "text": Text("表題・前文", "title and preamble"),
    "term": Text("頭書", "key term"),
    "variable": Text("変数", "variable"),
}
CHANGES = {
    "added": Text("追加", "added"),
    "removed": Text("削除", "removed"),
    "changed": Text("変更", "changed"),
    "moved": Text("移動", "moved"),
}


@require_safe
@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """Every template, the newest version first."""
    rows = list(selectors.templates.visible_to(request.viewer))
    for row in rows:
        row.source = rules.template(row.document)
    if lists.wants_csv(request):
        header = [
            _("Template"),
            _("Version"),
            _("Title (Japanese)"),
            _("Title (English)"),
            lists.coded(_("State")),
            "SHA-256",
        ]
        cells = [(r.code, r.version, r.source.title.ja, r.source.title.en, r.state, r.sha256) for r in rows]
        return lists.csv("templates", header, cells)
    context = {
        "rows": rows,
        "csv_url": f"{request.path}?format=csv",
        "may_propose": may(request.viewer, "template.propose"),
    }
    return render(request, "licensing/templates/list.html", context)


@require_safe
def detail(request: HttpRequest, code: str, version: int) -> HttpResponse:
    return _page(request, _find(request, code, version))


@require_safe
def specimen(request: HttpRequest, code: str, version: int, ending: str) -> HttpResponse:
    """The template filled with invented values, as a file."""
    row = _find(request, code, version)
    if ending not in services.renderings.ENDINGS:
        raise Http404
    content = services.renderings.of_template(row, ending, at=now())
    return lists.attachment(f"{row.code}-{row.version}-specimen.{ending}", content, services.renderings.MEDIA[ending])


@require_safe
def preview(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The text with invented values, both languages side by side; another number, other values."""
    row = _find(request, code, version)
    return read(request, row, row.document)


def read(request: HttpRequest, row, document: dict) -> HttpResponse:
    """The text that a document makes with sample values, kept or not."""
    chosen = request.GET.get("sample", "")
    sample = int(chosen) if chosen.isdecimal() and len(chosen) < 3 else 0
    context = {"row": row, "sample": sample, "unsaved": document is not row.document}
    try:
        context |= {"tree": services.renderings.sampled(document, sample), "next": sample + 1}
    except Refused as refusal:
        context["refusal"] = refusal
    return render(request, "licensing/templates/preview.html", context)


@require_POST
def approve(request: HttpRequest, code: str, version: int) -> HttpResponse:
    row = _find(request, code, version)
    form = DayForm(request.POST)
    error = confirming.fault(request, str(row))
    if error or not form.is_valid():
        return _page(request, row, error=error, form=form)
    try:
        services.templates.approve(row, valid_from=form.cleaned_data["day"], by=request.viewer, at=now())
    except Refused as refusal:
        return _page(request, row, error=refusal, form=form)
    messages.success(request, _("The template is approved. New agreements are drafted from it."))
    return redirect("licensing:template", code, version)


@require_POST
def retire(request: HttpRequest, code: str, version: int) -> HttpResponse:
    row = _find(request, code, version)
    error = confirming.fault(request, str(row))
    if error:
        return _page(request, row, error=error)
    try:
        services.templates.retire(row, by=request.viewer, at=now())
    except Refused as refusal:
        return _page(request, row, error=refusal)
    messages.success(request, _("The template is retired. Agreements that hold it keep it."))
    return redirect("licensing:template", code, version)


def _find(request: HttpRequest, code: str, version: int):
    return get_object_or_404(selectors.templates.visible_to(request.viewer), code=code, version=version)


def _page(request: HttpRequest, row, *, error: object = "", form: DayForm | None = None) -> HttpResponse:
    viewer = request.viewer
    source = rules.template(row.document)
    rows = list(selectors.templates.visible_to(viewer).filter(code=row.code))
    before = _against(request, rows, row)
    context = {
        "row": row,
        "source": source,
        "chapters": _chapters(row, source),
        "terms": [{"term": term, "when": _sentence(term.condition, source)} for term in source.terms],
        "variables": [
            {"name": one.name, "label": one.label, "words": kinds.KINDS[one.kind], "required": one.required}
            for one in source.schema.values()
        ],
        "versions": rows,
        "before": before,
        "differences": _differences(before, row) if before else [],
        "agreements": [one for one in selectors.agreements.visible_to(viewer) if one.template_id == row.pk],
        "findings": services.templates.faults(row.document) if row.state == "draft" else [],
        "endings": services.renderings.ENDINGS if row.state != "draft" else (),
        "act": _act(row, viewer, error, form),
        "barred": _barred(row, viewer),
        "may_propose": may(viewer, "template.propose"),
        "history": rails.history(viewer, f"template:{row}"),
    }
    return render(request, "licensing/templates/detail.html", context, status=422 if error or form else 200)


def _against(request: HttpRequest, rows, row):
    wanted = request.GET.get("against", "")
    older = [one for one in rows if one.version < row.version]
    return next((one for one in older if str(one.version) == wanted), older[0] if older else None)


def _differences(before, row) -> list[dict]:
    """What changed; a draft is compared as its approval of today would make it."""
    document = selectors.templates.pinned(row.document) if row.state == "draft" else row.document
    found = rules.differences(rules.template(before.document), rules.template(document))
    return [{"kind": KINDS[one.kind], "change": CHANGES[one.change], "one": one} for one in found]


def _chapters(row, source: rules.Template) -> list[dict]:
    """The tree, each entry with its heading, its condition in words, and the alternatives it may be replaced by."""
    library = {version.id: version for version in selectors.templates.library_of(row)}
    return [
        {
            "heading": chapter.heading,
            "entries": [
                {
                    "entry": entry,
                    "version": library.get(entry.clause),
                    "when": [
                        _sentence(condition, source)
                        for condition in (entry.condition, getattr(library.get(entry.clause), "condition", None))
                        if condition
                    ],
                    "alternatives": [one for one in library.values() if one.of == entry.clause],
                }
                for entry in chapter.entries
            ],
        }
        for chapter in source.chapters
    ]


def _sentence(condition: str | None, source: rules.Template) -> Text | None:
    if condition is None:
        return None
    labels = {name: variable.label for name, variable in source.schema.items()}
    choices = {
        name: dict(REGIONS if variable.kind == "regions" else variable.choices)
        for name, variable in source.schema.items()
    }
    return conditions.sentence(condition, labels, choices)


def _barred(row, viewer):
    """Why this viewer cannot approve the draft that it proposed, and who can."""
    if row.state != "draft" or not may(viewer, "template.approve"):
        return None
    return independence.barred(viewer, [row.proposed_by_id], name=str(row), at=now())


def _act(row, viewer, error: object, form: DayForm | None) -> dict | None:
    """What this viewer may do with the version."""
    step = {"draft": "approve", "approved": "retire"}.get(row.state)
    if step is None or not may(viewer, f"template.{step}"):
        return None
    if step == "approve" and row.proposed_by_id is not None and row.proposed_by_id == viewer.user:
        return None
    verb = _("Approve the template") if step == "approve" else _("Retire the template")
    sentences = {
        "approve": _(
            "You approve %(name)s. From now on agreements are drafted from it, each clause as it stands today."
        ),
        "retire": _("You retire %(name)s. Nothing new is drafted from it; agreements that hold it keep it."),
    }
    day = form or DayForm(initial={"day": localdate()}, label=_("In force from"))
    return {
        "verb": verb,
        "sentence": sentences[step] % {"name": str(row)},
        "url": reverse(f"licensing:template_{step}", args=[row.code, row.version]),
        "form": day if step == "approve" else None,
        "error": error,
        "plain": step == "retire",
    }
