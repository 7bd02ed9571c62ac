"""Datasets put in: what a version is measured in, where its copies lie, and how long it may be used.

What an owner states of a version is in `records`, which reviews it needs in `requirements`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from contributions.core import countries, units
from contributions.core.errors import Refused
from contributions.core.words import Text

QUANTITY_UNITS = ("byte", "record", "token", "media_second")
NOT_RESIDENT = "not-resident"

KINDS = {
    "plant": Text("工場・設備のセンサー系列", "plant and sensor series"),
    "vehicle": Text("車両の走行・制御データ", "vehicle and driving data"),
    "video": Text("映像", "video"),
    "image": Text("画像", "images"),
    "language": Text("文書・言語", "text and language"),
    "network": Text("通信・ネットワーク記録", "network records"),
    "simulation": Text("シミュレーション", "simulation"),
}
# Traffic Light Protocol 2.0 (FIRST): who may be told.
TLP = {
    "red": Text("TLP:RED（名宛人限り）", "TLP:RED, named recipients only"),
    "amber-strict": Text("TLP:AMBER+STRICT（組織内限り）", "TLP:AMBER+STRICT, own organization only"),
    "amber": Text("TLP:AMBER（組織と取引先限り）", "TLP:AMBER, organization and clients"),
    "green": Text("TLP:GREEN（コミュニティ限り）", "TLP:GREEN, community"),
    "clear": Text("TLP:CLEAR（制限なし）", "TLP:CLEAR, no limit"),
}
MARKS = {
    "trade-secret": Text("営業秘密", "trade secret"),
    "limited-data": Text("限定提供データ", "shared data with limited access"),
}


class NotADataUnit(Refused):
    code = "not-a-data-unit"
    ja = "データの数量は {known} のいずれかで表してください（指定：{unit}）。"
    en = "A dataset is measured in one of {known}, not in “{unit}”."


class UnknownKind(Refused):
    code = "unknown-dataset-kind"
    ja = "データの種別「{kind}」は登録されていません。{known} のいずれかを指定してください。"
    en = "There is no dataset kind “{kind}”. Use one of {known}."


class NotReadyForReview(Refused):
    code = "not-ready-for-review"
    ja = "記載が足りないため審査を開始できません：{gaps}"
    en = "The review cannot begin; the record leaves out: {gaps}"


class NotACountry(Refused):
    code = "not-a-country"
    ja = "国は ISO 3166-1 の2文字（例 JP）で指定してください（指定：{country}）。"
    en = "Name the country by its two letters of ISO 3166-1, such as JP, not “{country}”."


class NoSuchCopy(Refused):
    code = "no-such-copy"
    ja = "{version} に複製 {copy} は記録されていません。"
    en = "{version} has no copy {copy} on record."


class CopyGone(Refused):
    code = "copy-gone"
    ja = "複製 {copy} は {until} に廃棄済みです。"
    en = "Copy {copy} was deleted on {until}."


class GoneBefore(Refused):
    code = "copy-gone-before"
    ja = "廃棄の日（{until}）は、複製が置かれた日（{on}）より前にはできません。"
    en = "A copy that lay there from {on} cannot have been deleted on {until}."


class CopyNotYet(Refused):
    code = "copy-not-yet"
    ja = "{day} は将来の日です。複製を置いた日または廃棄した日が到来してから記録してください。"
    en = "{day} is still to come. Record a copy, or its deletion, once the day has come."


class WithdrawnAlready(Refused):
    code = "already-withdrawn"
    ja = "{version} は {on} 付で取り下げられています。"
    en = "{version} is withdrawn from {on} on."


class WithdrawnBackwards(Refused):
    code = "withdrawn-backwards"
    ja = "取下げは本日（{today}）以後の日から効力を持ちます。過去の配分は変わりません（指定：{on}）。"
    en = "A withdrawal takes effect today ({today}) or later, not on {on}: allocations of the past do not change."


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a version and where it lies; `until` exclusive, None while it is kept."""

    country: str
    region: str
    start: date
    until: date | None = None

    def lies_at(self, at: date) -> bool:
        return self.start <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Residency:
    """Where the copies lie at a date, and which of them lie outside the countries allowed."""

    at: date
    inside: tuple[Copy, ...]
    outside: tuple[Copy, ...]

    @property
    def is_kept(self) -> bool:
        return self.reason is None

    @property
    def reason(self) -> str | None:
        """The code under which the version does not count; a version with no copy on record is not shown to be here."""
        return None if self.inside and not self.outside else NOT_RESIDENT

    @property
    def text(self) -> Text:
        if self.outside:
            places = "、".join(f"{countries.name(copy.country).ja}（{copy.region}）" for copy in self.outside)
            abroad = ", ".join(f"{countries.name(copy.country).en} ({copy.region})" for copy in self.outside)
            return Text(f"国外に保管場所あり：{places}", f"a copy lies abroad: {abroad}")
        if not self.inside:
            return Text("保管場所の記録なし", "no place of storage on record")
        return Text("国内保管", "kept in the country")


def check_quantity(quantity: int, unit: str) -> tuple[int, str]:
    """The same quantity and unit, if a dataset may be measured so and an account can hold it."""
    if unit not in QUANTITY_UNITS:
        raise NotADataUnit(unit=unit, known="、".join(QUANTITY_UNITS))
    return units.check_amount(quantity), unit


def check_country(country: str) -> str:
    """The same country code, if there is such a country."""
    if country not in countries.CODES:
        raise NotACountry(country=country)
    return country


def residency(copies: Iterable[Copy], allowed: Collection[str], at: date) -> Residency:
    """Whether every copy on record at the date lies in an allowed country."""
    lying = sorted(
        (copy for copy in copies if copy.lies_at(at)), key=lambda copy: (copy.country, copy.region, copy.start)
    )
    inside = tuple(copy for copy in lying if copy.country in allowed)
    return Residency(at=at, inside=inside, outside=tuple(copy for copy in lying if copy.country not in allowed))


def check_come(day: date, today: date) -> None:
    """Refuse a day of a copy that is still to come: what is typed so can neither be undone nor recorded again."""
    if day > today:
        raise CopyNotYet(day=day)


def check_withdrawal(version: str, *, on: date, today: date, withdrawn: date | None) -> None:
    """Refuse a withdrawal that stands already, or that would reach back."""
    if withdrawn is not None:
        raise WithdrawnAlready(version=version, on=withdrawn)
    if on < today:
        raise WithdrawnBackwards(on=on, today=today)


def check_ready(left_out: Sequence[Text]) -> None:
    """Refuse to open reviews while something is not stated."""
    if left_out:
        listed = Text("、".join(text.ja for text in left_out), "; ".join(text.en for text in left_out))
        raise NotReadyForReview(gaps=listed)
