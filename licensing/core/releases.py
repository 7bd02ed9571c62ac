"""Releases and training runs: what may be trained on what, and what descends from what.

You cannot license out what did not come in. A run may use a dataset version only if its reviews have passed, every
copy stands where it must, it was not withdrawn, and an inbound agreement grants the purpose. Each refusal names the
dataset and the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.words import Text


class NotUsable(Refused):
    code = "dataset-not-usable"
    ja = "データセット {dataset} はこの学習に使えません。{rule}"
    en = "The dataset {dataset} may not be used in this run. {rule}"


class AbroadRun(Refused):
    code = "run-abroad"
    ja = "学習拠点 {facility} の所在国 {country} は、認められた国（{allowed}）ではありません。"
    en = "The facility {facility} stands in {country}, which is not among the countries allowed ({allowed})."


class NoRuns(Refused):
    code = "release-without-runs"
    ja = "モデルリリース {release} に学習の記録がありません。学習実行を記録してから公表してください。"
    en = "The release {release} has no training run. Record its runs first."


class OwnAncestor(Refused):
    code = "own-ancestor"
    ja = "モデルリリース {release} は自分自身の派生元になっています（{path}）。"
    en = "The release {release} would descend from itself ({path})."


class RunInBreach(Refused):
    code = "run-in-breach"
    ja = "学習実行 {run} に記録された所在国違反 {breach} が是正されていません。是正を記録してから公表してください。"
    en = "Breach {breach} of the training run {run} is on record and has not been mended. Record its end first."


class RunRefused(Refused):
    """Every reason why a run may not be recorded, each a refusal of its own with its rule."""

    code = "run-refused"
    ja = "この学習実行は {count} 件の理由で記録できません。{all}"
    en = "This run cannot be recorded, for {count} reasons. {all}"

    def __init__(self, refusals: Sequence[Refused]) -> None:
        self.refusals = tuple(refusals)
        said = Text("".join(one.text("ja") for one in refusals), " ".join(one.text("en") for one in refusals))
        super().__init__(count=len(refusals), all=said)


class BadParentWeight(Refused):
    code = "bad-parent-weight"
    ja = "派生元の重みは、それぞれ 0 より大きく、合計 1 以下の分数にしてください（指定：{weights}）。"
    en = "Weights of parents are fractions above 0 that together do not exceed 1 (given: {weights})."


class UnknownParent(Refused):
    code = "unknown-parent"
    ja = "派生元のモデルリリース {parent} は登録されていません。"
    en = "There is no release {parent} to descend from."


@dataclass(frozen=True, slots=True)
class Standing:
    """How a dataset version stands on the day of a run, as the ledger knows it.

    `cleared`: every required review has passed and is in force. `purposes`: what the inbound agreement grants.
    """

    dataset: str
    cleared: bool
    countries: frozenset[str]
    withdrawn: date | None
    purposes: frozenset[str]
    breached: bool = False


def unusable(standing: Standing, *, purpose: str, on: date, residency: frozenset[str]) -> list[NotUsable]:
    """Every rule that the version breaks on the day, in the order a lawyer would ask."""
    return [
        NotUsable(dataset=standing.dataset, rule=rule)
        for holds, rule in (
            (bool(standing.purposes), _NO_TERMS),
            (not standing.purposes or purpose in standing.purposes, _PURPOSE),
            (standing.withdrawn is None or on < standing.withdrawn, _WITHDRAWN),
            (standing.cleared, _UNCLEARED),
            (not residency or (bool(standing.countries) and standing.countries <= residency), _ABROAD),
            (not residency or not standing.breached, _BREACHED),
        )
        if not holds
    ]


def faults_of_run(
    standings: Iterable[Standing],
    *,
    purpose: str,
    on: date,
    residency: frozenset[str],
    facilities: Iterable[tuple[str, str]],
) -> list[Refused]:
    """Why a run may not use what it uses, or run where it runs: every reason. `facilities`: code and country."""
    found: list[Refused] = [
        AbroadRun(facility=facility, country=country, allowed="・".join(sorted(residency)))
        for facility, country in sorted(facilities)
        if residency and country not in residency
    ]
    for standing in sorted(standings, key=lambda each: each.dataset):
        found += unusable(standing, purpose=purpose, on=on, residency=residency)
    return found


def refuse(found: Sequence[Refused]) -> None:
    """Raise what was found: one reason as itself, several together."""
    if len(found) == 1:
        raise found[0]
    if found:
        raise RunRefused(found)


def check_publishable(release: str, runs: Sequence[str], parents: Mapping[str, Sequence[str]]) -> None:
    """Refuse a release without a run, or one that would be its own ancestor. `parents`: release → those before it."""
    if not runs:
        raise NoRuns(release=release)
    if path := path_between(release, release, parents):
        raise OwnAncestor(release=release, path=" → ".join(path))


def check_parents(weights: Mapping[str, str]) -> dict[str, Fraction]:
    """The weight of each parent, above 0 and together not above 1: the rest is the release's own.

    >>> check_parents({"R-0.1": "3/10"})
    {'R-0.1': Fraction(3, 10)}
    """
    read = {parent: fraction(weight) for parent, weight in sorted(weights.items())}
    if any(not 0 < weight <= 1 for weight in read.values()) or sum(read.values(), Fraction(0)) > 1:
        raise BadParentWeight(weights="、".join(f"{parent} {weight}" for parent, weight in read.items()))
    return read


def ancestors(release: str, parents: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Every release it descends from, nearest first, each once."""
    found: list[str] = []
    queue = list(parents.get(release, ()))
    while queue:
        parent = queue.pop(0)
        if parent not in found:
            found.append(parent)
            queue += parents.get(parent, ())
    return tuple(found)


def path_between(release: str, ancestor: str, parents: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a release to an ancestor, by at least one step; empty where there is none.

    >>> path_between("c", "a", {"c": ["b"], "b": ["a"]})
    ['c', 'b', 'a']
    """
    ways = [[release, parent] for parent in parents.get(release, ())]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] == ancestor:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, parent] for parent in parents.get(way[-1], ())]
    return []


_NO_TERMS = Text(
    "有効な提供契約がありません。提供契約を登録してください。", "No inbound agreement is in force. Conclude one first."
)
_PURPOSE = Text("提供契約の利用目的の範囲外です。", "The inbound agreement does not grant this purpose.")
_WITHDRAWN = Text("取り下げられています。", "It has been withdrawn.")
_UNCLEARED = Text("必要なデータ審査が済んでいません。", "A required data review has not passed.")
_BREACHED = Text(
    "所在国違反が記録され、まだ是正されていません。", "A breach of residency is on record and has not been mended."
)
_ABROAD = Text(
    "認められた国の中にあることが、すべての複製について示されていません。",
    "Not every copy is shown to be in a country that is allowed.",
)
