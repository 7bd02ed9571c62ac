"""Legal entities: what a check digit proves and what it does not, and how entities belong together.

A group is what the law's usual test joins: more than half of the control at each step. What a parent holds of a far
descendant through every path is another figure; it is shown and decides nothing.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from stdnum.jp import cn

from contributions.core.errors import Refused
from contributions.core.money import percent
from contributions.core.words import Text

MAJORITY = Fraction(1, 2)


class BadCorporateNumber(Refused):
    code = "bad-corporate-number"
    ja = "法人番号「{number}」の検査数字が合いません。国税庁の公表サイトで確かめ、13桁で入力してください。"
    en = "The corporate number “{number}” fails its check digit. Look it up in the public register; enter 13 digits."


class BadInvoiceNumber(Refused):
    code = "bad-invoice-number"
    ja = "登録番号「{number}」は「T」と法人番号（{corporate}）を並べたものにしてください。"
    en = "The invoice registration number “{number}” must be “T” followed by the corporate number ({corporate})."


class InvoiceNumberAlone(Refused):
    code = "invoice-number-alone"
    ja = "登録番号「{number}」には法人番号が必要です。先に法人番号（13桁）を入力してください。"
    en = "The invoice registration number “{number}” needs the corporate number: enter its 13 digits first."


def corporate_number(text: str) -> str:
    """A 法人番号 of 13 digits whose first is the check digit; blank stays blank.

    check = 9 − (Σ Pn·Qn mod 9): Pn the n-th of the other twelve digits from the right, Qn 1 for odd n, 2 for even
    (財務省令; python-stdnum `jp.cn`).
    `UNCAUGHT` says which slips it misses, so the name must still be compared with the register.

    >>> corporate_number("8700110005901")
    '8700110005901'
    """
    number = unicodedata.normalize("NFKC", text).replace("-", "").strip()
    if not number:
        return ""
    if not cn.is_valid(number):
        raise BadCorporateNumber(number=text)
    return number


def invoice_number(text: str, corporate: str) -> str:
    """A corporation's 登録番号: T followed by its 法人番号; blank stays blank.

    >>> invoice_number("ｔ８７００１１０００５９０１", "8700110005901")
    'T8700110005901'
    """
    number = unicodedata.normalize("NFKC", text).upper().replace("-", "").strip()
    if not number:
        return ""
    if number != f"T{corporate}" or not corporate:
        raise BadInvoiceNumber(number=text, corporate=corporate) if corporate else InvoiceNumberAlone(number=text)
    return number


# What Σ Pn·Qn mod 9 cannot tell apart, worked out from the weights 1, 2, 1, 2 … and tried exhaustively in the tests.
UNCAUGHT = (
    Text(
        "2桁目以降の1桁を、0と9のあいだで取り違えたもの（9で割った余りが同じため）。",
        "One digit after the first with 0 typed for 9, or 9 for 0: both leave the same remainder by 9.",
    ),
    Text(
        "2桁目以降の「0」と「9」の入れ替え。隣り合う2桁の入れ替えは、これを除いてすべて検出されます。",
        "A 0 and a 9 swapped, after the first digit; every other swap of two neighbours is caught.",
    ),
    Text(
        "1つおき（一般に偶数桁離れた）2桁の入れ替え。重みが同じためです。"
        "先頭の検査数字との入れ替えも、先頭が0になる場合を除いて同じです。",
        "Two digits swapped across one place, or any even distance: they carry the same weight. The first digit is no"
        " exception, unless a 0 would come first.",
    ),
    Text(
        "隣り合う同じ2桁を、3の倍数だけ違う同じ2桁にしたもの（11を44など）。",
        "A pair of equal neighbours typed as another pair three, six or nine apart: 11 for 44.",
    ),
    Text(
        "まったく別の数字でも、およそ9件に1件は検査数字が合います。実在する他社の番号も必ず合います。",
        "About one random number in nine passes, and so does every number that belongs to another company.",
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A parent's share of control of a child from a day on; a later link of the same two replaces it, 0 ends it."""

    parent: str
    child: str
    control: Fraction
    start: date


@dataclass(frozen=True, slots=True)
class Branch:
    """One entity in the tree below a root, as one parent holds it.

    `effective` is what the root holds of it along this path, the product of the shares; `is_controlled` whether every
    step of the path is a majority.
    """

    code: str
    parent: str | None
    depth: int
    direct: Fraction
    effective: Fraction
    is_controlled: bool


class BadControl(Refused):
    code = "bad-control"
    ja = "支配割合「{control}」は、0以上1以下の分数または百分率で入力してください。"
    en = "The share of control “{control}” must be a fraction or a percentage from 0 to 100 %."


class OverHeld(Refused):
    code = "over-held"
    ja = "{day} の {child} の支配割合の合計が {total} となり、100％を超えます。他の株主の割合を先に改めてください。"
    en = "On {day} {child} would be held to {total}, more than the whole. Amend the other holders’ first."


class Circular(Refused):
    code = "circular-control"
    ja = "{day} には {child} が {parent} を支配しています。過半数の支配は循環できません。"
    en = "{child} controls {parent} on {day}: majority control cannot run in a circle."


class NoLink(Refused):
    code = "no-affiliation"
    ja = "{parent} と {child} の資本関係は、その日に登録されていません。"
    en = "No relation of {parent} to {child} is on record for that day."


class SameControl(Refused):
    code = "affiliation-stated-already"
    ja = "{parent} は {start} から {child} の {control} の支配を登録済みです。変わった割合と日を入力してください。"
    en = "{parent} is on record as holding {control} of {child} from {start} already. State what changed, and its day."


