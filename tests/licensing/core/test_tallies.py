"""The picture of a count: to scale, with the mark that decides, and nothing that was not passed in."""

from __future__ import annotations

from licensing.core import ballots, tallies

RULE = {"basis": "members", "quorum": "1/2", "threshold": "2/3"}


def test_the_picture_tells_the_count_and_its_mark():
    counts = ballots.count(dict.fromkeys("abcd", "1"), RULE, {"a": "for", "b": "for", "c": "against"}).counts
    svg = tallies.draw(counts, RULE, voted=3, entitled=4, is_open=False, language="ja")
    assert "賛成 2" in svg and "未投票 1" in svg and "可決に必要な賛成 2" in svg and "満たしています" in svg


def test_without_a_count_to_show_only_who_voted_is_drawn():
    svg = tallies.draw([], RULE, voted=2, entitled=5, is_open=True, language="en")
    assert "2 of 5 have voted." in svg and "for" not in svg.replace("before", "").replace("how is not shown", "")
