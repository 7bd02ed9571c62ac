"""The facts of a provenance report: what is said of the training data without telling whose it was.

A model holds what its parents learned, so the data of every release it descends from count as its own. Categories are
kinds of data, never datasets. How much there is of a kind is told by order of magnitude, and only where at least three
contributors stand behind it: a band over one contributor is that contributor's figure. Whoever has a report on a parent
could subtract one band from the other; so what was added to each parent must come from three as well, or from nobody.
What stands in the report is also its JSON, whose digest goes into the log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from contributions.core.datasets import KINDS
from contributions.core.reviews import REVIEWS
from contributions.core.units import UNITS
from contributions.core.words import Text

CONTRIBUTORS_MIN = 3
_WITHHELD = Text("開示しません（提供者の特定を避けるため）", "not disclosed, so that no contributor can be told")

_WITHHELD_KIND = Text(
    "学習データの一部（種別は開示しません）", "part of the training data, whose kind is not disclosed"
)


@dataclass(frozen=True, slots=True)
class Used:
    """A dataset version used in training, as the report needs it.

    `contributor`, which stands for a whole group of affiliates, never leaves this module; `within` names the releases
    that the reported one descends from and that hold this version too.
    """

    contributor: str
    kind: str
    quantity: int
    unit: str
    size: int
    countries: frozenset[str]
    reviews: frozenset[str]
    within: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Breached:
    """A breach of residency of one version used in training; `kind` of data, never whose."""

    kind: str
    country: str
    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class CategoryFact:
    """One kind of training data: its extent by order of magnitude, the reviews all of it passed, where it lies."""

    kind: Text
    extent: Text
    reviews: tuple[Text, ...]
    countries: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """The canonical form, as report.json holds it."""
        return {
            "kind": _pair(self.kind),
            "extent": _pair(self.extent),
            "reviews": [_pair(review) for review in self.reviews],
            "countries": list(self.countries),
        }


def categories(used: Iterable[Used], parents: Iterable[str] = ()) -> list[CategoryFact]:
    """The versions by kind, in the order of the table of kinds; a review is listed if all of the kind passed it.

    `parents` are all releases that the reported one descends from.
    """
    by_kind: dict[str, list[Used]] = {}
    for version in used:
        by_kind.setdefault(version.kind, []).append(version)
    held = tuple(parents)
    return [_category(kind, by_kind[kind], held) for kind in KINDS if kind in by_kind]


def _category(kind: str, versions: list[Used], parents: Collection[str]) -> CategoryFact:
    passed = frozenset.intersection(*(version.reviews for version in versions))
    sums: dict[str, int] = {}
    for version in versions:
        sums[version.unit] = sums.get(version.unit, 0) + version.quantity
    return CategoryFact(
        KINDS[kind],
        _extent(versions, sums, parents),
        tuple(REVIEWS[review] for review in REVIEWS if review in passed),
        tuple(sorted(frozenset.union(*(version.countries for version in versions)))),
    )


def breaches(used: Iterable[Used], found: Iterable[Breached]) -> list[dict[str, object]]:
    """Breaches by kind of data and country, with the days; the kind is named only where enough contributors stand
    behind it, and how many there were of one sort is not said."""
    contributors: dict[str, set[str]] = {}
    for version in used:
        contributors.setdefault(version.kind, set()).add(version.contributor)
    told = {
        (
            each.kind if len(contributors.get(each.kind, ())) >= CONTRIBUTORS_MIN else "",
            each.country,
            each.since,
            each.until,
        )
        for each in found
    }
    return [
        {
            "kind": _pair(KINDS[kind]) if kind else _pair(_WITHHELD_KIND),
            "country": country,
            "since": since,
            "until": until,
        }
        for kind, country, since, until in sorted(told, key=lambda row: tuple(part or "" for part in row))
    ]


def _extent(versions: list[Used], sums: dict[str, int], parents: Collection[str]) -> Text:
    if not _is_told(versions, parents):
        return _WITHHELD
    extents = [magnitude(sums[unit], unit) for unit in sorted(sums)]
    return Text("、".join(extent.ja for extent in extents), ", ".join(extent.en for extent in extents))


def _is_told(versions: list[Used], parents: Collection[str]) -> bool:
    """Whether three stand behind all of it, and behind what it has beyond each parent, unless that is nothing."""
    added = [{each.contributor for each in versions if parent not in each.within} for parent in parents]
    all_of = {each.contributor for each in versions}
    return len(all_of) >= CONTRIBUTORS_MIN and not any(0 < len(each) < CONTRIBUTORS_MIN for each in added)


def volume(used: Iterable[Used], parents: Iterable[str] = ()) -> Text:
    """All bytes of the training data as a band, under the same rule."""
    versions = list(used)
    return _extent(versions, {"byte": sum(version.size for version in versions)}, tuple(parents))


def magnitude(quantity: int, unit_code: str) -> Text:
    """A quantity as a band of one power of ten, in the unit people read.

    >>> magnitude(5_400_000, "media_second").en
    '1,000 to 10,000 hours recorded'
    """
    unit = UNITS[unit_code]
    whole = quantity // unit.per
    if whole == 0:
        return Text(f"1{unit.reads.ja}未満", f"less than 1 {unit.reads.en}")
    low: int = 10 ** (len(str(whole)) - 1)
    return Text(f"{low:,}〜{low * 10:,}{unit.reads.ja}", f"{low:,} to {low * 10:,} {unit.reads.en}")


def _pair(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}
