"""Datasets: the record of each version, its reviews, its copies, and why it counts or does not."""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import chains, eligibility, maps, records
from contributions.core.datasets import MARKS
from contributions.core.errors import Refused
from contributions.core.exclusions import PURPOSES
from contributions.core.roles import MEMBER, may
from contributions.forms.datasets import CopyForm, DatasetForm, RemoveCopyForm, RevisionForm, StateForm, WithdrawForm
from contributions.forms.filters import Narrow
from contributions.forms.resources import RecoveryForm
from contributions.templatetags.contributed import stated
from contributions.templatetags.moyai import called, state_label, text
from contributions.views import as_of, doors, history, recoveries
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv

STATES = ("usable", "in_review", "new", "refused", "expired", "not_counted", "withdrawn")


@doors.open_to(doors.REVIEWS)
def index(request):
    """The latest version of each dataset, and how it stands today."""
    viewer, query, at = request.viewer, query_of(request), as_of.read(request)
    states = [(state, state_label(state)) for state in STATES]
    filters = Narrow(request.GET, keep=("as_of",), state=(_("State"), states))
    rows = selectors.datasets.standings(viewer, at.day, query=query, state=filters.chosen("state"))
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    context = {
        "rows": page,
        "page": page,
        "filters": filters,
        "search": True,
        "query": query,
        "totals": _totals(rows),
        "as_of": at,
        "may_register": viewer.workplace == MEMBER and may(viewer, "dataset.register"),
        "sees_exclusions": viewer.workplace in doors.FIGURES,
        "csv_url": request.path,
    }
    return render(request, "contributions/datasets/list.html", context)


def detail(request, number):
    """One dataset: its newest version in full, the older ones below."""
    return page(request, dataset_of(request, number))


def version(request, number, version):
    """One dataset as of one of its versions."""
    return page(request, dataset_of(request, number), version=version)


