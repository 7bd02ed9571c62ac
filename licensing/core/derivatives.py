"""Derivative models: what each is made of, what it must pass on, and the royalties that stack up on it.

A model is a node; its edges lead to what it was made from, each with a weight; the weights of one model sum to 1. A
node's *reach* is the sum over all paths to it of the product of their weights, so an ancestor that two parents share is
counted once. The stack under each policy:

    all_ancestors   Σ over ancestors a of reach(a) · rate(a)
    parent_only     Σ over parents p of weight(p) · rate(p)

Sources: the two royalty policies (every ancestor, or the direct parent) are those of Story's licence terms
(docs.story.foundation); weighting by reach is this consortium's rule for merges and gives the same on a chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.periods import last_day
from contributions.core.words import Text

ALL_ANCESTORS, PARENT_ONLY = "all_ancestors", "parent_only"
POLICIES = {
    ALL_ANCESTORS: Text("全ての祖先に支払う", "every ancestor is paid"),
    PARENT_ONLY: Text("直接の親にのみ支払う", "only direct parents are paid"),
}
KINDS = {
    "fine-tune": Text("追加学習", "Fine-tune"),
    "adapter": Text("追加パラメータ（アダプタ）", "Adapter"),
    "merge": Text("結合（マージ）", "Merge"),
    "quantized": Text("量子化・変換", "Quantised or converted"),
}
MERGE = "merge"
# What the wording on derivatives asks to be passed on to whoever receives one, by family of clause.
PASSED_ON = ("prohibited", "residency", "export")


class Circular(Refused):
    code = "derivative-circular"
    ja = "派生モデルの系譜が循環しています（{path}）。親モデルを指定し直してください。"
    en = "The lineage goes in a circle ({path}). Name other parents."


class WeightsNotWhole(Refused):
    code = "derivative-weights"
    ja = "親モデルの重みの合計が 1 ではありません（{sum}）。"
    en = "The weights of the parents do not sum to 1 but to {sum}."


class ParentUnknown(Refused):
    code = "derivative-parent-unknown"
    ja = "親モデル「{parent}」は、利用を許諾されたモデルにありません。"
    en = "The parent “{parent}” is not among the models licensed to you."


class ParentTwice(Refused):
    code = "derivative-parent-twice"
    ja = "親モデル「{parent}」が二度指定されています。重みを合わせて一度だけ指定してください。"
    en = "The parent “{parent}” is named twice. Name it once, with both weights together."


class ParentOpen(Refused):
    code = "derivative-parent-open"
    ja = "親モデル「{parent}」の登録が承認されていません。親モデルの登録を先に決定してください。"
    en = "The parent “{parent}” is not approved. Decide on the parent first."


class WeightNothing(Refused):
    code = "derivative-weight-nothing"
    ja = "親モデル「{parent}」の重みは 0 より大きくしてください。由来しないモデルは、親モデルから除いてください。"
    en = "Give the parent “{parent}” a weight above 0. A model that nothing was taken from is no parent."


class OneParent(Refused):
    code = "derivative-merge-of-one"
    ja = "結合（マージ）には、親モデルを二つ以上指定してください。"
    en = "Name two parents or more for a merge."


class NoMerge(Refused):
    code = "derivative-no-merge"
    ja = "親モデルを二つ以上指定するときは、作成方法を「結合（マージ）」としてください。"
    en = "With two parents or more it was made by a merge: choose that."


class OverWhole(Refused):
    code = "royalty-over-whole"
    ja = "ロイヤルティの合計が {stack} となり、100% を超えます（{lines}）。料率を見直してください。"
    en = "The royalties stack up to {stack}, more than 100% ({lines}). Revise the rates."


class NotPassedOn(Refused):
    code = "derivative-not-passed-on"
    ja = "提供先に負わせる義務が確認されていません：{missing}"
    en = "These obligations were not confirmed to be passed on: {missing}"


class NotPermitted(Refused):
    code = "derivative-not-permitted"
    ja = "契約 {agreement} では追加学習・派生モデルが許諾されていません。"
    en = "Agreement {agreement} does not permit further training or derivatives."


class UsedTooEarly(Refused):
    code = "derivative-used-too-early"
    ja = "利用開始日は、届出から {days} 日以上後の {earliest} 以後にしてください。"
    en = "Its use may begin {days} days after registration at the earliest: on {earliest} or later."


@dataclass(frozen=True, slots=True)
class Parent:
    """An edge to what a model was made from."""

    model: str
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Model:
    """A node: `rate` is the part of a descendant's revenue that its owner asks for; a release has no parents."""

    number: str
    rate: Fraction
    parents: tuple[Parent, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What one model's owner is owed out of the revenue of the derivative."""

    model: str
    depth: int
    reach: Fraction
    rate: Fraction

    @property
    def owed(self) -> Fraction:
        """The part of the revenue."""
        return self.reach * self.rate


@dataclass(frozen=True, slots=True)
class Stack:
    """Every line and their sum; Σ owed = total, exactly."""

    policy: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Fraction:
        """The part of its revenue that a derivative owes upstream."""
        return sum((line.owed for line in self.lines), Fraction(0))


def check_parents(number: str, models: Mapping[str, Model]) -> None:
    """Refuse unknown parents, one named twice, weights of nothing or that do not sum to 1, and a circle by its path."""
    model = models[number]
    named = [parent.model for parent in model.parents]
    for name in named:
        if name not in models:
            raise ParentUnknown(parent=name)
        if named.count(name) > 1:
            raise ParentTwice(parent=name)
    for parent in model.parents:
        if parent.weight <= 0:
            raise WeightNothing(parent=parent.model)
    whole = sum((parent.weight for parent in model.parents), Fraction(0))
    if whole != 1:
        raise WeightsNotWhole(sum=str(whole))
    path = _path_back(number, models)
    if path:
        raise Circular(path=" → ".join(path))


def check_kind(kind: str, parents: Sequence[object]) -> None:
    """Refuse a merge of one model, and what was made from several by anything but a merge."""
    if kind == MERGE and len(parents) < 2:
        raise OneParent
    if kind != MERGE and len(parents) > 1:
        raise NoMerge


def stack(number: str, models: Mapping[str, Model], policy: str) -> Stack:
    """What a derivative owes upstream under the policy; refused where it is more than the whole.

    Worked example: a release at 10 %, a fine-tune of it at 5 %, a fine-tune of that one: 15 % to all ancestors, 5 % to
    the parent only. Merged half and half with the release itself: 10 % · 1 + 5 % · 1/2 = 12.5 %.
    """
    assert policy in POLICIES and not _path_back(number, models)
    reach: dict[str, Fraction] = {}
    depth: dict[str, int] = {}
    _walk(number, models, Fraction(1), 0, reach, depth)
    direct = {parent.model: parent.weight for parent in models[number].parents}
    counted = direct if policy == PARENT_ONLY else reach
    lines = sorted(
        (Line(model, depth[model], counted[model], models[model].rate) for model in counted),
        key=lambda line: (line.depth, line.model),
    )
    found = Stack(policy, tuple(lines))
    if found.total > 1:
        said = "、".join(f"{line.model} {_percent(line.owed)}" for line in lines)
        raise OverWhole(stack=_percent(found.total), lines=said)
    return found


def ancestors(number: str, models: Mapping[str, Model]) -> set[str]:
    """Every model that it was made from, directly or through others."""
    reach: dict[str, Fraction] = {}
    _walk(number, models, Fraction(1), 0, reach, {})
    return set(reach)


def check_use(registered_on: date, use_from: date, *, days: int) -> None:
    """Refuse a first use before the days of prior registration have passed."""
    earliest = registered_on + timedelta(days=days)
    if use_from < earliest:
        raise UsedTooEarly(days=days, earliest=earliest)


def check_passed_on(confirmed: Mapping[str, bool], asked: Mapping[str, Text]) -> None:
    """Refuse a registration that leaves an obligation of the checklist open."""
    missing = [label for name, label in asked.items() if not confirmed.get(name)]
    if missing:
        raise NotPassedOn(missing=Text("、".join(one.ja for one in missing), ", ".join(one.en for one in missing)))


def notice(
    *,
    number: str,
    name: str,
    parents: Sequence[Text],
    licensor: Text,
    licensee: Text,
    agreement: str,
    until: date,
    obligations: Sequence[Text],
    wording: Sequence[Text] = (),
    marked: str = "",
) -> str:
    """The NOTICE file that travels with a derivative, Japanese first: what it is made of, and what binds its user.

    `wording` is the text of the articles behind the obligations: whoever receives the model has not seen the contract.
    """
    ja = [
        f"{name}（登録番号 {number}）",
        "",
        f"このモデルは、{licensor.ja}が{licensee.ja}に許諾したモデル（契約 {agreement}）から作成された派生モデルです。",
        "基礎としたモデル：",
        *(f"  ・{parent.ja}" for parent in parents),
        "このモデルの提供を受けた方は、次の義務を負います。",
        *(f"  ・{text.ja}" for text in obligations),
        f"許諾は {last_day(until).isoformat()} までです（更新又は終了により変わることがあります）。",
        "この表示を削除し、又は改変することはできません。",
        *_annexed(
            "義務の内容（契約の条文。「利用者」は、このモデルの提供を受けた方と読み替えます。）",
            [one.ja for one in wording],
        ),
    ]
    en = [
        f"{name} (registration {number})",
        "",
        f"This model is a derivative of a model that {licensor.en} licenses to {licensee.en} (agreement {agreement}).",
        "Made from:",
        *(f"  - {parent.en}" for parent in parents),
        "Whoever receives this model is bound by:",
        *(f"  - {text.en}" for text in obligations),
        f"The licence runs to {last_day(until).isoformat()}; it may be renewed, or end earlier.",
        "This notice must not be removed or altered.",
        *_annexed(
            "The obligations, as the agreement words them (for “Licensee” read whoever receives this model)",
            [one.en for one in wording],
        ),
    ]
    head = [marked, ""] if marked else []
    return "\n".join([*head, *ja, "", "-" * 60, "", *en]) + "\n"


def _annexed(heading: str, texts: Sequence[str]) -> list[str]:
    return [line for text in ("", heading, *texts) for line in (text, "")][1:] if texts else []


def _walk(
    number: str,
    models: Mapping[str, Model],
    weight: Fraction,
    level: int,
    reach: dict[str, Fraction],
    depth: dict[str, int],
) -> None:
    for parent in models[number].parents:
        reach[parent.model] = reach.get(parent.model, Fraction(0)) + weight * parent.weight
        depth[parent.model] = min(depth.get(parent.model, level + 1), level + 1)
        _walk(parent.model, models, weight * parent.weight, level + 1, reach, depth)


def _path_back(number: str, models: Mapping[str, Model]) -> list[str]:
    """A way from a model back to itself through its parents, if there is one."""
    stack: list[list[str]] = [[number]]
    seen: set[str] = set()
    while stack:
        path = stack.pop()
        for parent in models[path[-1]].parents if path[-1] in models else ():
            if parent.model == number:
                return [*path, number]
            if parent.model not in seen:
                seen.add(parent.model)
                stack.append([*path, parent.model])
    return []


def _percent(value: Fraction) -> str:
    hundredths = value * 10_000
    whole, part = divmod(hundredths.numerator // hundredths.denominator, 100)
    return f"{whole}.{part:02d}%" if part else f"{whole}%"
