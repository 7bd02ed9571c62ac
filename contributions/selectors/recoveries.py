"""What has come back from elsewhere of a contribution, and so earns nothing here."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from contributions.core.money import fraction
from contributions.models import Batch, DatasetVersion, Recovery, Resource


def of(given: Resource | DatasetVersion | Batch, on: date | None = None) -> list[Recovery]:
    """What was declared of it: all, or what had come back by the day."""
    return [row for row in given.recoveries.all() if on is None or row.recovered_on <= on]


def part(given: Resource | DatasetVersion | Batch, on: date | None = None) -> Fraction:
    """The part of it that came back, 0 to 1."""
    return sum((fraction(row.part) for row in of(given, on)), Fraction(0))
