"""The eligibility self-check: what a prospective licensee answers about itself, and what follows, with the reasons.

It is the screening's own rule, asked beforehand. Nothing is stored and nothing is decided: the consortium's screening
alone decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from contributions.core import countries
from contributions.core.words import Text
from licensing.core import screening
from licensing.core.licensees import CHECKS, joined
from licensing.core.screening import Rule

READY, PAPERS, STOP = "ready", "papers", "stop"
OUTCOMES = {
    READY: Text("申込みに進めます", "You can apply"),
    PAPERS: Text("追加の資料が必要です", "You can apply, with further documents"),
    STOP: Text("このままでは承認されません", "As it stands you would not be approved"),
}
YES_NO = {"no": Text("いいえ", "No"), "yes": Text("はい", "Yes"), "unknown": Text("分からない", "I do not know")}


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from one answer: for which check, how it stands, and why."""

    check: Text
    outcome: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """All answers together: the worst of them, the class of licensee, and each with its reason."""

    outcome: str
    licensee_class: str
    answers: tuple[Answer, ...]


def judge(
    rule: Rule,
    *,
    seat: str,
    foreign_control: Fraction,
    antisocial: str,
    residency: str,
    category: str,
    end_use: str,
    inference: tuple[str, ...],
    affiliates: str,
) -> Verdict:
    """What the screening would ask and find, by the answers alone.

    >>> first = screening.rule(screening.FIRST_RULE)
    >>> verdict = judge(first, seat="JP", foreign_control=Fraction(3, 5), antisocial="no", residency="no",
    ...                 category="no", end_use="civil", inference=("JP",), affiliates="no")
    >>> verdict.outcome, verdict.licensee_class
    ('ready', 'other')
    """
    japanese = screening.is_japanese(rule, seat=seat, foreign_control=foreign_control)
    answers = (
        Answer(CHECKS["japanese-firm"], READY, (_JAPANESE if japanese else _OTHER)),
        _of_three(CHECKS["antisocial"], antisocial, _CLEAN, _ANTISOCIAL, _ANTISOCIAL_UNKNOWN),
        _of_users(residency, _USERS, _RESIDENCY),
        _of_users(category, _NO_CATEGORY, _CATEGORY),
        _of_end_use(end_use),
        _of_places(rule, inference),
        _of_three(CHECKS["affiliates"], affiliates, _ALONE, _AFFILIATES, _AFFILIATES, yes=PAPERS),
    )
    worst = max((answer.outcome for answer in answers), key=(READY, PAPERS, STOP).index)
    return Verdict(worst, "japanese" if japanese else "other", answers)


def _of_three(check: Text, given: str, no: Text, yes_text: Text, unknown: Text, *, yes: str = STOP) -> Answer:
    if given == "no":
        return Answer(check, READY, no)
    return Answer(check, yes, yes_text) if given == "yes" else Answer(check, PAPERS, unknown)


def _of_users(given: str, no: Text, otherwise: Text) -> Answer:
    return Answer(CHECKS["export"], READY, no) if given == "no" else Answer(CHECKS["export"], PAPERS, otherwise)


def _of_end_use(end_use: str) -> Answer:
    if end_use == "civil":
        return Answer(CHECKS["export"], READY, _CIVIL)
    return Answer(CHECKS["export"], STOP if end_use == "military" else PAPERS, _MILITARY)


def _of_places(rule: Rule, places: tuple[str, ...]) -> Answer:
    abroad = joined(countries.name(code) for code in sorted(set(places) - rule.inference))
    if not abroad.ja:
        return Answer(CHECKS["export"], READY, _PLACES)
    return Answer(
        CHECKS["export"],
        PAPERS,
        Text(
            f"{abroad.ja}での推論は、該非判定及び許可の要否の確認が終わるまで承認されません。",
            f"Inference in {abroad.en} is approved only once the need for a permit has been settled.",
        ),
    )


_JAPANESE = Text(
    "国内企業の基準に当たります。商業登記と株主の状況が分かる資料をご用意ください。",
    "You meet the rule for Japanese firms. Have your company register and the list of shareholders at hand.",
)
_OTHER = Text(
    "国内企業の基準には当たりません。「その他」の区分の料金表で申し込むことができます。",
    "You do not meet the rule for Japanese firms. You can apply under the price list of the class “other”.",
)
_CLEAN = Text("申込みのときに表明していただきます。", "You will be asked to represent this when you apply.")
_ANTISOCIAL = Text(
    "反社会的勢力又はこれと関係のある方とは契約できません。",
    "No agreement is made with antisocial forces or with those connected with them.",
)
_ANTISOCIAL_UNKNOWN = Text(
    "役員及び主要な株主についてご確認のうえ、お申し込みください。",
    "Please check your officers and main shareholders before you apply.",
)
_USERS = Text("居住者だけが使う場合です。", "Only residents of Japan use the model.")
_RESIDENCY = Text(
    "非居住者が使う場合は、外国為替及び外国貿易法25条の許可の要否を確認します。",
    "Where non-residents use the model, the need for a permit under article 25 of the Foreign Exchange and Foreign"
    " Trade Act is examined.",
)
_NO_CATEGORY = Text(
    "外国政府等の強い影響の下にある利用者はいません。", "No user is under the strong influence of a foreign government."
)
_CATEGORY = Text(
    "居住者でも特定類型に該当する方が使う場合は、同条の許可の要否を確認します（みなし輸出管理）。",
    "Where residents of a specified category use it, the need for a permit under that article is examined, too (deemed"
    " exports).",
)
_CIVIL = Text("民生用途です。", "The use is civil.")
_MILITARY = Text(
    "軍事用途又はそのおそれがある用途には提供しません。用途を確認できない場合は審査を終えられません。",
    "The models are not provided for military use, or where that is feared. An unknown use cannot be screened.",
)
_PLACES = Text("許可を要しない国で推論を行います。", "Inference runs where no permit is needed.")
_ALONE = Text("無料枠と年間上限は御社だけで数えます。", "The free tier and the yearly caps are counted for you alone.")
_AFFILIATES = Text(
    "無料枠と年間上限は企業集団に一つです。関係会社の一覧をご用意ください。",
    "A group of affiliates has one free tier and one set of caps. Have the list of affiliates at hand.",
)
