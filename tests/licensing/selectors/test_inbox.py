"""What waits for whom, and that asking does not cost more the more there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world as cast
from contributions import services as contributed
from contributions.core.roles import Viewer
from contributions.core.words import Text
from licensing import selectors, services
from licensing.selectors import figures, inbox
from licensing.selectors import waiting as lines
from licensing.selectors.waiting import SOON

ON, AT = date(2026, 10, 12), datetime(2026, 10, 12, tzinfo=UTC)


def waiting(viewer) -> list[tuple[str, str]]:
    return [(row.todo.en, row.number) for row in inbox.waiting_for(viewer, on=ON, at=AT)]


def test_nothing_waits_for_nobody(settled_world):
    assert inbox.waiting_for(None) == [] and inbox.count(None) == 0
    assert waiting(settled_world.nowhere()) == waiting(settled_world.viewer("operator")) == []


def test_each_finds_what_is_its_own_to_do(settled_world):
    world = settled_world
    number = selectors.distributions.payouts_visible_to(world.member("tetsu")).get().number
    assert waiting(world.member("tetsu")) == [("Confirm a payout", number)]
    assert waiting(world.licensee("robo")) == [("Report usage", world.agreement("robo").number)]
    assert {todo for todo, _ in waiting(world.viewer("reviewer"))} == {"Decide a data review"}
    assert {todo for todo, _ in waiting(world.viewer("finance"))} == {"Accept a contribution"}
    assert {todo for todo, _ in waiting(world.viewer("legal"))} == {"Accept a contribution", "Attest metered compute"}
    assert waiting(world.viewer("auditor")) == waiting(world.viewer("desk")) == []


def test_a_confirmed_payout_waits_no_longer(settled_world):
    payout = selectors.distributions.payouts_visible_to(settled_world.member("tetsu")).get()
    services.distributions.confirm(payout, **settled_world.by("tetsu"))
    assert waiting(settled_world.member("tetsu")) == []


def test_an_accepted_report_waits_for_an_invoice_and_then_for_the_money(settled_world):
    world = settled_world
    report = world.usage("robo", start=date(2026, 7, 1))
    assert ("Issue an invoice", report.number) in waiting(world.viewer("finance"))
    invoice = world.invoice(report)
    assert ("Record a receipt", invoice.number) in waiting(world.viewer("finance"))


def test_what_is_due_soon_comes_first_and_what_is_due_later_after_what_has_no_day(settled_world):
    world = settled_world
    invoice = world.invoice(world.usage("robo", start=date(2026, 7, 1)))
    eve = invoice.due_on - timedelta(days=1)
    soon = [row.due_on for row in inbox.waiting_for(world.viewer("finance"), on=eve, at=AT)]
    assert soon[0] == invoice.due_on and soon[-1] is None
    long_before = eve - SOON
    later = [row.due_on for row in inbox.waiting_for(world.viewer("finance"), on=long_before, at=AT)]
    assert later[0] is None and later[-1] == invoice.due_on


@pytest.mark.parametrize("username", ["legal", "finance", "desk", "auditor", "reviewer", "tetsu", "robo"])
def test_asking_costs_a_bounded_number_of_queries(settled_world, username):
    world, viewer = settled_world, settled_world.viewer(username)
    with CaptureQueriesContext(
        connection,
    ) as first:
        inbox.waiting_for(viewer, on=ON, at=AT)
    for number in range(6):
        world.dataset("tetsu", f"追加{number}")
        world.cash("tetsu", number + 1, accepted=False)
        world.batch("kuruma", cast.sacct((100 + number, "2026-07-01", 1, 1)), attested=False)
    with CaptureQueriesContext(connection) as second:
        inbox.waiting_for(viewer, on=ON, at=AT)
    assert len(second) == len(first) <= 50


@pytest.mark.parametrize("username", ["legal", "finance", "desk", "auditor", "reviewer", "tetsu", "robo"])
def test_the_figures_of_a_workplace_are_few_and_bounded(settled_world, username):
    viewer = settled_world.viewer(username)
    with CaptureQueriesContext(connection) as asked:
        found = figures.for_workplace(viewer, on=ON)
    assert 1 <= len(found) <= 8 and len(asked) <= 40
    assert all(figure.label.ja and figure.label.en for figure in found)


def test_no_figure_is_a_float(settled_world):
    for username in ("legal", "finance", "desk", "auditor", "reviewer", "tetsu", "robo"):
        found = figures.for_workplace(settled_world.viewer(username), on=ON)
        assert not any(isinstance(figure.value, float) for figure in found)


def test_a_workplace_that_nobody_knows_has_no_figures(settled_world):
    assert figures.for_workplace(Viewer(None, "x", None, None, "director"), on=ON) == []


def test_finance_reads_what_is_owed_and_what_came_in(settled_world):
    world = settled_world
    invoice = world.invoice(world.usage("robo", start=date(2026, 7, 1)))
    read = {
        figure.label.en: figure.value
        for figure in figures.for_workplace(world.viewer("finance"), on=date(2026, 10, 29))
    }
    assert read["Outstanding, with tax"] == invoice.gross
    assert read["Received, not yet distributed"] == 0


def test_under_a_threshold_the_newest_checkpoint_waits_for_each_member_until_enough_have_cosigned(world):
    number = str(world.seal().number)
    assert ("Cosign a log checkpoint", number) not in waiting(world.member("tetsu")), "no threshold yet"
    contributed.witnesses.adopt_threshold(
        threshold=2,
        kinds=["officer"],
        valid_from=world.clock.date(),
        source=Text("議決", "ballot"),
        **world.by("legal"),
    )
    newest = world.seal()
    todo = ("Cosign a log checkpoint", str(newest.number))
    assert todo in waiting(world.member("tetsu")) and todo not in waiting(world.viewer("legal"))
    contributed.witnesses.confirm(newest, **world.by("tetsu"))
    assert todo not in waiting(world.member("tetsu")) and todo in waiting(world.member("hagane"))
    contributed.witnesses.confirm(newest, **world.by("hagane"))
    assert todo not in waiting(world.member("ginko"))


def test_lines_are_grouped_by_how_pressing_they_are_and_an_empty_group_is_not_there():
    day = date(2026, 11, 28)
    due = {"late": day - timedelta(days=1), "now": day, "soon": day + lines.SOON, "any": None}
    todo, about = Text("する", "do"), Text("何", "what")
    rows = [lines.Waiting(todo, about, key, "licensing:inbox", (), due_on=on) for key, on in due.items()]
    groups = [(name.en, [row.number for row in held]) for name, held in lines.grouped(rows, day)]
    assert groups == [
        ("Overdue", ["late"]), ("Due today", ["now"]), ("Within 14 days", ["soon"]), ("Without a day", ["any"]),
    ]  # fmt: skip
    assert lines.urgency(replace(rows[0], due_on=day + lines.SOON + timedelta(days=1)), day) == lines.LATER
