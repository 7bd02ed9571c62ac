"""Screening of licensees: the Japanese-firm rule as dated data, what blocks a check, and what a refusal may say.

A person judges every check; the rules here keep that person from passing what its own record contradicts, and from
telling an applicant anything about a member.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from contributions.core import countries
from contributions.core.errors import Finding, Refused
from contributions.core.money import fraction
from contributions.core.words import Text
from licensing.core import regions
from licensing.core.decimals import percent
from licensing.core.licensees import CHECKS, joined

# The rule that stands until the consortium adopts its own.
FIRST_RULE = {"v": 1, "seat": ["JP"], "foreign_control": "1/2", "boundary": "below", "inference": ["JP"]}
FIRST_SOURCE = Text(
    "当初の基準（見本）：本店が日本にあり、外国からの支配が2分の1未満であること",
    "First rule (specimen): seated in Japan, and less than one half controlled from abroad",
)
BOUNDARIES = {"below": Text("未満", "less than"), "at-most": Text("以下", "at most")}
CATEGORY = {
    "none": Text("該当者なし", "nobody"),
    "applies": Text("該当者あり", "somebody"),
    "unknown": Text("未確認", "not known"),
}
END_USE = {
    "civil": Text("民生用途", "civil"),
    "military": Text("軍事用途又はそのおそれ", "military, or feared to be"),
    "unknown": Text("未確認", "not known"),
}
REASONS = {
    "not-eligible": Text(
        "利用者区分の要件（本店の所在地及び支配の状況）を確認できませんでした。",
        "The requirements of the class of licensee (seat and control) could not be confirmed.",
    ),
    "antisocial": Text(
        "反社会的勢力の排除に関する確認を完了できませんでした。",
        "The check on antisocial forces could not be completed.",
    ),
    "export": Text(
        "輸出管理上の取引審査（利用者、最終用途又は推論を行う場所）を通過しませんでした。",
        "The transaction did not pass export control (users, end use, or place of inference).",
    ),
    "unavailable": Text(
        "ご希望の利用分野・条件では、現在、提供することができません。",
        "The models cannot be offered at present in the field and on the conditions you asked for.",
    ),
    "incomplete": Text(
        "期限までに、審査に必要な資料をいただけませんでした。",
        "The documents needed for the screening did not arrive in time.",
    ),
}


class BadRule(Refused):
    code = "bad-screening-rule"
    ja = "審査基準の「{field}」が正しくありません。"
    en = "“{field}” of the screening rule is not right."


class Blocked(Refused):
    """A check that its own record contradicts cannot be passed."""

    code = "check-blocked"
    ja = "この項目は「合格」と記録できません。{first}"
    en = "This check cannot be recorded as passed. {first}"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            first=Text(
                "".join(finding.text("ja") for finding in self.findings),
                " ".join(finding.text("en") for finding in self.findings),
            )
        )


# Checks that are passed on a document; the others are made from our own records.
EVIDENCED = frozenset({"japanese-firm", "antisocial", "export"})


class PassedOnNothing(Refused):
    code = "screening-evidence-needed"
    ja = "「合格」とするには、根拠となる文書を添付してください。"
    en = "A check is passed on evidence: attach the document it rests on."


class ReasonUnknown(Refused):
    code = "refusal-reason-unknown"
    ja = "不承認の理由を一覧から選んでください。"
    en = "Choose the reason of the refusal from the list."


class NamesAMember(Refused):
    code = "names-a-member"
    ja = "申込者に伝える理由に会員の名称「{name}」が含まれています。会員を特定できない言葉に改めてください。"
    en = "The reason for the applicant names a member (“{name}”). Put it in words that name none."


@dataclass(frozen=True, slots=True)
class Rule:
    """Who counts as a Japanese firm, and where inference may run without a permit."""

    seat: frozenset[str]
    foreign_control: Fraction
    inclusive: bool
    inference: frozenset[str]


@dataclass(frozen=True, slots=True)
class Held:
    """A screening on record: of which check, with which outcome, for which days."""

    kind: str
    passed: bool
    start: date
    until: date


def rule(document: Mapping[str, Any]) -> Rule:
    """Read a rule: countries as two letters, the share of control from abroad, and whether the share itself passes."""
    for name in ("seat", "inference"):
        listed = document.get(name)
        if not isinstance(listed, list) or not all(isinstance(one, str) and len(one) == 2 for one in listed):
            raise BadRule(field=name)
    if document.get("boundary") not in BOUNDARIES:
        raise BadRule(field="boundary")
    try:
        share = fraction(str(document.get("foreign_control")))
    except (ValueError, ZeroDivisionError, Refused) as error:
        raise BadRule(field="foreign_control") from error
    if not 0 <= share <= 1:
        raise BadRule(field="foreign_control")
    return Rule(frozenset(document["seat"]), share, document["boundary"] == "at-most", frozenset(document["inference"]))


def is_japanese(rule: Rule, *, seat: str, foreign_control: Fraction) -> bool:
    """Whether a company counts as a Japanese firm under the rule.

    >>> first = Rule(frozenset({"JP"}), Fraction(1, 2), False, frozenset({"JP"}))
    >>> [is_japanese(first, seat="JP", foreign_control=Fraction(n, 100)) for n in (0, 49, 50)]
    [True, True, False]
    """
    within = foreign_control <= rule.foreign_control if rule.inclusive else foreign_control < rule.foreign_control
    return seat in rule.seat and within


def said(rule: Rule) -> Text:
    """The rule in a sentence."""
    word = BOUNDARIES["at-most" if rule.inclusive else "below"]
    share = percent(rule.foreign_control)
    seats = [regions.REGIONS.get(code, Text(code, code)) for code in sorted(rule.seat)]
    return Text(
        f"本店の所在国が{'・'.join(seat.ja for seat in seats)}で、外国の者による支配が {share} {word.ja}であること。",
        f"Seated in {', '.join(seat.en for seat in seats)}, and {word.en} {share} controlled from abroad.",
    )


def open_checks(rows: Iterable[Held], on: date) -> list[str]:
    """The checks that are not in force on the day, in order: the newest record of each decides, not the kindest.

    `rows` come in the order in which they were recorded.
    """
    newest = {row.kind: row for row in rows}
    passed = {kind for kind, row in newest.items() if row.passed and row.start <= on < row.until}
    return [kind for kind in CHECKS if kind not in passed]


def open_names(kinds: Iterable[str]) -> Text:
    """The names of checks, as one."""
    return joined(CHECKS[kind] for kind in kinds)


def blockers(
    kind: str, details: Mapping[str, Any], *, rule: Rule, licensee_class: str, excluded: bool
) -> tuple[Finding, ...]:
    """What stands against passing a check, by what was recorded of it; `excluded`: no release may serve the applicant.

    >>> first = Rule(frozenset({"JP"}), Fraction(1, 2), False, frozenset({"JP"}))
    >>> found = blockers("export", {"category": "none", "end_use": "military", "inference": ["JP"]}, rule=first,
    ...                  licensee_class="japanese", excluded=False)
    >>> [one.field for one in found]
    ['end_use']
    """
    if kind == "japanese-firm":
        return _of_the_firm(details, rule, licensee_class)
    if kind == "export":
        return _of_export(details, rule)
    if kind == "competition" and excluded:
        ja = "提供できるリリースが、現在ありません（データの利用条件）。"
        en = "There is no release that may serve this applicant (conditions of the data)."
        return (Finding(None, "competition", "excluded", ja, en),)
    return ()


def check_words(reason: str, text: str, members: Collection[str]) -> str:
    """The reason's own words if they name no member, else a refusal; `members`: every name a member goes by.

    >>> check_words("export", "推論の場所を国内に変更のうえ、再度お申し込みください。", {"nec", "Honda"})
    '推論の場所を国内に変更のうえ、再度お申し込みください。'
    """
    if reason not in REASONS:
        raise ReasonUnknown
    for name in sorted(members, key=len, reverse=True):
        if _names(text, name):
            raise NamesAMember(name=name)
    return text.strip()


def _names(text: str, name: str) -> bool:
    """Whether a name stands in the text; one in Latin letters as a word of its own: “nec” is not in “connected”."""
    if name.isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text, re.IGNORECASE) is not None
    return name in text


def _of_the_firm(details: Mapping[str, Any], rule: Rule, licensee_class: str) -> tuple[Finding, ...]:
    share, seat = details.get("foreign_control"), str(details.get("seat") or "")
    if share is None or not seat:
        ja = "本店の所在国と、外国の者による支配の割合を記録してください。"
        return (Finding(None, "seat", "not-stated", ja, "Record the country of the seat and the control from abroad."),)
    if licensee_class != "japanese" or is_japanese(rule, seat=seat, foreign_control=fraction(str(share))):
        return ()
    ja = "国内企業の基準（{rule}）に当たりません。利用者区分を「その他」に変更してください。"
    en = "The company does not meet the rule ({rule}). Change its class to “other”."
    return (Finding(None, "foreign_control", "not-japanese", ja, en, {"rule": said(rule)}),)


def _of_export(details: Mapping[str, Any], rule: Rule) -> tuple[Finding, ...]:
    permit = bool(str(details.get("permit") or "").strip())
    found = []
    for field, ja, en in _USERS:
        # records from before the two were asked apart state both under the one
        stated = details.get(field, "none" if field == "residency" else None)
        if stated != "none" and not permit:
            found.append(Finding(None, field, field, ja, en))
    if details.get("end_use") != "civil":
        ja, en = "最終用途が民生用途と確認できていません。", "The end use is not confirmed to be civil."
        found.append(Finding(None, "end_use", "end-use", ja, en))
    places = [str(one) for one in details.get("inference") or ()]
    if not places:
        found.append(
            Finding(None, "inference", "place", "推論を行う国がありません。", "No place of inference is stated.")
        )
    abroad = sorted(set(places) - rule.inference)
    if abroad and not permit:
        ja, en = "{places}での推論には許可番号の記録が必要です。", "Inference in {places} needs a permit."
        named = joined(countries.name(code) for code in abroad)
        found.append(Finding(None, "inference", "place", ja, en, {"places": named}))
    return tuple(found)


_USERS = (
    (
        "residency",
        "利用者に非居住者がいないことを確認できていません（許可番号の記録もありません）。",
        "It is not confirmed that no user is a non-resident, and no permit is recorded.",
    ),
    (
        "category",
        "特定類型に該当する利用者がいないことを確認できていません（許可番号の記録もありません）。",
        "It is not confirmed that no user is of a specified category, and no permit is recorded.",
    ),
)
