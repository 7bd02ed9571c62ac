"""Contracts concluded outside: the list, one with its chain, taking in, correcting, and erasing after its time."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.periods import last_day
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.templatetags.moyai import called
from contributions.views import filling
from contributions.views.exports import evidence_file
from licensing import selectors, services
from licensing.core import outside as rules
from licensing.core import retention
from licensing.core.obligations import OUTSIDE_PARTIES
from licensing.forms.outside import OutsideForm, TakeForm
from licensing.views import confirming, doors, lists, lives, rails

SEARCH = ("number", "title", "counterparty", "organization__name_ja", "organization__name_en")


@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """Every outside agreement that the viewer may see."""
    rows, context = lists.narrowed(request, selectors.outside.visible_to(request.viewer), search=SEARCH)
    filters = Narrow(request.GET, kind=(_("Kind of agreement"), choices(rules.KINDS)))
    if kind := filters.chosen("kind"):
        rows = rows.filter(kind=kind)
    if lists.wants_csv(request):
        return lists.csv("outside-agreements", *_table(rows))
    context |= lists.paged(request, rows) | {"filters": filters, "may_take": may(request.viewer, "outside.take")}
    today = localdate()
    for row in context["page"]:
        row.kind_label, row.ends, row.notice = rules.KINDS[row.kind], *_days(row, today)
    return render(request, "licensing/outside/list.html", context)


def _days(row, on):
    """The end of its term as it has been renewed by a day, and the next day to give notice by."""
    renewed = (row.term_until, row.renewal, row.renewal_months)
    return rules.ends(*renewed, on), rules.next_notice(*renewed, row.notice_months, on)


def _table(rows):
    today = localdate()
    header = [
        _("Number"), lists.coded(_("Kind of agreement"), rules.KINDS), _("Title"), _("Counterparty"),
        _("Concluded on"), _("Contract term from"),
        _("Contract term to (last day)"), _("Amount, yen"), _("Notice by"), _("File"), "SHA-256",
    ]  # fmt: skip
    cells = (
        [
            row.number, row.kind, row.title, row.counterparty, row.signed_on, row.term_from,
            last_day(ends) if ends else "", row.amount, notice, row.file_name, row.sha256,
        ]
        for row, (ends, notice) in ((row, _days(row, today)) for row in rows)
    )  # fmt: skip
    return header, cells


@doors.open_to(doors.OFFICE)
def detail(request: HttpRequest, number: str, *, error: str = "") -> HttpResponse:
    """One outside agreement: its terms, its chain, its file and what a check of it found."""
    row, viewer = _visible(request, number), request.viewer
    on = localdate()
    ends, notice = _days(row, on)
    rule = retention.rule_for(selectors.retention.table(), "outside", on)
    until = retention.kept_until(rule, ends) if rule and ends else None
    context = {
        "row": row,
        "kind": rules.KINDS[row.kind],
        "renewal": rules.RENEWALS[row.renewal],
        "relation": rules.RELATIONS.get(row.relation),
        "ends": ends,
        "notice": notice,
        "chain": _chain(row, viewer),
        "followers": selectors.outside.visible_to(viewer).filter(follows=row),
        "verdicts": [one | {"text": Text(one["ja"], one["en"])} for one in row.verdicts],
        "obligations": _obligations(row, viewer, on),
        "may_add": may(viewer, "obligation.add") and row.erased_at is None,
        "rule": rule,
        "kept_until": until,
        "may_correct": may(viewer, "outside.correct") and row.erased_at is None,
        "erase": _erasing(row, until, error) if may(viewer, "outside.erase") and _is_over(row, until, on) else None,
        "history": rails.history(viewer, f"outside:{row.number}"),
    }
    return render(request, "licensing/outside/detail.html", context, status=422 if error else 200)


def _obligations(row, viewer, on) -> list:
    rows = selectors.obligations.by_urgency(selectors.obligations.visible_to(viewer).filter(outside=row), on)
    listed = lives.with_states(rows, on)
    for one in listed:
        one.owed_by = OUTSIDE_PARTIES[one.party]
    return listed


@doors.open_to(doors.OFFICE)
def new(request: HttpRequest) -> HttpResponse:
    """Legal takes one in, with its file."""
    if not may(request.viewer, "outside.take"):
        raise Http404
    form = TakeForm(request.POST or None, request.FILES or None, organizations=_organizations(request.viewer))
    taken = _kept(form, lambda: _take(request, form))
    if taken is not None:
        messages.success(request, _("Taken in as %(number)s.") % {"number": taken.number})
        return redirect("licensing:outside_agreement", taken.number)
    words = {
        "heading": _("Take in an outside agreement"),
        "lead": _("A contract that was signed on paper or with another service, with its terms as typed."),
        "verb": _("Take it in"),
        "up": reverse("licensing:outside_agreements"),
        "up_label": _("Outside agreements"),
    }
    return filling.page(request, form, **words)


@doors.open_to(doors.OFFICE)
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Legal corrects what was typed."""
    row = _visible(request, number)
    if not may(request.viewer, "outside.correct") or row.erased_at is not None:
        raise Http404
    form = OutsideForm(request.POST or None, organizations=_organizations(request.viewer), initial=_initial(row))
    del form.fields["duties"]
    done = _kept(form, lambda: services.outside.correct(row, **_given(request, form), by=request.viewer, at=now()))
    if done is not None:
        return redirect("licensing:outside_agreement", number)
    words = {
        "heading": _("Correct the terms of %(number)s") % {"number": number},
        "lead": _("The file stays as it is. What stood before remains in the history."),
        "verb": _("Correct"),
        "up": reverse("licensing:outside_agreement", args=[number]),
        "up_label": number,
    }
    return filling.page(request, form, **words)


