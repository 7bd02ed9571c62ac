"""Writing a clause: both languages side by side with its faults shown while it is typed, its approval, its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contributions.core.errors import Refused
from contributions.core.roles import may
from licensing import selectors, services
from licensing.core import clauses as rules
from licensing.core import conditions, drafting
from licensing.forms.clauses import ClauseForm, DayForm
from licensing.views import clauses, confirming


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, base: str = "") -> HttpResponse:
    """A clause of its own or, with a base, another rung of that clause's ladder."""
    initial: dict = {"rank": rules.PREFERRED, "owner": "legal"}
    if base:
        row = _newest(request, base)
        initial = _typed(row) | {"code": "", "base": base, "rank": rules.ACCEPTABLE, "opened": ""}
    return _write(request, initial, fixed=False)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The draft of the clause's next version, begun from the newest one."""
    return _write(request, _typed(_newest(request, code)), fixed=True)


@require_POST
def approve(request: HttpRequest, code: str, version: int) -> HttpResponse:
    row = _find(request, code, version)
    form = DayForm(request.POST)
    error = confirming.fault(request, str(row))
    if error or not form.is_valid():
        return clauses.page(request, row, error=error, form=form)
    try:
        services.clauses.approve(row, valid_from=form.cleaned_data["day"], by=request.viewer, at=now())
    except Refused as refusal:
        return clauses.page(request, row, error=refusal, form=form)
    messages.success(request, _("The wording is approved. New template versions are made of it."))
    return redirect(clauses.address(row))


@require_POST
def retire(request: HttpRequest, code: str, version: int) -> HttpResponse:
    row = _find(request, code, version)
    form = DayForm(request.POST)
    error = confirming.fault(request, str(row))
    if error or not form.is_valid():
        return clauses.page(request, row, error=error, form=form)
    try:
        services.clauses.retire(row, valid_until=form.cleaned_data["day"], by=request.viewer, at=now())
    except Refused as refusal:
        return clauses.page(request, row, error=refusal, form=form)
    messages.success(request, _("The wording is retired. Agreements that hold it keep it."))
    return redirect(clauses.address(row))


def _write(request: HttpRequest, initial: dict, *, fixed: bool) -> HttpResponse:
    if not may(request.viewer, "clause.propose"):
        raise Http404
    bases = [one.id for one in selectors.clauses.library() if one.of is None]
    form = ClauseForm(request.POST or None, initial=initial, language=request.LANGUAGE_CODE, bases=bases, fixed=fixed)
    if "preview" in request.POST:
        return render(request, "licensing/clauses/preview.html", _preview(request, form))
    if request.method == "POST" and form.is_valid():
        try:
            row = _save(request, form)
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            messages.success(request, _("The draft is saved. Somebody else approves it."))
            return redirect(clauses.address(row))
    context = {"form": form, "code": initial.get("code", ""), "fixed": fixed, **_preview(request, form)}
    return render(request, "licensing/clauses/form.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: ClauseForm):
    given = form.cleaned_data
    document = drafting.document(given["code"], given["family"], form.heading, form.text, condition=given["condition"])
    return services.clauses.propose(
        document,
        rationale=form.rationale,
        owner=given["owner"],
        base=given["base"] or None,
        rank=given["rank"],
        opened=given["opened"],
        by=request.viewer,
        at=now(),
    )


def _preview(request: HttpRequest, form: ClauseForm) -> dict:
    """The clause as it would stand, and everything that would keep it from being approved."""
    value = {name: str(form[name].value() or "") for name in form.fields}
    if not value["text_ja"] and not value["text_en"]:
        return {"findings": [], "version": None}
    try:
        document = drafting.document(
            value["code"] or "new", value["family"], form.heading, form.text, condition=value["condition"]
        )
        base = value["base"] or None
        version = rules.clause({**document, "of": base, "rank": value["rank"] if base else None})
        found = services.clauses.faults(version)
    except Refused as refusal:
        return {"findings": [refusal], "version": None}
    when = conditions.sentence(version.condition, *clauses.words(request.viewer)) if version.condition else None
    return {"findings": [fault for name, fault in found if name == version.id], "version": version, "when": when}


def _typed(row) -> dict:
    version = rules.clause(row.document)
    text = drafting.typed(version)
    draft = row.state == "draft"
    return {
        "code": row.clause.code,
        "family": row.clause.family,
        "base": row.clause.base.code if row.clause.base else "",
        "rank": row.rank,
        "owner": row.clause.owner,
        "condition": version.condition or "",
        "heading_ja": version.heading.ja,
        "heading_en": version.heading.en,
        "text_ja": text.ja,
        "text_en": text.en,
        "rationale_ja": row.rationale_ja,
        "rationale_en": row.rationale_en,
        "opened": row.sha256 if draft else "",
    }


def _newest(request: HttpRequest, code: str):
    row = selectors.clauses.visible_to(request.viewer).filter(clause__code=code).first()
    if row is None:
        raise Http404
    return row


def _find(request: HttpRequest, code: str, version: int):
    rows = selectors.clauses.visible_to(request.viewer)
    return get_object_or_404(rows, clause__code=code, version=version)
