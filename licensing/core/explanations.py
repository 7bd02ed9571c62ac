"""A plain statement of one member’s share: why it is what it is, and what would raise it. From the member’s view alone.

Every sentence is made of what `disclosure` shows the viewer; where a total is withheld the sentence does without it.
"""

from __future__ import annotations

from fractions import Fraction

from contributions.core.words import Text
from licensing.core import prose
from licensing.core.categories import CATEGORIES
from licensing.core.decimals import percent, rounded
from licensing.core.methods import NAMES
from licensing.core.policies import RIGHTS, Right
from licensing.core.pools import CATEGORY
from licensing.core.reasons import REASONS
from licensing.core.suppression import category_of
from licensing.core.views import AllocationView, CategoryView, PartView, ShareView

MORE = Fraction(1, 10)
PLACES = 2
# What the member itself, or the review of its data, can still change; what lies in the period or by rule is no advice.
MENDED = {
    "review-missing": Text("審査が終われば", "once its reviews have passed"),
    "review-expired": Text("再審査を受ければ", "once it is examined again"),
    "review-condition": Text("審査の条件を満たせば", "once the condition of its review is met"),
    "not-accepted": Text("確認が済めば", "once it is accepted"),
    "no-terms": Text("受入契約を結べば", "once an inbound agreement covers it"),
    "not-resident": Text("国内にあることを示せば", "once it is shown to be in the country"),
    "residency-breach": Text("所在国の違反を是正すれば", "once the breach of residency is mended"),
    "disputed": Text("異議への回答が済めば", "once the dispute is answered"),
    "factor-missing": Text("評価係数が採択されれば", "once a factor is adopted for it"),
    "not-incurred": Text("実際に提供すれば", "once it is delivered"),
}


def why(view: AllocationView, share: ShareView, right: Right) -> list[Text]:
    """Why the share is what it is, in a few sentences."""
    assert right.method is not None and view.grid is not None
    name, method = RIGHTS[right.right], NAMES[right.method.name]
    adopted = percent(Fraction(share.grid, view.grid), 4)
    said = [
        Text(
            f"{share.name.ja}の{name.ja}の配分比率は {adopted} です。方法は「{method.ja}」です。",
            f"The share of {share.name.en} in {name.en} is {adopted}, by the method “{method.en}”.",
        )
    ]
    by_code = {row.category: row for row in view.categories}
    known = [part for part in share.parts if part.part]
    hidden = [part for part in share.parts if part.points and part.part is None]
    shown = Text("内訳を示せるもののうち、", " of those that can be shown") if hidden else Text("", "")
    if known:
        largest = max(known, key=lambda part: (part.part or Fraction(0), part.category))
        row = by_code[largest.category]
        term = prose.term(row.category, row.method)
        said.append(
            Text(
                f"{shown.ja}最も大きいのは{term.ja}による {_percent(largest.part)} です。",
                f"The largest part{shown.en}, {_percent(largest.part)}, comes from {_lower(term)}.",
            )
        )
    if hidden:
        terms = [prose.term(by_code[part.category].category, by_code[part.category].method) for part in hidden]
        said.append(
            Text(
                f"{'、'.join(term.ja for term in terms)}は、総量を示せないため、内訳も示しません。",
                f"How much comes from {', '.join(map(_lower, terms))} is not shown, since the total is not.",
            )
        )
    nothing = [row for row in view.categories if row.kind == CATEGORY and _is_empty(share, row.category)]
    if nothing:
        listed = [CATEGORIES[category_of(row.category)] for row in nothing]
        said.append(
            Text(
                f"{'、'.join(one.ja for one in listed)}には、数えられる拠出がありません。",
                f"Nothing that counts was put in as {', '.join(map(_lower, listed))}.",
            )
        )
    if share.clip:
        floor = share.clip == "floor"
        bound = percent(right.floor if floor else right.cap)
        said.append(
            Text(
                f"{'下限' if floor else '上限'} {bound} が適用されています。",
                f"The {'floor' if floor else 'cap'} of {bound} applies.",
            )
        )
    return said


def raising(view: AllocationView, share: ShareView, right: Right) -> list[Text]:
    """What would raise the share: contributions that do not count yet, and a tenth more in each category."""
    said = _mending(share)
    if not (any(row.kind == CATEGORY for row in view.categories)):
        said.append(
            Text(
                "この方法では、拠出を増やしても配分比率は直接には変わりません。",
                "By this method, putting in more does not change the share directly.",
            )
        )
        return said
    by_code = {row.category: row for row in view.categories}
    best = sorted(
        ((gain, part.category) for part in share.parts if (gain := _gain(by_code[part.category], part))),
        key=lambda pair: (-pair[0], pair[1]),
    )
    for gain, code in best:
        name = CATEGORIES[category_of(code)]
        said.append(
            Text(
                f"{name.ja}の点数が1割増えると、ほかが同じなら配分比率は約 {_percent(gain)} 上がります"
                "（下限・上限の前）。",
                f"A tenth more points as {_lower(name)} would raise the share by about {_percent(gain)}, all else equal"
                " (before floor and cap).",
            )
        )
    if not best and share.parts:
        said.append(
            Text(
                "数えられる拠出を増やすと配分比率は上がりますが、総量を示せないため、どれだけ上がるかは示しません。",
                "More contributions that count raise the share; by how much is not shown, since no total is.",
            )
        )
    if share.clip == "cap":
        said.append(
            Text(
                "上限に達しているため、拠出を増やしても配分比率は上がりません。",
                "The cap is reached: putting in more does not raise the share.",
            )
        )
    return said


def _mending(share: ShareView) -> list[Text]:
    said, seen = [], set()
    for line in share.lines:
        for reason in line.reasons:
            if reason in MENDED and line.counted < 1 and (line.asset, reason) not in seen:
                seen.add((line.asset, reason))
                mend = MENDED[reason]
                said.append(
                    Text(
                        f"{line.asset}（{CATEGORIES[line.category].ja}）は、{mend.ja}点数に数えられます。"
                        f"いまの理由：{REASONS[reason].ja}",
                        f"{line.asset} ({_lower(CATEGORIES[line.category])}) earns points {mend.en}."
                        f" The reason now: {REASONS[reason].en}",
                    )
                )
    return said


def _gain(row: CategoryView, part: PartView) -> Fraction:
    """What a tenth more own points adds: w·(1.1 p ÷ (T + 0.1 p) − p ÷ T); nothing where the total is not shown."""
    if row.kind != CATEGORY or not part.points or row.total is None or row.effective is None:
        return Fraction(0)
    more = part.points * MORE
    return row.effective * ((part.points + more) / (row.total + more) - part.points / row.total)


def _is_empty(share: ShareView, code: str) -> bool:
    return any(part.category == code and part.points == 0 for part in share.parts)


def _percent(value: Fraction | None) -> str:
    return f"{rounded((value or Fraction(0)) * 100, PLACES)} %"


def _lower(name: Text) -> str:
    return name.en[:1].lower() + name.en[1:] if not name.en[:2].isupper() else name.en