@require_POST
@doors.open_to(doors.OFFICE)
def erase(request: HttpRequest, number: str) -> HttpResponse:
    """Legal erases file and terms once nothing asks to keep them."""
    row = _visible(request, number)
    if error := confirming.fault(request, number):
        return detail(request, number, error=error)
    services.outside.erase(row, by=request.viewer, at=now())
    messages.success(request, _("File and terms are erased. The line and its proof remain."))
    return redirect("licensing:outside_agreement", number)


@doors.open_to(doors.OFFICE)
def file(request: HttpRequest, number: str) -> FileResponse:
    """The contract's file, as it came in."""
    annex = selectors.outside.file_of(request.viewer, number)
    if annex is None:
        raise Http404
    return evidence_file(selectors.outside.visible_to(request.viewer).get(number=number).file_name, annex)


def _visible(request: HttpRequest, number: str):
    return get_object_or_404(selectors.outside.visible_to(request.viewer), number=number)


def _kept(form, act):
    """What the act gave once the form is valid; a refusal stands beside the field it speaks of."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act()
    except Refused as refusal:
        form.refuse(refusal) if isinstance(form, OutsideForm) else None
        return None


def _take(request: HttpRequest, form: TakeForm):
    file = form.cleaned_data["file"]
    given = _given(request, form)
    given["duties"] = form.cleaned_data["duties"]
    return services.outside.take(**given, name=file.name, content=file.content, by=request.viewer, at=now())


def _given(request: HttpRequest, form: OutsideForm) -> dict:
    code = form.cleaned_data["organization"]
    organizations = contributed.organizations.all_for(request.viewer)
    return {
        "terms": form.cleaned_data["terms"],
        "organization": organizations.get(code=code) if code else None,
        "follows": form.cleaned_data["follows"],
    }


def _organizations(viewer) -> list[tuple[str, str]]:
    return [(row.code, called(row)) for row in contributed.organizations.all_for(viewer).order_by("code")]


def _initial(row) -> dict:
    names = (
        "kind",
        "title",
        "counterparty",
        "amount",
        "renewal",
        "renewal_months",
        "notice_months",
        "relation",
        "remark",
    )
    follows = row.follows or row.follows_agreement
    return {name: getattr(row, name) for name in names} | {
        "organization": row.organization.code if row.organization else "",
        "signed_on": row.signed_on.isoformat(),
        "term_from": row.term_from.isoformat(),
        "term_last": (row.term_until - timedelta(days=1)).isoformat() if row.term_until else "",
        "follows": follows.number if follows else "",
    }


def _chain(row, viewer) -> list[dict]:
    """What it stands on, nearest first: each with the relation of the paper before it, as far as the viewer may see."""
    found, one = [], row
    while one is not None:
        above = one.follows
        if one.follows_agreement is not None:
            url = reverse("licensing:agreement", args=[one.follows_agreement.number])
            found.append(
                {"relation": rules.RELATIONS[one.relation], "number": one.follows_agreement.number, "url": url}
            )
        if above is not None:
            if not selectors.outside.visible_to(viewer).filter(pk=above.pk).exists():
                break
            url = reverse("licensing:outside_agreement", args=[above.number])
            named = {"number": above.number, "url": url, "kind": rules.KINDS[above.kind], "title": above.title}
            found.append(named | {"relation": rules.RELATIONS[one.relation]})
        one = above
    return found


def _is_over(row, until, on) -> bool:
    return row.erased_at is None and until is not None and on >= until


def _erasing(row, until, error: str) -> dict:
    sentence = _("You erase the file of %(number)s and what was typed of it. It had to be kept until %(until)s.")
    return {"sentence": sentence % {"number": row.number, "until": last_day(until).isoformat()}, "error": error}
