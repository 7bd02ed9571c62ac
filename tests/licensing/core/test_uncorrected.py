"""The log as if one member had corrected nothing."""

from __future__ import annotations

from typing import Any

from licensing.core import uncorrected
from licensing.core.uncorrected import Correction


def said(kind: str, member: str = "a", corrects: str | None = None, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, "member": member, "corrects": corrects, "facts": facts}


def without(log: list[dict[str, Any]], member: str = "a") -> list[dict[str, Any]]:
    found = [one for one in uncorrected.corrections(enumerate(log)) if one.member == member]
    return list(uncorrected.without(log, found))


def test_a_replaced_batch_stands_with_the_attestation_of_its_replacement_and_counts_once() -> None:
    log = [
        said("compute.metered", batch="B-1", gpu_s="10"),
        said("compute.reversed", corrects="x", batch="B-1", replaced_by="B-2", day="2026-06-01"),
        said("compute.reversed", corrects="y", batch="B-1", replaced_by="B-2", day="2026-06-02"),
        said("compute.metered", batch="B-2", gpu_s="70"),
        said("compute.attested", batch="B-2"),
    ]
    assert uncorrected.corrections(enumerate(log)) == [Correction("a", "compute.reversed", "B-1", "B-2", 1)]
    assert without(log) == [log[0], said("compute.attested", batch="B-1")]


def test_a_chain_of_replacements_goes_back_to_the_first() -> None:
    log = [
        said("resource.recorded", resource="C-1", quantity="5"),
        said("resource.accepted", resource="C-1"),
        said("resource.recorded", resource="C-2", quantity="50", supersedes="C-1"),
        said("resource.superseded", corrects="x", resource="C-1", replacement="C-2"),
        said("resource.recorded", resource="C-3", quantity="55", supersedes="C-2"),
        said("resource.superseded", corrects="y", resource="C-2", replacement="C-3"),
        said("resource.recovered", resource="C-3", part="1/4"),
    ]
    assert without(log) == [*log[:2], said("resource.recovered", resource="C-1", part="1/4")]
    last = [one for one in uncorrected.corrections(enumerate(log)) if one.what == "C-2"]
    assert list(uncorrected.without(log, last)) == [*log[:4], said("resource.recovered", resource="C-2", part="1/4")]


def test_a_stake_stands_as_it_was_first_declared() -> None:
    log = [
        said("stake.declared", member="a", share="1/10", **{"from": "2026-04-01"}),
        said("stake.restated", corrects="x", restates={"from": "2026-04-01"}, share="1/5", **{"from": "2026-05-01"}),
    ]
    assert without(log) == log[:1]


def test_what_others_corrected_and_what_was_answered_stays() -> None:
    log = [
        said("resource.withdrawn", member="b", corrects="x", resource="C-9", **{"from": "2026-06-01"}),
        said("resource.answered", corrects="y", resource="C-1", outcome="accepted"),
        said("compute.attested", batch="B-1"),
    ]
    assert without(log) == log
    assert [one.key for one in uncorrected.corrections(enumerate(log))] == ["b/resource.withdrawn/C-9"]
