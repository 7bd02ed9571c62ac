"""Licensees: who asks to use the models, how each was screened, and its agreements."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core import countries
from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.roles import AUDITOR, LEGAL, LICENSEE, OF_MONEY, may, reads
from contributions.core.words import Text
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import licensees as rules
from licensing.core import screening
from licensing.core.decimals import percent
from licensing.forms.guide import SEATS
from licensing.forms.licensees import ApprovalForm, ClassForm, RefusalForm, SuspensionForm
from licensing.views import confirming, doors, lists, rails

STATES = ("applied", "approved", "refused", "suspended")
SEARCH = ("organization__code", "organization__name_ja", "organization__name_en", "field_of_use")


@doors.open_to(doors.PARTIES)
def index(request: HttpRequest) -> HttpResponse:
    """Every licensee the viewer may see, with how far its screening is."""
    visible = selectors.licensees.visible_to(request.viewer)
    rows, context = lists.narrowed(request, visible, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("licensees", *_table(rows))
    waiting = len(selectors.inquiries.waiting_for(request.viewer))
    context |= lists.paged(request, rows) | {"checks": len(rules.CHECKS), "requests": waiting}
    context |= {
        "may_rule": may(request.viewer, "screening.adopt"),
        "reads_requests": request.viewer.workplace in {LEGAL, AUDITOR},
    }
    for row in context["page"]:
        row.passed, row.field, row.kind = _passed(row, localdate()), _field(row), _kind(row)
    return render(request, "licensing/licensees/list.html", context)


def _table(rows):
    header = [
        _("Code"),
        _("Name"),
        lists.coded(_("Class"), rules.CLASSES),
        lists.coded(_("Field of use"), _field_name),
        _("Applied on"),
        _("Decided on"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.organization.code,
            called(row.organization),
            row.licensee_class,
            row.field_of_use,
            row.applied_on,
            row.decided_on,
            row.state,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, code: str, *, tried: str = "", form=None, error: str = "") -> HttpResponse:
    """One licensee: facts, each check with its finding, agreements and what they brought; and what may be decided."""
    viewer, day = request.viewer, localdate()
    licensee = get_object_or_404(selectors.licensees.visible_to(viewer), organization__code=code)
    agreements = selectors.agreements.visible_to(viewer).filter(licensee=licensee)
    invoices = selectors.invoices.visible_to(viewer).filter(agreement__licensee=licensee)
    inside = viewer.workplace != LICENSEE
    context = {
        "licensee": licensee,
        "field": _field(licensee),
        "kind": _kind(licensee),
        "inside": inside,
        "reads_evidence": selectors.licensees.reads_evidence(viewer),
        "checks": _checks(licensee, day),
        "overdue": licensee.state == "approved" and licensee.rescreen_on is not None and licensee.rescreen_on < day,
        "may_screen": may(viewer, "licensee.screen"),
        "missing": _missing(licensee, viewer, day),
        "decisions": _decisions(licensee, viewer, tried, form, error),
        "barred": _barred(licensee, viewer),
        "affiliates": selectors.licensees.affiliates_of(licensee) if viewer.workplace == LEGAL else [],
        "conflicts": selectors.licensees.conflicts_visible_to(viewer).filter(licensee=licensee),
        "may_apply": not inside and licensee.state == "refused" and may(viewer, "licensee.apply"),
        "sees_staff": selectors.licensees.staff_rows(viewer, code, on=day).exists(),
        "stated": _stated(licensee) if inside else [],
        "agreements": agreements,
        "owed": [row for row in selectors.usage.owed(viewer, on=day) if row.agreement.licensee == licensee],
        "sees_money": reads(viewer, OF_MONEY),
        "gross": sum(row.gross for row in invoices),
        "open": sum(row.gross - row.received for row in invoices),
        "history": rails.history(viewer, f"licensee:{code}"),
    }
    return render(request, "licensing/licensees/detail.html", context, status=422 if tried else 200)


@require_POST
def decide(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Approve, refuse, suspend, or put into another class."""
    licensee = get_object_or_404(selectors.licensees.visible_to(request.viewer), organization__code=code)
    if verb not in VERBS or not may(request.viewer, f"licensee.{verb}"):
        raise Http404
    form = VERBS[verb](request.POST, auto_id=f"{verb}-%s")
    if error := confirming.fault(request, code):
        return detail(request, code, tried=verb, form=form, error=error)
    if not form.is_valid():
        return detail(request, code, tried=verb, form=form)
    try:
        _decided(licensee, verb, form.cleaned_data, request.viewer)
    except Refused as refusal:
        form.add_error(None, refusal.text(get_language()))
        return detail(request, code, tried=verb, form=form, error=refusal.text(get_language()))
    messages.success(request, _words()[verb][2])
    return redirect("licensing:licensee", code)


APPROVABLE = {"applied", "suspended", "approved"}
VERBS = {"approve": ApprovalForm, "refuse": RefusalForm, "suspend": SuspensionForm, "reclassify": ClassForm}


def _decided(licensee, verb: str, typed: dict, viewer):
    act = {"by": viewer, "at": now()}
    if verb == "reclassify":
        return services.licensees.reclassify(licensee, **typed, on=localdate(), **act)
    return getattr(services.licensees, verb)(licensee, **typed, decided_on=localdate(), **act)


