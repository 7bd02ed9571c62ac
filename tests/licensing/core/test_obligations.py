"""Obligations: raised from clauses, variables and what happened; superseded by a later edition, never once settled."""

from datetime import date

import pytest

from contributions.core.periods import Period
from licensing.adapters.holidays import is_business_day
from licensing.core import obligations
from licensing.core.editions import Edition
from licensing.core.obligations import Occasion

TERM = Period(date(2026, 6, 24), date(2027, 6, 24))
VARIABLES = {
    "terms": {}, "minimum": "3650000", "report_period": "quarter", "regions": ["JP"], "report_days": 60,
    "acceptance_days": 14, "deletion_days": 30,
}  # fmt: skip
USED = ("delivery", "export", "reporting", "payment", "fees", "after")


def expected(*occasions: Occasion, term: Period = TERM, used=USED, later: Edition | None = None, **changes):
    known = [Edition(1, "L", TERM.start, VARIABLES | changes, ())] + ([later] if later else [])
    found = obligations.expected(term, known, used, occasions, is_business_day=is_business_day)
    return {row.key: row for row in found}


def test_every_duty_says_from_what_it_arises():
    assert {rule.trigger for rule in obligations.RULES} < set(obligations.TRIGGERS)


def test_reports_are_owed_after_each_period_and_the_minimum_after_the_year():
    rows = expected()
    report = rows["report", "2026-07-01"]
    assert (report.opens_on, report.due_on) == (date(2026, 10, 1), date(2026, 11, 29))
    minimum = rows["minimum", "2026-06-24"]
    assert (minimum.due_on, minimum.amount) == (date(2027, 8, 22), 3_650_000)
    assert rows["deliver", ""].due_on == rows["classify", ""].due_on == TERM.start


def test_business_days_count_where_the_agreement_says_so():
    assert expected(report_business_days=10)["report", "2026-07-01"].due_on == date(2026, 10, 15)
    delivered = Occasion("delivery", "DL-1", date(2026, 12, 25))
    assert expected(delivered)["accept", "DL-1"].due_on == date(2027, 1, 8)
    assert expected(delivered, acceptance_business_days=5)["accept", "DL-1"].due_on == date(2027, 1, 5)


def test_a_year_cut_short_owes_its_part_of_the_minimum():
    short = Period(TERM.start, date(2026, 12, 24))
    assert expected(term=short)["minimum", "2026-06-24"].amount == 3_650_000 * 183 // 365


def test_a_clause_that_is_not_used_brings_nothing():
    assert not [key for key in expected(used=("reporting",)) if key[0] != "report"]


def test_invoices_and_endings_bring_their_own():
    rows = expected(
        Occasion("invoice", "INV-1", date(2026, 10, 13), due_on=date(2026, 11, 30), amount=110),
        Occasion("end", "TM-1", date(2026, 12, 1)),
    )
    assert (rows["pay", "INV-1"].due_on, rows["pay", "INV-1"].amount) == (date(2026, 11, 30), 110)
    assert rows["delete", "TM-1"].due_on == rows["purge", "TM-1"].due_on == date(2026, 12, 31)


def test_an_evaluation_owes_its_results_and_an_nda_nothing_of_the_licensor():
    ended = Occasion("end", "TM-1", date(2026, 12, 1))
    rows = expected(ended, used=("after", "after-evaluation", "reporting", "results-evaluation"), report_period="")
    assert rows["results", "TM-1"].due_on == date(2027, 1, 30) and ("purge", "TM-1") in rows
    assert set(expected(ended, used=("after", "nda-return"))) == {("delete", "TM-1")}


def test_selling_off_stock_is_reported_and_owes_no_minimum():
    ended, sold = Period(TERM.start, date(2026, 12, 24)), Period(TERM.start, date(2027, 6, 24))
    known = [Edition(1, "L", TERM.start, VARIABLES, ())]
    found = obligations.expected(ended, known, USED, (), is_business_day=is_business_day, reported=sold)
    rows = {row.key: row for row in found}
    assert ("report", "2027-04-01") in rows
    assert [row.amount for key, row in rows.items() if key[0] == "minimum"] == [3_650_000 * 183 // 365]


def test_a_later_edition_supersedes_what_is_open_and_leaves_what_is_settled():
    later = Edition(2, "M-1", date(2026, 10, 1), VARIABLES | {"report_days": 45}, ())
    before, after = expected(), expected(later=later)
    assert before["report", "2026-07-01"] == after["report", "2026-07-01"], "that period was under the first edition"
    open_keys = set(before) - {("report", "2027-01-01")}
    raised, gone = obligations.reconcile(before, after.values(), open_keys=open_keys)
    assert ("report", "2026-10-01") in gone and ("report", "2027-01-01") not in gone
    assert {row.key for row in raised} == set(gone)
    again, nothing = obligations.reconcile(after, after.values(), open_keys=set(after))
    assert again == () and nothing == ()


@pytest.mark.parametrize(
    ("stored", "on", "state"),
    [
        ("open", date(2026, 9, 30), "future"),
        ("open", date(2026, 10, 1), "due"),
        ("open", date(2026, 11, 29), "due"),
        ("open", date(2026, 11, 30), "late"),
        ("done", date(2026, 11, 30), "done"),
        ("waived", date(2026, 9, 1), "waived"),
    ],
)
def test_how_a_duty_stands_follows_from_its_dates(stored, on, state):
    days = {"opens_on": date(2026, 10, 1), "due_on": date(2026, 11, 29)}
    assert obligations.state_on(stored, **days, on=on) == state
