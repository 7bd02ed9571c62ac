"""Obligations: the list, one of them with what can be done about it, and adding one by hand."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions.core.errors import Refused
from contributions.core.roles import LICENSEE, may
from contributions.core.words import Text
from contributions.forms.fields import read_date
from contributions.templatetags.moyai import state_label, text
from contributions.views import as_of
from contributions.views.exports import evidence_file
from licensing import selectors, services
from licensing.adapters.holidays import is_business_day
from licensing.core import deadlines
from licensing.core.obligations import OUTSIDE_PARTIES, PARTIES, TRIGGERS
from licensing.forms.filters import ByState
from licensing.forms.obligations import DutyForm, FulfilForm, ObligationForm, WaiveForm
from licensing.views import doors, lists, lives, rails
from licensing.views.acting import Act, answered, bound

STATES = ("late", "due", "future", "done", "waived")
SETTLED = {"done", "waived"}
SEARCH = (
    "number", "title_ja", "title_en", "agreement__licensee__organization__name_ja", "agreement__number",
    "outside__counterparty", "outside__number",
)  # fmt: skip


@require_safe
@doors.open_to(doors.PARTIES)
def index(request: HttpRequest) -> HttpResponse:
    """Who owes what by when: what is overdue first; what is settled shows when it is asked for."""
    at = as_of.read(request)
    today, rows = at.day, selectors.obligations.visible_to(request.viewer)
    if not at.is_chosen:
        rows = selectors.obligations.by_urgency(rows.exclude(state="superseded"), today)
    rows, context = lists.narrowed(request, rows, search=SEARCH)
    form = ByState(request.GET, states=[(state, state_label(state)) for state in STATES], unasked=_("Not settled yet"))
    if at.is_chosen:
        rows = _then(rows, form.chosen, today, every=bool(context["query"]))
    elif form.chosen:
        rows = selectors.obligations.standing_on(rows, form.chosen, today)
    elif not context["query"]:
        rows = rows.exclude(state__in=SETTLED)
    if lists.wants_csv(request):
        return lists.csv("obligations", *_table(rows, today))
    context |= lists.paged(request, rows) | {"filters": form, "as_of": at}
    context["kept"] = [("state", form.chosen)] if form.chosen else []
    lives.with_states(context["page"], today)
    for row in context["page"]:
        row.standing = selectors.obligations.state_on(row, today)
        row.owed_by = parties_of(row)[row.party]
    context["total"] = sum(row.amount or 0 for row in rows if row.state == "open")
    return render(request, "licensing/obligations/list.html", context)


def _then(rows, state: str, day, *, every: bool) -> list:
    """What was owed on a past day, in the state that was asked for; without one what was not settled then."""
    found = selectors.obligations.then(rows, day)
    if not state:
        return [row for row in found if every or row.state not in SETTLED]
    return [row for row in found if selectors.obligations.state_on(row, day) == state]


@require_safe
@doors.open_to(doors.PARTIES)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One obligation."""
    row = _found(request, number)
    return _page(request, row, _acts(request, row, ""))


@require_POST
@doors.open_to(doors.PARTIES)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Record that it was fulfilled, waive it, or approve a waiver."""
    row = _found(request, number)
    return answered(request, row, _acts(request, row, verb), verb, page=_page, to="licensing:obligation")


@require_safe
@doors.open_to(doors.PARTIES)
def evidence(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """A file by which it was fulfilled, for both sides."""
    annex = selectors.obligations.evidence(request.viewer, number, sha256)
    if annex is None:
        raise Http404
    return evidence_file(annex.name, annex)


@require_safe
@doors.open_to(doors.PARTIES)
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The form on which a duty to delete is certified, as a PDF."""
    row = _found(request, number)
    if row.rule != "delete":
        raise Http404
    return lists.attachment(f"{row.number}-certificate.pdf", services.notices.deletion(row), "application/pdf")


