"""Work logs: the days, hours and tasks that stand behind engineer-months, one secondee and one month a file.

Hours are summed exactly, in minutes. A day of more than 24 hours, a row outside the month, hours that do not agree
with the times beside them, and entries that overlap are findings, each with its line. A file with a finding is refused
whole: a sum over part of a month would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Finding, Refused
from contributions.core.periods import month_of

MINUTES_PER_DAY = 24 * 60


class LogRefused(Refused):
    code = "worklog-refused"
    ja = "従事日誌に不備が {count} 件あります。一つも記録していません。各行を直して、もう一度提出してください。"
    en = "The work log has {count} findings. Nothing was recorded. Mend each line and send it again."

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(count=len(findings))


class NotRegistered(Refused):
    code = "person-not-registered"
    ja = "従事者「{person}」は、会員「{member}」を出向元として登録されていません。先に人員の登録を依頼してください。"
    en = "{person} is not registered with {member} as its home organization. Have the person registered first."


class OtherMonth(Refused):
    code = "worklog-other-period"
    ja = "従事日誌の月 {month} は、拠出 {number} の期間に含まれません。"
    en = "The month {month} of the work log lies outside the period of contribution {number}."


class StandsBehind(Refused):
    code = "worklog-stands"
    ja = "従事日誌 {worklog} は、受入れを経た拠出 {number} の裏付けです。取り下げず、拠出の差替えを登録してください。"
    en = "Work log {worklog} stands behind contribution {number}, which was accepted. Supersede the contribution."


class WithdrawnAlready(Refused):
    code = "worklog-withdrawn"
    ja = "従事日誌 {worklog} は取下げ済みです。"
    en = "Work log {worklog} is withdrawn already."


class Mismatch(Refused):
    code = "worklog-mismatch"
    ja = "従事日誌の合計 {logged} 分が、拠出 {number} の数量 {quantity} 分と一致しません。どちらかを直してください。"
    en = "The work logs come to {logged} minutes, contribution {number} states {quantity}. Mend one or the other."


@dataclass(frozen=True, slots=True)
class Worked:
    """One row: a day, minutes, a task; with times in minutes after midnight where the log keeps them."""

    line: int
    day: date
    minutes: int
    task: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Summed:
    """What a log comes to."""

    minutes: int
    days: int
    rows: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a log: minutes, and at what."""

    day: date
    minutes: int
    tasks: tuple[str, ...]


def by_day(rows: Iterable[Worked]) -> tuple[Day, ...]:
    """The days of a log in their order, each with its minutes; they sum to the log's.

    >>> by_day([Worked(3, date(2026, 5, 2), 60, "b"), Worked(2, date(2026, 5, 1), 450, "a")])[0]
    Day(day=datetime.date(2026, 5, 1), minutes=450, tasks=('a',))
    """
    held: dict[date, list[Worked]] = {}
    for row in rows:
        held.setdefault(row.day, []).append(row)
    return tuple(
        Day(day, sum(row.minutes for row in of_day), tuple(dict.fromkeys(row.task for row in of_day)))
        for day, of_day in sorted(held.items())
    )


def summed(rows: Sequence[Worked], *, month: str) -> Summed:
    """Minutes, days and rows of a log without faults.

    >>> summed([Worked(2, date(2026, 5, 1), 450, "data")], month="2026-05")
    Summed(minutes=450, days=1, rows=1)
    """
    findings = faults(rows, month=month)
    if findings:
        raise LogRefused(findings)
    days = by_day(rows)
    return Summed(sum(day.minutes for day in days), len(days), len(rows))


def faults(rows: Iterable[Worked], *, month: str) -> list[Finding]:
    """Every fault of a log, by line."""
    found: list[Finding] = []
    by_day: dict[date, list[Worked]] = {}
    for row in rows:
        if month_of(row.day) != month:
            found.append(_finding(row, "day", "other-month", day=row.day, month=month))
        if row.minutes <= 0:
            found.append(_finding(row, "hours", "no-time"))
        if row.start is not None and row.end is not None and row.end - row.start != row.minutes:
            found.append(_finding(row, "hours", "hours-differ", minutes=row.minutes, span=row.end - row.start))
        found += _overlaps(row, by_day.setdefault(row.day, []))
        by_day[row.day].append(row)
    for day, held in by_day.items():
        worked = sum(row.minutes for row in held)
        if worked > MINUTES_PER_DAY:
            found.append(_finding(held[-1], "hours", "over-a-day", day=day, minutes=worked))
    return sorted(found, key=lambda finding: (finding.line or 0, finding.field))


def _overlaps(row: Worked, before: Sequence[Worked]) -> Iterable[Finding]:
    for other in before:
        timed = None not in (row.start, row.end, other.start, other.end)
        if timed and _within(row.start, other.end) and _within(other.start, row.end):
            yield _finding(row, "start", "overlap", first=other.line)
        elif not timed and row.task == other.task:
            yield _finding(row, "task", "repeated-task", first=other.line)


def _within(start: int | None, end: int | None) -> bool:
    return start is not None and end is not None and start < end


def _finding(row: Worked, field: str, code: str, **facts: object) -> Finding:
    ja, en = _WORDS[code]
    return Finding(row.line, field, code, ja, en, facts)


_WORDS = {
    "other-month": ("{day} は対象の月（{month}）ではありません。", "{day} is not in the month of the log ({month})."),
    "no-time": ("従事時間は 0 より大きくしてください。", "The time worked must be more than nothing."),
    "hours-differ": (
        "時間数 {minutes} 分が、開始から終了までの {span} 分と一致しません。",
        "{minutes} minutes are stated, from start to end there are {span}.",
    ),
    "over-a-day": (
        "{day} の合計が {minutes} 分で、24時間（1440分）を超えます。",
        "{day} comes to {minutes} minutes, more than 24 hours (1440).",
    ),
    "overlap": ("{first} 行目の時間帯と重なっています。", "It overlaps the time on line {first}."),
    "repeated-task": (
        "同じ日・同じ業務の行が {first} 行目にあります。時間帯を書き分けるか、一行にまとめてください。",
        "Line {first} has the same day and task. Give times, or put them into one line.",
    ),
}
