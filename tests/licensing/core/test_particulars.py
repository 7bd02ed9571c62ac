"""Variables of several parts: destinations by field, tables of changes, chosen alternatives."""

from __future__ import annotations

import pytest

from contributions.core.words import Text
from licensing.core import particulars

FIELDS = {"robot": Text("ロボット", "robots"), "vehicle": Text("車両", "vehicles")}


def both(ja, en):
    return {"ja": ja, "en": en}


def test_destinations_read_field_by_field_in_the_order_of_the_fields():
    value = particulars.destinations(FIELDS, {"vehicle": ["JP"], "robot": ["JP", "TH", "VN"]})
    words = particulars.destination_words(FIELDS, value)
    assert words.ja == "ロボットについては日本、タイ及びベトナム、車両については日本"
    assert words.en == "robots: Japan, Thailand and Viet Nam; vehicles: Japan"


@pytest.mark.parametrize(
    "value", [{}, {"ship": ["JP"]}, {"robot": []}, {"robot": ["XX"]}, {"robot": ["JP", "JP"]}, "JP"]
)
def test_destinations_outside_the_tables_are_refused(value):
    with pytest.raises(ValueError):
        particulars.destinations(FIELDS, value)


def test_a_change_without_a_former_text_says_so():
    (change,) = particulars.changes(
        [{"place": both("第3条", "Article 3"), "before": both("", ""), "after": both("新", "new")}]
    )
    assert change.before == Text("（なし）", "(none)") and change.after == Text("新", "new")


@pytest.mark.parametrize(
    "row",
    [
        {"place": both("第3条", "Article 3"), "before": both("旧", ""), "after": both("新", "new")},
        {"place": both("", ""), "before": both("旧", "old"), "after": both("新", "new")},
        {"place": both("第3条", "Article 3"), "before": both("同", "same"), "after": both("同", "same")},
        {"place": both("第3条", "Article 3"), "before": both("旧", "old")},
    ],
)
def test_a_change_in_one_language_only_or_that_changes_nothing_is_refused(row):
    with pytest.raises(ValueError):
        particulars.changes([row])


@pytest.mark.parametrize("value", [[], {"a": "a"}, {"A b": "c"}, {"a": 1}])
def test_alternatives_name_one_clause_for_another(value):
    with pytest.raises(ValueError):
        particulars.alternatives(value)
