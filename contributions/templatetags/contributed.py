"""Words for the codes that stand in this wing's tables. A code nobody has given a word reads as it was recorded."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language

from contributions import selectors
from contributions.core import datasets, imports, resources, reviews
from contributions.core.words import Text

register = template.Library()

MEMBER_CLASSES = {
    "founder": Text("設立会員", "Founder"),
    "investor": Text("出資会員", "Investor"),
    "partner": Text("AIパートナー", "AI partner"),
    "associate": Text("準会員", "Associate"),
}
FUNDING_MODES = {
    "own": Text("自己資金", "Own money"),
    "commission": Text("委託", "Commissioned"),
    "subsidy": Text("補助", "Subsidised"),
}
CARDS = {
    "accelerator": Text("計算資源：基準GPU時間への換算", "Accelerators: reference GPU hours for one hour"),
    "grade": Text("出向・従事：等級の係数", "People: factor of each grade"),
    "dataset": Text("データセット：品質と独自性の係数", "Datasets: factors of quality and uniqueness"),
}
TERM_TYPES = {
    "participation": Text("参加契約", "Participation agreement"),
    "contribution": Text("提供契約", "Contribution agreement"),
    "data": Text("データ提供契約", "Data provision agreement"),
    "compute": Text("計算資源提供契約", "Compute provision agreement"),
    "secondment": Text("出向契約", "Secondment agreement"),
    "background": Text("知的財産利用許諾契約", "Background IP licence"),
    "membership": Text("会員契約", "Membership agreement"),
    "consortium": Text("共同事業契約", "Consortium agreement"),
}
RIGHT_SUBJECTS = {
    "data": Text("データ", "Data"),
    "compute": Text("計算資源", "Compute"),
    "people": Text("出向・従事者の成果", "Work of people"),
    "background": Text("バックグラウンド知的財産", "Background IP"),
}
PURPOSES = {
    "training": Text("学習", "training"),
    "evaluation": Text("評価", "evaluation"),
    "fine-tuning": Text("追加学習", "further training"),
    "inference": Text("推論", "inference"),
    "licensing": Text("利用許諾", "licensing"),
    "research": Text("研究", "research"),
}
FIELDS = {
    "vehicles": Text("自動車", "vehicles"),
    "robotics": Text("ロボット", "robotics"),
    "manufacturing": Text("製造設備", "manufacturing"),
    "imaging": Text("画像・計測", "imaging"),
    "games": Text("ゲーム", "games"),
    "semiconductors": Text("半導体", "semiconductors"),
    "all": Text("限定なし", "all fields"),
}
AFTER_WITHDRAWAL = {
    "trained-releases-remain": Text("学習済みのリリースでの利用は存続", "use in releases already trained remains"),
    "stays": Text("存続", "stays"),
    "ends": Text("終了", "ends"),
    "no-new-training": Text("新たな学習には使えない", "no new training"),
    "delete": Text("消去", "to be deleted"),
}
REVIEW_STATES = {
    "open": Text("審査中", "In review"),
    "passed": Text("適合", "Passed"),
    "refused": Text("不適合", "Refused"),
    "expired": Text("期限切れ", "Expired"),
}
BATCH_STATES = {
    "submitted": Text("確認待ち", "To be attested"),
    "accepted": Text("確認済", "Attested"),
    "reversed": Text("取消済", "Reversed"),
}
RESOURCE_STATES = {
    "submitted": Text("受入待ち", "To be accepted"),
    "accepted": Text("受入済", "Accepted"),
    "reversed": Text("取消済", "Reversed"),
}
RESOURCE_BRIEFLY = {**resources.KINDS, resources.BACKGROUND: Text("知的財産", "IP")}
TABLES = {
    "resource_briefly": RESOURCE_BRIEFLY,
    "review_state": REVIEW_STATES,
    "batch_state": BATCH_STATES,
    "resource_state": RESOURCE_STATES,
    "member_class": MEMBER_CLASSES,
    "funding_mode": FUNDING_MODES,
    "card": CARDS,
    "term_type": TERM_TYPES,
    "right_subject": RIGHT_SUBJECTS,
    "purpose": PURPOSES,
    "field": FIELDS,
    "after_withdrawal": AFTER_WITHDRAWAL,
    "review": reviews.REVIEWS,
    "ground": reviews.PRIVACY_OUTCOMES,
    "modality": datasets.KINDS,
    "resource": resources.KINDS,
    "nature": resources.NATURES,
    "grade": resources.GRADES,
    "format": imports.FORMATS,
}
# What a contributor may state of a dataset beside the standard terms.
STATED = {
    "moyai:site": Text("取得場所", "Site of collection"),
    "moyai:collectedFrom": Text("取得開始日", "Collected from"),
    "moyai:collectedUntil": Text("取得終了日", "Collected until"),
    "moyai:tlp": Text("機密区分（TLP）", "Confidentiality (TLP)"),
    "moyai:personalData": Text("個人データ", "Personal data"),
    "moyai:rightsHolder": Text("権利者", "Rights holder"),
    "moyai:purposes": Text("許諾目的", "Allowed purposes"),
    "moyai:prohibited": Text("禁止される利用", "Prohibited uses"),
    "moyai:marks": Text("秘密・限定提供の表示", "Marks of secrecy"),
    "moyai:exportClass": Text("該非判定", "Export classification"),
    "rai:dataCollection": Text("収集の方法", "How it was collected"),
    "rai:dataCollectionTimeframe": Text("収集の期間", "When it was collected"),
    "rai:personalSensitiveInformation": Text("個人・要配慮情報", "Personal or sensitive information"),
    "rai:dataBiases": Text("偏り", "Biases"),
    "rai:dataLimitations": Text("限界", "Limitations"),
    "rai:dataUseCases": Text("想定する用途", "Intended uses"),
}
_PERSONAL = {**reviews.PRIVACY_OUTCOMES, "none": Text("なし", "none"), "personal": Text("あり", "yes")}
_STATED_WORDS = {"moyai:tlp": datasets.TLP, "moyai:marks": datasets.MARKS, "moyai:personalData": _PERSONAL}


def text_of(table: str, code: str) -> Text:
    """The word of a code in one of the tables, in both languages."""
    return TABLES[table].get(code, Text(code, code))


@register.filter
def word(code: str | None, table: str) -> str:
    """`{{ review.kind|word:"review" }}`: the word of a code in the reader's language."""
    return text_of(table, str(code)).of(get_language()) if code else "–"


@register.filter
def briefly(organization: object) -> str:
    """An organization's short name, for columns."""
    ja, en = (getattr(organization, name, "") for name in ("short_ja", "short_en"))
    return Text(ja or en, en or ja).of(get_language())


@register.filter
def words(codes: Iterable[str], table: str) -> str:
    """Several codes as one list of words."""
    separator = "、" if (get_language() or "").startswith("ja") else ", "
    return separator.join(word(code, table) for code in codes) or "–"


def stated(additions: dict[str, str]) -> list[tuple[Text, Text]]:
    """The contributor's own statements that have a word, in the order of the table."""
    return [(label, _said(key, additions[key])) for key, label in STATED.items() if additions.get(key)]


def _said(key: str, value: str) -> Text:
    table = _STATED_WORDS.get(key)
    if table is None:
        return Text(value, value)
    parts = [table.get(part.strip(), Text(part, part)) for part in value.split(",")]
    return Text("、".join(part.ja for part in parts), ", ".join(part.en for part in parts))


@register.inclusion_tag("contributions/log/verification.html")
def last_verification() -> dict:
    """When the whole log was last verified in depth, and what came of it."""
    return {"job": selectors.verification.latest()}
