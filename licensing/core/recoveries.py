"""What came back from elsewhere of what was put in, as a fold over the log reads it; that part earns no points."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from contributions.core.money import fraction
from licensing.core.standing import Facts


class Recoveries:
    """Each part by the day on which it came back, of a resource, a dataset version or a batch."""

    def __init__(self) -> None:
        self.parts: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)

    def of_resource(self, facts: Facts) -> None:
        self._take(f"resource:{facts['resource']}", facts)

    def of_dataset(self, facts: Facts) -> None:
        self._take(f"dataset:{facts['dataset']}@{facts['version']}", facts)

    def of_batch(self, facts: Facts) -> None:
        self._take(f"batch:{facts['batch']}", facts)

    def _take(self, what: str, facts: Facts) -> None:
        self.parts[what].append((facts["on"], fraction(facts["part"])))

    def part(self, what: str, day: str) -> Fraction:
        """The part of it that had come back by the day."""
        return sum((part for on, part in self.parts.get(what, ()) if on <= day), Fraction(0))
