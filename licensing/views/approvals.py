"""Approvals (稟議): what waits for whom, one approval with its route, the rules behind it, and deputies."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import approvals as rules
from licensing.forms.approvals import ApplyForm, DeputyForm, GroundsForm, NoteForm, OpinionForm, SendBackForm
from licensing.views import confirming, doors, lists, rails

STATES = ("in_approval", "sent_back", "approved", "refused", "withdrawn")
SEARCH = ("number", "agreement__number", "agreement__licensee__organization__name_ja", "deviation__number", "reason")
VERBS = ("opine", "approve", "send_back", "refuse", "resubmit", "withdraw")


@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """Every approval that was asked for."""
    rows = selectors.approvals.visible_to(request.viewer)
    rows, context = lists.narrowed(request, rows, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("approvals", *_table(rows))
    context |= lists.paged(request, rows)
    mine = {row.pk for row in selectors.approvals.waiting_for(request.viewer, on=localdate())}
    for row in context["rows"]:
        row.mine, row.tier_words = row.pk in mine, rules.ROUTED[row.tier]
    context["total"] = sum(row.amount for row in rows)
    return render(request, "licensing/approvals/list.html", context)


def _table(rows):
    header = [_("Number"), _("Agreement"), _("Licensee"), _("Deviation"), _("Expected fee in a year (yen)"),
              lists.coded(_("Tier"), rules.ROUTED), _("Applicant"), _("Asked for at"),
              lists.coded(_("State"))]  # fmt: skip
    cells = (
        [
            row.number,
            row.agreement.number,
            called(row.agreement.licensee.organization),
            row.deviation.number if row.deviation else "",
            row.amount,
            row.tier,
            called(row.applicant) if row.applicant else "",
            row.opened_at.isoformat(),
            row.state,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, number: str, *, tried: str = "", form=None, error: object = "") -> HttpResponse:
    """One approval: what it is about, its route with what was done, and what this person is asked for."""
    row = get_object_or_404(selectors.approvals.visible_to(request.viewer), number=number)
    position = selectors.approvals.position_of(row)
    context = {
        "approval": row,
        "tier": rules.ROUTED[row.tier],
        "steps": _steps(row, position),
        "acts": row.acts.select_related("person", "principal"),
        "act_words": rules.ACTS,
        "mine": _mine(request, row, position, tried, form, error),
        "posts": rules.read(row.rules.document).posts,
        "history": rails.history(request.viewer, f"approval:{row.number}"),
    }
    for one in context["acts"]:
        one.words = rules.ACTS[one.kind]
    return render(request, "licensing/approvals/detail.html", context, status=422 if tried else 200)


@require_POST
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Give an opinion, approve, send back, refuse; as applicant submit again or withdraw."""
    row = get_object_or_404(selectors.approvals.visible_to(request.viewer), number=number)
    if verb not in VERBS:
        raise Http404
    form = _form(row, verb, request.POST)
    error = confirming.fault(request, row.number) if verb in {"approve", "refuse"} else ""
    if error or not form.is_valid():
        return detail(request, number, tried=verb, form=form, error=error)
    try:
        getattr(services.decisions, verb)(row, **form.cleaned_data, by=request.viewer, at=now())
    except Refused as refusal:
        return detail(request, number, tried=verb, form=form, error=refusal)
    messages.success(request, _("It stands in the approval."))
    return redirect("licensing:approval", number)


