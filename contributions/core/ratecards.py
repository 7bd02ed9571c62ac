"""Rate cards: the signed tables by which contributions are valued, read from lines as people paste them.

A line is a key and a factor. Factors are exact: "9/10" and "0.9" are nine tenths; a float never enters. A card is one
of the fixed ones, or `table-…`: amounts by member, or by slot and member, that an allocation policy may share by.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from contributions.core.errors import Finding, Refused
from contributions.core.money import fraction_text
from contributions.core.words import Text

ACCELERATOR, GRADE, DATASET, HOURLY, VINTAGE = "accelerator", "grade", "dataset", "hourly", "vintage"
CARDS = {
    ACCELERATOR: Text("計算資源：基準GPU時間への換算", "Accelerators: reference GPU hours for one hour"),
    GRADE: Text("出向・従事：等級の係数", "People: factor of each grade"),
    DATASET: Text("データセット：品質と独自性の係数", "Datasets: factors of quality and uniqueness"),
    HOURLY: Text("出向・従事：等級別の時間単価（円）", "People: yen an hour, by grade"),
    VINTAGE: Text("時期係数：区分と年度ごと", "Vintage: by category and fiscal year"),
}
TABLE = "table-"
_NAME = re.compile(r"table-[a-z0-9]{1,10}")
_CODE = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
# What the keys of a card look like, and how that is said.
_KEYS = {
    DATASET: (r"[A-Za-z0-9_-]{1,60}@[1-9][0-9]{0,5}/(quality|uniqueness)", "D-…@1/quality"),
    VINTAGE: (r"(data|compute|cash|people|background)/FY[0-9]{4}", "data/FY2026"),
}
_PLAIN = (_CODE, "h100")
_AMOUNT = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,12}))?|([0-9]{1,18})/([0-9]{1,18})")
LINES_MAX = 5_000


class BadCard(Refused):
    """Holds every finding; the sentence tells the first and how many there are."""

    code = "bad-rate-card"
    ja = "表に {count} 件の誤りがあります。何も登録していません。{first}"
    en = "The table has {count} faults. Nothing was entered. {first}"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(count=len(findings), first=Text(findings[0].text("ja"), findings[0].text("en")))


def name_of(card: str) -> Text:
    """What a card is called; of a signed table its own name stands behind."""
    if card.startswith(TABLE):
        return Text(f"署名済みの表 {card}", f"Signed table {card}")
    return CARDS.get(card, Text(card, card))


def read(text: str) -> dict[str, str]:
    """The lines as pasted: key, then comma, tab or several spaces, then the factor. Refuses with every fault by line.

    >>> read("h100, 1" + chr(10) + "a100\\t0.4")
    {'h100': '1', 'a100': '2/5'}
    """
    findings, found = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        key, _, value = unicodedata.normalize("NFKC", line).strip().replace("\t", ",").partition(",")
        key, amount = key.strip(), _amount(value)
        if amount is None:
            findings.append(_fault(number, "factor", *_AMOUNT_WANTED, given=value.strip() or "–"))
        elif key in found:
            findings.append(_fault(number, "key", *_TWICE, given=key))
        else:
            found[key] = fraction_text(amount)
    if findings:
        raise BadCard(findings)
    return found


def check(card: str, lines: Mapping[str, str], *, members: Collection[str] = (), others: Collection[str] = ()) -> None:
    """The card is known and its keys are such as it has; `others` are organizations that are no members.

    Of a signed table a key is a member, a slot, or slot/member. A slot names nobody: not a licensee either.
    """
    findings = list(_faults(card, lines, members, others))
    if findings:
        raise BadCard(findings[:50])


def _faults(
    card: str, lines: Mapping[str, str], members: Collection[str], others: Collection[str]
) -> Iterable[Finding]:
    if card not in CARDS and not _NAME.fullmatch(card):
        yield _fault(None, "card", *_CARD_WANTED, given=card)
        return
    if not 0 < len(lines) <= LINES_MAX:
        yield _fault(None, "lines", *_LINES_WANTED, given=str(len(lines)))
    pattern, example = _KEYS.get(card, _PLAIN)
    for number, key in enumerate(lines, 1):
        slot, slash, member = key.partition("/")
        if card.startswith(TABLE):
            if not re.fullmatch(_CODE, slot) or (slash and member not in members):
                yield _fault(number, "key", *_TABLE_KEY, given=key)
            elif slot in others:
                yield _fault(number, "key", *_NOBODY, given=key)
        elif not re.fullmatch(pattern, key):
            yield _fault(number, "key", *_KEY_WANTED, given=key, example=example)


def _amount(typed: str) -> Fraction | None:
    match = _AMOUNT.fullmatch(re.sub(r"[,\s]", "", typed))
    if match is None:
        return None
    if match[3]:
        return Fraction(int(match[3]), int(match[4])) if int(match[4]) else None
    return Fraction(int(match[1] + (match[2] or "")), 10 ** len(match[2] or ""))


def _fault(line: int | None, field: str, code: str, text: Text, **facts: str) -> Finding:
    place = Text(f"{line}行目：", f"Line {line}: ") if line else Text("", "")
    return Finding(line, field, code, place.ja + text.ja, place.en + text.en, facts)


_AMOUNT_WANTED = (
    "factor-wanted",
    Text("「{given}」は0以上の数ではありません。0.9 または 9/10 のように書いてください。",
         "“{given}” is no number from 0 up. Write 0.9 or 9/10."),
)  # fmt: skip
_TWICE = (
    "key-twice",
    Text("「{given}」が二度あります。一つにしてください。", "“{given}” stands twice. Leave one."),
)
_CARD_WANTED = (
    "unknown-card",
    Text("表「{given}」はありません。所定の表か、「table-」に続けて英小文字と数字10字以内の名を選んでください。",
         "There is no table “{given}”. Choose one of the fixed ones, or a name of “table-” and up to ten small letters"
         " and digits."),
)  # fmt: skip
_LINES_WANTED = (
    "lines-wanted",
    Text("行が {given} 件です。1件以上 5,000件以下にしてください。", "There are {given} lines; give 1 to 5,000."),
)
_KEY_WANTED = (
    "key-wanted",
    Text("「{given}」はこの表の項目の形ではありません。例：{example}。",
         "“{given}” is not how this table’s keys look. For example: {example}."),
)  # fmt: skip
_TABLE_KEY = (
    "table-key",
    Text("「{given}」は会員コード、枠、枠/会員コードのいずれでもありません。",
         "“{given}” is neither a member’s code, nor a slot, nor slot/member."),
)  # fmt: skip
_NOBODY = (
    "slot-names-somebody",
    Text("「{given}」は会員でない組織のコードです。枠の名は組織を表さないものにしてください。",
         "“{given}” is the code of an organization that is no member. A slot’s name must name nobody."),
)  # fmt: skip
