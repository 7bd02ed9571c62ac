"""Feeds and letters: what the owner may see and no more, until it is revoked."""

from datetime import date, datetime, timedelta

from django.core import mail

from contributions import services as contributed
from contributions.core.periods import JST
from contributions.core.roles import Viewer
from licensing import selectors, services

MONDAY = datetime(2026, 11, 30, 7, 30, tzinfo=JST)


def raised(world):
    for code in ("robo", "arm"):
        services.obligations.raise_for(world.agreement(code), by=Viewer.system("follower"), at=world.clock)
    return world


def test_a_feed_shows_its_owners_days_until_it_is_revoked(licensed_world):
    world = raised(licensed_world)
    row = services.calendars.make_feed(**world.by("robo"))
    token = selectors.calendars.token_of(row)
    text = services.calendars.feed(token, at=MONDAY)
    assert "BEGIN:VEVENT" in text and "O-L-2026-002-" in text.replace("\r\n ", "")
    assert "O-L-2026-001-" not in text.replace("\r\n ", ""), "nothing of the rival licensee"
    assert services.calendars.feed(token[:-1] + ("A" if token[-1] != "A" else "B"), at=MONDAY) is None
    assert services.calendars.feed("1.x~y", at=MONDAY) is None
    services.calendars.make_feed(**world.by("robo"))
    assert services.calendars.feed(token, at=MONDAY) is None, "a new address ends the old one"
    token = selectors.calendars.token_of(services.calendars.make_feed(**world.by("second")))
    assert "O-L-2026-001-" in services.calendars.feed(token, at=MONDAY).replace("\r\n ", "")
    grant = world.user("second").grants.get()
    contributed.people.revoke(grant, revoked_from=date(2026, 11, 1), **world.by("operator"))
    assert services.calendars.feed(token, at=MONDAY) is None, "the right to see has ended"


def test_letters_come_as_often_as_wanted_and_name_only_what_may_be_seen(licensed_world):
    world = raised(licensed_world)
    services.calendars.prefer("weekly", **world.by("robo"))
    services.calendars.prefer("daily", **world.by("legal"))
    assert services.calendars.send_digests(at=MONDAY - timedelta(days=1)) == 0, "not on a Sunday"
    assert services.calendars.send_digests(at=MONDAY) == 2
    assert services.calendars.send_digests(at=MONDAY) == 0, "once a day"
    assert services.calendars.send_digests(at=MONDAY + timedelta(days=1)) == 1
    letters = {letter.to[0]: letter for letter in mail.outbox[:2]}
    own = letters["robo@example.invalid"]
    assert "超過" in own.subject and "L-2026-002" in own.body and "L-2026-001" not in own.body
    assert "L-2026-001" in letters["legal@example.invalid"].body
    services.calendars.prefer("never", **world.by("legal"))
    assert services.calendars.send_digests(at=MONDAY + timedelta(days=2)) == 0
