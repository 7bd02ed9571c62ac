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
    releases.check_usable(standing, purpose="training", on=ON, residency=JAPAN)


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


def test_a_run_abroad_is_refused_before_its_data_is_looked_at() -> None:
    facts: dict[str, Any] = {"purpose": "training", "on": ON, "residency": JAPAN}
    releases.check_run([GOOD], facilities={"osaka": "JP"}, **facts)
    with pytest.raises(releases.AbroadRun, match="SG"):
        releases.check_run([GOOD], facilities={"osaka": "JP", "jurong": "SG"}, **facts)


def test_a_release_needs_a_run_and_is_not_its_own_ancestor() -> None:
    releases.check_publishable("R-0.3", ["RUN-1"], {"R-0.3": ["R-0.2"], "R-0.2": ["R-0.1"]})
    with pytest.raises(releases.NoRuns):
        releases.check_publishable("R-0.3", [], {})
    with pytest.raises(releases.OwnAncestor):
        releases.check_publishable("R-0.3", ["RUN-1"], {"R-0.3": ["R-0.2"], "R-0.2": ["R-0.3"]})


def test_ancestors_are_named_once_nearest_first() -> None:
    parents = {"R-4": ["R-3", "R-2"], "R-3": ["R-1"], "R-2": ["R-1"]}
    assert releases.ancestors("R-4", parents) == ("R-3", "R-2", "R-1")
