"""CSV forms that people fill in: compute by day, cash, people, background IP.

A form is a comma-separated table in UTF-8 with its column names in the first row; `adapters.cells` reads its rows, here
stands what each of them means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from contributions.adapters import cells
from contributions.adapters.cells import Cells, Fault
from contributions.core import compute, resources
from contributions.core.imports import Rejected
from contributions.core.periods import Period
from contributions.core.units import AMOUNT_MAX

COMPUTE = ("facility", "day", "accelerator", "jobs", "cpu_hours", "node_hours", "gpu_hours")
_COMMON = ("period_from", "period_until", "funding", "agreement", "note")
CASH = ("member", "title", "nature", "currency", "amount", "rate", "rate_source", "rate_date", *_COMMON)
PEOPLE = ("member", "title", "grade", "hours", *_COMMON)
BACKGROUND = ("member", "title", "appraised_value_jpy", "limits", *_COMMON)
FUNDING = ("own", "commission", "subsidy")
Judge = Callable[[Cells], None]
KnownOn = Callable[[date], Collection[str]]


@dataclass(frozen=True, slots=True)
class MeteredDay:
    """A row of the compute form: one day of one accelerator, with the line it stands on."""

    total: compute.DayTotal
    line: int


class DayForm:
    """The rule for a row of the compute form. `known` are the accelerators there are; none named: any is taken.

    `known_on` narrows them to those of a day, where some came or went.
    """

    def __init__(self, facility: str, known: Collection[str] = (), known_on: KnownOn | None = None) -> None:
        self.facility, self.known, self.known_on = facility, known, known_on
        self.seen: dict[tuple[str, date], int] = {}

    def day(self, line: int, row: Cells) -> MeteredDay:
        """The day that a row states; hours become seconds, to the nearest (six decimals print any second exactly)."""
        row.read("facility", self._facility)
        total = compute.DayTotal(
            accelerator=row.read("accelerator", self._accelerator),
            day=row.read("day", cells.day),
            jobs=row.read("jobs", cells.count),
            cpu_s=row.read("cpu_hours", _seconds),
            node_s=row.read("node_hours", _seconds),
            gpu_s=row.read("gpu_hours", _seconds),
        )
        if total.accelerator == compute.CPU_ONLY and total.gpu_s:
            row.refuse("gpu_hours", "no-gpu", value=row["gpu_hours"])
        row.settle()
        there = self.known_on(total.day) if self.known and self.known_on else None
        if there is not None and total.accelerator not in there:
            row.refuse("accelerator", "not-on-day", value=row["accelerator"], day=total.day, known=_listed(there))
        first = self.seen.setdefault((total.accelerator, total.day), line)
        if first != line:
            row.refuse("day", "repeated", first=first)
        return MeteredDay(total, line)

    def _facility(self, text: str) -> None:
        if text != self.facility:
            raise Fault("facility", value=text, want=self.facility)

    def _accelerator(self, text: str) -> str:
        name = text.lower()
        if self.known and name not in self.known:
            raise Fault("accelerator", value=text, known=_listed(self.known))
        return name


def _listed(names: Collection[str]) -> str:
    return "、".join(sorted(names))


def compute_days(
    stream: BinaryIO,
    facility: str,
    *,
    known: Collection[str] = (),
    known_on: KnownOn | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[MeteredDay | Rejected]:
    """Days of the compute form in CSV."""
    return cells.read(stream, COMPUTE, DayForm(facility, known, known_on).day, mapping)


def compute_cells(
    rows: Iterator[tuple[int, Mapping[str, str]]],
    facility: str,
    *,
    known: Collection[str] = (),
    known_on: KnownOn | None = None,
) -> Iterator[tuple[str, MeteredDay | Rejected]]:
    """Days of the compute form whose cells come as texts by column, each with the row as one line of CSV."""
    return cells.read_texts(rows, COMPUTE, DayForm(facility, known, known_on).day)


def cash(
    stream: BinaryIO, mapping: Mapping[str, str] | None = None, *, also: Judge | None = None
) -> Iterator[resources.Resource | Rejected]:
    """Lines of the cash form. `also` judges a row's cells by what only this ledger knows."""

    def line_of(line: int, row: Cells) -> resources.Resource:
        currency = row.read("currency", resources.check_currency)
        minor = row.read("amount", lambda text: resources.minor_units(text, currency or resources.YEN))
        nature = row.read("nature", resources.check_nature)
        is_foreign = currency not in (None, resources.YEN)
        on = row.read("rate_date", cells.day) if is_foreign and row["rate_date"] else None
        if is_foreign:
            stated = {"source": row["rate_source"], "dated": bool(row["rate_date"])}
            row.read("rate", lambda text: resources.check_rate(text, **stated))
        common = _common(row, also)
        foreign = None
        if is_foreign:
            rate, source = row["rate"], row["rate_source"]
            foreign = row.read(
                "amount", lambda text: resources.foreign_cash(text, currency, rate=rate, source=source, on=on)
            )
            row.settle()
        quantity = foreign.yen if foreign else minor
        return resources.Resource(
            kind=resources.CASH, quantity=quantity, line=line, nature=nature, foreign=foreign, **common
        )

    return cells.read(stream, CASH, line_of, mapping)


