"""Which reviews a dataset must pass, by its kind: adopted tables with a first day, never a constant in the code.

A table names for each kind of data the reviews that it needs and how many opinions each of them needs. What a version
needs is fixed on the day it is submitted and stands in its own statement. Until a table is adopted, and for a kind that
it does not name, every review there is is required, with one opinion: the strictest reading is the safe one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from contributions.core.datasets import KINDS, UnknownKind
from contributions.core.errors import Refused
from contributions.core.reviews import REVIEWS, UnknownReview

QUOTA_MAX = 9
Lines = Mapping[str, Mapping[str, int]]


class NotAQuota(Refused):
    code = "not-a-quota"
    ja = "{kind}／{review} に必要な意見の数は 1 から {most} までの整数で指定してください（指定：{quota}）。"
    en = "{kind} / {review}: the number of opinions is a whole number from 1 to {most}, not “{quota}”."


class NothingRequired(Refused):
    code = "nothing-required"
    ja = "{kind} に必要な審査がありません。少なくとも一つを指定してください。"
    en = "{kind} would need no review at all. Name at least one."


class NoSource(Refused):
    code = "requirements-without-source"
    ja = "必要な審査を定めた根拠（議決・規程など）を日本語と英語で記載してください。"
    en = "State the source of the table (a decision, a rule) in Japanese and English."


@dataclass(frozen=True, slots=True)
class Table:
    """An adopted table: from its first day on, until a later one begins."""

    version: int
    start: date
    lines: Lines


def check(lines: Lines) -> dict[str, dict[str, int]]:
    """The same lines, kinds and reviews in the order of their tables; refuses what names nothing known."""
    for kind in lines:
        if kind not in KINDS:
            raise UnknownKind(kind=kind, known="、".join(KINDS))
    return {kind: _line(kind, lines[kind]) for kind in KINDS if kind in lines}


def in_force(tables: Iterable[Table], at: date) -> Table | None:
    """The last table to begin by the day; of two that begin on one day, the later version."""
    begun = [table for table in tables if table.start <= at]
    return max(begun, key=lambda table: (table.start, table.version), default=None)


def required(tables: Iterable[Table], kind: str, at: date) -> dict[str, int]:
    """The reviews that a version of that kind needs on the day, in the order in which they are held, with quotas.

    >>> required([], "plant", date(2026, 4, 1))["title"]
    1
    """
    if kind not in KINDS:
        raise UnknownKind(kind=kind, known="、".join(KINDS))
    table = in_force(tables, at)
    named = table.lines.get(kind) if table else None
    return {review: named[review] for review in REVIEWS if review in named} if named else dict.fromkeys(REVIEWS, 1)


def _line(kind: str, line: Mapping[str, int]) -> dict[str, int]:
    if not line:
        raise NothingRequired(kind=KINDS[kind])
    for review, quota in line.items():
        if review not in REVIEWS:
            raise UnknownReview(review=review)
        if type(quota) is not int or not 1 <= quota <= QUOTA_MAX:
            raise NotAQuota(kind=KINDS[kind], review=REVIEWS[review], quota=quota, most=QUOTA_MAX)
    return {review: line[review] for review in REVIEWS if review in line}
