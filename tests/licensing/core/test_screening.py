"""Who counts as a Japanese firm at the boundary, which checks are open, and which words name a member."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from licensing.core import screening
from licensing.core.licensees import CHECKS
from licensing.core.screening import Held

FIRST_RULE = screening.FIRST_RULE
FIRST = screening.rule(FIRST_RULE)
DAY = date(2026, 6, 17)


def held(kind: str, passed: bool = True, start: date = date(2026, 6, 1), until: date = date(2027, 6, 1)) -> Held:
    return Held(kind, passed, start, until)


@pytest.mark.parametrize(
    ("seat", "share", "boundary", "is_japanese"),
    [
        ("JP", "0", "below", True),
        ("JP", "49/100", "below", True),
        ("JP", "1/2", "below", False),
        ("JP", "1/2", "at-most", True),
        ("JP", "51/100", "at-most", False),
        ("US", "0", "below", False),
    ],
)
def test_seat_and_control_decide_and_the_boundary_is_data(seat, share, boundary, is_japanese):
    rule = screening.rule(screening.FIRST_RULE | {"boundary": boundary})
    assert screening.is_japanese(rule, seat=seat, foreign_control=Fraction(share)) is is_japanese
    assert screening.BOUNDARIES[boundary].ja in screening.said(rule).ja


@pytest.mark.parametrize(
    "changes",
    [
        {"seat": "JP"},
        {"seat": ["Japan"]},
        {"foreign_control": "3/2"},
        {"foreign_control": None},
        {"boundary": "x"},
        {"months": 0},
        {"months": "24"},
        {"months": True},
        {"months": 121},
    ],
)
def test_a_rule_that_cannot_be_applied_is_refused(changes):
    with pytest.raises(screening.BadRule):
        screening.rule(screening.FIRST_RULE | changes)


def test_a_check_is_open_when_it_is_missing_failed_expired_or_not_begun():
    rows = [
        held("japanese-firm"),
        held("antisocial"),
        held("antisocial", passed=False),
        held("export", until=DAY),
        held("affiliates", start=date(2026, 6, 18)),
    ]
    assert screening.open_checks(rows, DAY) == ["antisocial", "export", "affiliates", "competition"]
    assert screening.open_checks([held(kind) for kind in CHECKS], DAY) == []


def test_a_check_is_of_a_day_that_came_and_holds_no_longer_than_the_rule_says():
    first, bare = FIRST, screening.rule({key: FIRST_RULE[key] for key in FIRST_RULE if key != "months"})
    screening.check_days(DAY, date(2028, 6, 17), rule=first, today=DAY)
    for start, until, refusal in (
        (date(2026, 6, 18), date(2027, 6, 17), screening.ScreenedAhead),
        (DAY, DAY, screening.HoldsForNoTime),
        (DAY, date(2028, 6, 18), screening.HoldsTooLong),
    ):
        with pytest.raises(refusal) as raised:
            screening.check_days(start, until, rule=first, today=DAY)
        assert raised.value.text("ja") != raised.value.text("en")
    screening.check_days(DAY, date(2099, 1, 1), rule=bare, today=DAY)  # adopted before months were asked for
    assert "24か月" in screening.lasting(first).ja and "no limit" in screening.lasting(bare).en


def test_a_permit_opens_what_needs_one_but_no_military_use():
    stated = {"category": "applies", "end_use": "civil", "inference": ["JP", "US"]}

    def found(**more):
        return [
            one.field
            for one in screening.blockers(
                "export", stated | more, rule=FIRST, licensee_class="japanese", excluded=False
            )
        ]

    assert found() == ["category", "inference"]
    assert found(permit="輸許可第1号") == []
    assert found(permit="輸許可第1号", end_use="military") == ["end_use"]
    assert found(permit=" ", inference=[]) == ["category", "inference"]
    assert found(residency="unknown") == ["residency", "category", "inference"]
    assert found(residency="applies", category="none", inference=["JP"]) == ["residency"]


@pytest.mark.parametrize("text", ["鉄山製鋼のデータ", "the data of NEC", "nec.", "Kobe-Steel: kobe steel"])
def test_words_that_name_a_member_are_found(text):
    with pytest.raises(screening.NamesAMember):
        screening.check_words("unavailable", text, {"鉄山製鋼", "nec", "Kobe Steel"})


def test_words_that_only_look_like_a_name_pass():
    assert screening.check_words("export", " connected; necessary ", {"nec"}) == "connected; necessary"
    assert all(reason.ja.endswith("。") and reason.en.endswith(".") for reason in screening.REASONS.values())
