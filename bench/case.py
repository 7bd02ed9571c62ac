"""One thing measured: ours, and what it is measured against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def nothing() -> None:
    """What a case does before each run, unless it says otherwise."""


@dataclass
class Case:
    """Each is a call without arguments that does the whole work once; peers must give the same answer as ours.

    A row whose name begins with "limit" is the bare work without the answer, so its answer is not compared. `before`
    runs ahead of every call, outside the clock. `goals` say for a row which multiple of it ours may take at most.
    """

    title: str
    ours: Callable[[], object]
    others: Mapping[str, Callable[[], object]]
    before: Callable[[], object] = nothing
    goals: Mapping[str, float] = field(default_factory=dict)
    answer: object = field(default=None, init=False)

    def agree(self, name: str, answer: object) -> None:
        if name == "ours":
            self.answer = answer
        elif not name.startswith("limit"):
            assert answer == self.answer, f"{self.title}: {name} gives another answer"
