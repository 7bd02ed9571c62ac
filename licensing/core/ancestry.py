"""What a release inherits: its parents with their weights, and the shares that the parents' allocations committed to.

The weights stand in the statement that published the release, the shares in the salted rows behind the root that the
parent's adopted allocation stated. Rows are no part of the log; whoever folds brings them, and they must lead there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contributions.core.committed import rows_root
from contributions.core.errors import Refused
from contributions.core.money import fraction, fraction_text
from contributions.core.words import Text
from licensing.core import policies
from licensing.core.allocations import shares_of
from licensing.core.methods import INHERITED
from licensing.core.policies import Policy

KINDS = ("allocation.adopted", "release.published")
Facts = dict[str, Any]
Rows = list[dict[str, Any]]
_NOT_ADOPTED = Text("まだ採択されていません", "has not been adopted yet")
_OTHER_ROWS = Text("採択の記録が示す行と一致しません", "does not lead to the root that its adoption stated")


class ParentNotOpened(Refused):
    code = "parent-not-opened"
    ja = "親リリース {release} の配分は、{reason}。承継の方法では、親の採択された配分計算が必要です。"
    en = "The allocation of the parent release {release} {reason}. Inheritance needs the parent’s adopted allocation."


def inherits(policy: Policy) -> bool:
    """Whether any right of the policy looks at parents."""
    return any(method.name == INHERITED for method in policy.methods())


def is_needed(document: Mapping[str, Any]) -> bool:
    """The same of a policy document."""
    return inherits(policies.read(document))


def allocations(statements: Iterable[dict[str, Any]], release: str) -> list[str]:
    """The numbers of the adopted allocations that the parents' shares of that release are taken from."""
    lineage = Lineage()
    for statement in statements:
        if statement["kind"] == "release.published":
            lineage.publish(statement["facts"])
        elif statement["kind"] == "allocation.adopted":
            lineage.adopt(statement["facts"])
    return sorted(filter(None, (lineage.adopted.get(parent) for parent, _ in lineage.parents(release))))


class Lineage:
    """Which releases a release descends from, by what weight, and each release's last adopted allocation."""

    def __init__(self) -> None:
        self.releases: dict[str, list[tuple[str, str]]] = {}
        self.adopted: dict[str, str] = {}
        self.roots: dict[str, str] = {}

    def publish(self, facts: Facts) -> None:
        self.releases[facts["release"]] = [
            (row["release"], fraction_text(fraction(row["weight"])))
            for row in facts.get("parents") or ()
            if row.get("weight") is not None
        ]

    def adopt(self, facts: Facts) -> None:
        self.adopted[facts["release"]] = facts["allocation"]
        self.roots[facts["allocation"]] = facts["rows_root"]

    def parents(self, release: str) -> list[tuple[str, str]]:
        """The parents of that release with their weights, by number."""
        return sorted(self.releases.get(release, ()))

    def inputs(self, release: str, opened: Mapping[str, Rows]) -> dict[str, Any]:
        """The part of the inputs document that inheritance reads."""
        parents = self.parents(release)
        return {
            "lineage": [{"release": parent, "weight": weight} for parent, weight in parents],
            "parents": {parent: self._shares(parent, opened) for parent, _ in parents},
        }

    def _shares(self, parent: str, opened: Mapping[str, Rows]) -> dict[str, dict[str, str]]:
        """The shares of a parent, by right, from the rows that its adopted allocation committed to."""
        number = self.adopted.get(parent)
        if number is None or number not in opened:
            raise ParentNotOpened(release=parent, reason=_NOT_ADOPTED)
        rows = opened[number]
        try:
            if rows_root(rows) == self.roots[number]:
                return shares_of(rows)
        except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
            pass
        raise ParentNotOpened(release=parent, reason=_OTHER_ROWS)
