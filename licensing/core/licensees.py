"""Licensees: the checks every applicant passes, and the classes and fields it may fall into."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contributions.core.errors import Refused
from contributions.core.words import Text

CHECKS = {
    "japanese-firm": Text("国内企業の該当性", "Japanese-firm test"),
    "antisocial": Text("反社会的勢力の該当性", "Antisocial forces"),
    "export": Text("取引審査（輸出管理）", "Export control"),
    "affiliates": Text("関係会社", "Affiliates"),
    "competition": Text("競合及び利用除外", "Competition and exclusions"),
}
CLASSES = {
    "member": Text("会員", "Member"),
    "japanese": Text("国内企業", "Japanese firm"),
    "other": Text("その他", "Other"),
}
WANTED = {
    "licence": Text("利用許諾", "A licence"),
    "evaluation": Text(
        "評価（PoC）。その後の利用許諾への移行を含む", "An evaluation (PoC), with the step-up to a licence"
    ),
}
"""What an applicant asks for; the agreement that is then made decides."""
_JAPANESE = re.compile(r"[ぁ-ヿ㐀-鿿]")


class EnglishNeeded(Refused):
    code = "licensee-english-needed"
    ja = "{what}を英字で記載してください。契約書の英文に用います。"
    en = "State {what} in Latin letters. The English text of the contract prints it."


ENGLISH = {
    "name_en": Text("会社の英文名称", "the company's name in English"),
    "address_en": Text("本店所在地の英文表記", "the address of its registered seat in English"),
}


def check_english(**stated: str) -> None:
    """Refuse a name or an address for the English contract that is missing, or still Japanese.

    >>> check_english(name_en="Wakaba Machines Co., Ltd.", address_en="1-1 Mihon, Tokyo, Japan")
    """
    for name, value in stated.items():
        if not is_english(value):
            raise EnglishNeeded(what=ENGLISH[name])


def is_english(value: str) -> bool:
    """Whether a text can stand in the English contract: there, and without kana or kanji."""
    return bool(value.strip()) and _JAPANESE.search(value) is None


FIELDS = {
    "vehicles": Text("自動車", "Vehicles"),
    "robotics": Text("ロボット", "Robotics"),
    "manufacturing": Text("製造設備", "Manufacturing cells"),
    "imaging": Text("画像・計測", "Imaging"),
    "games": Text("ゲーム", "Games"),
    "semiconductors": Text("半導体", "Semiconductors"),
}
"""The fields of use that stand until the consortium lists its own; what is listed since is dated data."""


def joined(labels: Iterable[Text]) -> Text:
    """Several labels as one, in both languages."""
    listed = list(labels)
    return Text("、".join(label.ja for label in listed), ", ".join(label.en for label in listed))
