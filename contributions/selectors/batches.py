"""What lies in the columns of a batch: the jobs behind a day's figure, and the rows kept aside. Asked in parts.

Each list is a sequence whose parts are read where they lie, so a page or an answer holds only what it shows. The
caller has found the batch among those its viewer may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Min

from contributions.adapters import columnar, day_rows
from contributions.adapters.columnar import FindingRow
from contributions.adapters.day_rows import RowOfDay
from contributions.adapters.evidence import EvidenceMissing, EvidenceStore
from contributions.core.imports import SACCT
from contributions.models import Batch
from contributions.selectors import facilities


class Part(Sequence):
    """A long list of which only a part is ever read: how many there are, and how to read some."""

    def __init__(self, count: int, read: Callable[[int, int], list]) -> None:
        self.count_, self.read = count, read

    def __len__(self) -> int:
        return self.count_

    def __getitem__(self, wanted):
        if isinstance(wanted, slice):
            first, last, _ = wanted.indices(self.count_)
            return self.read(first, max(last - first, 0))
        return self.read(wanted, 1)[0]

    def __iter__(self) -> Iterator:
        return iter(self[:])


def path_of(sha256: str) -> Path | None:
    """Where evidence lies; None where there is none, or where it was erased."""
    try:
        return EvidenceStore(Path(settings.MOYAI_HOME) / "evidence").path(sha256) if sha256 else None
    except EvidenceMissing:
        return None


def countries_of(batch: Batch) -> tuple[str, ...]:
    """Where the facility stood on the days of the batch, one after another, as its entries state it."""
    span = batch.days.aggregate(first=Min("day"), last=Max("day"), posted=Min("seq"))
    if span["first"] is None:
        return ()
    until = span["last"] + timedelta(days=1)
    return facilities.countries_in(batch.facility, span["first"], until, known_at=span["posted"])


def findings_of(batch: Batch) -> Part:
    """The rows of a batch that were kept aside."""
    return findings_at(path_of(batch.findings_sha256))


def findings_at(path: Path | None) -> Part:
    """The rows kept aside in that file."""
    if path is None:
        return Part(0, lambda first, count: [])

    def read(first: int, count: int) -> list[FindingRow]:
        return columnar.findings(path, offset=first, limit=count)

    return Part(columnar.counted(path), read)


def rows_of_day(batch: Batch, accelerator: str, day: date) -> Part:
    """The rows behind one figure of the batch; empty where its columns were erased."""
    path, zone = path_of(batch.rows_sha256), ZoneInfo(batch.facility.zone)
    if path is None:
        return Part(0, lambda first, count: [])
    if batch.file_format != SACCT:
        stated = day_rows.stated(path, accelerator, day)
        return Part(len(stated), lambda first, count: stated[first : first + count])

    def read(first: int, count: int) -> list[RowOfDay]:
        return day_rows.of(path, zone, accelerator, day, offset=first, limit=count)

    return Part(day_rows.count(path, zone, accelerator, day), read)
