"""Until when records are kept, by dated rules."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core.words import Text
from licensing.core import retention
from licensing.core.retention import RULES, Rule


def test_years_run_from_the_day_after_the_tax_return_was_due():
    seven = retention.rule_for(RULES, "invoice", date(2026, 11, 27))
    assert seven.years == 7
    assert retention.kept_until(seven, date(2027, 3, 31)) == date(2034, 6, 1)
    assert retention.kept_until(seven, date(2027, 4, 1)) == date(2035, 6, 1)


def test_contracts_are_kept_ten_years_and_a_later_rule_takes_over_on_its_day():
    later = Rule("outside", 12, date(2030, 1, 1), None, Text("改正", "amended"))
    assert retention.rule_for([*RULES, later], "outside", date(2029, 12, 31)).years == 10
    assert retention.rule_for([*RULES, later], "outside", date(2030, 1, 1)).years == 12
    assert retention.rule_for(RULES, "outside", date(2020, 1, 1)) is None


def test_nothing_is_erased_before_its_day_nor_without_an_end_or_a_rule():
    rule = retention.rule_for(RULES, "outside", date(2026, 11, 27))
    with pytest.raises(retention.StillKept) as refusal:
        retention.check_over("X-1", rule, date(2026, 7, 15), date(2037, 5, 31))
    assert "2037-05-31" in refusal.value.text("ja")
    retention.check_over("X-1", rule, date(2026, 7, 15), date(2037, 6, 1))
    for given, ended in ((None, date(2026, 7, 15)), (rule, None)):
        with pytest.raises(retention.StillKept):
            retention.check_over("X-1", given, ended, date(2099, 1, 1))
