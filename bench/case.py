"""One thing measured: ours, and what it is measured against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Case:
    """Each is a call without arguments that does the whole work once; peers must give the same answer as ours.

    A row whose name begins with "limit" is the bare work without the answer, so its answer is not compared.
    """

    title: str
    ours: Callable[[], object]
    others: Mapping[str, Callable[[], object]]
    answer: object = field(default=None, init=False)

    def agree(self, name: str, answer: object) -> None:
        if name == "ours":
            self.answer = answer
        elif not name.startswith("limit"):
            assert answer == self.answer, f"{self.title}: {name} gives another answer"
