"""Every contribution a viewer may see, in the order of time: five kinds side by side, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from contributions.core import courses
from contributions.core.periods import month_of
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.models import DatasetVersion
from contributions.selectors import compute, datasets, resources
from contributions.selectors import courses as progress

DATA, COMPUTE = "data", "compute"
KINDS = {
    DATA: Text("データ提供", "Data"),
    COMPUTE: Text("計算資源提供", "Compute"),
    "cash": Text("資金", "Cash"),
    "people": Text("出向・従事", "People"),
    "background": Text("知的財産", "Background IP"),
}
UNITS = ("gpu_s", "cpu_s", "node_s")


@dataclass(frozen=True, slots=True)
class Item:
    """One contribution at its place in time: a dataset version, a resource, or a batch's usage of one month."""

    day: date
    kind: str
    member: str
    member_name: Text
    number: str
    title: Text
    quantity: int
    unit: str
    state: str
    page: str
    arguments: tuple
    on_account: bool

    @property
    def month(self) -> str:
        return month_of(self.day)

    @property
    def stands(self) -> bool:
        """Whether it is summed here: neither promised only nor fallen away.

        An account may hold it all the same (`on_account`): data that a later version took the place of, or that a
        review refused, until its member withdraws it; and what takes effect later is summed here first.
        """
        return self.state not in {"pledged", "fulfilled", "refused", "reversed", "superseded", "withdrawn"}


def items(viewer: Viewer | None, *, member: str = "", kind: str = "", on: date, is_past: bool = False) -> list[Item]:
    """Everything the viewer may see, newest first, narrowed by member and kind; of a past day as it then stood."""
    if viewer is None:
        return []
    found = [*_data(viewer, on), *_compute(viewer, on, is_past), *_resources(viewer, on, is_past)]
    wanted = [item for item in found if member in {"", item.member} and kind in {"", item.kind}]
    return sorted(wanted, key=lambda item: (item.day, item.number), reverse=True)


def totals(found: Sequence[Item]) -> list[tuple[str, str, int, int, int]]:
    """Kind, unit, how many and how much of what stands, and of it what is on account: units are never added up."""
    keys = sorted({(list(KINDS).index(item.kind), item.unit) for item in found if item.stands or item.on_account})
    rows = []
    for place, unit in keys:
        kind = list(KINDS)[place]
        alike = [item for item in found if (item.kind, item.unit) == (kind, unit)]
        summed = [item.quantity for item in alike if item.stands]
        rows.append((kind, unit, len(summed), sum(summed), sum(item.quantity for item in alike if item.on_account)))
    return rows


def apart(found: Sequence[Item]) -> dict[tuple[str, str, str], tuple[int, int]]:
    """By member, kind and unit: what is on account and not summed here, and what is summed and not on account yet."""
    rows: dict[tuple[str, str, str], tuple[int, int]] = {}
    for item in found:
        if item.stands != item.on_account:
            key = (item.member, item.kind, item.unit)
            besides, ahead = rows.get(key, (0, 0))
            rows[key] = (besides + item.quantity * item.on_account, ahead + item.quantity * item.stands)
    return rows


def _data(viewer: Viewer, on: date) -> list[Item]:
    """Every version submitted by the day; of one dataset the latest that counts stands in for all before it."""
    rows = list(datasets.versions_visible_to(viewer).filter(submitted_on__lte=on).order_by("dataset", "version"))
    moved = datasets.moved_off(rows)
    found = []
    for _dataset, versions in groupby(rows, key=lambda row: row.dataset_id):
        for standing in datasets.succession(versions, on):
            held = datasets.is_on_account(standing.version, on, moved)
            found.append(_version(standing.version, standing.state, held))
    return found


def _version(version: DatasetVersion, state: str, held: bool) -> Item:
    return Item(
        day=version.submitted_on,
        kind=DATA,
        **_owner(version.dataset.member),
        number=str(version),
        title=Text(version.name_ja, version.name_en),
        quantity=version.quantity,
        unit=version.unit,
        state=state,
        page="contributions:dataset_version",
        arguments=(version.dataset.number, version.version),
        on_account=held,
    )


def _compute(viewer: Viewer, on: date, is_past: bool) -> list[Item]:
    held = compute.batches_visible_to(viewer)
    batches = {row.pk: row for row in progress.tell(compute.then(held, on) if is_past else held)}
    days = compute.days_visible_to(viewer).order_by().annotate(month=TruncMonth("day"))
    rows = days.values("batch", "month").annotate(**{unit: Sum(unit) for unit in UNITS})
    found = []
    for row in sorted(rows, key=lambda row: (row["month"], row["batch"])):
        batch = batches.get(row["batch"])
        if batch is None or (is_past and row["month"] > on):
            continue
        unit = next((name for name in UNITS if row[name]), "cpu_s")
        found.append(
            Item(
                day=row["month"],
                kind=COMPUTE,
                **_owner(batch.member),
                number=batch.number,
                title=Text(batch.facility.name_ja, batch.facility.name_en),
                quantity=row[unit],
                unit=unit,
                state=batch.course,
                page="contributions:batch",
                arguments=(batch.number,),
                on_account=courses.stands(batch.course),
            )
        )
    return found


def _resources(viewer: Viewer, on: date, is_past: bool) -> list[Item]:
    held = resources.visible_to(viewer).filter(state__in=list(courses.STATES))
    return [
        Item(
            day=row.period_from,
            kind=row.kind,
            **_owner(row.member),
            number=row.number,
            title=Text(row.title_ja, row.title_en),
            quantity=row.quantity,
            unit=row.unit,
            state=row.state,
            page="contributions:resource",
            arguments=(row.number,),
            on_account=courses.stands(row.state) and row.period_from <= on,
        )
        for row in (resources.then(held.prefetch_related("steps"), on) if is_past else held)
    ]


def _owner(member) -> dict:
    organization = member.organization
    return {"member": organization.code, "member_name": Text(organization.short_ja, organization.short_en)}
