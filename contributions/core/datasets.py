"""Datasets put in: the record of a version, what it is measured in, where its copies lie, which reviews it needs.

The record follows the minimum that the consortium's data rules ask of every version (source: domain.md 4, drawn from
Croissant, SPDX 3.0 Dataset and the D&TA provenance standards). What is missing from it is named, not guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from contributions.core import reviews, units
from contributions.core.errors import Refused
from contributions.core.periods import Period
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
# Simulated data has no data subject and no plant to harm: nothing to de-identify. Everything else goes through all six.
_SPARED = {"simulation": frozenset({reviews.PRIVACY, reviews.SAFETY})}

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
class Record:
    """The minimum record of a dataset version."""

    code: str
    version: int
    title: Text
    member: str
    quantity: int | None
    unit: str
    kind: str
    site: str = ""
    rights_holders: tuple[str, ...] = ()
    sha256: tuple[str, ...] = ()
    collected: Period | None = None
    copies: tuple[Copy, ...] = ()
    tlp: str | None = None
    has_personal_data: bool | None = None
    export_class: str = ""
    purposes: tuple[str, ...] = ()
    prohibited: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    agreement: str | None = None


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
            places = "、".join(f"{copy.country}（{copy.region}）" for copy in self.outside)
            abroad = ", ".join(f"{copy.country} ({copy.region})" for copy in self.outside)
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
    """The same country code, if it is two capital letters."""
    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        raise NotACountry(country=country)
    return country


def required_reviews(kind: str) -> tuple[str, ...]:
    """The reviews a version of that kind must pass, in the order in which they are held.

    >>> required_reviews("simulation")
    ('title', 'export', 'competition', 'security')
    """
    if kind not in KINDS:
        raise UnknownKind(kind=kind, known="、".join(KINDS))
    spared = _SPARED.get(kind, frozenset())
    return tuple(review for review in reviews.REVIEWS if review not in spared)


def residency(copies: Iterable[Copy], allowed: Collection[str], at: date) -> Residency:
    """Whether every copy on record at the date lies in an allowed country."""
    lying = sorted(
        (copy for copy in copies if copy.lies_at(at)), key=lambda copy: (copy.country, copy.region, copy.start)
    )
    inside = tuple(copy for copy in lying if copy.country in allowed)
    return Residency(at=at, inside=inside, outside=tuple(copy for copy in lying if copy.country not in allowed))


def gaps(record: Record) -> tuple[Text, ...]:
    """What the minimum record still leaves out."""
    asked = (
        (record.quantity is not None, Text("数量", "quantity")),
        (bool(record.site), Text("取得場所", "site of collection")),
        (bool(record.rights_holders), Text("権利者", "rights holders")),
        (bool(record.sha256), Text("ファイルの要約値（SHA-256）", "digests of the files")),
        (record.collected is not None, Text("取得期間", "period of collection")),
        (bool(record.copies), Text("保管場所", "place of storage")),
        (record.tlp in TLP, Text("機密区分（TLP）", "confidentiality (TLP)")),
        (record.has_personal_data is not None, Text("個人データの有無", "whether it holds personal data")),
        (bool(record.purposes), Text("許諾目的", "allowed purposes")),
        (bool(record.agreement), Text("根拠契約", "the inbound agreement")),
    )
    return tuple(text for stated, text in asked if not stated)


def check_ready(left_out: Sequence[Text]) -> None:
    """Refuse to open reviews while something is not stated."""
    if left_out:
        listed = Text("、".join(text.ja for text in left_out), "; ".join(text.en for text in left_out))
        raise NotReadyForReview(gaps=listed)
