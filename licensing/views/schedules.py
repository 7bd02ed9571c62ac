"""Schedules: the standard price lists, as table, as picture, and as what a number of units would cost."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.services import independence
from contributions.templatetags.moyai import called, text
from contributions.views import as_of
from licensing import selectors, services
from licensing.core import licensees, tariffs
from licensing.core.decimals import NotADecimal, decimal
from licensing.core.usage import UNITS_MAX
from licensing.forms.figures import plain
from licensing.views import confirming, doors, fees, lists, pricing, rails

STATES = ("proposed", "adopted", "withdrawn")
SEARCH = ("number", "name_ja", "name_en", "field_of_use")


@doors.open_to(doors.PARTIES)
def index(request: HttpRequest) -> HttpResponse:
    """Every price list, its newest version first."""
    viewer, at = request.viewer, as_of.read(request)
    fields, rows = selectors.fields.on(at.day), selectors.schedules.visible_to(viewer)
    if at.is_chosen:
        rows = rows.filter(pk__in=[row.pk for row in selectors.schedules.in_force(at.day)])
    rows, context = lists.narrowed(request, rows, search=SEARCH, states=() if at.is_chosen else STATES)
    if lists.wants_csv(request):
        return lists.csv("schedules", *_table(rows))
    context |= lists.paged(request, rows)
    for row in context["page"]:
        row.field, row.kind = selectors.fields.name(row.field_of_use, at.day), _kind(row)
        row.summary = tariffs.summary(tariffs.tariff(row.terms))
    drafts = [] if at.is_chosen else list(selectors.schedules.drafts_visible_to(viewer))
    context |= {"may_draft": may(viewer, "schedule.draft"), "drafts": drafts, "fields": len(fields), "as_of": at}
    return render(request, "licensing/schedules/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Version"),
        _("Name"),
        lists.coded(_("Field of use"), _field_name),
        lists.coded(_("Class"), licensees.CLASSES),
        _("Prices"),
        _("Valid from"),
        _("Valid until"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            row.version,
            called(row),
            row.field_of_use,
            row.licensee_class,
            text(tariffs.summary(tariffs.tariff(row.terms))),
            row.valid_from,
            row.valid_until,
            row.state,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, number: str, version: int, *, error: str = "", wrong: str = "") -> HttpResponse:
    """One version: tiers, conditions, the line of fee against volume, sample sums, and cliffs warned of."""
    viewer, at = request.viewer, as_of.read(request)
    visible = selectors.schedules.visible_to(viewer)
    schedule = get_object_or_404(visible, number=number, version=version)
    context = {
        "schedule": schedule,
        "field": _field(schedule),
        "kind": _kind(schedule),
        "as_of": at,
        "in_force": selectors.schedules.is_in_force(schedule, at.day),
        "versions": visible.filter(number=number),
        "agreements": selectors.agreements.visible_to(viewer).filter(schedule=schedule),
        "history": rails.history(viewer, f"schedule:{schedule}"),
        "may_draft": may(viewer, "schedule.draft"),
        "barred": _barred(schedule, viewer),
        "step": _step(schedule, viewer, error if wrong == "adopt" else ""),
        "turn": _turn(schedule, viewer, error if wrong == "withdraw" else ""),
        **pricing.shown(schedule.terms, language=get_language()),
        **_trial(request, schedule),
    }
    return render(request, "licensing/schedules/detail.html", context, status=422 if error else 200)


@require_POST
def adopt(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Legal publishes a proposed list: its terms are frozen."""
    return _act(request, number, version, "adopt", services.schedules.adopt, _("The price list is published."))


@require_POST
def withdraw(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Legal takes a proposal back."""
    return _act(request, number, version, "withdraw", services.schedules.withdraw, _("The proposal is withdrawn."))


def _act(request: HttpRequest, number: str, version: int, name: str, verb, done: str) -> HttpResponse:
    schedule = get_object_or_404(selectors.schedules.visible_to(request.viewer), number=number, version=version)
    if error := confirming.fault(request, number):
        return detail(request, number, version, error=error, wrong=name)
    try:
        verb(schedule, by=request.viewer, at=now())
    except Refused as refusal:
        return detail(request, number, version, error=refusal.text(get_language()), wrong=name)
    messages.success(request, done)
    return redirect("licensing:schedule", number, version)


def _step(schedule, viewer, error: str) -> dict | None:
    """Adoption, with the sentence that says what it does."""
    if schedule.state != "proposed" or not may(viewer, "schedule.adopt") or _barred(schedule, viewer):
        return None
    sentence = _(
        "You publish %(number)s, version %(version)s (%(name)s), for new agreements from %(start)s on. Its terms are"
        " frozen; signed agreements stay on their version."
    )
    facts = {"number": schedule.number, "version": schedule.version, "name": called(schedule)}
    return {
        "verb": _("Publish"),
        "sentence": sentence % (facts | {"start": schedule.valid_from.isoformat()}),
        "error": error,
    }


def _barred(schedule, viewer):
    """Why this viewer cannot publish the list that it proposed, and who can."""
    if schedule.state != "proposed" or not may(viewer, "schedule.adopt"):
        return None
    return independence.barred(viewer, [schedule.proposed_by_id], name=str(schedule), at=now())


def _turn(schedule, viewer, error: str) -> dict | None:
    if schedule.state != "proposed" or not may(viewer, "schedule.withdraw"):
        return None
    sentence = _("You take back the proposal %(number)s, version %(version)s. It cannot be published afterwards.")
    facts = {"number": schedule.number, "version": schedule.version}
    return {"verb": _("Withdraw"), "sentence": sentence % facts, "error": error}


def _trial(request: HttpRequest, schedule) -> dict:
    """What the number of units that the reader typed would cost."""
    typed = request.GET.get("units", "").strip()[:40]
    if not typed:
        return {"typed": ""}
    try:
        units = decimal(plain(typed))
    except NotADecimal as refusal:
        return {"typed": typed, "fault": refusal}
    if not 0 <= units < UNITS_MAX:
        return {"typed": typed, "fault": NotADecimal(text=typed)}
    document = services.fees.document(pricing.fee_of(schedule.terms, units))
    return {"typed": typed, "why": fees.derived(document, schedule.terms)}


def _field_name(code: str) -> Text:
    return selectors.fields.name(code, localdate())


def _field(schedule) -> Text:
    return selectors.fields.name(schedule.field_of_use, localdate())


def _kind(schedule) -> Text | str:
    return licensees.CLASSES.get(schedule.licensee_class, schedule.licensee_class)
