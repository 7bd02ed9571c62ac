from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from licensing.core import releases

ON = date(2026, 8, 1)
JAPAN = frozenset({"JP"})
GOOD = releases.Standing("D-0001@1", True, JAPAN, None, frozenset({"training"}))


def check(standing: releases.Standing) -> None:
    releases.refuse(releases.unusable(standing, purpose="training", on=ON, residency=JAPAN))


def test_a_cleared_resident_dataset_within_its_purpose_may_be_used() -> None:
    check(GOOD)
    check(replace(GOOD, withdrawn=date(2026, 8, 2)))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"cleared": False}, "データ審査"),
        ({"countries": frozenset({"JP", "SG"})}, "国"),
        ({"countries": frozenset()}, "国"),
        ({"withdrawn": ON}, "取り下げ"),
        ({"purposes": frozenset({"evaluation"})}, "利用目的"),
        ({"purposes": frozenset()}, "提供契約"),
    ],
)
def test_a_refusal_names_the_dataset_and_the_rule(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(releases.NotUsable) as refusal:
        check(replace(GOOD, **changes))
    assert "D-0001@1" in refusal.value.text("ja")
    assert word in refusal.value.text("ja")


def test_every_reason_against_a_run_is_told_at_once() -> None:
    facts: dict[str, Any] = {"purpose": "training", "on": ON, "residency": JAPAN}
    assert releases.faults_of_run([GOOD], facilities=[("osaka", "JP")], **facts) == []
    bad = replace(GOOD, dataset="D-0002@1", cleared=False, withdrawn=ON, breached=True)
    found = releases.faults_of_run([bad, GOOD], facilities=[("osaka", "JP"), ("jurong", "SG")], **facts)
    assert [type(one).__name__ for one in found] == ["AbroadRun", "NotUsable", "NotUsable", "NotUsable"]
    with pytest.raises(releases.RunRefused, match="4 reasons"):
        releases.refuse(found)
    with pytest.raises(releases.AbroadRun, match="SG"):
        releases.refuse(found[:1])


def test_a_release_needs_a_run_and_is_not_its_own_ancestor() -> None:
    releases.check_publishable("R-0.3", ["RUN-1"], {"R-0.3": ["R-0.2"], "R-0.2": ["R-0.1"]})
    with pytest.raises(releases.NoRuns):
        releases.check_publishable("R-0.3", [], {})
    with pytest.raises(releases.OwnAncestor, match=r"R-0\.3 → R-0\.2 → R-0\.1 → R-0\.3"):
        releases.check_publishable("R-0.3", ["RUN-1"], {"R-0.3": ["R-0.2"], "R-0.2": ["R-0.1"], "R-0.1": ["R-0.3"]})


@pytest.mark.parametrize("weights", [{"R-1": "0"}, {"R-1": "3/2"}, {"R-1": "2/3", "R-2": "1/2"}, {"R-1": "-1/2"}])
def test_weights_of_parents_are_above_zero_and_together_at_most_one(weights: dict[str, str]) -> None:
    with pytest.raises(releases.BadParentWeight):
        releases.check_parents(weights)
    assert sum(releases.check_parents({"R-1": "1/2", "R-2": "1/2"}).values()) == 1


def test_ancestors_are_named_once_nearest_first() -> None:
    parents = {"R-4": ["R-3", "R-2"], "R-3": ["R-1"], "R-2": ["R-1"]}
    assert releases.ancestors("R-4", parents) == ("R-3", "R-2", "R-1")
