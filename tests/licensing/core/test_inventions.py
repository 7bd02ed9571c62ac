"""Inventions: shares that sum to one, notices dated by the adopted table, and what must be approved first."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from licensing.core import inventions
from licensing.core.inventions import Named


def line(code, trigger, **more):
    return {"code": code, "ja": code, "en": code, "modes": ["commission"], "trigger": trigger,
            "source_ja": "法", "source_en": "law"} | more  # fmt: skip


LINES = [
    line("report", "made", days=30),
    line("filing", "filed", days=60),
    line("use", "filed", months=12, every_months=12),
    line("approval", "transfer"),
]
HAPPENED = {"made": [date(2026, 5, 1)], "filed": [date(2026, 6, 1), date(2026, 9, 1)]}


def test_employers_hold_what_their_inventors_hold():
    held = inventions.check_inventors([Named("x", "b", "1/3"), Named("y", "a", "1/3"), Named("z", "b", "1/3")])
    assert held == {"a": Fraction(1, 3), "b": Fraction(2, 3)}


def test_shares_that_do_not_sum_to_one_are_refused_with_every_fault():
    with pytest.raises(inventions.BadInvention, match="sum to 5/6"):
        inventions.check_inventors([Named("x", "a", "1/2"), Named("y", "b", "1/3")])
    with pytest.raises(inventions.BadInvention) as refusal:
        inventions.check_inventors([Named("", "a", "0.5"), Named("y", "b", "3/2")])
    assert [(one.line, one.field) for one in refusal.value.findings] == [(1, "0.5"), (1, "name"), (2, "3/2")]


def told(done=(), on=date(2026, 10, 1), mode="commission"):
    found = inventions.obligations(LINES, mode=mode, happened=HAPPENED, done=done, on=on)
    return [(one.code, one.due and one.due.isoformat(), one.state(on)) for one in found]


def test_each_notice_is_due_by_its_table_from_what_set_it_going():
    assert told() == [
        ("report", "2026-05-31", "overdue"),
        ("filing", "2026-07-31", "overdue"),
        ("filing", "2026-10-31", "waiting"),
        ("use", "2027-06-01", "waiting"),
        ("use", "2027-09-01", "waiting"),
        ("approval", None, "waiting"),
    ]
    assert told(mode="own") == []


def test_a_notice_given_answers_the_earliest_one_open():
    done = [("report", date(2026, 5, 20)), ("filing", date(2026, 7, 1))]
    assert [state for _, _, state in told(done)[:3]] == ["done", "done", "waiting"]


def test_a_repeated_notice_is_due_again():
    due = [day for code, day, _ in told(on=date(2028, 7, 1)) if code == "use"]
    assert due == ["2027-06-01", "2027-09-01", "2028-06-01", "2028-09-01", "2029-06-01"]


def test_a_transfer_waits_for_its_approval():
    with pytest.raises(inventions.ApprovalFirst, match="approval"):
        inventions.check_before(LINES, mode="commission", act="transfer", done=[], invention="IV-1")
    done = [("approval", date(2026, 9, 1))]
    inventions.check_before(LINES, mode="commission", act="transfer", done=done, invention="IV-1")
    inventions.check_before(LINES, mode="own", act="transfer", done=[], invention="IV-1")


def test_shares_move_and_never_more_than_is_held():
    held = {"a": Fraction(1, 3), "b": Fraction(2, 3)}
    assert inventions.transferred(held, giver="a", taker="c", share=Fraction(1, 3)) == {
        "b": Fraction(2, 3), "c": Fraction(1, 3),
    }  # fmt: skip
    for share in (Fraction(1, 2), Fraction(0), Fraction(-1)):
        with pytest.raises(inventions.NotHeld):
            inventions.transferred(held, giver="a", taker="b", share=share)


def test_what_is_published_stays_published_and_a_secret_may_be_filed():
    inventions.check_route("IV-1", "registered", "kept")
    inventions.check_route("IV-1", "kept", "filed")
    for state, route in (("published", "kept"), ("filed", "kept"), ("kept", "kept")):
        with pytest.raises(inventions.RouteTaken):
            inventions.check_route("IV-1", state, route)


def test_a_table_of_duties_is_read_whole_with_every_fault():
    assert inventions.check_duties(LINES) == LINES
    bad = [line("x", "moon", days=1, modes=[]), line("x", "made"), line("y", "transfer", days=3),
           line("z", "filed", days=1, months=2, source_ja=" ", every_months=0)]  # fmt: skip
    with pytest.raises(inventions.BadDuties) as refusal:
        inventions.check_duties(bad)
    assert [(one.line, one.field) for one in refusal.value.findings] == [
        (1, "moon"), (1, "modes"), (2, "days"), (2, "x"), (3, "days"), (4, "source_ja"), (4, "days"),
        (4, "every_months"),
    ]  # fmt: skip
    with pytest.raises(inventions.BadDuties):
        inventions.check_duties([])
