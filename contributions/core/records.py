"""The minimum record of a dataset version: what its owner states beside the file, and what is still left out.

The fields are those that the data rules ask of every version (source: domain.md 4, drawn from Croissant, SPDX 3.0
Dataset and the D&TA provenance standards). A record is texts and lists of texts, so that it stands in a statement as it
is, goes out in Croissant under our own terms, and comes back the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from contributions.core.datasets import MARKS, TLP
from contributions.core.errors import Refused
from contributions.core.periods import is_plausible, last_day
from contributions.core.reviews import PERSONAL, PERSONAL_GROUNDS, PRIVACY_OUTCOMES, PSEUDONYMISED
from contributions.core.words import Text

Record = dict[str, Any]

# field: (its term in Croissant, label, whether it holds several texts)
FIELDS: dict[str, tuple[str, Text, bool]] = {
    "site": ("site", Text("取得場所", "Site of collection"), False),
    "rights_holders": ("rightsHolder", Text("権利者", "Rights holders"), True),
    "collected_from": ("collectedFrom", Text("取得開始日", "Collected from"), False),
    "collected_until": (
        "collectedUntil",
        Text("取得終了日（当日を含まない）", "Collected until (excluded)"),
        False,
    ),
    "tlp": ("tlp", Text("機密区分（TLP）", "Confidentiality (TLP)"), False),
    "personal": ("personalData", Text("個人データの有無・区分", "Personal data"), False),
    "legal_basis": ("legalBasis", Text("個人データを提供する根拠", "Ground for personal data"), False),
    "third_party_rights": ("thirdPartyRights", Text("第三者の権利", "Rights of third parties"), False),
    "export_class": (
        "exportClass",
        Text("輸出管理上の区分（申告）", "Export class by its owner"),
        False,
    ),
    "purposes": ("purposes", Text("許諾目的", "Allowed purposes"), True),
    "prohibited": ("prohibited", Text("禁止される利用", "Prohibited uses"), True),
    "marks": ("marks", Text("秘密・限定提供の表示", "Marks of secrecy"), True),
}
NONE = "none"
PERSONAL_DATA = {NONE: Text("なし", "no personal data"), **PRIVACY_OUTCOMES}
# A mark may be absent, and an owner need not have judged its export class: the review does.
_OPTIONAL = frozenset({"legal_basis", "export_class", "marks"})
_TEXT_MAX = 500
_END, _LAST = "collected_until", Text("取得の最終日", "Last day of collection")
_PARTS = re.compile(r"\s*[、,，;；]\s*")


class NotInRecord(Refused):
    code = "not-in-record"
    ja = "{field}を読めません：{value}。{known}"
    en = "{field} cannot be read: “{value}”. {known}"


class StatedUnderReview(Refused):
    code = "stated-under-review"
    ja = "審査が始まった版の記載は変えられません。新しい版を登録してください。"
    en = "What a version states does not change once its reviews have begun. Register a new version."


def read(stated: Mapping[str, Any]) -> Record:
    """The record in what an owner states, by field or by Croissant term; texts are trimmed, lists split, codes checked.

    >>> read({"tlp": "amber", "purposes": "training、evaluation"})
    {'tlp': 'amber', 'purposes': ['training', 'evaluation']}
    """
    found: Record = {}
    for field, (term, label, several) in FIELDS.items():
        given = stated.get(field) or stated.get(term) or ""
        text = unicodedata.normalize("NFC", "、".join(given) if isinstance(given, list) else str(given)).strip()
        if not text:
            continue
        if len(text) > _TEXT_MAX:
            raise NotInRecord(field=label, value=text[:40] + "…", known=_limit())
        found[field] = _list(text) if several else text
    _check(found)
    return found


def stated(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record under its Croissant terms, without our prefix: what `read` turns back into the same record."""
    return {FIELDS[field][0]: record[field] for field in FIELDS if record.get(field)}


def merged(record: Mapping[str, Any], later: Mapping[str, Any]) -> Record:
    """The record with what is stated later in the place of what stood there."""
    found = {field: value for field, value in {**record, **later}.items() if value}
    _check(found)
    return found


def gaps(record: Mapping[str, Any]) -> tuple[Text, ...]:
    """What the minimum record still leaves out, by its label."""
    needed = [field for field in FIELDS if field not in _OPTIONAL]
    if record.get("personal") in {PERSONAL, PSEUDONYMISED}:
        needed.append("legal_basis")
    return tuple(
        Text(f"{FIELDS[field][1].ja}の記載がありません。", f"Not stated: {FIELDS[field][1].en}.")
        for field in needed
        if not record.get(field)
    )


def marks_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The marks that travel with the version's files, in the order of the table of marks."""
    return tuple(mark for mark in MARKS if mark in (record.get("marks") or ()))


def lines(record: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """The record for people: label and value, in the order of the table; a period with its last day."""
    return [(_label(field), _words(field, record[field])) for field in FIELDS if record.get(field)]


def _label(field: str) -> Text:
    return _LAST if field == _END else FIELDS[field][1]


def _words(field: str, value: Any) -> Text:
    if field == _END:
        last = last_day(date.fromisoformat(value)).isoformat()
        return Text(last, last)
    table = _CODES.get(field, {})
    parts = [table.get(part, Text(part, part)) for part in (value if isinstance(value, list) else [value])]
    return Text("、".join(part.ja for part in parts), ", ".join(part.en for part in parts))


def _list(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in _PARTS.split(text) if part))


def _check(found: Record) -> None:
    for field, codes in _CODES.items():
        given = found.get(field)
        for value in given if isinstance(given, list) else [given] if given else []:
            if value not in codes:
                raise NotInRecord(field=FIELDS[field][1], value=value, known=_known(codes))
    days = [_day(field, found[field]) for field in ("collected_from", "collected_until") if field in found]
    if len(days) == 2 and days[0] >= days[1]:
        label = FIELDS["collected_until"][1]
        raise NotInRecord(field=label, value=found["collected_until"], known=_AFTER)


def _day(field: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or not is_plausible(day):  # Python also reads 20260412 and 2026-W15-7
        raise NotInRecord(field=FIELDS[field][1], value=text, known=_DAY)
    return day


def _known(codes: Iterable[str]) -> Text:
    return Text(f"{'、'.join(codes)} のいずれかで記載してください。", f"Use one of {', '.join(codes)}.")


def _limit() -> Text:
    return Text(f"{_TEXT_MAX} 文字以内で記載してください。", f"Use at most {_TEXT_MAX} characters.")


_DAY = Text("日付は 2026-04-12 の形で記載してください。", "Write a day such as 2026-04-12.")
_AFTER = Text("開始日より後の日にしてください。", "It must be later than the day on which the collection began.")
_CODES: dict[str, Mapping[str, Text]] = {
    "tlp": TLP,
    "personal": PERSONAL_DATA,
    "legal_basis": PERSONAL_GROUNDS,
    "marks": MARKS,
}
