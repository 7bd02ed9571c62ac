from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from licensing.core import usage

KNOWN: dict[str, Any] = {"metrics": {"robots"}, "regions": {"JP", "R2"}}


def row(**changes: Any) -> dict[str, Any]:
    return {"metric": "robots", "region": "JP", "units": "120", **changes}


def test_good_lines_are_read_exactly() -> None:
    lines, findings = usage.read([row(), row(region="R2", units="3.5", events=4)], **KNOWN)
    assert findings == ()
    assert lines == (
        usage.UsageLine("robots", "JP", Fraction(120)),
        usage.UsageLine("robots", "R2", Fraction(7, 2), 4),
    )
    assert usage.total(lines) == Fraction(247, 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"metric": "cars"}, "unknown-metric"),
        ({"region": "US"}, "unknown-region"),
        ({"region": ""}, "unknown-region"),
        ({"units": "-1"}, "negative-units"),
        ({"units": "1,200"}, "not-a-decimal"),
        ({"units": 120.5}, "not-a-decimal"),
        ({"units": None}, "not-a-decimal"),
        ({"units": str(2**62)}, "units-too-large"),
        ({"events": -1}, "bad-events"),
    ],
)
def test_a_faulty_line_is_named_with_line_field_and_reason(changes: dict[str, Any], code: str) -> None:
    lines, (finding,) = usage.read([row(region="R2"), row(**changes)], **KNOWN)
    assert len(lines) == 1
    assert (finding.line, finding.code) == (2, code)
    assert finding.field in {"metric", "region", "units", "events"}
    assert finding.text("ja") != finding.text("en")


def test_a_number_that_cannot_be_read_names_its_line() -> None:
    _, (finding,) = usage.read([row(), row(region="R2", units="1,200")], **KNOWN)
    assert finding.text("ja").startswith("2行目：") and finding.text("en").startswith("Line 2: ")


def test_one_line_may_hold_several_faults() -> None:
    _, findings = usage.read([row(metric="cars", units="x")], **KNOWN)
    assert {finding.field for finding in findings} == {"metric", "units"}


def test_the_same_metric_and_region_twice_is_a_finding() -> None:
    lines, (finding,) = usage.read([row(), row()], **KNOWN)
    assert (len(lines), finding.code) == (1, "duplicate-line")


def test_an_empty_report_is_a_finding() -> None:
    _, (finding,) = usage.read([], **KNOWN)
    assert finding.code == "empty-report"


def test_nothing_used_is_a_line_of_zero() -> None:
    lines, findings = usage.read([row(units="0")], **KNOWN)
    assert (lines[0].units, findings) == (0, ())
