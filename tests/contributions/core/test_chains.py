"""The chain of reviews as a picture: each link says its state, its opinions and its days."""

from __future__ import annotations

from datetime import date

from contributions.core import chains
from contributions.core.chains import Link

MAY = date(2026, 5, 1)
PASSED = Link("title", "passed", 2, 2, MAY, date(2028, 4, 1))


def test_a_whole_chain_says_so_and_a_broken_one_names_what_is_missing() -> None:
    assert chains.finding([PASSED]).en == "All 1 reviews have passed and are in force."
    said = chains.finding([PASSED, Link("privacy", "review-refused"), Link("safety", "not-opened")])
    assert said.ja == "審査 3 件のうち 1 件が適合。残り：個人情報（不適合）、匿名化・安全（未開始）。"


def test_each_link_shows_quota_conditions_and_days() -> None:
    drawn = chains.draw([PASSED, Link("security", "review-condition", 1, 1, MAY, None, 1)], language="en")
    assert "passed 2/2" in drawn and "2026-05-01" in drawn and "2028-03-31" in drawn
    assert "condition not kept (1 cond.)" in drawn
    assert drawn.count('<rect class="box"') == 2 and 'class="stop solid"' in drawn
