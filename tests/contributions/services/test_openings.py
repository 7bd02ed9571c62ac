"""The access record: whoever outside opened a member's material, once a day each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from contributions import selectors, services
from contributions.core.roles import Viewer
from contributions.models import Opening, Organization


def opened(world, username, subject="dataset:D-tetsu-0001"):
    tetsu = Organization.objects.get(code="tetsu")
    return services.openings.record(subject, owner=tetsu, **world.by(username))


def test_an_opening_is_noted_once_a_day_per_person_and_subject(world):
    assert opened(world, "legal") and opened(world, "second") and opened(world, "legal", "batch:tetsu-1")
    assert opened(world, "legal") is None
    world.clock += timedelta(days=1)
    assert opened(world, "legal")
    assert Opening.objects.count() == 4


def test_the_owners_own_people_and_the_machine_leave_no_line(world):
    assert opened(world, "tetsu") is None
    tetsu = Organization.objects.get(code="tetsu")
    machine = {"by": Viewer.system("follower"), "at": world.clock}
    assert services.openings.record("dataset:D-tetsu-0001", owner=tetsu, **machine) is None


def test_the_owner_reads_it_and_no_other_member(world):
    opened(world, "reviewer")
    (row,) = selectors.openings.visible_to(world.member("tetsu"))
    assert (row.user.username, row.acting.code, row.home.code, row.workplace) == (
        "reviewer", "shinsa", "shinsa", "reviewer",
    )  # fmt: skip
    for username in ("hagane", "legal", "desk", "finance", "reviewer", "robo"):
        assert not selectors.openings.visible_to(world.viewer(username)).exists(), username
    assert selectors.openings.visible_to(world.viewer("auditor")).exists()


def test_nobody_tidies_it_up_afterwards(world):
    row = opened(world, "legal")
    for change in (lambda: Opening.objects.all().delete(), lambda: Opening.objects.update(workplace="desk")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Opening.objects.filter(pk=row.pk, workplace="legal").exists()


def test_old_lines_are_shown_no_more(world, settings):
    opened(world, "legal")
    settings.OPENINGS_DAYS = 10
    rows = selectors.openings.visible_to(world.member("tetsu"))
    assert selectors.openings.shown(rows, date(2026, 4, 10)).exists()
    assert not selectors.openings.shown(rows, date(2026, 4, 11)).exists()