def people(
    stream: BinaryIO, mapping: Mapping[str, str] | None = None, *, also: Judge | None = None
) -> Iterator[resources.Resource | Rejected]:
    """Lines of the work form: hours by grade."""

    def line_of(line: int, row: Cells) -> resources.Resource:
        worked = row.read("hours", resources.minutes)
        grade = row.read("grade", resources.check_grade)
        common = _common(row, also)
        return resources.Resource(kind=resources.PEOPLE, quantity=worked, line=line, grade=grade, **common)

    return cells.read(stream, PEOPLE, line_of, mapping)


def background(
    stream: BinaryIO, mapping: Mapping[str, str] | None = None, *, also: Judge | None = None
) -> Iterator[resources.Resource | Rejected]:
    """Lines of the background form: what is listed, its limits and its appraised value."""

    def line_of(line: int, row: Cells) -> resources.Resource:
        value = row.read("appraised_value_jpy", lambda text: resources.minor_units(text, resources.YEN))
        common = _common(row, also)
        return resources.Resource(kind=resources.BACKGROUND, quantity=value, line=line, limits=row["limits"], **common)

    return cells.read(stream, BACKGROUND, line_of, mapping)


READERS: dict[str, Callable[..., Iterator[resources.Resource | Rejected]]] = {
    resources.CASH: cash,
    resources.PEOPLE: people,
    resources.BACKGROUND: background,
}
FORMS = {resources.CASH: CASH, resources.PEOPLE: PEOPLE, resources.BACKGROUND: BACKGROUND}
"""The columns of each kind's form; those not in OPTIONAL are needed."""


def _common(row: Cells, also: Judge | None) -> dict[str, Any]:
    """What every kind of contribution states; with it every cell of the row was read."""
    funding = row.read("funding", _funding)
    start, until = row.read("period_from", cells.day), row.read("period_until", cells.day)
    period = row.read("period_until", lambda _: Period(start, until)) if start and until else None
    if also is not None:
        also(row)
    row.settle()
    return {
        "member": row["member"],
        "period": period,
        "title": row["title"],
        "funding": funding,
        "agreement": row["agreement"],
        "note": row["note"],
    }


def _funding(text: str) -> str:
    if text and text not in FUNDING:
        raise Fault("funding", value=text)
    return text or "own"


def _seconds(text: str) -> int:
    seconds = int((2 * resources.decimal(text) * compute.SECONDS_PER_HOUR + 1) // 2)
    if seconds >= AMOUNT_MAX:
        raise Fault("too-much", value=text)
    return seconds
