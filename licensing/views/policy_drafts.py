"""The builder of policies: what is typed reads as sentences at once; the same document stands as JSON."""

from __future__ import annotations

import json
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now

from contributions import selectors as contributed
from contributions.core.errors import Finding, Refused
from contributions.core.roles import may
from licensing import selectors, services
from licensing.core import caveats, deals, policies, policy_drafts, prose, rights
from licensing.forms import policy_drafts as forms
from licensing.forms.policies import ProposalForm
from licensing.views import policy_fields
from licensing.views.policies import in_words


def new(request: HttpRequest) -> HttpResponse:
    """Propose the next version: by fields or as JSON, from the policy in force, another version, or a usual deal."""
    if not may(request.viewer, "policy.propose"):
        raise Http404
    if request.method != "POST":
        return _page(request, forms.start_from(_begun(request)))
    if "document" in request.POST:
        return _from_json(request)
    given = forms.typed(request.POST)
    if "preview" in request.POST:
        return render(request, "licensing/policies/preview.html", _previewed(request, forms.document(given)))
    if "expert" in request.POST:
        return _expert(request, ProposalForm(initial={"document": _written(forms.document(given))}))
    found = policy_fields.beside(given, policy_drafts.examine(forms.document(given)))
    if found:
        return _page(request, given, findings=found)
    try:
        proposed = services.policies.propose(forms.document(given), by=request.viewer, at=now())
    except Refused as refusal:
        return _page(request, given, refusal=refusal)
    return redirect("licensing:policy", proposed.number, proposed.version)


def _from_json(request: HttpRequest) -> HttpResponse:
    """The expert's way: the document itself, proposed, looked at, or taken back into the fields."""
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _expert(request, form)
    document = form.cleaned_data["document"]
    if "preview" in request.POST:
        return render(request, "licensing/policies/preview.html", _previewed(request, document))
    try:
        if "fields" in request.POST:
            policies.read(document)
            return _page(request, forms.start_from(policy_drafts.present(document)))
        proposed = services.policies.propose(document, by=request.viewer, at=now())
    except Refused as refusal:
        for sentence in _every(document, refusal, request.LANGUAGE_CODE):
            form.add_error("document", sentence)
        return _expert(request, form)
    return redirect("licensing:policy", proposed.number, proposed.version)


def _every(document: dict, refusal: Refused, language: str) -> list[str]:
    """Every fault of a document; the refusal's own sentence where it was not the document's form."""
    found = policy_drafts.examine(document) if document.get("v") == 2 else []
    return [finding.text(language) for finding in found] or [refusal.text(language)]


def _begun(request: HttpRequest) -> policy_drafts.Document:
    """The document that the fields begin with, under the next free version."""
    held = selectors.policies.visible_to(request.viewer)
    number, _at, version = request.GET.get("from", "").partition("@")
    asked = held.filter(number=number, version=int(version)) if re.fullmatch("[0-9]{1,6}", version) else held.none()
    base = asked.first() or selectors.policies.in_force() or held.first()
    document = policy_drafts.present(base.document) if base else policy_drafts.blank()
    newest = held.filter(number=document["number"]).order_by("-version").first()
    document["version"] = newest.version + 1 if newest else 1
    if "deal" in request.GET:
        try:
            document = policy_drafts.take(document, deals.read(request.GET["deal"]))
        except deals.BadDeal:
            raise Http404 from None
    return document


def _written(document: dict) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _previewed(request: HttpRequest, document: dict) -> dict:
    """The draft in words and as a formula, with what it changes in the policy in force; or what stands in the way."""
    try:
        rule = policies.read(document)
    except Refused as refusal:
        findings = policy_drafts.examine(document) if document.get("v") == 2 else []
        return {"waiting": policy_fields.told(document, findings) or [refusal]}
    force = selectors.policies.in_force()
    codes = [category.code for category in rule.categories]
    return {
        **in_words(rule, force),
        "formula": prose.formula(rule).replace(" + ", "\n     + ").replace(";  ", "\n"),
        "force": force,
        "notes": [(rights.RIGHTS[right], text) for right, text in policy_drafts.notes(rule)],
        "warnings": caveats.warnings(policies.equations(rule), codes),
    }


def _starts(request: HttpRequest) -> dict:
    held = list(selectors.policies.visible_to(request.viewer)[:20])
    return {"versions": held, "deals": deals.PRESETS.items(), "written": deals.written}


def _page(request: HttpRequest, given: dict, *, findings: list[Finding] = (), refusal=None) -> HttpResponse:
    members = contributed.members.as_of(request.viewer, localdate())
    valuations = selectors.valuations.visible_to(request.viewer).filter(state="adopted")
    context = {
        "given": given,
        "sections": policy_fields.sections(given, findings, members=members, valuations=valuations),
        "all_findings": findings,
        "refusal": refusal,
        **_starts(request),
        **_previewed(request, forms.document(given)),
    }
    status = 422 if findings or refusal else 200
    return render(request, "licensing/policies/builder.html", context, status=status)


def _expert(request: HttpRequest, form: ProposalForm) -> HttpResponse:
    return render(request, "licensing/policies/form.html", {"form": form}, status=422 if form.errors else 200)
