"""Rate cards, as far as a viewer may read them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from django.db.models import QuerySet, Sum

from contributions.core.compute import CPU_ONLY
from contributions.core.money import fraction
from contributions.core.periods import month_of
from contributions.core.ratecards import TABLE
from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.models import Facility, MeterDay, RateCard
from contributions.selectors import barriers, datasets, facilities


@dataclass(frozen=True, slots=True)
class ReadableCard:
    """A card and those of its lines that the viewer may read."""

    card: RateCard
    lines: dict[str, str]
    withheld: bool


def visible_to(viewer: Viewer | None) -> list[ReadableCard]:
    """Factors of accelerators, grades and vintages are common; a factor of a dataset is seen by its owner, a line that
    names a member by that member, and both by the secretariat."""
    cards = list(RateCard.objects.all())
    if viewer is None:
        return []
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return [_withheld(card, viewer) if viewer.barred else _whole(card) for card in cards]
    if viewer.workplace != MEMBER:
        return []
    return [_withheld(card, viewer) for card in cards]


def _whole(card: RateCard) -> ReadableCard:
    return ReadableCard(card, card.lines, withheld=False)


def _versions_open_to(viewer: Viewer) -> set[str]:
    return {str(version) for version in datasets.versions_visible_to(viewer)}


def begun(cards: list[ReadableCard], on: date) -> list[ReadableCard]:
    """Those of the cards that were in force on the day or before."""
    return [each for each in cards if each.card.valid_from <= on]


def in_force(cards: list[ReadableCard], on: date) -> dict[str, int]:
    """The version of each card that is in force on the day."""
    held: dict[str, tuple[date, int]] = {}
    for each in begun(cards, on):
        card = each.card
        held[card.card] = max((card.valid_from, card.version), held.get(card.card, (date.min, 0)))
    return {card: version for card, (_from, version) in held.items()}


def value_at(card: str, key: str, at: date, *, known_at: int | None = None) -> Fraction | None:
    """The factor of `key` on the card in force on the day, as far as the first `known_at` entries tell."""
    rows = RateCard.objects.filter(card=card, valid_from__lte=at)
    rows = rows if known_at is None else rows.filter(seq__lt=known_at)
    row = rows.order_by("-valid_from", "-version").first()
    return fraction(row.lines[key]) if row is not None and key in row.lines else None


def check_open(viewer: Viewer, card: str) -> None:
    """Refuse a table of many members to whoever is barred from one: its next version replaces every line."""
    if card == RateCard.Card.DATASET or card.startswith(TABLE):
        barriers.check_whole(viewer)


def lines_at(card: str, at: date) -> dict[str, str]:
    """Every line of the card in force on the day, for whoever adopts the next; none before the first."""
    row = RateCard.objects.filter(card=card, valid_from__lte=at).order_by("-valid_from", "-version").first()
    return dict(row.lines) if row is not None else {}


def accelerators_known(facility: Facility) -> frozenset[str]:
    """Accelerators that a form may name on one day or another: those of any rate card, and the facility's own."""
    rated, editions = _rated(), list(facility.editions.all())
    if not rated and not any(row.accelerators for row in editions):
        return frozenset()  # no card stands and nothing is installed by name: any is taken
    return frozenset({CPU_ONLY}).union(rated, *({*row.accelerators, row.default_accelerator} for row in editions))


def accelerators_on(facility: Facility) -> Callable[[date], frozenset[str]]:
    """The same for a day: of the facility's own those that were installed then."""
    rated, (known,) = _rated() | {CPU_ONLY}, Facility.objects.filter(pk=facility.pk).prefetch_related("editions")
    return cache(lambda day: facilities.types_on(known, day) | rated)


def _rated() -> frozenset[str]:
    cards = RateCard.objects.filter(card=RateCard.Card.ACCELERATOR)
    return frozenset(code for lines in cards.values_list("lines", flat=True) for code in lines)


def unrated(accelerators: Collection[str]) -> list[str]:
    """Those of the accelerators that no rate card has a line for: what is metered under them counts nothing yet."""
    return sorted(set(accelerators) - _rated() - {CPU_ONLY})


def accelerator_factors(at: date) -> dict[str, str]:
    """Reference hours for one hour of each accelerator, by the card in force on the day."""
    cards = RateCard.objects.filter(card=RateCard.Card.ACCELERATOR, valid_from__lte=at)
    card = cards.order_by("valid_from", "version").last()
    return card.lines if card else {}


def reference_seconds(days: QuerySet[MeterDay]) -> dict[tuple[str, str], Fraction]:
    """GPU seconds as seconds of the reference accelerator, by month and accelerator: each day by its own day's card.

    A day whose card has no line for its accelerator adds nothing, as it counts nothing.
    """
    cards = list(RateCard.objects.filter(card=RateCard.Card.ACCELERATOR).order_by("valid_from", "version"))
    sums: dict[tuple[str, str], Fraction] = {}
    rows = days.order_by().values_list("day", "accelerator")
    for day, accelerator, gpu_s in rows.annotate(gpu=Sum("gpu_s")):
        held = [card for card in cards if card.valid_from <= day]
        factor = fraction(held[-1].lines[accelerator]) if held and accelerator in held[-1].lines else Fraction(0)
        key = (month_of(day), accelerator)
        sums[key] = sums.get(key, Fraction(0)) + gpu_s * factor
    return sums


def _withheld(card: RateCard, viewer: Viewer) -> ReadableCard:
    """The card with the lines that the viewer may see; the row itself keeps no others either.

    Of a table that a policy shares by (`table-…`) a member sees the line of its own code, and none of what licensees
    used (`slot/member`); an officer who is barred from anybody sees no line.
    """
    if card.card == RateCard.Card.DATASET:
        own = _versions_open_to(viewer)
        card.lines = {key: value for key, value in card.lines.items() if key.split("/")[0] in own}
    elif card.card.startswith(TABLE):
        mine = viewer.acting if viewer.workplace == MEMBER else None
        card.lines = {key: value for key, value in card.lines.items() if key == mine}
    else:
        return _whole(card)
    return ReadableCard(card, card.lines, withheld=True)
