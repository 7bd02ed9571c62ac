"""Data reviews: what waits, and one review with its decision."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import pictures, records
from contributions.core import reviews as rules
from contributions.core.errors import Refused
from contributions.core.roles import MEMBER, may
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.forms.reviews import AssignForm, DecideForm, FulfilForm, ReplyForm
from contributions.templatetags.contributed import REVIEW_STATES, stated, word
from contributions.templatetags.moyai import called
from contributions.views import as_of, doors, history
from contributions.views.exports import content_file, csv_file, until
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.REVIEWS)
def index(request):
    """The review chain as a picture, and every review as a list; what waits for the reader stands first."""
    viewer, at = request.viewer, as_of.read(request)
    visible = selectors.reviews.visible_to(viewer)
    states = choices({state: REVIEW_STATES[state] for state in ("open", "passed", "refused")})
    narrowing = {"kind": (_("Review"), choices(rules.REVIEWS)), "state": (_("State"), states)}
    filters = Narrow(request.GET, keep=("as_of",), **narrowing)
    columns = _columns(selectors.reviews.then(visible, at.day) if at.is_chosen else visible, at.day)
    rows = selectors.reviews.matching(visible, query_of(request))
    kind, state = filters.chosen("kind"), filters.chosen("state")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.order_by("decided_at", "version__dataset__number", "pk")
    rows = selectors.reviews.then(rows, at.day) if at.is_chosen else rows
    rows = sorted((row for row in rows if state in {"", row.state}), key=lambda row: row.decided_at is not None)
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    for row in page:
        row.mine = selectors.reviews.may_decide(viewer, row)
        row.shown_state = _state(row, at.day)
    context = {
        "as_of": at,
        "rows": page,
        "page": page,
        "filters": filters,
        "search": True,
        "query": query_of(request),
        "picture": pictures.review_columns(columns, language=get_language()),
        "finding": pictures.review_finding(columns),
        "columns": columns,
        "conditions": [] if at.is_chosen else selectors.reviews.conditions_of(viewer)[:20],
        "csv_url": request.path,
    }
    return render(request, "contributions/reviews/list.html", context)


def detail(request, number):
    """One review; its reviewer decides it here, once in each round."""
    viewer = request.viewer
    review = review_of(request, number)
    dataset = review.version.dataset
    owner = dataset.member.organization
    services.openings.record(f"dataset:{dataset.number}", owner=owner, by=viewer, at=now())
    error = refusal = None
    form = DecideForm(
        request.POST or None, request.FILES or None, kind=review.kind, initial={"valid_from": localdate()}
    )
    if request.method == "POST":
        error = None if request.POST.get("confirm", "").strip() == str(review.version) else _("This is not the number.")
        if form.is_valid() and not error:
            try:
                services.reviews.decide(review, by=viewer, at=now(), **form.ending())
            except Refused as refused:
                refusal = refused
            else:
                return redirect("contributions:review", number)
    status = 422 if error or refusal or form.errors else 200
    return _page(request, review, status=status, form=form, error=error, refusal=refusal)


def reply(request, number):
    """The owner answers the review, or says how a condition was met."""
    if request.method != "POST" or not may(request.viewer, "review.reply"):
        raise Http404
    review = review_of(request, number)
    form = ReplyForm(request.POST, request.FILES, conditions=selectors.reviews.waiting_conditions(review))
    if form.is_valid():
        services.reviews.reply(review, by=request.viewer, at=now(), **form.answer())
        return redirect("contributions:review", number)
    return _page(request, review, status=422, reply_form=form)


@require_POST
def fulfil(request, number, condition):
    """The review body confirms that a condition is fulfilled."""
    review = review_of(request, number)
    row = selectors.reviews.condition(selectors.reviews.waiting_conditions(review), condition)
    if row is None:
        raise Http404
    form = FulfilForm(request.POST)
    if form.is_valid():
        services.reviews.fulfil(row, by=request.viewer, at=now(), **form.cleaned_data)
    return redirect("contributions:review", number)


@require_POST
def assign(request, number):
    """Legal gives an open review to a review body."""
    review = review_of(request, number)
    bodies = selectors.organizations.visible_to(request.viewer).filter(kind="review")
    body = get_object_or_404(bodies, code=request.POST.get("body", ""))
    services.reviews.assign(review, body, by=request.viewer, at=now())
    return redirect("contributions:review", number)


@require_POST
def reopen(request, number):
    """Legal begins a re-examination."""
    services.reviews.reopen(review_of(request, number), by=request.viewer, at=now())
    return redirect("contributions:review", number)


def evidence(request, sha256):
    """A file of evidence of a review that the reader may see."""
    found = selectors.reviews.evidence_of(request.viewer, sha256)
    if found is None:
        raise Http404
    name, review = found
    dataset = review.version.dataset
    owner = dataset.member.organization
    services.openings.record(f"dataset:{dataset.number}", owner=owner, by=request.viewer, at=now())
    return content_file(name, selectors.reviews.evidence(sha256), marks=records.marks_of(review.version.record))


def review_of(request, number):
    """The review, where the reader may see it."""
    return get_object_or_404(selectors.reviews.numbered(request.viewer, number))


def _page(request, review, *, status: int, form=None, error=None, refusal=None, reply_form=None):
    viewer, version, at = request.viewer, review.version, as_of.read(request)
    visible = selectors.reviews.visible_to(viewer)
    others = visible.filter(version=version).exclude(pk=review.pk)
    opinions = review.opinions.select_related("reviewer").prefetch_related("conditions")
    replies = review.replies.select_related("condition")
    if at.is_chosen:
        found = selectors.reviews.then(visible.filter(pk=review.pk), at.day)
        at = at if found else as_of.nothing_yet(at)
        if found:
            (review,), others = found, selectors.reviews.then(others, at.day)
            opinions, replies = review.opinions.all(), review.replies.all()
    today, is_now = at.day, not at.is_chosen
    owns = viewer.workplace == MEMBER and may(viewer, "review.reply")
    bodies = selectors.organizations.visible_to(viewer).filter(kind="review")
    may_assign = is_now and may(viewer, "review.assign") and review.state == "open"
    waiting = selectors.reviews.waiting_conditions(review)
    stand_apart = selectors.reviews.stands_apart(viewer, review)
    context = {
        "review": review,
        "as_of": at,
        "version": version,
        "dataset": version.dataset,
        "state": _state(review, today),
        "opinions": [
            (opinion, [(row, _fulfil_form(row, today)) for row in opinion.conditions.all()]) for opinion in opinions
        ],
        "replies": replies,
        "standing": selectors.datasets.chain_of(version, today).standing_of(review.kind),
        "may_decide": is_now and selectors.reviews.may_decide(viewer, review),
        "may_fulfil": is_now and stand_apart and waiting.exists(),
        "may_reply": is_now and owns,
        "may_reopen": is_now and may(viewer, "review.reopen") and review.state != "open",
        "form": form or DecideForm(kind=review.kind, initial={"valid_from": today}),
        "error": error,
        "refusal": refusal,
        "waiting": waiting,
        "reply_form": reply_form or ReplyForm(conditions=waiting),
        "assign_form": AssignForm(bodies=bodies) if may_assign and bodies else None,
        "record": records.lines(version.record),
        "marks": records.marks_of(version.record),
        "stated": stated(selectors.descriptions.stated(version)),
        "sees_columns": selectors.datasets.may_see_columns(viewer, version),
        "others": others,
        "history": history.about(viewer, f"dataset:{version.dataset.number}"),
    }
    return render(request, "contributions/reviews/detail.html", context, status=status)


def _fulfil_form(condition, today) -> FulfilForm:
    return FulfilForm(auto_id=f"fulfil{condition.key}_%s", initial={"on": today})


def _columns(rows, today) -> list[pictures.Column]:
    counts = {kind: {"passed": 0, "open": 0, "refused": 0, "expired": 0} for kind in rules.REVIEWS}
    for row in rows:
        counts[row.kind][_state(row, today)] += 1
    return [
        pictures.Column(rules.REVIEWS[kind], count["passed"], count["open"], count["refused"], count["expired"])
        for kind, count in counts.items()
    ]


def _state(review, today) -> str:
    expired = review.state == "passed" and review.valid_until is not None and review.valid_until <= today
    return "expired" if expired else review.state


def _as_csv(rows):
    header = (
        _("Dataset"),
        _("Version"),
        _("Name"),
        _("Member"),
        _("Review"),
        _("State"),
        _("Decided"),
        _("From"),
        _("Until"),
    )
    lines = [
        (
            row.version.dataset.number,
            row.version.version,
            called(row.version.dataset),
            called(row.version.dataset.member.organization),
            word(row.kind, "review"),
            word(row.state, "review_state"),
            localdate(row.decided_at) if row.decided_at else None,
            row.valid_from,
            until(row.valid_until),
        )
        for row in rows
    ]
    return csv_file("reviews", header, lines)