def new(request):
    """A member registers a dataset from its Croissant file."""
    viewer = request.viewer
    member = get_object_or_404(selectors.members.visible_to(viewer), organization__code=viewer.acting)
    form = DatasetForm(request.POST or None, request.FILES or None, **_terms(viewer))
    if request.method == "POST" and form.is_valid():
        try:
            version = services.datasets.register(
                form.description,
                member=member,
                submitted_on=localdate(),
                illustrative=selectors.log.head().demo,
                by=viewer,
                at=now(),
                **form.registration(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(
                request, _("The dataset was registered as %(number)s.") % {"number": version.dataset.number}
            )
            return redirect("contributions:dataset", version.dataset.number)
    return render(request, "contributions/datasets/form.html", {"form": form})


def revise(request, number):
    """The owner enters a further version from another Croissant file."""
    viewer, dataset = request.viewer, _own(request, number, "dataset.revise")
    last = dataset.versions.last()
    initial = {"agreement": last.agreement and last.agreement.number, "funding": last.funding and last.funding.code}
    form = RevisionForm(request.POST or None, request.FILES or None, initial=initial, **_terms(viewer))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.datasets.revise(
                dataset, form.description, submitted_on=localdate(), by=viewer, at=now(), **form.revision()
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("The version was registered as %(number)s.") % {"number": made})
            return redirect("contributions:dataset", number)
    return render(request, "contributions/datasets/form.html", {"form": form, "dataset": dataset})


def state(request, number, version):
    """The owner states what a version leaves out, so that its reviews can begin."""
    dataset = _own(request, number, "dataset.state")
    row = get_object_or_404(selectors.datasets.versions_visible_to(request.viewer), dataset=dataset, version=version)
    form = StateForm(request.POST or None, version=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.datasets.state(row, by=request.viewer, at=now(), **form.statement())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return redirect("contributions:dataset", number)
    context = {"form": form, "dataset": dataset, "version": row, "gaps": selectors.datasets.gaps_of(row)}
    return render(request, "contributions/datasets/state.html", context)


@require_POST
def recover(request, number, version):
    """Declare that a part of what a version is worth came back from elsewhere."""
    dataset = dataset_of(request, number)
    row = get_object_or_404(selectors.datasets.versions_visible_to(request.viewer), dataset=dataset, version=version)
    if (form := recoveries.declared(request, row)) is None:
        return redirect("contributions:dataset_version", number, version)
    return page(request, dataset, version=version, recovery=form, status=422)


def withdraw(request, number):
    """The owner withdraws a version or the dataset, after reading what it was used in."""
    viewer, dataset = request.viewer, _own(request, number, "dataset.withdraw")
    versions = list(selectors.datasets.versions_visible_to(viewer).filter(dataset=dataset))
    form = WithdrawForm(request.POST or None, versions=versions, initial={"on": localdate()})
    error = None
    if request.method == "POST":
        error = None if request.POST.get("confirm", "").strip() == number else _("This is not the number.")
        if form.is_valid() and not error:
            try:
                services.datasets.withdraw(dataset, by=viewer, at=now(), **form.withdrawal())
            except Refused as refusal:
                form.add_error(None, refusal.text(get_language()))
            else:
                return redirect("contributions:dataset", number)
    uses = [(row, use) for row in versions for use in selectors.datasets.uses_of(viewer, row)]
    context = {"form": form, "dataset": dataset, "uses": uses, "error": error, "agreement": versions[-1].agreement}
    context["consequences"] = selectors.datasets.consequences_of(viewer, dataset, localdate())
    return render(request, "contributions/datasets/withdraw.html", context, status=422 if error or form.errors else 200)


@require_POST
def open_reviews(request, number):
    """Legal starts every review that the newest version needs."""
    row = dataset_of(request, number).versions.last()
    services.reviews.open_all(row, by=request.viewer, at=now())
    return redirect("contributions:dataset", number)


def dataset_of(request, number):
    """The dataset of that number, where the reader may see it."""
    return get_object_or_404(selectors.datasets.visible_to(request.viewer), number=number)


def page(request, dataset, *, version: int | None = None, copy_form=None, recovery=None, status: int = 200):
    """The page of a dataset; `copy_form` and `recovery` bring back what was typed. The owner reads who opened it."""
    viewer, today, at = request.viewer, localdate(), as_of.read(request)
    owner, day = dataset.member.organization, at.day
    services.openings.record(f"dataset:{dataset.number}", owner=owner, by=viewer, at=now())
    standings = selectors.datasets.history_of(viewer, dataset, day)
    if not standings and at.is_chosen:
        at = as_of.nothing_yet(at)
        day, standings = at.day, selectors.datasets.history_of(viewer, dataset, at.day)
    shown = next((one for one in standings if version in (None, one.version.version)), None)
    if shown is None:
        raise Http404
    row, is_newest = shown.version, shown is standings[0] and not at.is_chosen
    row = selectors.datasets.then(row, day) if at.is_chosen else row
    reviews = {each.kind: each for each in row.reviews.all()}
    shown_by = selectors.places.of_version(row, day if at.is_chosen else None)
    links, places = _links(shown, reviews), maps.sites(selectors.datasets.copies_of(row), settings.RESIDENCY, day)
    owns = viewer.workplace == MEMBER
    sees_columns = selectors.datasets.may_see_columns(viewer, row)
    lines = selectors.eligibility.of_version(shown, day)
    context = {
        "dataset": dataset,
        "standing": shown,
        "version": row,
        "is_newest": is_newest,
        "on_account": selectors.datasets.is_on_account(row, day, selectors.datasets.moved_off([row])),
        "others": [one for one in standings if one is not shown],
        "as_of": at,
        "lines": lines,
        "counted": eligibility.left(lines),
        "recoveries": selectors.recoveries.of(row, day),
        "may_recover": may(viewer, "resource.recover") and not at.is_chosen,
        "recovery_form": recovery or RecoveryForm(),
        "recover_number": str(row),
        "recover_url": reverse("contributions:dataset_recover", args=[dataset.number, row.version]),
        "reviews": [
            (kind, reviews.get(kind), shown.chain.standing_of(kind), _said(reviews.get(kind), at))
            for kind in row.required
        ],
        "chain": chains.draw(links, language=get_language()),
        "chain_finding": chains.finding(links),
        "map": maps.draw(places, language=get_language()),
        "map_finding": maps.finding(places),
        "gaps": selectors.datasets.gaps_of(row) if not reviews else [],
        "record": records.lines(row.record),
        "marks": records.marks_of(row.record),
        "stated": stated(selectors.descriptions.stated(row)),
        "breaches": _breaches(viewer, row, at),
        "exclusions": _excluded(viewer, dataset, day),
        "uses": [(use, history.page_of(use.subject, viewer)) for use in _used(viewer, row, at)],
        "sees_columns": sees_columns,
        "columns": selectors.descriptions.columns_of(row) if sees_columns else [],
        **_sees(viewer, row),
        "may_open": is_newest and may(viewer, "review.open") and set(row.required) - set(reviews),
        "may_copy": may(viewer, "dataset.copy") and not at.is_chosen,
        "may_state": owns and may(viewer, "dataset.state") and not reviews and not at.is_chosen,
        "may_revise": owns and may(viewer, "dataset.revise") and not at.is_chosen,
        "may_withdraw": owns and not at.is_chosen and any(one.version.withdrawn_on is None for one in standings),
        "copy_form": copy_form or CopyForm(),
        "copies": [
            (copy, shown_by.get(copy.get("copy"), []), RemoveCopyForm(auto_id=f"gone{place}_%s", initial={"on": today}))
            for place, copy in enumerate(row.copies, 1)
        ],
        "history": history.about(viewer, f"dataset:{dataset.number}"),
    }
    return render(request, "contributions/datasets/detail.html", context, status=status)


def _sees(viewer, version) -> dict:
    """What behind the version the reader may look at, and so is led to."""
    return {
        "sees_uses": viewer.workplace in doors.FIGURES,
        "sees_account": viewer.workplace in doors.RESOURCES,
        "sees_funding": selectors.funding.visible_to(viewer).filter(pk=version.funding_id).exists(),
        "sees_terms": selectors.terms.visible_to(viewer).filter(pk=version.agreement_id).exists(),
        "sees_member": selectors.members.visible_to(viewer).filter(pk=version.dataset.member_id).exists(),
    }


def _breaches(viewer, version, at) -> list:
    """Breaches that had begun by the day; of a past day without an end that lay ahead."""
    rows = selectors.residency.visible_to(viewer).filter(version=version, since__lte=at.day)
    return selectors.residency.then(rows, at.day) if at.is_chosen else list(rows)


def _used(viewer, version, at) -> list:
    """What the version went into, by the day where one was chosen."""
    return [use for use in selectors.datasets.uses_of(viewer, version) if not at.is_chosen or use.on <= at.day]


def _excluded(viewer, dataset, day) -> list:
    """What the dataset must not serve on the day, each declaration with its purposes in words."""
    rows = list(selectors.exclusions.of_dataset(viewer, dataset, day))
    for row in rows:
        row.purposes_shown = [text(PURPOSES[purpose]) for purpose in row.purposes]
    return rows


def _own(request, number, action: str):
    """The dataset, for its owner only; for everybody else the step does not exist."""
    if request.viewer.workplace != MEMBER or not may(request.viewer, action):
        raise Http404
    return dataset_of(request, number)


def _terms(viewer) -> dict:
    return {
        "agreements": selectors.terms.visible_to(viewer),
        "sources": selectors.funding.visible_to(viewer).exclude(mode="own"),
    }


def _said(review, at) -> dict | None:
    """What a review came to: as its last round concluded, or, on another day, the opinion that spoke then."""
    if review is None:
        return None
    spoke = selectors.datasets.spoken(review, at.day) if at.is_chosen else review
    if spoke is None:
        return None
    words = spoke.text if at.is_chosen else spoke.opinion
    dates = {name: getattr(spoke, name) for name in ("decided_at", "valid_from", "valid_until")}
    return dates | {"words": words}


def _links(standing, reviews) -> list[chains.Link]:
    links = []
    for kind in standing.version.required:
        row = reviews.get(kind)
        if row is None:
            links.append(chains.Link(kind, "not-opened"))
            continue
        opinions = [opinion for opinion in row.opinions.all() if opinion.round == row.round]
        waiting = sum(one.fulfilled_on is None for opinion in opinions for one in opinion.conditions.all())
        state = standing.chain.standing_of(kind)
        link = chains.Link(kind, state, len(opinions), row.quota, row.valid_from, row.valid_until, waiting)
        links.append(link)
    return links


def _totals(rows) -> list[tuple[int, str]]:
    """Sums by unit: bytes and hours are not added to each other."""
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row.version.unit] += row.version.quantity
    return [(amount, unit) for unit, amount in sorted(sums.items())]


def _as_csv(rows):
    header = (
        _("Number"),
        _("Version"),
        _("Name"),
        _("Member"),
        _("Quantity"),
        _("Unit"),
        _("State"),
        _("Why"),
        _("Marks"),
    )
    lines = [
        (
            row.version.dataset.number,
            row.version.version,
            called(row.version),
            called(row.version.dataset.member.organization),
            row.version.quantity or "",  # 0 stands where none is stated
            row.version.unit,
            state_label(row.state),
            " / ".join(text(ground.text) for ground in row.grounds if not ground.is_met),
            "、".join(text(MARKS[mark]) for mark in records.marks_of(row.version.record)),
        )
        for row in rows
    ]
    return csv_file("datasets", header, lines)
