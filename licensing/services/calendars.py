"""Calendars and letters: a feed per person and workplace under a signed address, and the digest of what is due."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse

from contributions.core.periods import jst_date
from contributions.core.roles import WORKPLACES, Viewer
from contributions.core.words import Text
from contributions.models import LogHead, Organization, User
from licensing.adapters.holidays import is_business_day
from licensing.core import icalendar
from licensing.core.digests import letter
from licensing.core.icalendar import Event
from licensing.models import CalendarFeed, DigestPreference
from licensing.selectors import calendars
from licensing.selectors.calendars import Day


@transaction.atomic
def make_feed(*, by: Viewer, at: datetime) -> CalendarFeed:
    """A new address for the viewer's calendar at this workplace; the one before stops working."""
    assert by.user is not None
    revoke_feed(by=by, at=at)
    return CalendarFeed.objects.create(
        user_id=by.user,
        organization=Organization.objects.get(code=by.acting),
        workplace=by.workplace,
        nonce=secrets.token_urlsafe(32),
        made_at=at,
    )


def revoke_feed(*, by: Viewer, at: datetime) -> int:
    """Let the address of the viewer's calendar lead nowhere from now on."""
    return calendars.feeds_of(by).update(revoked_at=at)


def feed(token: str, *, at: datetime) -> str | None:
    """What an address shows: what its owner may see today at that workplace, in the owner's language; or nothing."""
    row = calendars.feed_by(token)
    viewer = calendars.viewer_of(row, on=jst_date(at)) if row else None
    if row is None or viewer is None:
        return None
    CalendarFeed.objects.filter(pk=row.pk).update(read_at=at)
    language = row.user.language
    days = calendars.days_for(viewer, on=jst_date(at))
    head = LogHead.objects.get()
    workplace = WORKPLACES[row.workplace].of(language)
    name = f"Moyai {Text('期日', 'Days to keep').of(language)} {workplace}"
    events = [_event(day, head, language) for day in days if day.state in {"late", "due", "future", "date"}]
    return icalendar.calendar(name, events, at=at, language=language)


@transaction.atomic
def prefer(frequency: str, *, by: Viewer, at: datetime) -> DigestPreference:
    """How often the viewer wants a letter: never, daily, or weekly."""
    assert by.user is not None and frequency in DigestPreference.Frequency.values and at
    row, _ = DigestPreference.objects.update_or_create(user_id=by.user, defaults={"frequency": frequency})
    return row


def send_digests(*, at: datetime) -> int:
    """Send every letter that is due on this day, once; a weekly one goes on the week's first business day."""
    today, sent = jst_date(at), 0
    for preference, viewers in list(calendars.readers(today)):
        if not _is_due(preference, today):
            continue
        span = settings.DIGEST_DAYS_AHEAD
        chapters = [(viewer, _near(calendars.days_for(viewer, on=today), today, span)) for viewer in viewers]
        chapters = [(viewer, days) for viewer, days in chapters if days]
        if chapters and preference.user.email:
            _mail(preference.user, chapters, today)
            sent += 1
        DigestPreference.objects.filter(pk=preference.pk).update(sent_on=today)
    return sent


def _is_due(preference: DigestPreference, today: date) -> bool:
    if preference.sent_on == today or not is_business_day(today):
        return False
    if preference.frequency == DigestPreference.Frequency.DAILY:
        return True
    monday = today - timedelta(days=today.weekday())
    return preference.sent_on is None or preference.sent_on < monday


def _near(days: Sequence[Day], today: date, span: int) -> list[Day]:
    until = today + timedelta(days=span)
    return [
        day
        for day in days
        if day.state == "late" or (day.state in {"due", "future", "date"} and today <= day.day <= until)
    ]


def _mail(user: User, chapters: list[tuple[Viewer, list[Day]]], today: date) -> None:
    language = user.language
    head = LogHead.objects.get()
    written = [
        (WORKPLACES[viewer.workplace].of(language), [_line(day, language) for day in days]) for viewer, days in chapters
    ]
    subject, body = letter(written, today=today, language=language, demo=head.demo)
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email]).send()


def _line(day: Day, language: str) -> tuple[date, str, str, bool]:
    return day.day, f"{day.label.of(language)}（{day.about.of(language)}）", day.number, day.state == "late"


def _event(day: Day, head: LogHead, language: str) -> Event:
    mark = Text("【見本】", "[specimen] ").of(language) if head.demo else ""
    about = f"{day.number} {day.about.of(language)}"
    return Event(
        uid=f"{day.key}@{head.installation}",
        day=day.day,
        summary=f"{mark}{day.label.of(language)} {about}",
        description=about,
        url=settings.PUBLIC_URL + reverse(day.page, args=[day.argument]) if settings.PUBLIC_URL else "",
    )
