"""Deciding bodies: rules read whole with every fault, electorates by class, stake or name, recusal by ground."""

from __future__ import annotations

from fractions import Fraction

import pytest

from contributions.core.words import Text
from licensing.core import bodies
from licensing.core.bodies import Recusal, Seat

NAME = Text("総会", "assembly")
RULE = {"basis": "members", "quorum": "1/2", "threshold": "2/3"}
SEATS = [
    Seat("a", "founder", Fraction(1, 2)),
    Seat("b", "associate", Fraction(0)),
    Seat("c", "founder", Fraction(1, 4)),
]


def test_rules_come_back_with_every_field():
    checked = bodies.check({"matters": {"policy": RULE}})
    assert checked == {
        "electorate": {"kind": "members"},
        "visibility": "open",
        "grounds": [],
        "matters": {"policy": {**RULE, "strict": False, "of": "decided"}},
    }


def test_every_fault_is_told_at_once():
    stated = {
        "electorate": {"kind": "classes"},
        "visibility": "loud",
        "grounds": ["mood"],
        "matters": {
            "policy": {"quorum": "0.5", "threshold": "3/2", "strict": "no", "of": "some"},
            "moon": {"basis": "luck", "quorum": 1},
            "allocation": {"threshold": "1", "strict": True},
        },
    }
    with pytest.raises(bodies.BadBody) as refusal:
        bodies.check(stated)
    assert [one.field for one in refusal.value.findings] == [
        "electorate", "visibility", "grounds", "allocation.threshold", "matters", "moon.basis", "moon.quorum",
        "policy.quorum", "policy.threshold", "policy.strict", "policy.of",
    ]  # fmt: skip
    with pytest.raises(bodies.BadBody, match="at least one matter"):
        bodies.check({})


@pytest.mark.parametrize(
    ("who", "entitled"),
    [
        ({"kind": "members"}, ["a", "b", "c"]),
        ({"kind": "classes", "classes": ["founder"]}, ["a", "c"]),
        ({"kind": "stakeholders"}, ["a", "c"]),
        ({"kind": "named", "members": ["b"]}, ["b"]),
    ],
)
def test_who_has_a_vote_follows_the_rules_of_the_body(who, entitled):
    assert list(bodies.electors({"electorate": who}, SEATS, [], body=NAME, on="")) == entitled


def test_the_interested_are_left_out_by_a_ground_of_the_body_alone():
    rules = {"electorate": {"kind": "members"}, "grounds": ["party"]}
    assert list(bodies.electors(rules, SEATS, [Recusal("a", "party")], body=NAME, on="")) == ["b", "c"]
    with pytest.raises(bodies.CannotRecuse, match="no such ground"):
        bodies.electors(rules, SEATS, [Recusal("a", "dispute")], body=NAME, on="")
    with pytest.raises(bodies.CannotRecuse, match="no vote"):
        bodies.electors(rules, SEATS, [Recusal("z", "party")], body=NAME, on="")
    with pytest.raises(bodies.NobodyEntitled):
        bodies.electors(rules, SEATS[:1], [Recusal("a", "party")], body=NAME, on="")


def test_the_rule_of_a_matter_is_read_for_meetings_and_in_writing():
    unanimous = {"quorum": "1", "threshold": "1", "strict": False, "of": "all"}
    rules = bodies.check({"matters": {"policy": {**RULE, "written": unanimous}, "allocation": RULE}})
    assert bodies.rule_for(rules, "policy", written=True, body=NAME, on="") == {"basis": "members", **unanimous}
    assert bodies.rule_for(rules, "policy", written=False, body=NAME, on="")["threshold"] == "2/3"
    with pytest.raises(bodies.NoWrittenResolution):
        bodies.rule_for(rules, "allocation", written=True, body=NAME, on="")


def test_a_rule_reads_as_a_sentence():
    said = bodies.sentence({"basis": "both", "quorum": "1/2", "threshold": "1/2", "strict": True, "of": "present"})
    assert said.ja == (
        "会員数と出資比率の双方。定足数は議決権の総数の 1/2 以上、"
        "投票した会員全体（棄権を含む）の 1/2 を超える賛成で可決。"
    )
    assert "more than 1/2 of all who voted" in said.en
