"""Ballots: the body's rule and electorate, every vote with its dissent, and a count that anybody can repeat."""

from __future__ import annotations

from datetime import datetime, time

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, make_aware, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.roles import MEMBER, may
from contributions.core.words import Text
from licensing import selectors, services
from licensing.core import ballots as rules
from licensing.core import policies, prose
from licensing.core.decimals import exact
from licensing.forms.ballots import CloseForm, OpeningForm, VoteForm
from licensing.views import confirming, lists, rails
from licensing.views.doors import RIGHTS, open_to

STATES = ("open", "carried", "lost")
SEARCH = ("number", "body_ja", "body_en", "policy__number")
HEADER = ("ballot", "policy", "body_ja", "body_en", "opened_at", "closes_at", "state")


@require_safe
@open_to(RIGHTS)
def index(request):
    found = selectors.ballots.visible_to(request.viewer)
    rows, context = lists.narrowed(request, found, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("ballots", HEADER, [_cells(row) for row in rows])
    context |= lists.paged(request, rows)
    for row in context["rows"]:
        row.outcome = _outcome(row)
        row.own = next((vote for vote in row.votes.all() if vote.member.code == request.viewer.acting), None)
    context["is_member"] = request.viewer.workplace == MEMBER
    return render(request, "licensing/ballots/list.html", context)


@require_safe
def detail(request, number):
    return _page(request, _find(request, number))


@require_http_methods(["GET", "POST"])
def new(request, number, version):
    """Put a proposed policy to the vote of the members of today."""
    if not may(request.viewer, "ballot.open"):
        raise Http404
    proposal = get_object_or_404(
        selectors.policies.visible_to(request.viewer), number=number, version=version, state="proposed"
    )
    electorate = {member.code: "1" for member in contributed.members.in_force(localdate())}
    form = OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            opened = services.ballots.open(
                proposal,
                rule={"basis": "members", "quorum": said["quorum"], "threshold": said["threshold"]},
                electorate=electorate,
                body_ja=said["body"].ja,
                body_en=said["body"].en,
                closes_at=make_aware(datetime.combine(said["closes_on"], time(17))),
                by=request.viewer,
                at=now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            return redirect("licensing:ballot", opened.number)
    context = {"form": form, "policy": proposal, "count": len(electorate)}
    return render(request, "licensing/ballots/form.html", context, status=422 if form.errors else 200)


@require_POST
def vote(request, number):
    """Cast the viewing member's vote, for good."""
    found = _find(request, number)
    if request.viewer.workplace != MEMBER:
        raise Http404
    form = VoteForm(request.POST)
    fault = confirming.fault(request, str(number))
    if fault or not form.is_valid():
        return _page(request, found, voting=form, error=fault)
    member = get_object_or_404(contributed.members.visible_to(request.viewer), organization__code=request.viewer.acting)
    said = form.cleaned_data
    try:
        services.ballots.cast(
            found, member=member, choice=said["choice"], dissent=said["dissent"], by=request.viewer, at=now()
        )
    except Refused as refusal:
        return _page(request, found, voting=form, error=refusal)
    messages.success(request, _("Your vote is recorded."))
    return redirect("licensing:ballot", number)


@require_POST
def close(request, number):
    """Count and close, with the minutes."""
    found = _find(request, number)
    form = CloseForm(request.POST)
    fault = confirming.fault(request, str(number))
    if fault or not form.is_valid():
        return _page(request, found, closing=form, error=fault)
    try:
        services.ballots.close(found, by=request.viewer, at=now(), **form.cleaned_data)
    except Refused as refusal:
        return _page(request, found, closing=form, error=refusal)
    return redirect("licensing:ballot", number)


def _find(request, number):
    return get_object_or_404(selectors.ballots.visible_to(request.viewer), number=number)


def _cells(row) -> tuple:
    return row.number, str(row.policy), row.body_ja, row.body_en, row.opened_at, row.closes_at, row.state


def _outcome(found) -> rules.Outcome:
    """The count, made again from electorate, rule and votes."""
    votes = {vote.member.code: vote.choice for vote in found.votes.all()}
    return rules.count(found.electorate, found.rule, votes)


def _page(request, found, *, voting=None, closing=None, error=None):
    viewer = request.viewer
    outcome, at = _outcome(found), now()
    rows = _rows(found, viewer)
    rule = policies.read(found.policy.document)
    own = next((row for row in rows if row["mine"]), None)
    may_vote = found.state == "open" and at < found.closes_at and own is not None and own["vote"] is None
    context = {
        "ballot": found,
        "about": Text(
            f"配分規程 {found.policy.number} 第{found.policy.version}版",
            f"Allocation policy {found.policy.number}, version {found.policy.version}",
        ),
        "rows": rows,
        "own": own,
        "outcome": outcome,
        "voted": sum(1 for row in rows if row["vote"]),
        "decided": outcome.votes_for + outcome.against,
        "quorum": fraction(found.rule["quorum"]),
        "threshold": fraction(found.rule["threshold"]),
        "by_stake": found.rule.get("basis") == "stakes",
        "sentences": prose.sentences(rule),
        "past_due": at >= found.closes_at,
        "may_vote": may_vote,
        "voting": voting or VoteForm(),
        "vote_sentence": _vote_sentence(found),
        "may_close": may(viewer, "ballot.close") and found.state == "open",
        "closing": closing or CloseForm(),
        "close_sentence": _close_sentence(found, outcome),
        "error": error,
        "history": rails.history(viewer, f"ballot:{found.number}"),
    }
    return render(request, "licensing/ballots/detail.html", context, status=422 if error or voting or closing else 200)


def _rows(found, viewer) -> list[dict]:
    """Everybody entitled, with the vote that was cast."""
    votes = {vote.member.code: vote for vote in found.votes.all()}
    names = contributed.organizations.names()
    return [
        {
            "code": code,
            "name": Text(names[code]["ja"], names[code]["en"]) if code in names else Text(code, code),
            "mine": viewer.workplace == MEMBER and code == viewer.acting,
            "weight": fraction(weight),
            "vote": votes.get(code),
            "choice": rules.CHOICES[votes[code].choice] if code in votes else None,
        }
        for code, weight in sorted(found.electorate.items())
    ]


def _vote_sentence(found) -> Text:
    version = found.policy.version
    return Text(
        f"第{found.number}号議決（配分規程 第{version}版の採択）に投票します。投票は会員に示され、変更できません。",
        f"You cast your vote on ballot {found.number}, adopting version {version} of the allocation policy. The members"
        " see it, and it cannot be changed.",
    )


def _close_sentence(found, outcome: rules.Outcome) -> Text:
    figures = [exact(value) for value in (outcome.votes_for, outcome.against, outcome.abstain, outcome.electorate)]
    result = Text("可決", "carried") if outcome.carried else Text("否決", "lost")
    return Text(
        f"第{found.number}号議決を締め切ります。賛成 {figures[0]}・反対 {figures[1]}・棄権 {figures[2]}"
        f"（選挙人 {figures[3]}）で、{result.ja}として記録します。",
        f"Closes ballot {found.number}: {figures[0]} for, {figures[1]} against, {figures[2]} abstaining, of"
        f" {figures[3]}. It is recorded as {result.en}.",
    )