def _decisions(licensee, viewer, tried: str, form, error: str) -> list[dict]:
    """What this viewer may decide now; the one that was tried stays open with its fault."""
    open_in = {
        "approve": set() if _barred(licensee, viewer) and tried != "approve" else APPROVABLE,
        "refuse": {"applied"},
        "suspend": {"approved"},
        "reclassify": {"applied", "approved"},
    }
    found = []
    for verb, states in open_in.items():
        if licensee.state not in states or not may(viewer, f"licensee.{verb}"):
            continue
        if verb == "approve" and verb != tried and services.licensees.obstacle(licensee, on=localdate()):
            continue  # the page says what is missing instead
        label, sentence, _done = _words()[verb]
        facts = {"name": called(licensee.organization), "code": licensee.organization.code}
        if verb == "approve" and licensee.state != "applied":
            label = _("Approve again")
        blank = VERBS[verb](auto_id=f"{verb}-%s", initial=_initial(verb, licensee))
        found.append(
            {
                "verb": label,
                "sentence": sentence % facts,
                "form": form if verb == tried else blank,
                "error": error if verb == tried else "",
                "open": verb == tried,
                "id": f"decide-{verb}",
                "plain": verb != "approve",
                "url": reverse("licensing:licensee_decide", args=[licensee.organization.code, verb]),
            }
        )
    return found


def _missing(licensee, viewer, day):
    """What keeps an applicant from being approved, for whoever would approve it."""
    if licensee.state not in {"applied", "suspended"} or not may(viewer, "licensee.approve"):
        return None
    return services.licensees.obstacle(licensee, on=day)


def _barred(licensee, viewer):
    """Why this viewer cannot approve the licensee that it screened, and who can."""
    if licensee.state not in APPROVABLE or not may(viewer, "licensee.approve"):
        return None
    return services.licensees.barred(licensee, viewer, now())


def _initial(verb: str, licensee) -> dict:
    if verb == "approve":
        until = [row.valid_until for row in licensee.screenings.all() if row.passed]
        return {"rescreen_on": min(until, default=None)}
    return {"licensee_class": "other"} if verb == "reclassify" else {}


def _words() -> dict[str, tuple[str, str, str]]:
    """Per verb: its button, the sentence that says what it does, and what is said when it is done."""
    return {
        "approve": (
            _("Approve"),
            _("You approve %(name)s (%(code)s). Agreements can be made with it from today on."),
            _("The licensee is approved."),
        ),
        "refuse": (
            _("Refuse the applicant"),
            _("You refuse %(name)s (%(code)s). It reads the reason and may apply again."),
            _("The application is refused."),
        ),
        "suspend": (
            _("Suspend"),
            _("You suspend %(name)s (%(code)s): no new agreements until it is approved again. Those in force go on."),
            _("The licensee is suspended."),
        ),
        "reclassify": (
            _("Change the class of licensee"),
            _("You put %(name)s (%(code)s) into another class. Its agreements stay on their price lists."),
            _("The class is changed."),
        ),
    }


def _stated(licensee) -> list[tuple[str, object]]:
    """What the applicant said of itself, for whoever screens it."""
    said = licensee.stated
    if not said:
        return []
    places = rules.joined(countries.name(code) for code in said.get("inference") or ())
    return [
        (_("What is asked for"), rules.WANTED.get(said.get("wanted"), rules.WANTED["licence"])),
        (_("Country of the registered seat"), SEATS.get(said.get("seat"), said.get("seat"))),
        (_("Control from abroad"), percent(fraction(str(said.get("foreign_control") or "0")))),
        (_("End use"), screening.END_USE.get(said.get("end_use"), "")),
        (_("Countries in which inference will run"), places),
        (_("Competitors to keep out"), said.get("rivals") or "–"),
    ]


def _checks(licensee, on) -> list[dict]:
    """Each check an applicant must pass, with the newest screening of it or none."""
    newest = {row.kind: row for row in sorted(licensee.screenings.all(), key=lambda row: (row.seq, row.pk))}
    return [
        {
            "kind": kind,
            "label": label,
            "row": newest.get(kind),
            "state": _state(newest.get(kind), on),
            "recorded": _recorded(newest[kind].details) if kind in newest else [],
        }
        for kind, label in rules.CHECKS.items()
    ]


def _recorded(details: dict) -> list[tuple[str, object]]:
    """What the check itself asked, as it was recorded: whoever approves reads it beside the finding."""
    places = [countries.name(code) for code in details.get("inference") or ()]
    share = details.get("foreign_control")
    known = {
        "seat": (_("Country of the registered seat"), SEATS.get(details.get("seat"), details.get("seat"))),
        "foreign_control": (_("Control from abroad"), percent(fraction(str(share))) if share is not None else ""),
        "residency": (_("Users who are not residents of Japan"), screening.CATEGORY.get(details.get("residency"), "")),
        "category": (
            _("Users of a specified category (特定類型)"),
            screening.CATEGORY.get(details.get("category"), ""),
        ),
        "end_use": (_("End use"), screening.END_USE.get(details.get("end_use"), "")),
        "inference": (_("Countries in which inference will run"), rules.joined(places)),
        "permit": (_("Number of the permit"), details.get("permit")),
    }
    return [known[name] for name in known if details.get(name) is not None]


def _state(screening, on) -> str:
    if screening is None:
        return "unchecked"
    if not screening.passed:
        return "not_passed"
    return "passed" if screening.valid_until > on else "expired"


def _passed(licensee, on) -> int:
    return sum(1 for check in _checks(licensee, on) if check["state"] == "passed")


def _field_name(code: str) -> Text:
    return selectors.fields.name(code, localdate())


def _field(licensee) -> Text:
    return selectors.fields.name(licensee.field_of_use, localdate())


def _kind(licensee) -> Text | str:
    return rules.CLASSES.get(licensee.licensee_class, licensee.licensee_class)
