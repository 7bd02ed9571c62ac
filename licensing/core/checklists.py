"""The review of an agreement before it is approved: questions from a dated, published source, answered one by one.

An edition of the questions is data with its source. Each question asks about one side of the contract (what goes into
the model, what comes out, or both) and one matter, and names the families of clauses in which its answer usually
stands, so that a reviewer is led to the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contributions.core.errors import Refused
from contributions.core.words import Text

SIDES = {
    "contract": Text("契約全般", "The contract as a whole"),
    "input": Text("入力", "Input"),
    "processing": Text("入力の処理の結果", "Results of processing input"),
    "output": Text("出力", "Output"),
    "result": Text("出力の処理の結果", "Results of processing output"),
}
MATTERS = {
    "type": Text("契約類型", "type of contract"),
    "identification": Text("特定", "identification"),
    "provision": Text("提供", "provision"),
    "use": Text("使用・利用", "use"),
    "onward": Text("外部提供", "provision to others"),
    "ownership": Text("権利帰属", "ownership"),
    "handling": Text("管理・終了", "handling and end"),
}
ANSWERS = {
    "yes": Text("契約に定めがある", "settled in the contract"),
    "no": Text("定めはないが許容する", "not settled, and accepted"),
    "not-applicable": Text("該当しない", "does not apply"),
}
ITEMS_MAX = 200
WARN, BLOCK = "warn", "block"


class ChecklistRefused(Refused):
    code = "checklist-refused"
    ja = "点検表の項目「{item}」を受け付けられません。{reason}"
    en = "The checklist's item “{item}” cannot be taken. {reason}"


class Unanswered(Refused):
    code = "checklist-unanswered"
    ja = "点検表に{count}件の未回答があるため承認できません（{items}）。"
    en = "The checklist has {count} open items, so it cannot be approved ({items})."


@dataclass(frozen=True, slots=True)
class Item:
    """One question."""

    code: str
    side: str
    matter: str
    question: Text
    families: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: to which item, what, by which clause, and why where the contract is silent."""

    item: str
    answer: str
    clause: str = ""
    note: str = ""


def items(rows: Sequence[Mapping[str, object]]) -> tuple[Item, ...]:
    """Read an edition's questions; each code once, both languages, sides and matters of the tables."""
    found = tuple(_item(row) for row in rows)
    if not 0 < len(found) <= ITEMS_MAX:
        raise ChecklistRefused(item="", reason=_NONE)
    codes = [item.code for item in found]
    for code in codes:
        if codes.count(code) > 1:
            raise ChecklistRefused(item=code, reason=_TWICE)
    return found


def check(given: Sequence[Given], known: Sequence[Item], clauses: Sequence[str]) -> None:
    """Refuse answers that say nothing: a settled matter names its clause, a gap or an exception its reason."""
    codes = {item.code for item in known}
    for one in given:
        if one.item not in codes or one.answer not in ANSWERS:
            raise ChecklistRefused(item=one.item, reason=_UNKNOWN)
        if one.answer == "yes" and one.clause not in clauses:
            raise ChecklistRefused(item=one.item, reason=_NO_CLAUSE)
        if one.answer != "yes" and not one.note.strip():
            raise ChecklistRefused(item=one.item, reason=_NO_REASON)


def open_items(known: Sequence[Item], answered: Mapping[str, str]) -> list[Item]:
    """The questions without an answer, in the order of the edition.

    >>> items_ = items([{"code": "I-1", "side": "input", "matter": "use", "ja": "問", "en": "Q"}])
    >>> [item.code for item in open_items(items_, {})], open_items(items_, {"I-1": "yes"})
    (['I-1'], [])
    """
    return [item for item in known if item.code not in answered]


def check_complete(known: Sequence[Item], answered: Mapping[str, str], mode: str) -> list[Item]:
    """The open questions; in the mode `block`, refused with their names if there are any."""
    left = open_items(known, answered)
    if left and mode == BLOCK:
        raise Unanswered(count=len(left), items=", ".join(item.code for item in left))
    return left


def _item(row: Mapping[str, object]) -> Item:
    code, side, matter = (str(row.get(name, "")) for name in ("code", "side", "matter"))
    question = Text(str(row.get("ja", "")).strip(), str(row.get("en", "")).strip())
    families = row.get("families", [])
    if not code or side not in SIDES or matter not in MATTERS or not question.ja or not question.en:
        raise ChecklistRefused(item=code, reason=_SHAPE)
    assert isinstance(families, list | tuple)
    return Item(code, side, matter, question, tuple(str(one) for one in families))


_NONE = Text("項目がありません。", "It has no items.")
_TWICE = Text("同じ番号が二つあります。", "Its number stands twice.")
_SHAPE = Text("番号、区分又は一方の言語の文がありません。", "A number, a side, a matter or one language is missing.")
_UNKNOWN = Text("この点検表にない項目又は回答です。", "This edition has no such item or answer.")
_NO_CLAUSE = Text(
    "契約のどの条項に定めがあるかを選んでください。", "Choose the clause of the agreement that settles it."
)
_NO_REASON = Text(
    "定めがない場合及び該当しない場合は、理由を記載してください。",
    "State the reason where it is not settled or does not apply.",
)
