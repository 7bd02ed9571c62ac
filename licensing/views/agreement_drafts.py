"""Drafting an agreement, of its own or as the step-up from an evaluation: what it is made of, then its variables."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import assembly
from licensing.core.step_ups import FAMILY
from licensing.forms.agreement_drafts import AgreementDraftForm, ChoiceForm, listed


def new(request: HttpRequest) -> HttpResponse:
    """Draft an agreement; `?step_up=` names the request that it answers."""
    viewer = request.viewer
    if not may(viewer, "agreement.draft"):
        raise Http404
    asked = request.GET.get("step_up", "")
    stepping = get_object_or_404(selectors.step_ups.visible_to(viewer), number=asked) if asked else None
    choice = ChoiceForm(_asked(request, stepping), rows=_rows(viewer, stepping))
    context = {
        "choice": choice,
        "stepping": stepping,
        "ready": choice.is_bound and choice.is_valid() and _fits(request, choice),
    }
    if not context["ready"]:
        if not any(request.GET.get(name) for name in choice.fields):
            context["choice"] = ChoiceForm(rows=choice.rows, initial=_initial(stepping))
        return render(request, "licensing/agreements/draft.html", context)
    return _typed(request, context, choice.chosen(), stepping)


def _fits(request: HttpRequest, choice: ChoiceForm) -> bool:
    """Whether the prices are those of the licensee's class; said at once, and not after all has been typed."""
    chosen = choice.chosen()
    try:
        services.agreements.check_class(chosen["licensee"], chosen["schedule"])
    except Refused as refusal:
        choice.add_error("schedule", refusal.text(request.LANGUAGE_CODE))
    return not choice.errors


def _typed(request: HttpRequest, context: dict, chosen: dict, stepping) -> HttpResponse:
    licensee, template = chosen["licensee"], chosen["template"]
    evaluation = stepping.evaluation if stepping else None
    form = AgreementDraftForm(
        request.POST or None,
        schema=assembly.template(template.document).schema,
        usual=services.agreement_drafts.usual(licensee, template, evaluation),
        ladders=selectors.clauses.ladders_of(template),
        stepping=stepping is not None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = _draft(request, chosen, form, stepping)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The agreement is drafted and proved equal in both languages."))
            return redirect("licensing:agreement", row.number)
    context |= {"form": form, **chosen}
    return render(request, "licensing/agreements/draft.html", context, status=422 if form.errors else 200)


def _draft(request: HttpRequest, chosen: dict, form: AgreementDraftForm, stepping):
    licensee, template, term = chosen["licensee"], chosen["template"], form.term()
    made = {"schedule": chosen["schedule"], "release": chosen["release"], "term": term}
    evaluation = stepping.evaluation if stepping else None
    settled = services.agreement_drafts.settled(licensee, **made, evaluation=evaluation)
    made |= {
        "template": template.code,
        "variables": services.agreement_drafts.variables(template, settled, form.variables()),
        "by": request.viewer,
        "at": now(),
    }
    if stepping:
        return services.step_ups.draft(stepping, **made)
    return services.agreements.draft(licensee, **made)


def _asked(request: HttpRequest, stepping) -> dict | None:
    names = ("licensee", "template", "schedule", "release")
    asked = {name: request.GET.get(name, "") for name in names}
    if not any(asked.values()):
        return None
    return asked | ({"licensee": stepping.evaluation.licensee.organization.code} if stepping else {})


def _initial(stepping) -> dict:
    if stepping is None:
        return {}
    evaluation = stepping.evaluation
    return {
        "licensee": evaluation.licensee.organization.code,
        "schedule": str(evaluation.schedule),
        "release": evaluation.release.number,
        "template": "standard",
    }


def _rows(viewer, stepping) -> dict:
    """What can be chosen: approved licensees, templates and price lists in force, published releases."""
    licensees = selectors.licensees.visible_to(viewer).filter(state="approved")
    if stepping:
        licensees = licensees.filter(pk=stepping.evaluation.licensee_id)
    families = {version.id: version.family for version in selectors.clauses.library()}
    templates = [row for row in selectors.clauses.templates_open_to(viewer, localdate()) if _is_licence(row)]
    if stepping:
        templates = [row for row in templates if not _steps_up(row, families)]
    return {
        "licensee": listed(licensees, lambda row: row.organization.code, lambda row: called(row.organization)),
        "template": listed(templates, lambda row: row.code, _title),
        "schedule": listed(
            selectors.schedules.visible_to(viewer).filter(state="adopted"), str, lambda row: f"{row} {called(row)}"
        ),
        "release": listed(
            selectors.releases.visible_to(viewer), lambda row: row.number, lambda row: f"{row.number} {called(row)}"
        ),
    }


def _title(row) -> str:
    title = row.document["title"]
    return title["ja" if get_language() == "ja" else "en"]


def _is_licence(row) -> bool:
    """A template that licenses a release; NDAs and memoranda are made elsewhere."""
    return {"release", "term", "schedule"} <= set(assembly.template(row.document).schema)


def _steps_up(row, families: dict) -> bool:
    return any(families.get(entry.clause) == FAMILY for entry in assembly.template(row.document).entries)
