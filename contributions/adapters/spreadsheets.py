"""CSV forms that people fill in: compute by day, cash, people, background IP.

A form is a comma-separated table in UTF-8 with its column names in the first row; `adapters.cells` reads its rows, here
stands what each of them means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from contributions.adapters import cells
from contributions.adapters.cells import Fault, Row
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


@dataclass(frozen=True, slots=True)
class MeteredDay:
    """A row of the compute form: one day of one accelerator, with the line it stands on."""

    total: compute.DayTotal
    line: int


class DayForm:
    """The rule for a row of the compute form. `known` are the accelerators there are; none named: any is taken."""

    def __init__(self, facility: str, known: Collection[str] = ()) -> None:
        self.facility, self.known = facility, known
        self.seen: dict[tuple[str, date], int] = {}

    def day(self, line: int, row: Row) -> MeteredDay:
        """The day that a row states; hours become seconds, to the nearest (six decimals print any second exactly)."""
        if row["facility"] != self.facility:
            raise Fault("facility", "facility", value=row["facility"], want=self.facility)
        accelerator = row["accelerator"].lower()
        if self.known and accelerator not in self.known:
            raise Fault("accelerator", "accelerator", value=row["accelerator"], known="、".join(sorted(self.known)))
        total = compute.DayTotal(
            accelerator=accelerator,
            day=cells.day(row, "day"),
            jobs=cells.count(row, "jobs"),
            cpu_s=_seconds(row, "cpu_hours"),
            node_s=_seconds(row, "node_hours"),
            gpu_s=_seconds(row, "gpu_hours"),
        )
        if total.accelerator == compute.CPU_ONLY and total.gpu_s:
            raise Fault("gpu_hours", "no-gpu", value=row["gpu_hours"])
        first = self.seen.setdefault((total.accelerator, total.day), line)
        if first != line:
            raise Fault("day", "repeated", first=first)
        return MeteredDay(total, line)


def compute_days(
    stream: BinaryIO, facility: str, *, known: Collection[str] = (), mapping: Mapping[str, str] | None = None
) -> Iterator[MeteredDay | Rejected]:
    """Days of the compute form in CSV."""
    return cells.read(stream, COMPUTE, DayForm(facility, known).day, mapping)


def compute_cells(
    rows: Iterator[tuple[int, Mapping[str, str]]], facility: str, *, known: Collection[str] = ()
) -> Iterator[tuple[str, MeteredDay | Rejected]]:
    """Days of the compute form whose cells come as texts by column, each with the row as one line of CSV."""
    return cells.read_texts(rows, COMPUTE, DayForm(facility, known).day)


def cash(stream: BinaryIO, mapping: Mapping[str, str] | None = None) -> Iterator[resources.Resource | Rejected]:
    """Lines of the cash form."""

    def line_of(line: int, row: Row) -> resources.Resource:
        currency = row["currency"]
        foreign = None
        if currency == "JPY":
            quantity = cells.field("amount", lambda: resources.minor_units(row["amount"], "JPY"))
        else:
            on = cells.day(row, "rate_date") if row["rate_date"] else None
            rate, source = row["rate"], row["rate_source"]
            foreign = cells.field(
                "rate", lambda: resources.foreign_cash(row["amount"], currency, rate=rate, source=source, on=on)
            )
            quantity = foreign.yen
        nature = cells.field("nature", lambda: resources.check_nature(row["nature"]))
        return _resource(resources.CASH, quantity, line, row, nature=nature, foreign=foreign)

    return cells.read(stream, CASH, line_of, mapping)


def people(stream: BinaryIO, mapping: Mapping[str, str] | None = None) -> Iterator[resources.Resource | Rejected]:
    """Lines of the work form: hours by grade."""

    def line_of(line: int, row: Row) -> resources.Resource:
        worked = cells.field("hours", lambda: resources.minutes(row["hours"]))
        grade = cells.field("grade", lambda: resources.check_grade(row["grade"]))
        return _resource(resources.PEOPLE, worked, line, row, grade=grade)

    return cells.read(stream, PEOPLE, line_of, mapping)


def background(stream: BinaryIO, mapping: Mapping[str, str] | None = None) -> Iterator[resources.Resource | Rejected]:
    """Lines of the background form: what is listed, its limits and its appraised value."""

    def line_of(line: int, row: Row) -> resources.Resource:
        value = cells.field("appraised_value_jpy", lambda: resources.minor_units(row["appraised_value_jpy"], "JPY"))
        return _resource(resources.BACKGROUND, value, line, row, limits=row["limits"])

    return cells.read(stream, BACKGROUND, line_of, mapping)


READERS: dict[str, Callable[..., Iterator[resources.Resource | Rejected]]] = {
    resources.CASH: cash,
    resources.PEOPLE: people,
    resources.BACKGROUND: background,
}
FORMS = {resources.CASH: CASH, resources.PEOPLE: PEOPLE, resources.BACKGROUND: BACKGROUND}
"""The columns of each kind's form; those not in OPTIONAL are needed."""


def _resource(
    kind: str,
    quantity: int,
    line: int,
    row: Row,
    *,
    nature: str | None = None,
    grade: str | None = None,
    foreign: resources.ForeignCash | None = None,
    limits: str = "",
) -> resources.Resource:
    funding = row["funding"] or "own"
    if funding not in FUNDING:
        raise Fault("funding", "funding", value=funding)
    start, until = cells.day(row, "period_from"), cells.day(row, "period_until")
    return resources.Resource(
        kind=kind,
        member=row["member"],
        quantity=quantity,
        period=cells.field("period_until", lambda: Period(start, until)),
        title=row["title"],
        nature=nature,
        grade=grade,
        foreign=foreign,
        limits=limits,
        funding=funding,
        agreement=row["agreement"],
        note=row["note"],
        line=line,
    )


def _seconds(row: Row, name: str) -> int:
    hours = cells.field(name, lambda: resources.decimal(row[name]))
    seconds = int((2 * hours * compute.SECONDS_PER_HOUR + 1) // 2)
    if seconds >= AMOUNT_MAX:
        raise Fault(name, "too-much", value=row[name])
    return seconds
