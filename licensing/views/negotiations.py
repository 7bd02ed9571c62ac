"""The table at which both sides sit: whose turn it is, every clause with its comments and proposals, the rounds."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core.errors import Refused
from contributions.core.roles import LICENSEE, may
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import assembly, redlines, rewordings
from licensing.core import negotiations as rules
from licensing.forms.negotiations import CommentForm, WhyForm
from licensing.views import confirming, rails

MOVES = {
    "hand-over": (services.negotiations.hand_over, "hand_over"),
    "agree": (services.negotiations.agree, "agree"),
    "reopen": (services.negotiations.reopen, "reopen"),
    "break-off": (services.negotiations.break_off, "break_off"),
}
WITH_REASON = frozenset({"reopen", "break-off"})


def find(request: HttpRequest, number: str):
    """The negotiation of an agreement, if this viewer may see it."""
    return get_object_or_404(selectors.negotiations.visible_to(request.viewer), agreement__number=number)


def detail(
    request: HttpRequest, number: str, *, tried: str = "", error: object = "", form=None, comment=None
) -> HttpResponse:
    """One negotiation, as both sides see it; each with its own drafts, the office with its notes."""
    row = find(request, number)
    viewer, agreement = request.viewer, row.agreement
    side = selectors.negotiations.side_of(viewer)
    proposals = list(selectors.negotiations.proposals_visible_to(viewer).filter(negotiation=row))
    names = selectors.deviations.labels_of(agreement)
    for proposal in proposals:
        proposal.label, proposal.words = label_of(proposal, names), rules.PROPOSALS[proposal.state]
    clauses = _clauses(request, row, proposals, comment)
    live = agreement.state == "drafted"
    mine = live and may(viewer, "negotiation.take_part") and rules.TURN.get(row.state) == side
    context = {
        "negotiation": row,
        "agreement": agreement,
        "inside": viewer.workplace != LICENSEE,
        "side": side,
        "turn": rules.SIDES.get(rules.TURN.get(row.state, ""), None) if live else None,
        "mine": mine,
        "unanswered": next((one for one in proposals if one.side != side and one.state == "proposed" and mine), None),
        "drafts": [one for one in proposals if one.state == "draft"],
        "tabled": [one for one in proposals if one.state in {"proposed", "in_approval"}],
        "settled": [one for one in proposals if one.state not in rules.OPEN],
        "clauses": clauses,
        "moves": _moves(row, viewer, side, proposals, tried, error, form) if live else [],
        "may_comment": live and may(viewer, "negotiation.take_part"),
        "may_propose": mine and rules.is_for(row.state, side, "propose"),
        "figures": _figures(agreement) if mine else [],
        "versions": list(selectors.negotiations.versions_visible_to(viewer).filter(agreement=agreement)),
        "rounds": rules.SIDES,
        "general": _elsewhere(request, row, {one["part"].key for one in clauses}),
        "general_form": _comment_form(request, "", comment),
        "history": rails.history(viewer, f"agreement:{agreement.number}"),
    }
    bad = bool(error) or (form is not None and form.errors) or (comment is not None and comment.errors)
    return render(request, "licensing/negotiations/detail.html", context, status=422 if bad else 200)


@require_POST
def open(request: HttpRequest, number: str) -> HttpResponse:
    """Lay a draft before its licensee."""
    agreement = get_object_or_404(selectors.agreements.visible_to(request.viewer), number=number)
    if confirming.fault(request, agreement.number):
        messages.error(request, confirming.fault(request, agreement.number))
        return redirect("licensing:agreement", number)
    services.negotiations.open(agreement, by=request.viewer, at=now())
    messages.success(request, _("The draft lies before the licensee. It is its turn."))
    return redirect("licensing:negotiation", number)


@require_POST
def move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Hand over, agree, reopen, or break off."""
    if verb not in MOVES:
        raise Http404
    row = find(request, number)
    form = WhyForm(request.POST) if verb in WITH_REASON else None
    error = confirming.fault(request, number)
    if error or (form is not None and not form.is_valid()):
        return detail(request, number, tried=verb, error=error, form=form)
    more = {"reason": form.cleaned_data["reason"]} if form is not None else {}
    try:
        MOVES[verb][0](row, **more, by=request.viewer, at=now())
    except Refused as refusal:
        return detail(request, number, tried=verb, error=refusal, form=form)
    messages.success(request, _said()[verb])
    return redirect("licensing:negotiation", number)


@require_POST
def comment(request: HttpRequest, number: str) -> HttpResponse:
    """Write a comment on a clause, or on the whole."""
    row = find(request, number)
    inside = request.viewer.workplace != LICENSEE
    form = CommentForm(request.POST, inside=inside)
    if not form.is_valid():
        return detail(request, number, comment=form)
    given = form.cleaned_data
    try:
        services.negotiations.comment(
            row,
            clause=given["clause"],
            text=given["text"],
            internal=given.get("internal", False),
            by=request.viewer,
            at=now(),
        )
    except Refused as refusal:
        form.add_error("text", refusal.text(request.LANGUAGE_CODE))
        return detail(request, number, comment=form)
    messages.success(request, _("The comment stands."))
    return redirect(f"{reverse('licensing:negotiation', args=[number])}#clause-{given['clause']}")


