"""Days to keep: a month as a picture and as a table, the feed for one's own calendar, and the letter on what is due."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions.core.periods import next_month
from licensing import selectors, services
from licensing.adapters.holidays import is_business_day
from licensing.core import month_pictures
from licensing.core.month_pictures import Mark
from licensing.forms.calendars import DigestForm
from licensing.views import doors, lists

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@require_safe
@doors.open_to(doors.PARTIES)
def month(request: HttpRequest) -> HttpResponse:
    """The days to keep of a month, this one unless another is asked for."""
    today = localdate()
    first = _first(request, today)
    days = selectors.calendars.days_for(request.viewer, on=today)
    shown = [day for day in days if first <= day.day < next_month(first)]
    if lists.wants_csv(request):
        return lists.csv("calendar", *_table(days))
    marks = [Mark(day.day, day.state, day.label) for day in shown]
    feed = selectors.calendars.feeds_of(request.viewer).first()
    context = {
        "month": first,
        "days": [{"day": day, "url": reverse(day.page, args=[day.argument])} for day in shown],
        "late": [day for day in days if day.state == "late"],
        "svg": month_pictures.draw(first, marks, today=today, language=get_language(), is_business_day=is_business_day),
        "caption": month_pictures.finding(first, marks, get_language()),
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": next_month(first).strftime("%Y-%m"),
        "csv_url": f"{request.path}?format=csv",
        "feed_url": _feed_url(request, feed) if feed else "",
        "feed": feed,
        "digest": DigestForm(initial={"frequency": selectors.calendars.preference_of(request.viewer) or "never"}),
    }
    return render(request, "licensing/calendars/month.html", context)


@require_POST
@doors.open_to(doors.PARTIES)
def make_feed(request: HttpRequest) -> HttpResponse:
    """A new address for the viewer's calendar."""
    services.calendars.make_feed(by=request.viewer, at=now())
    messages.success(request, _("The address is made. Whoever has it can read your days to keep; keep it to yourself."))
    return redirect("licensing:calendar")


@require_POST
@doors.open_to(doors.PARTIES)
def revoke_feed(request: HttpRequest) -> HttpResponse:
    """Let the address lead nowhere."""
    services.calendars.revoke_feed(by=request.viewer, at=now())
    messages.success(request, _("The address leads nowhere now."))
    return redirect("licensing:calendar")


@require_POST
@doors.open_to(doors.PARTIES)
def prefer(request: HttpRequest) -> HttpResponse:
    """How often a letter should come."""
    form = DigestForm(request.POST)
    if form.is_valid():
        services.calendars.prefer(form.cleaned_data["frequency"], by=request.viewer, at=now())
        messages.success(request, _("Your choice is kept."))
    return redirect("licensing:calendar")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed of an address: no login, since a calendar cannot sign in; the signature is the key."""
    content = services.calendars.feed(token, at=now())
    if content is None:
        raise Http404
    return HttpResponse(
        content, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )


def _first(request: HttpRequest, today: date) -> date:
    asked = _MONTH.fullmatch(request.GET.get("month", ""))
    return date(int(asked[1]), int(asked[2]), 1) if asked else today.replace(day=1)


def _feed_url(request: HttpRequest, row) -> str:
    path = reverse("licensing:calendar_feed", args=[selectors.calendars.token_of(row)])
    return request.build_absolute_uri(path)


def _table(days):
    header = [_("Day"), _("What"), _("About"), _("Number"), _("Amount (yen)"), lists.coded(_("State"))]
    language = get_language()
    cells = (
        [day.day, day.label.of(language), day.about.of(language), day.number, day.amount, day.state] for day in days
    )
    return header, cells
