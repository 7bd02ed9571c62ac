"""Proposals: drafting one on a clause, a figure or the prices, reading it as a redline, and answering it."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core.errors import Refused
from contributions.core.roles import LICENSEE, may
from licensing import selectors, services
from licensing.core import assembly, rewordings, tariffs
from licensing.core import negotiations as rules
from licensing.core.clauses import RANKS
from licensing.core.deviations import TIERS
from licensing.forms.negotiations import (
    AcceptForm,
    AnswerForm,
    FigureForm,
    PriceForm,
    SpecialForm,
    WhyForm,
    WordingForm,
    shown_rate,
)
from licensing.services.contents import ADDED, PRICE, REMOVED, VARIABLE, WORDING
from licensing.views import negotiations, rails

KINDS = (WORDING, ADDED, REMOVED, VARIABLE, PRICE)


def new(request: HttpRequest, number: str, kind: str, subject: str = "") -> HttpResponse:
    """Draft a proposal on a clause, a new special clause, the removal of one, a figure, or the prices."""
    row = negotiations.find(request, number)
    if kind not in KINDS or not may(request.viewer, "negotiation.take_part"):
        raise Http404
    subject = "terms" if kind == PRICE else subject
    make, label = _form_of(row.agreement, kind, subject)
    if request.method == "POST":
        form = make(request.POST)
        return _saved(request, row, form, {"kind": kind, "subject": subject}, label)
    return _drafting(request, row, make(None), label, {"kind": kind})


def edit(request: HttpRequest, number: str, proposal: int) -> HttpResponse:
    """Go on with a draft; one that somebody saved in between is shown beside what was typed."""
    found = _find(request, number, proposal)
    if found.state != "draft":
        return redirect("licensing:proposal", number, proposal)
    make, label = _form_of(found.negotiation.agreement, found.kind, found.subject, found)
    if request.method == "POST":
        return _saved(request, found.negotiation, make(request.POST), {"proposal": found}, label)
    return _drafting(request, found.negotiation, make(None), label, {"proposal": found})


def counter(request: HttpRequest, number: str, proposal: int) -> HttpResponse:
    """Answer a proposal with one of one's own, starting from its text."""
    found = _find(request, number, proposal)
    make, label = _form_of(found.negotiation.agreement, found.kind, found.subject, found, fresh=True)
    if request.method == "POST":
        return _saved(request, found.negotiation, make(request.POST), {"counters": found}, label)
    return _drafting(request, found.negotiation, make(None), label, {"counters": found})


def detail(request: HttpRequest, number: str, proposal: int, *, tried: str = "", form=None, error="") -> HttpResponse:
    """One proposal as a redline, with what this viewer may do with it."""
    found = _find(request, number, proposal)
    viewer, row = request.viewer, found.negotiation
    side = selectors.negotiations.side_of(viewer)
    inside = viewer.workplace != LICENSEE
    live = row.agreement.state == "drafted" and may(viewer, "negotiation.take_part")
    acts = _acts(found, row, side, tried, form, error) if live else []
    deviation = selectors.deviations.visible_to(viewer).filter(proposal=found).order_by("-pk").first()
    context = {
        "proposal": found,
        "negotiation": row,
        "agreement": row.agreement,
        "label": negotiations.label_of(found, selectors.deviations.labels_of(row.agreement)),
        "change": services.contents.change_of(row.agreement, found),
        "words": rules.PROPOSALS[found.state],
        "side": rules.SIDES[found.side],
        "acts": acts,
        "may_edit": live and found.side == side and found.state == "draft" and rules.is_for(row.state, side, "propose"),
        "may_counter": live
        and found.side != side
        and found.state == "proposed"
        and rules.is_for(row.state, side, "propose")
        and found.kind != REMOVED,
        "faults": _faults(found),
        "judgement": _judgement(found) if inside and found.content and found.state in rules.OPEN else None,
        "deviation": deviation,
        "approval": selectors.approvals.visible_to(viewer).filter(deviation=deviation).first() if deviation else None,
        "editions": found.editions.select_related("typed_by") if found.side == side else [],
        "history": rails.history(viewer, f"agreement:{row.agreement.number}"),
    }
    return render(request, "licensing/negotiations/proposal.html", context, status=422 if tried else 200)