def label_of(proposal, names: dict) -> object:
    """What a proposal is about, in words."""
    if proposal.subject in names:
        return names[proposal.subject]
    if proposal.heading:
        return rewordings.heading(proposal.heading)
    return proposal.subject


def _clauses(request: HttpRequest, row, proposals: list, tried) -> list[dict]:
    """Every clause as it stands now, with what is proposed and said about it."""
    try:
        tree = services.agreements.assembled(row.agreement).tree
    except Refused:
        return []
    comments = list(selectors.negotiations.comments_visible_to(request.viewer).filter(negotiation=row))
    found = []
    for part in redlines.sections(tree):
        about = [one for one in proposals if one.subject == part.key]
        said = [one for one in comments if one.clause == part.key]
        found.append(
            {
                "part": part,
                "proposals": about,
                "comments": said,
                "form": _comment_form(request, part.key, tried),
                "open": any(one.state in rules.OPEN for one in about)
                or (tried is not None and tried.data.get("clause") == part.key),
                "wording": part.key not in FIXED,
                "changed": part.key in row.agreement.wordings,
            }
        )
    return found


FIXED = frozenset({"preamble", "key-terms", "annex-1"})


def _elsewhere(request: HttpRequest, row, shown: set[str]) -> list:
    """Comments on the whole, and on what no longer stands in the text: a clause whose place another has taken."""
    rows = list(
        selectors.negotiations.comments_visible_to(request.viewer).filter(negotiation=row).exclude(clause__in=shown)
    )
    names = selectors.deviations.labels_of(row.agreement) if any(one.clause for one in rows) else {}
    for one in rows:
        one.about = names.get(one.clause, one.clause)
    return rows


def _comment_form(request: HttpRequest, clause: str, tried) -> CommentForm:
    if tried is not None and tried.data.get("clause", "") == clause:
        return tried
    inside = request.viewer.workplace != LICENSEE
    return CommentForm(inside=inside, initial={"clause": clause}, auto_id=f"comment-{clause}-%s")


def _figures(agreement) -> list[dict]:
    """The figures that may be negotiated, with their value of now."""
    schema = assembly.template(agreement.template.document).schema
    return [
        {"name": name, "label": schema[name].label}
        for name in services.contents.negotiable(agreement, now())
        if name in schema
    ]


def _moves(row, viewer, side: str, proposals: list, tried: str, error, form) -> list[dict]:
    """What this side may do with the whole negotiation now; the first one is the step to take."""
    if not may(viewer, "negotiation.take_part"):
        return []
    open_ones = [one for one in proposals if one.state in rules.OPEN]
    found = []
    for verb in ("agree", "hand-over", "reopen", "break-off"):
        if not rules.is_for(row.state, side, MOVES[verb][1]):
            continue
        first = verb == ("hand-over" if open_ones else "agree")
        words, sentence = _words()[verb]
        found.append(
            {
                "id": f"move-{verb}",
                "verb": words,
                "sentence": sentence % {"number": row.agreement.number, "other": _other(row, side)},
                "url": reverse("licensing:negotiation_move", args=[row.agreement.number, verb]),
                "form": (form if verb == tried and form is not None else WhyForm(auto_id=f"{verb}-%s"))
                if verb in WITH_REASON
                else None,
                "error": error if verb == tried else "",
                "open": verb == tried,
                "first": first,
            }
        )
    return sorted(found, key=lambda one: not one["first"])


def _other(row, side: str) -> str:
    if side == rules.LICENSEE:
        return _("the licensor")
    return called(row.agreement.licensee.organization)


def _words() -> dict[str, tuple[str, str]]:
    return {
        "hand-over": (
            _("Hand over"),
            _(
                "You hand %(number)s over to %(other)s with your proposals and answers."
                " This round is frozen; it is their turn."
            ),
        ),
        "agree": (
            _("Agree to the text"),
            _(
                "You agree to the text of %(number)s as it stands. The text is frozen;"
                " the secretariat then approves and offers it."
            ),
        ),
        "reopen": (
            _("Reopen"),
            _("You take the negotiation of %(number)s up again with %(other)s, although its text was agreed."),
        ),
        "break-off": (
            _("Break off"),
            _("You break off the negotiation of %(number)s with %(other)s. It is not taken up again."),
        ),
    }


def _said() -> dict[str, str]:
    return {
        "hand-over": _("The round is frozen and handed over."),
        "agree": _("The text is agreed and frozen."),
        "reopen": _("The negotiation is taken up again."),
        "break-off": _("The negotiation is broken off."),
    }
