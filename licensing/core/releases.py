"""Releases and training runs: what may be trained on what, and what descends from what.

You cannot license out what did not come in. A run may use a dataset version only if its reviews have passed, every
copy stands where it must, it was not withdrawn, and an inbound agreement grants the purpose. Each refusal names the
dataset and the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Refused
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


def check_usable(standing: Standing, *, purpose: str, on: date, residency: frozenset[str]) -> None:
    """Refuse the first rule that the version breaks, in the order a lawyer would ask."""
    for holds, rule in (
        (bool(standing.purposes), _NO_TERMS),
        (purpose in standing.purposes, _PURPOSE),
        (standing.withdrawn is None or on < standing.withdrawn, _WITHDRAWN),
        (standing.cleared, _UNCLEARED),
        (not residency or (bool(standing.countries) and standing.countries <= residency), _ABROAD),
        (not residency or not standing.breached, _BREACHED),
    ):
        if not holds:
            raise NotUsable(dataset=standing.dataset, rule=rule)


def check_run(
    standings: Iterable[Standing],
    *,
    purpose: str,
    on: date,
    residency: frozenset[str],
    facilities: Mapping[str, str],
) -> None:
    """Refuse a run that uses what it may not, or where it may not. `facilities`: code → country."""
    for facility, country in sorted(facilities.items()):
        if residency and country not in residency:
            raise AbroadRun(facility=facility, country=country, allowed="・".join(sorted(residency)))
    for standing in sorted(standings, key=lambda each: each.dataset):
        check_usable(standing, purpose=purpose, on=on, residency=residency)


def check_publishable(release: str, runs: Sequence[str], parents: Mapping[str, Sequence[str]]) -> None:
    """Refuse a release without a run, or one that would be its own ancestor. `parents`: release → those before it."""
    if not runs:
        raise NoRuns(release=release)
    path = _path_to_itself(release, parents)
    if path:
        raise OwnAncestor(release=release, path=" → ".join(path))


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


def _path_to_itself(release: str, parents: Mapping[str, Sequence[str]]) -> list[str]:
    if release not in ancestors(release, parents):
        return []
    through = next(p for p in parents[release] if p == release or release in ancestors(p, parents))
    return [release, release] if through == release else [release, through, release]


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
