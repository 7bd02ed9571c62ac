"""Derivative models: the tree and the list, registering one, what it owes upstream, and legal's decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.roles import AUDITOR, LEGAL, LICENSEE, may
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import derivatives as rules
from licensing.core import lineage_pictures
from licensing.forms.derivatives import DerivativeForm, LineageForm
from licensing.forms.lives import SaidForm
from licensing.views import doors, lists, lives, rails
from licensing.views.acting import Act, answered, bound

OPEN = frozenset({LEGAL, AUDITOR, LICENSEE})
STATES = ("submitted", "approved", "refused", "withdrawn")
SEARCH = ("number", "name", "agreement__number", "agreement__licensee__organization__name_ja")
LOOKS = {"submitted": "wait", "approved": "ok", "refused": "stop"}


@require_safe
@doors.open_to(OPEN)
def index(request: HttpRequest) -> HttpResponse:
    """The derivatives that the viewer may see, as a tree and as a table."""
    visible = selectors.derivatives.visible_to(request.viewer)
    rows, context = lists.narrowed(request, visible, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("derivatives", *_table(rows))
    context |= lists.paged(request, rows)
    for row in context["page"]:
        row.made_by = rules.KINDS[row.kind]
        row.total = fraction(row.stack["total"])
    context |= _picture(visible)
    context["may_register"] = may(request.viewer, "derivative.register")
    context["agreements"] = selectors.agreements.in_force(request.viewer) if context["may_register"] else []
    return render(request, "licensing/derivatives/list.html", context)


@doors.open_to(OPEN)
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Register a derivative under an agreement."""
    agreement = lives.found(request, number)
    if not may(request.viewer, "derivative.register"):
        raise Http404
    models = _made_from(agreement)
    obligations = services.derivatives.obligations_of(agreement, localdate())
    form = DerivativeForm(request.POST or None, models=models, obligations=obligations)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.derivatives.register(agreement, **form.registration(), by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("Registered. Legal staff decide on it."))
            return redirect("licensing:derivative", row.number)
    days = selectors.derivatives.terms_of(agreement, localdate())[2]
    context = {
        "form": form,
        "heading": _("Register a derivative model"),
        "up": reverse("licensing:derivatives"),
        "up_label": _("Derivative models"),
        "lead": _("Register it %(days)s days before its first use. It may be used once legal staff have approved it.")
        % {"days": days},
        "verb": _("Register"),
    }
    return render(request, "contributions/form_page.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@doors.open_to(OPEN)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One derivative."""
    row = _found(request, number)
    return _page(request, row, _acts(request, row, ""))


@require_POST
@doors.open_to(OPEN)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Approve, refuse or withdraw it."""
    row = _found(request, number)
    return answered(request, row, _acts(request, row, verb), verb, page=_page, to="licensing:derivative")


@require_safe
@doors.open_to(OPEN)
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """The NOTICE file that travels with it."""
    row = _found(request, number)
    content = services.derivatives.notice_of(row, localdate()).encode()
    return lists.attachment(f"NOTICE-{row.number}.txt", content, "text/plain; charset=utf-8")


def _found(request: HttpRequest, number: str):
    return get_object_or_404(selectors.derivatives.visible_to(request.viewer), number=number)


def _made_from(agreement, besides: str = "") -> dict[str, str]:
    """What a derivative can be made from, by number: the licensed release, and the licensee's own models."""
    family = selectors.derivatives.family_of(agreement.licensee.organization.code)
    own = {row.number: row.name for row in family if row.number != besides}
    return {agreement.release.number: called(agreement.release)} | own


def _picture(rows) -> dict:
    shown = [row for row in rows if row.state in {"submitted", "approved"}]
    models = selectors.derivatives.models_of(shown, rates={})
    if not models:
        return {}
    names = {row.agreement.release.number: called(row.agreement.release) for row in shown}
    names |= {row.number: row.name for row in shown}
    looks = {row.number: LOOKS.get(row.state, "") for row in shown}
    language = get_language()
    return {
        "svg": lineage_pictures.draw(models, names, looks, language=language),
        "caption": lineage_pictures.finding(models, language),
    }


def _page(request, row, acts, *, status: int = 200) -> HttpResponse:
    family = selectors.derivatives.family_of(row.agreement.licensee.organization.code)
    today = localdate()
    obligations = services.derivatives.obligations_of(selectors.lives.gathered([row.agreement])[0], today)
    context = {
        "derivative": row,
        "agreement": row.agreement,
        "made_by": rules.KINDS[row.kind],
        "policy": rules.POLICIES[row.stack["policy"]],
        "total": fraction(row.stack["total"]),
        "lines": [
            {**line, "reach": fraction(line["reach"]), "rate": fraction(line["rate"]), "owed": fraction(line["owed"])}
            for line in row.stack["lines"]
        ],
        "parents": selectors.derivatives.parents_of(row.parents),
        "checklist": [
            {"article": text, "confirmed": bool(row.passed_on.get(name))} for name, text in obligations.items()
        ],
        "notice": services.derivatives.notice_of(row, today),
        "acts": acts,
        "history": rails.history(request.viewer, f"derivative:{row.number}"),
        **_picture(family or [row]),
    }
    return render(request, "licensing/derivatives/detail.html", context, status=status)


def _acts(request, row, tried: str) -> list[Act]:
    if row.state != "submitted":
        return []
    viewer = request.viewer
    facts = {
        "number": row.number,
        "name": row.name,
        "licensee": called(row.agreement.licensee.organization),
        "total": row.stack["total"],
    }
    revised = bound(
        LineageForm, request, "revise", tried, models=_made_from(row.agreement, row.number), held=row.parents,
        initial={"rate": row.rate},
    )  # fmt: skip
    acts = []
    if may(viewer, "derivative.decide"):
        acts.append(
            Act(
                "approve",
                _("Approve the derivative"),
                _("You approve %(number)s, “%(name)s” of %(licensee)s. It owes %(total)s of its revenue upstream.")
                % facts,
                lambda typed: services.derivatives.approve(row, by=viewer, at=now()),
                _("The derivative is approved."),
                plain=False,
            )
        )
        acts.append(
            Act(
                "refuse",
                _("Refuse the derivative"),
                _("You refuse %(number)s, “%(name)s” of %(licensee)s. It may not be used.") % facts,
                lambda typed: services.derivatives.refuse(row, reason=typed["reason"], by=viewer, at=now()),
                _("The derivative is refused."),
                form=bound(SaidForm, request, "refuse", tried),
            )
        )
    if may(viewer, "derivative.register"):
        acts.append(
            Act(
                "revise",
                _("Correct what it was made from"),
                _("You correct parents and rate of %(number)s, “%(name)s”. What it owes upstream is worked out anew.")
                % facts,
                lambda typed: services.derivatives.revise(row, **revised.lineage(), by=viewer, at=now()),
                _("Corrected. Legal staff decide on it as it stands now."),
                form=revised,
            )
        )
        acts.append(
            Act(
                "withdraw",
                _("Take the registration back"),
                _("You take the registration %(number)s, “%(name)s”, back.") % facts,
                lambda typed: services.derivatives.withdraw(row, by=viewer, at=now()),
                _("The registration is taken back."),
            )
        )
    for each in acts:
        each.url = reverse("licensing:derivative_act", args=[row.number, each.name])
    return acts


def _table(rows):
    header = [
        _("Number"),
        _("Name"),
        _("Licensee"),
        _("Agreement"),
        lists.coded(_("How it was made"), rules.KINDS),
        _("Parents"),
        _("Owed upstream"),
        _("Used from"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            row.name,
            called(row.agreement.licensee.organization),
            row.agreement.number,
            row.kind,
            "; ".join(f"{edge['model']}×{edge['weight']}" for edge in row.parents),
            row.stack["total"],
            row.use_from,
            row.state,
        ]
        for row in rows
    )
    return header, cells
