"""Data reviews: what waits, and one review with its decision."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core import pictures
from contributions.core import reviews as rules
from contributions.core.errors import Refused
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.forms.reviews import DecideForm
from contributions.templatetags.contributed import REVIEW_STATES, stated, word
from contributions.templatetags.moyai import called
from contributions.views import doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.REVIEWS)
def index(request):
    """The review chain as a picture, and every review as a list; what waits for the reader stands first."""
    viewer, today = request.viewer, localdate()
    visible = selectors.reviews.visible_to(viewer)
    columns = _columns(visible, today)
    states = choices({state: REVIEW_STATES[state] for state in ("open", "passed", "refused")})
    filters = Narrow(request.GET, kind=(_("Review"), choices(rules.REVIEWS)), state=(_("State"), states))
    rows = selectors.reviews.matching(visible, query_of(request))
    for name in ("kind", "state"):
        if chosen := filters.chosen(name):
            rows = rows.filter(**{name: chosen})
    rows = rows.order_by("decided_at", "version__dataset__number", "pk")
    rows = sorted(rows, key=lambda row: row.decided_at is not None)
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    for row in page:
        row.mine = selectors.reviews.may_decide(viewer, row)
        row.shown_state = _state(row, today)
    context = {
        "rows": page,
        "page": page,
        "filters": filters,
        "search": True,
        "query": query_of(request),
        "picture": pictures.review_columns(columns, language=get_language()),
        "finding": pictures.review_finding(columns),
        "columns": columns,
        "csv_url": request.path,
    }
    return render(request, "contributions/reviews/list.html", context)


def detail(request, pk):
    """One review; its reviewer decides it here, once."""
    viewer = request.viewer
    review = get_object_or_404(selectors.reviews.visible_to(viewer), pk=pk)
    version = review.version
    owner = version.dataset.member.organization
    services.openings.record(f"dataset:{version.dataset.number}", owner=owner, by=viewer, at=now())
    may_decide = selectors.reviews.may_decide(viewer, review)
    error = refusal = None
    form = DecideForm(request.POST or None, kind=review.kind, initial={"valid_from": localdate()})
    if request.method == "POST":
        error = None if request.POST.get("confirm", "").strip() == str(version) else _("This is not the number.")
        if form.is_valid() and not error:
            try:
                services.reviews.decide(review, **form.cleaned_data, by=viewer, at=now())
            except Refused as refused:
                refusal = refused
            else:
                return redirect("contributions:review", pk)
    context = {
        "review": review,
        "version": version,
        "dataset": version.dataset,
        "state": _state(review, localdate()),
        "may_decide": may_decide,
        "form": form,
        "error": error,
        "refusal": refusal,
        "stated": stated(selectors.datasets.stated(version)),
        "others": version.reviews.exclude(pk=pk),
        "history": history.about(viewer, f"dataset:{version.dataset.number}"),
    }
    return render(request, "contributions/reviews/detail.html", context, status=422 if error or refusal else 200)


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
            row.valid_until,
        )
        for row in rows
    ]
    return csv_file("reviews", header, lines)
