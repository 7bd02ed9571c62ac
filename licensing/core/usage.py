"""Usage reports: what a licensee says it used in a period, line by line.

A report is a batch: every faulty line is named with its field and reason, and the good ones are read. A report with a
finding is not accepted as it stands; the licensee mends the lines and sends it again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core.errors import Finding
from licensing.core.decimals import NotADecimal, decimal

UNITS_MAX = Fraction(2**62)


@dataclass(frozen=True, slots=True)
class UsageLine:
    """Units of one metric used in one region; `events` counts transactions where a fee per event is agreed."""

    metric: str
    region: str
    units: Fraction
    events: int = 0


def read(
    rows: Iterable[Mapping[str, Any]], *, metrics: Collection[str], regions: Collection[str]
) -> tuple[tuple[UsageLine, ...], tuple[Finding, ...]]:
    """The good lines and the findings. Lines are numbered from 1, as people count.

    Units are decimal texts such as "1200" or "3.5" (thousands separators are not read). `regions` empty: any region.
    """
    lines: list[UsageLine] = []
    findings: list[Finding] = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, 1):
        line, faults = _read_line(number, row, metrics, regions)
        if line is not None and (line.metric, line.region) in seen:
            faults.append(_twice(number, line))
        if faults or line is None:
            findings += faults
            continue
        seen.add((line.metric, line.region))
        lines.append(line)
    if not lines and not findings:
        findings.append(_empty())
    return tuple(lines), tuple(findings)


def total(lines: Iterable[UsageLine]) -> Fraction:
    """All units of the lines."""
    return sum((line.units for line in lines), Fraction(0))


def _read_line(
    number: int, row: Mapping[str, Any], metrics: Collection[str], regions: Collection[str]
) -> tuple[UsageLine | None, list[Finding]]:
    metric, region = str(row.get("metric") or ""), str(row.get("region") or "")
    faults = []
    if metric not in metrics:
        faults.append(_unknown(number, "metric", metric, metrics))
    if not region or (regions and region not in regions):
        faults.append(_unknown(number, "region", region, regions))
    units, fault = _units(number, row.get("units"))
    faults += [fault] if fault else []
    events = row.get("events") or 0
    if type(events) is not int or events < 0:
        faults.append(_no_count(number, events))
    if faults or units is None:
        return None, faults
    return UsageLine(metric, region, units, events), []


def _units(number: int, text: object) -> tuple[Fraction | None, Finding | None]:
    try:
        units = decimal(text)
    except NotADecimal as refusal:
        ja, en = f"{{line}}行目：{refusal.ja}", f"Line {{line}}: {refusal.en}"
        return None, Finding(number, "units", refusal.code, ja, en, {**refusal.facts, "line": number})
    if units < 0:
        ja = "{line}行目：数量 {units} が負です。訂正は前回の報告の訂正として提出してください。"
        en = "Line {line}: the quantity {units} is negative. Correct the earlier report instead."
        return None, Finding(number, "units", "negative-units", ja, en, {"line": number, "units": text})
    if units >= UNITS_MAX:
        ja, en = "{line}行目：数量が大きすぎます。", "Line {line}: the quantity is too large."
        return None, Finding(number, "units", "units-too-large", ja, en, {"line": number})
    return units, None


def _unknown(number: int, field: str, value: str, known: Collection[str]) -> Finding:
    ja = "{line}行目：{field}「{value}」は契約の料金条件にありません。{known}のいずれかにしてください。"
    en = "Line {line}: the {field} “{value}” is not in the agreement’s price terms. Use one of {known}."
    facts = {"line": number, "field": field, "value": value[:40], "known": "、".join(sorted(known)) or "–"}
    return Finding(number, field, f"unknown-{field}", ja, en, facts)


def _twice(number: int, line: UsageLine) -> Finding:
    ja = "{line}行目：{metric}・{region}の行が重複しています。一行にまとめてください。"
    en = "Line {line}: {metric} in {region} stands twice. Sum it into one line."
    facts = {"line": number, "metric": line.metric, "region": line.region}
    return Finding(number, "metric", "duplicate-line", ja, en, facts)


def _no_count(number: int, value: object) -> Finding:
    ja = "{line}行目：件数「{value}」は 0 以上の整数にしてください。"
    en = "Line {line}: the number of events “{value}” must be a whole number, 0 or more."
    return Finding(number, "events", "bad-events", ja, en, {"line": number, "value": str(value)[:40]})


def _empty() -> Finding:
    ja = "報告に行がありません。利用がなかった場合は数量 0 の行を一つ提出してください。"
    en = "The report has no line. If nothing was used, submit one line with the quantity 0."
    return Finding(None, "lines", "empty-report", ja, en)
