"""Stepping up from an evaluation: when it can be asked for, and how long the evaluation waits."""

from datetime import date

import pytest

from licensing.core import lives, step_ups

END = date(2027, 4, 1)


def until(asked: date, *, settled: date | None = None, on: date) -> date:
    return step_ups.runs_until(END, months=3, asked_on=asked, settled_on=settled, on=on)


def test_a_request_made_in_time_keeps_the_evaluation_running_for_the_months_of_its_clause():
    asked = date(2027, 3, 31)
    assert until(asked, on=date(2027, 3, 31)) == END, "while it runs anyway its end is its end"
    assert until(asked, on=date(2027, 4, 10)) == date(2027, 7, 1)
    assert until(asked, on=date(2027, 9, 1)) == date(2027, 7, 1), "no longer than that, however long it stays open"


def test_it_ends_on_the_day_on_which_the_request_was_settled():
    asked, settled = date(2027, 3, 20), date(2027, 4, 15)
    assert until(asked, settled=settled, on=date(2027, 4, 14)) == date(2027, 7, 1), "not known before that day"
    assert until(asked, settled=settled, on=settled) == date(2027, 4, 16)
    assert until(asked, settled=date(2027, 3, 25), on=date(2027, 4, 2)) == END, "settled before its end: nothing waits"
    assert until(asked, settled=date(2027, 8, 1), on=date(2027, 8, 2)) == date(2027, 7, 1)


def test_a_request_after_the_last_day_comes_too_late():
    assert until(END, on=date(2027, 4, 2)) == END


def test_each_condition_is_refused_in_its_own_words():
    step_ups.check_clause("L-1", {"grant", "step-up"})
    with pytest.raises(step_ups.NotAnEvaluation):
        step_ups.check_clause("L-1", {"grant"})
    with pytest.raises(step_ups.Lapsed) as lapsed:
        step_ups.check_running("L-1", lives.EXPIRED, END)
    assert "2027-03-31" in lapsed.value.text("ja")
    with pytest.raises(lives.NotInForce):
        step_ups.check_running("L-1", lives.SUSPENDED, END)
    step_ups.check_running("L-1", lives.IN_FORCE, END)
    step_ups.check_kept("L-1", [])
    with pytest.raises(step_ups.InBreach) as breach:
        step_ups.check_kept("L-1", ["O-L-1-01", "O-L-1-02"])
    assert "O-L-1-01、O-L-1-02" in breach.value.text("ja") and "O-L-1-01, O-L-1-02" in breach.value.text("en")