@require_POST
def act(request: HttpRequest, number: str, proposal: int, verb: str) -> HttpResponse:
    """Accept, reject, submit for approval, or withdraw."""
    found = _find(request, number, proposal)
    side = selectors.negotiations.side_of(request.viewer)
    kinds = {"accept": _accept_form(side), "reject": WhyForm, "submit": WhyForm, "withdraw": None}
    if verb not in kinds:
        raise Http404
    form = kinds[verb](request.POST, auto_id=f"{verb}-%s") if kinds[verb] else None
    if form is not None and not form.is_valid():
        return detail(request, number, proposal, tried=verb, form=form)
    try:
        done = getattr(services.proposals, verb)(
            found, **(form.cleaned_data if form else {}), by=request.viewer, at=now()
        )
    except Refused as refusal:
        return detail(request, number, proposal, tried=verb, form=form, error=refusal)
    waits = done.state == "in_approval"
    messages.success(request, _("The approval is asked for.") if waits else _done()[verb])
    return redirect("licensing:negotiation", number)


def _find(request: HttpRequest, number: str, proposal: int):
    rows = selectors.negotiations.proposals_visible_to(request.viewer)
    return get_object_or_404(rows, negotiation__agreement__number=number, number=proposal)


def _accept_form(side: str) -> type[forms.Form]:
    return AcceptForm if side == rules.LICENSOR else AnswerForm


def _acts(found, row, side: str, tried: str, form, error) -> list[dict]:
    """The answers that are this side's to give now."""
    verbs = []
    if found.side != side and found.state == "proposed" and rules.is_for(row.state, side, "answer"):
        verbs = [("accept", _accept_form(side)), ("reject", WhyForm)]
    elif found.side == side and rules.is_for(row.state, side, "propose"):
        if found.state == "draft" and side == rules.LICENSOR:
            verbs.append(("submit", WhyForm))
        if found.state in {"draft", "proposed"}:
            verbs.append(("withdraw", None))
    names = _verbs()
    return [
        {
            "id": f"act-{verb}",
            "verb": names[verb],
            "url": reverse("licensing:proposal_act", args=[row.agreement.number, found.number, verb]),
            "form": form if verb == tried and form is not None else (kind(auto_id=f"{verb}-%s") if kind else None),
            "error": error if verb == tried else "",
            "open": verb == tried,
            "first": at == 0 and verb != "withdraw",
        }
        for at, (verb, kind) in enumerate(verbs)
    ]


def _form_of(agreement, kind: str, subject: str, found=None, *, fresh: bool = False) -> tuple[Callable, object]:
    """A form for that kind of proposal, filled with what stands or what was drafted, and what it is called."""
    language = get_language()
    initial = {"edition": 0 if fresh or found is None else found.edition}
    if found is not None and not fresh:
        initial["reason"] = found.reason
    if kind in {VARIABLE, PRICE}:
        return _value_form(agreement, kind, subject, found, initial)
    tree = services.agreements.assembled(agreement).tree
    label = selectors.deviations.labels_of(agreement).get(subject, subject)
    if found is not None:
        initial |= {"ja": found.ja, "en": found.en}
    if kind == ADDED:
        if found is not None:
            initial |= {"heading_ja": found.heading["ja"], "heading_en": found.heading["en"], "after": found.after}
        places = [
            (one.clause, f"{one.label.of(language)} {one.heading.of(language)}") for one in reversed(tree.articles)
        ]
        return lambda data: SpecialForm(data, initial=initial, clauses=places), _("a special clause")
    article = next((one for one in tree.articles if one.clause == subject), None)
    if article is None:
        raise Http404
    if kind == REMOVED:
        return lambda data: RemovalForm(data, initial=initial), label
    if found is None:
        initial |= {name: rewordings.typed(article, name) for name in ("ja", "en")}
    return lambda data: WordingForm(data, initial=initial), label


class RemovalForm(WhyForm):
    """Taking a clause out: nothing but the reason."""

    edition = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)