@doors.open_to(doors.PARTIES)
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Add a duty that no rule knows."""
    agreement = lives.found(request, number)
    if not may(request.viewer, "obligation.add"):
        raise Http404
    today = localdate()
    articles = services.editions.consolidated(agreement, today, on=today)[1].tree.articles
    form = ObligationForm(request.POST or None, articles=articles)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.obligations.add(agreement, **form.obligation(), by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return redirect("licensing:obligation", row.number)
    context = {
        "form": form,
        "heading": _("Add an obligation"),
        "up": reverse("licensing:agreement_life", args=[agreement.number]),
        "up_label": agreement.number,
        "lead": _("What follows from a clause by itself is raised without your doing; here stands what it does not."),
        "verb": _("Add it"),
    }
    return render(request, "contributions/form_page.html", context, status=422 if request.method == "POST" else 200)


@doors.open_to(doors.OFFICE)
def outside(request: HttpRequest, number: str) -> HttpResponse:
    """Record a duty of a contract that was concluded outside."""
    row = get_object_or_404(selectors.outside.visible_to(request.viewer), number=number)
    if not may(request.viewer, "obligation.add") or row.erased_at is not None:
        raise Http404
    form = DutyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.obligations.add_outside(row, [form.duty()], by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return redirect("licensing:outside_agreement", number)
    context = {
        "form": form,
        "heading": _("Add an obligation"),
        "up": reverse("licensing:outside_agreement", args=[number]),
        "up_label": number,
        "lead": _(
            "What the contract asks of either side, as its text says. It then stands in lists, calendar and letters."
        ),
        "verb": _("Add it"),
    }
    return render(request, "contributions/form_page.html", context, status=422 if request.method == "POST" else 200)


def parties_of(row) -> dict:
    """What the sides are called under the agreement it stands in."""
    return PARTIES if row.agreement is not None else OUTSIDE_PARTIES


def _found(request: HttpRequest, number: str):
    return get_object_or_404(selectors.obligations.visible_to(request.viewer), number=number)


def _page(request, row, acts, *, status: int = 200) -> HttpResponse:
    at = as_of.read(request)
    if at.is_chosen:
        rows = selectors.obligations.visible_to(request.viewer).filter(pk=row.pk)
        found = selectors.obligations.then(rows, at.day)
        at, row, acts = (at, found[0], []) if found else (as_of.nothing_yet(at), row, acts)
    today = at.day
    articles = _article(row, today)
    is_settled = row.settled_at is not None or not at.is_chosen
    context = {
        "obligation": row,
        "as_of": at,
        "agreement": row.agreement,
        "outside": row.outside,
        "standing": selectors.obligations.state_on(row, today),
        "party": parties_of(row)[row.party],
        "article": articles,
        "trigger": TRIGGERS[row.trigger],
        "begins": read_date(row.occasion) if row.trigger in {"period", "year"} else None,
        "safe_day": deadlines.rolled(row.due_on, "previous", is_business_day),
        "evidence": [
            {
                "label": each.name,
                "url": reverse("licensing:obligation_evidence", args=[row.number, each.sha256]),
                "size": each.size,
                "digest": each.sha256,
            }
            for each in (selectors.obligations.evidence_of(row) if is_settled else ())
        ],
        "proof_url": _proof_url(request.viewer, row),
        "acts": acts,
        "history": rails.history_of_part(request.viewer, selectors.obligations.subject_of(row), row.number),
    }
    return render(request, "licensing/obligations/detail.html", context, status=status)


def _proof_url(viewer, row) -> str:
    """Where the delivery, report or invoice stands that fulfilled it by itself."""
    name, rows = {
        "report": ("usage_report", selectors.usage),
        "pay": ("invoice", selectors.invoices),
        "pay-evaluation": ("invoice", selectors.invoices),
    }.get(row.rule, ("delivery", selectors.deliveries))
    known = row.settled_note and rows.visible_to(viewer).filter(number=row.settled_note).exists()
    return reverse(f"licensing:{name}", args=[row.settled_note]) if known else ""


def _article(row, today):
    """The article that it stands in, as the text reads today; of a contract concluded outside only its file is held."""
    if row.agreement is None:
        return None
    agreement = selectors.lives.gathered([row.agreement])[0]
    try:
        edition, text = services.editions.consolidated(agreement, today, on=today)
    except Refused:
        return None
    held = selectors.amendments.families(agreement, edition).get(row.clause)
    named = {row.clause, held.id if held else row.clause}
    return next((one for one in text.tree.articles if one.clause in named), None)


def _acts(request, row, tried: str) -> list[Act]:
    if row.state != "open":
        return []
    viewer = request.viewer
    facts = {"number": row.number, "title": row.title_ja if get_language() == "ja" else row.title_en}
    acts = []
    own = viewer.workplace != LICENSEE or row.party == "licensee"
    if may(viewer, "obligation.fulfil") and own:
        acts.append(
            Act(
                "fulfil",
                _("Record as fulfilled"),
                _("You record that %(number)s (%(title)s) was fulfilled.") % facts,
                lambda typed: services.obligations.fulfil(row, **typed, by=viewer, at=now()),
                _("Recorded as fulfilled."),
                form=bound(FulfilForm, request, "fulfil", tried),
                plain=False,
            )
        )
    if may(viewer, "obligation.waive") and row.waiver_asked_at is None:
        sentence = (
            _("You ask for %(number)s (%(title)s) to be waived. It is about money: somebody else decides.")
            if row.money
            else _("You waive %(number)s (%(title)s) towards the other side. This cannot be taken back.")
        )
        acts.append(
            Act(
                "waive",
                _("Ask for a waiver") if row.money else _("Waive"),
                sentence % facts,
                lambda typed: services.obligations.waive(row, **typed, by=viewer, at=now()),
                _("The waiver waits for a second person.") if row.money else _("It is waived."),
                form=bound(WaiveForm, request, "waive", tried),
            )
        )
    if may(viewer, "obligation.waive") and row.waiver_asked_at and row.waiver_asked_by_id != viewer.user:
        acts.append(
            Act(
                "grant",
                _("Approve the waiver"),
                _("You approve that %(number)s (%(title)s) is waived. This cannot be taken back.") % facts,
                lambda typed: services.obligations.grant_waiver(row, by=viewer, at=now()),
                _("It is waived."),
            )
        )
    for each in acts:
        each.url = reverse("licensing:obligation_act", args=[row.number, each.name])
    return acts


def _table(rows, today):
    header = [
        _("Number"),
        _("Agreement"),
        _("Other side"),
        lists.coded(_("Owed by"), PARTIES),
        lists.coded(_("Arises from"), TRIGGERS),
        _("What is owed"),
        _("Clause"),
        _("Can be done from"),
        _("Due"),
        _("Amount (yen)"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            row.contract.number,
            text(row.other_side),
            row.party,
            row.trigger,
            text(Text(row.title_ja, row.title_en)),
            f"{row.clause}.{row.paragraph}" if row.agreement else row.clause,
            row.opens_on,
            row.due_on,
            row.amount,
            selectors.obligations.state_on(row, today),
        ]
        for row in rows
    )
    return header, cells
