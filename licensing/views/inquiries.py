"""Requests from outside: what each says, and what legal does with it: take it up, or decline with a reason."""

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
from contributions.core.money import fraction
from contributions.core.roles import AUDITOR, LEGAL, may
from contributions.core.words import Text
from contributions.templatetags.moyai import text
from contributions.views import filling
from licensing import selectors, services
from licensing.core import screening
from licensing.core.decimals import percent
from licensing.core.licensees import CLASSES, WANTED
from licensing.core.variables import REGIONS
from licensing.forms.guide import SEATS
from licensing.forms.licensees import RefusalForm, TakeUpForm
from licensing.views import confirming, doors, lists

STATES = ("new", "taken_up", "declined")
SEARCH = ("number", "company_ja", "company_en", "contact")
READERS = frozenset({LEGAL, AUDITOR})


@doors.open_to(READERS)
def index(request: HttpRequest) -> HttpResponse:
    """Every request still kept, the newest first."""
    day = localdate()
    rows, context = lists.narrowed(
        request, selectors.inquiries.visible_to(request.viewer), search=SEARCH, states=STATES
    )
    if lists.wants_csv(request):
        return lists.csv("inquiries", *_table(rows, day))
    context |= lists.paged(request, rows)
    for row in context["page"]:
        row.field = selectors.fields.name(row.field_of_use, day)
    return render(request, "licensing/inquiries/list.html", context)


def _table(rows, day):
    """The list as a file: its heads and its cells."""
    header = [
        _("Number"),
        _("Company"),
        lists.coded(_("Field of use"), lambda code: selectors.fields.name(code, day)),
        _("Received on"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            text(Text(row.company_ja, row.company_en or row.company_ja)),
            row.field_of_use,
            localdate(row.received_at),
            row.state,
        ]
        for row in rows
    )
    return header, cells


@doors.open_to(READERS)
def detail(
    request: HttpRequest, number: str, *, form: RefusalForm | None = None, error: str = "", refusal: object = ""
) -> HttpResponse:
    """One request with what its sender states, and how the screening rule of today reads that."""
    inquiry = _find(request, number)
    rule, stated = selectors.licensees.rule_on(localdate()), inquiry.stated
    share = fraction(str(stated.get("foreign_control") or "0"))
    japanese = screening.is_japanese(rule, seat=str(stated.get("seat") or ""), foreign_control=share)
    context = {
        "inquiry": inquiry,
        "field": selectors.fields.name(inquiry.field_of_use, localdate()),
        "seat": SEATS.get(stated.get("seat"), stated.get("seat")),
        "control": percent(share),
        "end_use": screening.END_USE.get(stated.get("end_use")),
        "places": [REGIONS.get(code, Text(code, code)) for code in stated.get("inference") or ()],
        "wanted": WANTED.get(stated.get("wanted"), WANTED["licence"]),
        "rivals": stated.get("rivals"),
        "suggested": CLASSES["japanese" if japanese else "other"],
        "rule": screening.said(rule),
        "may_act": may(request.viewer, "inquiry.take_up") and inquiry.state == "new",
        "form": form or RefusalForm(),
        "error": error,
        "refusal": refusal,
    }
    status = 422 if error or refusal or (form and form.errors) else 200
    return render(request, "licensing/inquiries/detail.html", context, status=status)


def take_up(request: HttpRequest, number: str) -> HttpResponse:
    """The company is entered, its administrator invited, the application made: at once."""
    viewer = request.viewer
    if viewer is None or not may(viewer, "inquiry.take_up"):
        raise Http404
    inquiry = _find(request, number)
    companies = contributed.organizations.visible_to(viewer).filter(kind="company", licensee=None)
    known = inquiry.corporate_number and companies.filter(corporate_number=inquiry.corporate_number).first()
    initial = {"licensee_class": "japanese", "organization": known.code if known else ""}
    initial |= {"name_en": inquiry.company_en, "address_en": inquiry.stated.get("address_en", "")}
    form = TakeUpForm(
        request.POST or None, organizations=companies.exclude(code__in=viewer.barred).order_by("code"), initial=initial
    )
    done = filling.done(request, form, lambda: services.inquiries.take_up(inquiry, **form.named(), by=viewer, at=now()))
    if done is not None:
        licensee, _user = done
        messages.success(request, _("Taken up. Check who they are, then hand over the one-time link of the person."))
        return redirect("licensing:licensee", licensee.organization.code)
    return filling.page(
        request,
        form,
        heading=_("Take up a request"),
        lead=_("Check first, by a way of your own, that the sender acts for the company: look its number up, call it."),
        verb=_("Take up"),
        up=reverse("licensing:inquiry", args=[number]),
        up_label=inquiry.number,
        up_is_number=True,
    )


@require_POST
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Decline, with a reason that its sender reads."""
    inquiry = _find(request, number)
    if not may(request.viewer, "inquiry.take_up"):
        raise Http404
    form = RefusalForm(request.POST)
    error = confirming.fault(request, inquiry.number)
    if error or not form.is_valid():
        return detail(request, number, form=form, error=error)
    try:
        services.inquiries.decline(inquiry, **form.cleaned_data, by=request.viewer, at=now())
    except Refused as refusal:
        return detail(request, number, form=form, refusal=refusal.text(get_language()))
    messages.success(request, _("The request is declined."))
    return redirect("licensing:inquiry", number)


def _find(request: HttpRequest, number: str):
    return get_object_or_404(selectors.inquiries.visible_to(request.viewer), number=number)
