"""Ballots: body, rule and electorate, who has voted, what the rule shows of it, and a count anybody can repeat."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import MEMBER, may
from contributions.core.words import Text
from contributions.templatetags.moyai import called
from contributions.views.exports import evidence_file
from licensing import selectors, services
from licensing.core import ballots as rules
from licensing.core import bodies as body_rules
from licensing.core import policies, tallies
from licensing.core.decimals import exact
from licensing.forms.ballots import ElsewhereForm, MinutesForm, OpeningForm, VoteForm
from licensing.services.ballots import Minutes
from licensing.views import bodies, confirming, lists, rails
from licensing.views.doors import RIGHTS, open_to
from licensing.views.policies import in_words

STATES = ("open", "carried", "lost")
SEARCH = ("number", "body_ja", "body_en", "policy__number", "allocation__number")
HEADER = (
    "ballot",
    lists.coded("form", rules.FORMS),
    "about",
    "body_ja",
    "body_en",
    "opened_at",
    "closes_at",
    "closed_at",
    lists.coded("state"),
)


@require_safe
@open_to(RIGHTS)
def index(request):
    found = selectors.ballots.visible_to(request.viewer)
    rows, context = lists.narrowed(request, found, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("ballots", HEADER, [_cells(row) for row in rows])
    context |= lists.paged(request, rows)
    for row in context["rows"]:
        row.about, row.form_name = bodies.about(row), rules.FORMS[row.form]
        row.seen = selectors.ballots.seen(request.viewer, row)
        row.heads = next((count for count in row.seen.counts if count.basis == "members"), None)
        row.own = next((voter for voter in row.seen.voters if voter.mine), None)
    context["is_member"] = request.viewer.workplace == MEMBER
    return render(request, "licensing/ballots/list.html", context)


@require_safe
def detail(request, number):
    return _page(request, _find(request, number))


@require_http_methods(["GET", "POST"])
def new(request, number, version=None):
    """Put a proposed policy, or an attested allocation, to a deciding body."""
    proposal = _proposal(request, "ballot.open", number, version)
    listed = _bodies(request, proposal)
    named = [(row["code"], row["name"]) for row in listed]
    form = OpeningForm(request.POST or None, bodies=named, members=bodies.members_of_today())
    if request.method == "POST" and form.is_valid():
        body = get_object_or_404(selectors.bodies.visible_to(request.viewer), code=form.cleaned_data["body"])
        try:
            opened = services.ballots.open(proposal, body=body, by=request.viewer, at=now(), **form.opening())
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            return redirect("licensing:ballot", opened.number)
    context = {"form": form, "proposal": proposal, "bodies": listed, **_back(proposal)}
    return render(request, "licensing/ballots/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def elsewhere(request, number, version=None):
    """Record a decision that a body took outside this ledger, with its minutes."""
    proposal = _proposal(request, "decision.record", number, version)
    listed = [(row.code, called(row)) for row in selectors.bodies.visible_to(request.viewer)]
    form = ElsewhereForm(request.POST or None, request.FILES or None, bodies=listed)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        body = get_object_or_404(selectors.bodies.visible_to(request.viewer), code=said["body"])
        stated = {name: said[name] for name in ("decided_on", "reference", "carried")}
        minutes = Minutes(**form.minutes())
        try:
            recorded = services.ballots.record_elsewhere(
                proposal, body=body, minutes=minutes, by=request.viewer, at=now(), **stated
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            return redirect("licensing:ballot", recorded.number)
    context = {"form": form, "proposal": proposal, **_back(proposal)}
    return render(request, "licensing/ballots/elsewhere.html", context, status=422 if form.errors else 200)


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
    form = MinutesForm(request.POST, request.FILES)
    fault = confirming.fault(request, str(number))
    if fault or not form.is_valid():
        return _page(request, found, closing=form, error=fault)
    try:
        services.ballots.close(found, minutes=Minutes(**form.minutes()), by=request.viewer, at=now())
    except Refused as refusal:
        return _page(request, found, closing=form, error=refusal)
    return redirect("licensing:ballot", number)


@require_safe
def minutes(request, number):
    """The minutes as the file that was handed in."""
    found = _find(request, number)
    annex = selectors.ballots.minutes_file(request.viewer, found)
    if annex is None:
        raise Http404
    return evidence_file(found.minutes_name or annex.name, annex)


def _find(request, number):
    return get_object_or_404(selectors.ballots.visible_to(request.viewer), number=number)


def _proposal(request, action: str, number, version):
    """The proposal to decide on, for whoever may put it to a body."""
    if not may(request.viewer, action):
        raise Http404
    if version is not None:
        rows = selectors.policies.visible_to(request.viewer).filter(state="proposed")
        return get_object_or_404(rows, number=number, version=version)
    return get_object_or_404(selectors.allocations.visible_to(request.viewer).filter(state="attested"), number=number)


def _bodies(request, proposal) -> list[dict]:
    """Bodies that decide this matter today, each with its rule in words."""
    matter, listed = services.ballots.matter_of(proposal), []
    for row in selectors.bodies.visible_to(request.viewer):
        edition = selectors.bodies.as_of(row, localdate())
        rule = edition.rules["matters"].get(matter) if edition else None
        if rule is not None:
            listed.append(
                {
                    "code": row.code,
                    "name": called(row),
                    "said": body_rules.sentence(rule),
                    "written": bodies.in_writing(rule),
                    "shown": body_rules.VISIBILITY[edition.rules["visibility"]],
                }
            )
    return listed


def _back(proposal) -> dict:
    if services.ballots.matter_of(proposal) == "policy":
        return {"back": reverse("licensing:policy", args=[proposal.number, proposal.version])}
    return {"back": reverse("licensing:allocation", args=[proposal.number])}


def _cells(row) -> tuple:
    return (row.number, row.form, str(row.policy or row.allocation), row.body_ja, row.body_en, row.opened_at,
            row.closes_at, row.closed_at, row.state)  # fmt: skip


def _page(request, found, *, voting=None, closing=None, error=None):
    viewer, at = request.viewer, now()
    seen = selectors.ballots.seen(viewer, found)
    own = next((voter for voter in seen.voters if voter.mine), None)
    is_open = found.state == "open"
    names = contributed.organizations.names()
    complete = seen.voted == len(found.electorate)
    context = {
        "ballot": found,
        "about": bodies.about(found),
        "form_name": rules.FORMS[found.form],
        "is_elsewhere": found.form == "elsewhere",
        "seen": seen,
        "own": own,
        "rule_said": body_rules.sentence(found.rule) if found.rule else None,
        "visibility": body_rules.VISIBILITY[found.visibility],
        "excluded": [_excluded(one, names) for one in found.excluded],
        "countdown": _countdown(found.closes_at - at) if is_open and at < found.closes_at else None,
        "past_due": is_open and at >= found.closes_at,
        "complete": is_open and complete,
        "may_vote": is_open and at < found.closes_at and own is not None and not own.has_voted,
        "is_recused": any(one["member"] == viewer.acting for one in found.excluded) and viewer.workplace == MEMBER,
        "voting": voting or VoteForm(),
        "vote_sentence": _vote_sentence(found),
        "may_close": may(viewer, "ballot.close") and is_open and (at >= found.closes_at or complete),
        "closing": closing or MinutesForm(),
        "close_sentence": _close_sentence(found, seen),
        "choices": rules.CHOICES,
        "bases": body_rules.BASES,
        "minutes_file": selectors.ballots.minutes_file(viewer, found),
        "minutes_digests": selectors.ballots.minutes_digests(found) if not is_open else [],
        "error": error,
        "history": rails.history(viewer, f"ballot:{found.number}"),
    }
    if found.form != "elsewhere":
        context["svg"] = tallies.draw(
            seen.counts,
            found.rule,
            voted=seen.voted,
            entitled=len(found.electorate),
            is_open=is_open,
            language=request.LANGUAGE_CODE,
        )
        context["finding"] = tallies.finding(seen.counts, voted=seen.voted, entitled=len(found.electorate))
    if found.policy is not None:
        earlier = selectors.policies.visible_to(viewer).filter(number=found.policy.number)
        before = earlier.filter(version__lt=found.policy.version).order_by("-version").first()
        context |= {"before": before, **in_words(policies.read(found.policy.document), before)}
    return render(request, "licensing/ballots/detail.html", context, status=422 if error or voting or closing else 200)


def _excluded(one: dict, names: dict) -> dict:
    named = names.get(one["member"])
    name = Text(named["ja"], named["en"]) if named else Text(one["member"], one["member"])
    return {"name": name, "ground": body_rules.GROUNDS[one["ground"]], "reason": one["reason"]}


def _countdown(left) -> str:
    """The time that is left, in its largest two units."""
    minutes = int(left.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return ngettext("%(days)s day %(hours)s h left", "%(days)s days %(hours)s h left", days) % {
            "days": days, "hours": hours,
        }  # fmt: skip
    return _("%(hours)s h %(minutes)s min left") % {"hours": hours, "minutes": minutes % 60}


def _vote_sentence(found) -> Text:
    about = bodies.about(found)
    shown = {
        "open": Text("投票は会員に示され、変更できません。", "The members see it, and it cannot be changed."),
        "until-closed": Text(
            "投票は締切り後に会員に示され、変更できません。",
            "The members see it once the ballot is closed, and it cannot be changed.",
        ),
        "secret": Text(
            "賛否はほかの会員と事務局に示されず、変更できません。集計を確かめる監査人だけが見られます。",
            "Other members and the secretariat never see how you voted; the auditor, who can count again, does."
            " It cannot be changed.",
        ),
    }[found.visibility]
    return Text(
        f"第{found.number}号議決（{about.ja}の採択）に投票します。{shown.ja}",
        f"You cast your vote on ballot {found.number}, adopting: {about.en}. {shown.en}",
    )


def _close_sentence(found, seen) -> Text:
    number = found.number
    if not seen.counts:
        return Text(
            f"第{number}号議決を締め切り、{seen.voted} 票を集計して結果を記録します。",
            f"Closes ballot {number}: {seen.voted} votes are counted and the result is recorded.",
        )
    first = seen.counts[0]
    figures = [exact(value) for value in (first.votes_for, first.against, first.abstain, first.electorate)]
    result = Text("可決", "carried") if seen.carried else Text("否決", "lost")
    return Text(
        f"第{number}号議決を締め切ります。賛成 {figures[0]}・反対 {figures[1]}・棄権 {figures[2]}"
        f"（選挙人 {figures[3]}）で、{result.ja}として記録します。",
        f"Closes ballot {number}: {figures[0]} for, {figures[1]} against, {figures[2]} abstaining, of"
        f" {figures[3]}. It is recorded as {result.en}.",
    )
