"""What a withdrawal of a dataset touches, as far as legal, the desk, the auditor and the owner may each know.

The owner learns which releases were made of its data and that licences hang on them, never whose they are; nobody
learns of a rival's. `DERIVATIVES` is where the noun of derivatives enters what it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from contributions.core import terms as term_rules
from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.core.words import Text
from contributions.models import Dataset, DatasetVersion
from contributions.selectors import datasets, terms
from licensing.core import impacts as rules
from licensing.core.lineage import Edge
from licensing.models import Allocation, Parent, Release
from licensing.selectors import agreements, releases


@dataclass(frozen=True, slots=True)
class Touched:
    """One thing that a withdrawal touches: what happens to it, and from which day."""

    noun: Text
    number: str
    name: Text
    on: date | None
    effect: str
    subject: str = ""
    cut_off: date | None = None

    @property
    def said(self) -> Text:
        return rules.EFFECTS[self.effect]


@dataclass(frozen=True, slots=True)
class Impact:
    """All that the viewer may know of it. `licences` is empty for an owner, who is told `has_licences` alone."""

    versions: tuple[DatasetVersion, ...]
    cut_off: date
    releases: tuple[Touched, ...]
    derivatives: tuple[Touched, ...]
    licences: tuple[Touched, ...]
    has_licences: bool
    allocations: tuple[Allocation, ...]

    @property
    def rows(self) -> tuple[Touched, ...]:
        return (*self.releases, *self.derivatives, *self.licences)


# Derivatives made from a release, as far as the viewer may know: number, name, day. Their noun enters its selector.
DERIVATIVES: list[Callable[[Viewer, Release], Iterable[tuple[str, Text, date]]]] = []


def may_see(viewer: Viewer | None) -> bool:
    """Who may ask what a withdrawal touches: legal, the desk, the auditor, and owners of their own."""
    return viewer is not None and (viewer.workplace in {LEGAL, MEMBER} or viewer.sees_everything)


def of_withdrawal(
    viewer: Viewer, dataset: Dataset, *, on: date, versions: Iterable[DatasetVersion] | None = None
) -> Impact:
    """What it touches if the versions, by default all that stand, are withdrawn from the day on."""
    rows = list(datasets.versions_visible_to(viewer).filter(dataset=dataset)) if versions is None else list(versions)
    cut_off = {row: row.withdrawn_on or on for row in rows}
    effects, days = _by_release(rows, cut_off)
    visible = {row.number: row for row in releases.visible_to(viewer).filter(number__in=effects)}
    touched, derived, licences, has_licences = [], [], [], False
    for number in sorted(visible):
        row = visible[number]
        touched.append(
            Touched(_RELEASE, number, Text(row.name_ja, row.name_en), row.published_on, effects[number],
                    f"release:{number}", days[number])
        )  # fmt: skip
        derived += _derivatives(viewer, row, effects[number], days[number])
        has_licences |= row.agreements.filter(executed_at__isnull=False).exists()
        licences += _licences(viewer, row, effects[number], days[number])
    adopted = Allocation.objects.filter(release__number__in=visible, state=Allocation.State.ADOPTED)
    earliest = min(cut_off.values(), default=on)
    return Impact(
        tuple(rows), earliest, tuple(touched), tuple(derived), tuple(licences), has_licences,
        tuple(adopted.select_related("release").order_by("number")),
    )  # fmt: skip


def _by_release(
    rows: list[DatasetVersion], cut_off: dict[DatasetVersion, date]
) -> tuple[dict[str, str], dict[str, date]]:
    """The effect on each release that stands on the versions, directly or through a parent, and its first day."""
    effects: dict[str, list[str]] = {}
    days: dict[str, list[date]] = {}
    edges = [Edge(child, parent) for child, parent in Parent.objects.values_list("release__number", "parent__number")]
    for version in rows:
        right = terms.rights_in(version.agreement, term_rules.DATA, cut_off[version])
        own = rules.effect(right.after_withdrawal if right else None)
        for release in Release.objects.filter(runs__versions=version).distinct():
            below = _descendants(release.number, edges)
            for number, effect in {release.number: own, **dict.fromkeys(below, rules.inherited(own))}.items():
                effects.setdefault(number, []).append(effect)
                days.setdefault(number, []).append(cut_off[version])
    return {number: rules.worst(found) for number, found in effects.items()}, {n: min(d) for n, d in days.items()}


def _descendants(number: str, edges: list[Edge]) -> set[str]:
    below = {number}
    while grown := {edge.child for edge in edges if edge.parent in below} - below:
        below |= grown
    return below - {number}


def _derivatives(viewer: Viewer, release: Release, effect: str, day: date) -> list[Touched]:
    return [
        Touched(_DERIVATIVE, number, name, on, rules.inherited(effect), f"derivative:{number}", day)
        for source in DERIVATIVES
        for number, name, on in source(viewer, release)
    ]


def _licences(viewer: Viewer, release: Release, effect: str, day: date) -> list[Touched]:
    if viewer.workplace == MEMBER:
        return []
    rows = agreements.visible_to(viewer).filter(release=release, executed_at__isnull=False)
    return [
        Touched(
            _LICENCE, row.number, Text(row.licensee.organization.short_ja, row.licensee.organization.short_en),
            row.term_from, effect, f"agreement:{row.number}", day,
        )
        for row in rows.select_related("licensee__organization").order_by("number")
    ]  # fmt: skip


def consequences(viewer: Viewer, dataset: Dataset, on: date) -> Iterable[datasets.Consequence]:
    """What the page that confirms a withdrawal shows first; the contributions wing asks it without knowing us."""
    impact = of_withdrawal(viewer, dataset, on=on)
    for row in impact.rows:
        yield datasets.Consequence(row.noun, row.number, row.name, row.said, row.subject)
    if impact.has_licences and not impact.licences:
        yield datasets.Consequence(_LICENCE, "–", _SOME, _AS_ITS_RELEASE)


_RELEASE = Text("モデルリリース", "Release")
_DERIVATIVE = Text("派生モデル", "Derivative")
_LICENCE = Text("利用許諾契約", "Licence")
_SOME = Text("許諾先は示しません", "whose it is, is not shown")
_AS_ITS_RELEASE = Text("対象のモデルリリースに従う", "as its release")