def apply(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the approval of an agreement's terms."""
    agreement = get_object_or_404(selectors.agreements.visible_to(request.viewer), number=number)
    if not may(request.viewer, "approval.apply"):
        raise Http404
    form = ApplyForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            row = services.approvals.apply(agreement, **form.cleaned_data, by=request.viewer, at=now())
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The approval is asked for."))
            return redirect("licensing:approval", row.number)
    expected, _basis = services.approvals.expected(agreement)
    context = {"agreement": agreement, "form": form, "refusal": refusal, "expected": expected}
    status = 422 if form.errors or refusal else 200
    return render(request, "licensing/approvals/apply.html", context, status=status)


@doors.open_to(doors.OFFICE)
def deputies(request: HttpRequest) -> HttpResponse:
    """Who acts for whom, and naming one's own deputy."""
    viewer = request.viewer
    people = contributed.people.colleagues(viewer, on=localdate())
    form = DeputyForm(request.POST or None, people=[(str(one.pk), called(one)) for one in people])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        by_key = {str(one.pk): one for one in people}
        try:
            services.approvals.depute(
                contributed.people.account(viewer),
                by_key[given["deputy"]],
                valid_from=given["valid_from"],
                valid_until=given["valid_until"],
                reason=given["reason"],
                by=viewer,
                at=now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            messages.success(request, _("The deputy is named."))
            return redirect("licensing:deputies")
    context = {
        "rows": selectors.approvals.deputies_visible_to(viewer),
        "form": form if may(viewer, "approval.depute") and viewer.user else None,
        "today": localdate(),
    }
    return render(request, "licensing/approvals/deputies.html", context, status=422 if form.errors else 200)


def _steps(row, position: rules.Position) -> list[dict]:
    read, asked = rules.read(row.rules.document), {step.code for step in position.asked}
    return [
        {
            "code": step.code,
            "kind": rules.STEP_KINDS[step.kind],
            "post": read.posts[step.post].name,
            "holders": read.posts[step.post].holders,
            "state": "done" if step.code in position.done else "pending" if step.code in asked else "",
        }
        for step in selectors.approvals.steps_of(row)
    ]


def _mine(request: HttpRequest, row, position: rules.Position, tried: str, form, error) -> list[dict]:
    """What this person may do in the approval now."""
    viewer, words = request.viewer, _words()
    verbs: list[str] = []
    user = contributed.people.account(viewer) if viewer.user else None
    if user is not None and row.state == "in_approval" and may(viewer, "approval.act"):
        step = selectors.approvals.step_of(row, user.username, localdate())
        if step is not None:
            verbs = ["opine", "send_back"] if step[0].kind == rules.CONSULT else ["approve", "send_back", "refuse"]
    if user is not None and row.applicant_id == user.pk and may(viewer, "approval.apply"):
        verbs += {"in_approval": ["withdraw"], "sent_back": ["resubmit", "withdraw"]}.get(row.state, [])
    facts = {"number": row.number, "agreement": row.agreement.number, "amount": f"{row.amount:,}"}
    return [
        {
            "id": f"approval-{verb}",
            "verb": words[verb][0],
            "sentence": words[verb][1] % facts,
            "url": reverse("licensing:approval_act", args=[row.number, verb]),
            "form": form if verb == tried and form is not None else _form(row, verb, None),
            "error": error if verb == tried else "",
            "open": verb == tried,
            "final": verb in {"approve", "refuse"},
            "first": at == 0 and verb != "withdraw",
            "plain": at > 0,
        }
        for at, verb in enumerate(verbs)
    ]


def _form(row, verb: str, data):
    kinds = {"opine": OpinionForm, "approve": NoteForm}
    if verb == "send_back":
        read, language = rules.read(row.rules.document), get_language()
        targets = [(rules.APPLICANT, _("Whoever applied"))]
        done = selectors.approvals.position_of(row).done  # who has not spoken yet has nothing to do again
        steps = [step for step in selectors.approvals.steps_of(row) if step.code in done]
        targets += [(step.code, read.posts[step.post].name.of(language)) for step in steps]
        return SendBackForm(data, targets=targets, auto_id=f"{verb}-%s")
    return kinds.get(verb, GroundsForm)(data, auto_id=f"{verb}-%s")


def _words() -> dict[str, tuple[str, str]]:
    return {
        "opine": (_("Give an opinion"), _("Your opinion on %(number)s is heard; it cannot hold the approval up.")),
        "approve": (
            _("Approve it"),
            _("You approve %(number)s for agreement %(agreement)s, expected to bring ¥%(amount)s a year."),
        ),
        "send_back": (_("Send back"), _("You send %(number)s back; what was done from there on is done again.")),
        "refuse": (_("Refuse it for good"), _("You refuse %(number)s for good. The proposal is on the table again.")),
        "resubmit": (_("Submit again"), _("You submit %(number)s again, from its first step on.")),
        "withdraw": (_("Withdraw"), _("You take %(number)s back. Nothing is approved by it.")),
    }
