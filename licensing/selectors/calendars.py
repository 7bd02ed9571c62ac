"""Days to keep: obligations, notice days and ends of terms, in one list for a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.core import signing
from django.db.models import QuerySet

from contributions.core.periods import JST, last_day
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.models import RoleGrant, User
from contributions.selectors import people
from licensing.core import outside as rules
from licensing.models import CalendarFeed, DigestPreference
from licensing.selectors import agreements, lives, obligations, outside, renewals

SALT = "moyai.calendar"


@dataclass(frozen=True, slots=True)
class Day:
    """One day to keep: what, of which agreement, how it stands, and where it is read."""

    key: str
    day: date
    state: str
    label: Text
    about: Text
    number: str
    page: str
    argument: str
    amount: int | None = None


def days_for(viewer: Viewer | None, *, on: date) -> list[Day]:
    """Every day to keep that the viewer may know of, in order; `on` decides what is late and what is to come."""
    rows = [*_obligations(viewer, on), *_renewals(viewer, on), *_ends(viewer, on), *_outside(viewer, on)]
    return sorted(rows, key=lambda row: (row.day, row.number, row.key))


def feeds_of(viewer: Viewer | None) -> QuerySet[CalendarFeed]:
    """The viewer's own calendar at this workplace, while it is not revoked."""
    if viewer is None or viewer.user is None:
        return CalendarFeed.objects.none()
    return CalendarFeed.objects.filter(
        user_id=viewer.user, workplace=viewer.workplace, organization__code=viewer.acting or "", revoked_at=None
    )


def token_of(feed: CalendarFeed) -> str:
    """The signed name of a feed, as it stands in its address."""
    return signing.Signer(salt=SALT).sign(f"{feed.pk}.{feed.nonce}").replace(":", "~")


def feed_by(token: str) -> CalendarFeed | None:
    """The feed of an address, if its signature is ours and it was not revoked."""
    try:
        value = signing.Signer(salt=SALT).unsign(token.replace("~", ":"))
    except signing.BadSignature:
        return None
    key, _, nonce = value.partition(".")
    row = CalendarFeed.objects.filter(pk=key, revoked_at=None).select_related("user", "organization").first()
    return row if row is not None and row.nonce == nonce and row.user.is_active else None


def viewer_of(feed: CalendarFeed, *, on: date) -> Viewer | None:
    """The owner at the feed's workplace as of a day; nobody once that right has ended."""
    held = people.grants_of(feed.user, on=on).filter(workplace=feed.workplace, organization=feed.organization)
    return _standing(feed.user, held.first(), on)


def preference_of(viewer: Viewer | None) -> str:
    """How often the viewer wants a letter; the empty text where it never said."""
    if viewer is None or viewer.user is None:
        return ""
    row = DigestPreference.objects.filter(user_id=viewer.user).first()
    return row.frequency if row else ""


def readers(on: date) -> Iterator[tuple[DigestPreference, list[Viewer]]]:
    """Everybody who wants letters, as each of the viewers they are on that day."""
    for row in DigestPreference.objects.exclude(frequency="never").select_related("user").order_by("user__username"):
        if row.user.is_active:
            grants = people.grants_of(row.user, on=on)
            yield row, [viewer for grant in grants if (viewer := _standing(row.user, grant, on))]


def _standing(user: User, grant: RoleGrant | None, on: date) -> Viewer | None:
    if grant is None:
        return None
    return people.standing_of(user, grant, on=on, request=uuid4())


def _obligations(viewer: Viewer | None, on: date) -> Iterator[Day]:
    for row in obligations.visible_to(viewer).exclude(state="superseded"):
        state = obligations.state_on(row, on)
        label = Text(row.title_ja, row.title_en)
        yield Day(
            row.number, row.due_on, state, label, row.other_side, row.number, "licensing:obligation", row.number,
            row.amount,
        )  # fmt: skip


def _renewals(viewer: Viewer | None, on: date) -> Iterator[Day]:
    for row in renewals.ahead(viewer, on=on):
        number = row.agreement.number
        if row.notice is not None and not row.refused_by:
            label = Text("更新に関する通知の期限", "Last day for a notice on renewal")
            yield Day(
                f"notice-{number}-{row.until}", row.notice.day, "date", label, _name(row.agreement), number,
                "licensing:agreement_life", number,
            )  # fmt: skip


def _ends(viewer: Viewer | None, on: date) -> Iterator[Day]:
    for row in lives.gathered(agreements.concluded(viewer)):
        ending, name = lives.termination_of(row), _name(row)
        page = ("licensing:agreement_life", row.number)
        if ending is not None:
            day = ending.effective_at.astimezone(JST).date()
            yield Day(
                f"end-{row.number}", day, "date", Text("契約の終了", "End of the agreement"), name, row.number, *page
            )
            if ending.wind_down_until is not None:
                day = last_day(ending.wind_down_until)
                yield Day(f"wind-{row.number}", day, "date", _WIND_DOWN, name, row.number, *page)
        else:
            label = Text("許諾期間の最終日", "Last day of the term")
            day = last_day(lives.until(row, on))
            yield Day(f"term-{row.number}-{day}", day, "date", label, name, row.number, *page)
            stock = lives.stock_until(row, on)
            if stock is not None and day < on:
                yield Day(f"wind-{row.number}", last_day(stock), "date", _WIND_DOWN, name, row.number, *page)


_WIND_DOWN = Text("在庫販売期間の最終日", "Last day of the wind-down")


def _outside(viewer: Viewer | None, on: date) -> Iterator[Day]:
    """Contracts concluded elsewhere: by when notice is given, and when the term ends as it has been renewed by now."""
    page = "licensing:outside_agreement"
    for day, row in outside.notices(viewer, on):
        about = Text(row.counterparty, row.counterparty)
        label = Text("更新に関する通知の期限", "Last day for a notice on renewal")
        yield Day(f"notice-{row.number}-{day}", day, "date", label, about, row.number, page, row.number)
    for row in outside.visible_to(viewer).filter(term_until__isnull=False, erased_at=None):
        end = rules.ends(row.term_until, row.renewal, row.renewal_months, on)
        if end is not None:
            about, label = Text(row.counterparty, row.counterparty), Text("契約期間の最終日", "Last day of the term")
            yield Day(f"term-{row.number}-{end}", last_day(end), "date", label, about, row.number, page, row.number)


def _name(agreement) -> Text:
    organization = agreement.licensee.organization
    return Text(organization.name_ja, organization.name_en)