def _value_form(agreement, kind: str, subject: str, found, initial: dict) -> tuple[Callable, object]:
    schema, language = assembly.template(agreement.template.document).schema, get_language()
    if subject not in schema or (kind == VARIABLE and subject not in services.contents.negotiable(agreement, now())):
        raise Http404
    value = agreement.variables.get(subject) if found is None else found.value
    if kind == VARIABLE:
        variable = schema[subject]
        initial["value"] = shown_rate(value) if variable.kind == "rate" else value
        words = variable.label.of(language)
        return lambda data: FigureForm(data, initial=initial, kind=variable.kind, label=words), variable.label
    tariff = tariffs.tariff(value)
    tiers = [f"{row.range.of(language)}" for row in tariffs.rows(tariff)]
    percentage = tariffs.is_rate(tariff.unit, tariff.mode)
    for at, row in enumerate(value["tiers"]):
        initial[f"price_{at}"] = shown_rate(row["price"]) if percentage else row["price"]
    initial["minimum"] = value.get("minimum") or "0"
    return (
        lambda data: PriceForm(data, initial=initial, terms=value, tiers=tiers, percentage=percentage),
        schema[subject].label,
    )


def _saved(request: HttpRequest, row, form, given: dict, label) -> HttpResponse:
    """Save what was typed; whatever goes wrong, it stands in the form again."""
    if not form.is_valid():
        return _drafting(request, row, form, label, given, status=422)
    data = form.cleaned_data
    typed = {name: data[name] for name in ("ja", "en", "reason", "edition") if name in data}
    if "heading_ja" in data:
        typed |= {"heading": {"ja": data["heading_ja"], "en": data["heading_en"]}, "after": data["after"]}
    if "terms" in data or "value" in data:
        typed["value"] = data.get("terms", data.get("value"))
    try:
        saved = _save(row, given, typed, request)
    except Refused as refusal:
        return _drafting(request, row, form, label, given, refusal=refusal, status=422)
    if saved.stale is not None:
        return _beside(request, row, form, label, saved)
    messages.success(request, _("The draft is saved. The other side sees it once you hand over."))
    return redirect("licensing:proposal", row.agreement.number, saved.proposal.number)


def _save(row, given: dict, typed: dict, request: HttpRequest):
    whose = {"by": request.viewer, "at": now()}
    if "counters" in given:
        return services.proposals.counter(given["counters"], **typed, **whose)
    if "proposal" in given:
        found = given["proposal"]
        return services.proposals.save(row, kind=found.kind, subject=found.subject, proposal=found, **typed, **whose)
    return services.proposals.save(row, **given, **typed, **whose)


def _beside(request: HttpRequest, row, form, label, saved) -> HttpResponse:
    """A stale draft: both texts, and the form with what was typed, now against the newest edition."""
    newest = saved.proposal
    refusal = rules.StaleDraft(newest=newest.edition, kept=saved.stale.edition)
    again = form.data.copy()
    again["edition"] = str(newest.edition)
    form.data = again
    context = {"newest": newest, "proposal": newest}
    return _drafting(request, row, form, label, context, refusal=refusal, status=409)


def _drafting(request: HttpRequest, row, form, label, given: dict, *, refusal=None, status: int = 200) -> HttpResponse:
    context = {
        "negotiation": row,
        "agreement": row.agreement,
        "form": form,
        "label": label,
        "refusal": refusal,
        "newest": given.get("newest"),
        "proposal": given.get("proposal"),
        "counters": given.get("counters"),
        "removal": given.get("kind") == REMOVED,
    }
    return render(request, "licensing/negotiations/draft.html", context, status=status)


def _faults(found) -> list:
    """What keeps a wording from being accepted, while it is open."""
    if found.state not in rules.OPEN or not isinstance(found.content, dict) or "document" not in found.content:
        return []
    return services.contents.faults(found)


def _judgement(found) -> dict | None:
    """How the rules look at a proposal, for the office alone."""
    try:
        judged = services.deviations.judge(found.negotiation.agreement, found.kind, found.subject, found.content, now())
    except Refused as refusal:
        return {"refusal": refusal}
    return {"rung": RANKS[judged.rung], "tier": TIERS[judged.tier], "needs": judged.needs_approval}


def _verbs() -> dict[str, object]:
    return {
        "accept": _("Accept"),
        "reject": _("Reject"),
        "submit": _("Ask for approval"),
        "withdraw": _("Withdraw the proposal"),
    }


def _done() -> dict[str, str]:
    return {
        "accept": _("The proposal is accepted and stands in the text."),
        "reject": _("The proposal is rejected."),
        "submit": _("No approval is needed; the draft can be handed over."),
        "withdraw": _("The proposal is withdrawn."),
    }
