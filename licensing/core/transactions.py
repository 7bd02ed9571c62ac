"""Records of dealings as 電子帳簿保存法 wants them found: by date, amount and counterparty, in ranges and together.

One line for each paper that was exchanged: agreements and their amendments, invoices, receipts, members' statements,
and contracts concluded outside. A contract that names no amount is found with an empty one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Refused
from contributions.core.words import Text

KINDS = {
    "agreement": Text("契約書", "Agreement"),
    "amendment": Text("覚書（変更契約書）", "Amendment"),
    "outside": Text("外部締結契約", "Outside agreement"),
    "invoice": Text("請求書", "Invoice"),
    "receipt": Text("入金の記録", "Receipt"),
    "statement": Text("仕入明細書・分配通知書", "Member's statement"),
}
# Under which kind's rules of retention a record is kept, where it has none of its own.
KEPT_AS = {"amendment": "agreement"}
_SHORT = {
    "株式会社": "(株)", "有限会社": "(有)", "合同会社": "(同)", "一般社団法人": "(一社)", "公益社団法人": "(公社)",
    "一般財団法人": "(一財)", "技術研究組合": "(技組)",
}  # fmt: skip
_FORBIDDEN = frozenset('\\/:*?"<>|')
_NAME_BYTES_MAX = 120


class RangeReversed(Refused):
    code = "range-reversed"
    ja = "{what}の範囲が逆です（{first} ～ {last}）。小さい方を先に指定してください。"
    en = "The range of {what} is reversed ({first} to {last}). Put the smaller one first."


@dataclass(frozen=True, slots=True)
class Transaction:
    """One record: its paper, day, whole yen if it names any, and the other side. `ended` starts the retention."""

    kind: str
    number: str
    day: date
    amount: int | None
    party: Text
    ended: date | None
    page: str
    arguments: tuple[object, ...]
    media: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; every part that is given must hold. The bounds belong to the ranges."""

    day_from: date | None = None
    day_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    party: str = ""
    kinds: frozenset[str] = frozenset(KINDS)

    def __post_init__(self) -> None:
        for what, first, last in ((_DAY, self.day_from, self.day_to), (_AMOUNT, self.amount_from, self.amount_to)):
            if first is not None and last is not None and last < first:  # type: ignore[operator]
                raise RangeReversed(what=what, first=first, last=last)

    def holds(self, one: Transaction) -> bool:
        """Whether a record is looked for. One without an amount is not in a range of amounts, but in that from 0."""
        day = (self.day_from is None or self.day_from <= one.day) and (self.day_to is None or one.day <= self.day_to)
        named = one.amount or 0
        amount = (self.amount_from is None or self.amount_from <= named) and (
            self.amount_to is None or named <= self.amount_to
        )
        return day and amount and one.kind in self.kinds and self._meets(one.party)

    def _meets(self, party: Text) -> bool:
        wanted = plain(self.party)
        return not wanted or wanted in plain(party.ja) or wanted in plain(party.en)


def plain(name: str) -> str:
    """A name as it is compared: one width, no spaces, no case.

    >>> plain("株式会社　ＡＢＣ") == plain("株式会社abc")
    True
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def found(rows: Iterable[Transaction], wanted: Wanted) -> list[Transaction]:
    """The records looked for, newest first, then by kind and number."""
    hits = [one for one in rows if wanted.holds(one)]
    return sorted(hits, key=lambda one: (-one.day.toordinal(), one.kind, one.number))


def file_name(one: Transaction, suffix: str) -> str:
    """The name that the tax agency's guidance suggests: day, counterparty, amount.

    >>> row = Transaction("invoice", "I-1", date(2026, 10, 31), 110000, Text("株式会社国税商事", ""), None, "", ())
    >>> file_name(row, ".pdf")
    '20261031_(株)国税商事_110000.pdf'
    """
    name = one.party.ja or one.party.en
    for long, short in _SHORT.items():
        name = name.replace(long, short)
    clean = "".join("_" if sign in _FORBIDDEN or not sign.isprintable() else sign for sign in name).strip(" ._")
    cut = clean.encode()[:_NAME_BYTES_MAX].decode(errors="ignore")
    return f"{one.day:%Y%m%d}_{cut}_{one.amount or 0}{suffix}"


def distinct_names(rows: Iterable[Transaction], suffix: Callable[[Transaction], str]) -> list[str]:
    """A name for each record; where two would be the same, the later ones get their own number."""
    names: list[str] = []
    taken: set[str] = set()
    for one in rows:
        name = file_name(one, suffix(one))
        if name in taken:
            name = file_name(one, f"_{one.number.replace('/', '-')}{suffix(one)}")
        taken.add(name)
        names.append(name)
    return names


_DAY = Text("日付", "dates")
_AMOUNT = Text("金額", "amounts")