class NothingAmended(Refused):
    code = "nothing-amended"
    ja = "登録内容と同じです。変わった項目を入力してください。"
    en = "This is what is on record already. Change what has changed."


class Duplicate(Refused):
    code = "organization-exists"
    ja = "{what}「{value}」は {code} として登録済みです。"
    en = "{what} “{value}” is registered already, as {code}."


def in_force(links: Iterable[Link], day: date) -> list[Link]:
    """The links of that day: of each two the latest that has begun, where it is not 0. Later ones in the list win ties.

    >>> links = [Link("a", "b", Fraction(51, 100), date(2026, 4, 1)), Link("a", "b", Fraction(0), date(2026, 7, 1))]
    >>> len(in_force(links, date(2026, 6, 30))), len(in_force(links, date(2026, 7, 1)))
    (1, 0)
    """
    latest: dict[tuple[str, str], Link] = {}
    for link in links:
        held = latest.get((link.parent, link.child))
        if link.start <= day and (held is None or held.start <= link.start):
            latest[link.parent, link.child] = link
    return sorted((one for one in latest.values() if one.control > 0), key=lambda one: (one.parent, one.child))


def groups(links: Iterable[Link]) -> list[frozenset[str]]:
    """Everything joined by more than half of the control, up and down; whoever stands alone is left out.

    >>> [sorted(group) for group in groups([Link("a", "b", Fraction(51, 100), date(2026, 4, 1))])]
    [['a', 'b']]
    """
    joined: dict[str, frozenset[str]] = {}
    for link in links:
        if link.control > MAJORITY:
            merged = joined.get(link.parent, frozenset({link.parent})) | joined.get(link.child, frozenset({link.child}))
            joined.update(dict.fromkeys(merged, merged))
    return sorted(set(joined.values()), key=sorted)


def tree(links: Iterable[Link], root: str) -> list[Branch]:
    """The root and all below it, each under the parent that holds it, depth first; a circle of minorities is cut.

    >>> links = [Link("a", "b", Fraction(3, 5), date(2026, 4, 1)), Link("b", "c", Fraction(3, 5), date(2026, 4, 1))]
    >>> [(one.code, str(one.effective), one.is_controlled) for one in tree(links, "a")]
    [('a', '1', True), ('b', '3/5', True), ('c', '9/25', True)]
    """
    below: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        below[link.parent].append(link)
    found: list[Branch] = []

    def walk(branch: Branch, path: frozenset[str]) -> None:
        found.append(branch)
        for link in sorted(below[branch.code], key=lambda one: (-one.control, one.child)):
            if link.child not in path:
                held, controlled = branch.effective * link.control, branch.is_controlled and link.control > MAJORITY
                child = Branch(link.child, branch.code, branch.depth + 1, link.control, held, controlled)
                walk(child, path | {link.child})

    walk(Branch(root, None, 0, Fraction(1), Fraction(1), True), frozenset({root}))
    return found


def effective(links: Iterable[Link], root: str) -> dict[str, Fraction]:
    """What the root holds of each below it, summed over all paths.

    >>> ab, ac = Link("a", "b", Fraction(1, 2), date(2026, 4, 1)), Link("a", "c", Fraction(1, 4), date(2026, 4, 1))
    >>> str(effective([ab, ac, Link("b", "c", Fraction(1, 2), date(2026, 4, 1))], "a")["c"])
    '1/2'
    """
    held: dict[str, Fraction] = defaultdict(Fraction)
    for branch in tree(links, root):
        held[branch.code] += branch.effective
    return dict(held)


def top_of(links: Iterable[Link], code: str) -> str:
    """The head of the chain of majorities above the entity: itself where nobody controls it."""
    above = {link.child: link.parent for link in links if link.control > MAJORITY}
    seen = {code}
    while code in above and above[code] not in seen:
        code = above[code]
        seen.add(code)
    return code


def check_link(links: Iterable[Link], new: Link) -> None:
    """Refuse a share that is none or is on record, one that over-fills the child, a majority that runs in a circle.

    `links` are all on record, of whatever day: what is well on the new link's first day may be over-filled, or close a
    circle, once another begins. A link of the same two that begins later ends the new one.

    >>> ab, bc = Link("a", "b", Fraction(1), date(2026, 4, 1)), Link("b", "c", Fraction(1), date(2026, 7, 1))
    >>> check_link([ab, bc], Link("c", "a", Fraction(1, 2), date(2026, 4, 1)))
    """
    if not 0 <= new.control <= 1:
        raise BadControl(control=new.control)
    links = list(links)
    for one in in_force(links, new.start):
        if (one.parent, one.child, one.control) == (new.parent, new.child, new.control):
            raise SameControl(parent=one.parent, child=one.child, control=one.control, start=one.start)
    for day in _days_of(links, new):
        _check_day(in_force(links, day), new, day)


def _days_of(links: Iterable[Link], new: Link) -> list[date]:
    """The new link's first day, and those within its time on which another begins."""
    links = list(links)
    pair = (new.parent, new.child)
    ends = min((one.start for one in links if (one.parent, one.child) == pair and one.start > new.start), default=None)
    later = {one.start for one in links if one.start > new.start and (ends is None or one.start < ends)}
    return [new.start, *sorted(later)]


def _check_day(links: Iterable[Link], new: Link, day: date) -> None:
    others = [one for one in links if (one.parent, one.child) != (new.parent, new.child)]
    total = sum((one.control for one in others if one.child == new.child), new.control)
    if total > 1:
        raise OverHeld(child=new.child, total=percent(total), day=day)
    majorities = [one for one in others if one.control > MAJORITY]
    if new.control > MAJORITY and any(branch.code == new.parent for branch in tree(majorities, new.child)):
        raise Circular(parent=new.parent, child=new.child, day=day)
