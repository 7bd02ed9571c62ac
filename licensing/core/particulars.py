"""Agreement variables that are more than one figure: destinations by field, changes to a contract, chosen alternatives.

Their JSON:

    destinations  {"robot": ["JP", "TH"], "vehicle": ["JP"]}
    changes       [{"place": {"ja", "en"}, "before": {"ja", "en"}, "after": {"ja", "en"}}]
    alternatives  {"liability": "liability-24"}        clause of the template → clause that stands in its place
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contributions.core.words import Text
from licensing.core.regions import REGIONS

# What each kind is called where a template is written.
KINDS = {
    "words": Text("語句（日英）", "words in both languages"),
    "text": Text("文字列（両言語で同じ）", "text, the same in both languages"),
    "money": Text("金額（円）", "amount of yen"),
    "count": Text("数", "whole number"),
    "rate": Text("割合", "rate"),
    "date": Text("日付", "date"),
    "period": Text("期間", "period"),
    "flag": Text("有無", "yes or no"),
    "choice": Text("一つを選択", "one of several"),
    "choices": Text("複数を選択", "some of several"),
    "regions": Text("国・地域", "countries and regions"),
    "destinations": Text("仕向地（分野別）", "destinations by field"),
    "terms": Text("料金表の条件", "terms of a schedule"),
    "digest": Text("要約値（SHA-256）", "digest (SHA-256)"),
    "changes": Text("新旧対照表", "table of changes"),
    "alternatives": Text("代替文言の選択", "choice of alternative wordings"),
}

CHANGES_MAX = 200
_CLAUSE = re.compile(r"[a-z][a-z0-9-]*")
_BLANK = Text("（なし）", "(none)")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a table of changes (新旧対照表): where, what stood there, what stands there now."""

    place: Text
    before: Text
    after: Text


def destinations(fields: Mapping[str, Text], value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Where products of each field may go, in the order of the fields and of the table of regions."""
    if not isinstance(value, Mapping) or not value or not set(value) <= set(fields):
        raise ValueError("field")
    for codes in value.values():
        if not isinstance(codes, list) or not codes or len(set(codes)) != len(codes) or not set(codes) <= set(REGIONS):
            raise ValueError("region")
    return tuple((name, tuple(value[name])) for name in fields if name in value)


def destinations_amiss(fields: Collection[str], value: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """Licensed fields that have no destinations, and fields with destinations that are not licensed.

    Only asked where products are exported with the model on board.

    >>> destinations_amiss(["robot"], {"vehicle": ["JP"]})
    (['robot'], ['vehicle'])
    """
    return [name for name in fields if not value.get(name)], [name for name in value if name not in fields]


def destination_words(fields: Mapping[str, Text], value: tuple[tuple[str, tuple[str, ...]], ...]) -> Text:
    """Destinations as they stand in the contract.

    >>> destination_words({"robot": Text("ロボット", "robots")}, (("robot", ("JP", "TH")),))
    Text(ja='ロボットについては日本及びタイ', en='robots: Japan and Thailand')
    """
    ja = [
        f"{fields[name].ja}については{_and([REGIONS[code].ja for code in codes], '、', '及び')}"
        for name, codes in value
    ]
    en = [f"{fields[name].en}: {_and([REGIONS[code].en for code in codes], ', ', ' and ')}" for name, codes in value]
    return Text("、".join(ja), "; ".join(en))


def changes(value: object) -> tuple[Change, ...]:
    """The table of changes of an amendment; each line in both languages."""
    if not isinstance(value, list) or not 0 < len(value) <= CHANGES_MAX:
        raise ValueError("changes")
    return tuple(_change(row) for row in value)


def changes_words(value: tuple[Change, ...]) -> Text:
    """How many places change, where a text has to say it."""
    return Text(f"{len(value)}か所", f"{len(value)} place{'' if len(value) == 1 else 's'}")


def alternatives(value: object) -> tuple[tuple[str, str], ...]:
    """Which clause stands in the place of which."""
    if not isinstance(value, Mapping):
        raise ValueError("alternatives")
    for base, chosen in value.items():
        if not all(isinstance(name, str) and _CLAUSE.fullmatch(name) for name in (base, chosen)) or base == chosen:
            raise ValueError("clause")
    return tuple(sorted(value.items()))


def _change(row: object) -> Change:
    if not isinstance(row, Mapping) or set(row) != {"place", "before", "after"}:
        raise ValueError("change")
    place, before, after = (_both(row[name]) for name in ("place", "before", "after"))
    if not place.ja or not place.en or (before == after):
        raise ValueError("change")
    return Change(place, before if before.ja else _BLANK, after if after.ja else _BLANK)


def _both(value: object) -> Text:
    if not isinstance(value, Mapping) or set(value) != {"ja", "en"}:
        raise ValueError("ja, en")
    text = Text(str(value["ja"]).strip(), str(value["en"]).strip())
    if bool(text.ja) != bool(text.en):
        raise ValueError("ja, en")
    return text


def _and(parts: list[str], comma: str, last: str) -> str:
    return last.join([comma.join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
