"""Data reviews: which there are, who may decide one, and whether a version's chain stands at a date.

A dataset version counts only while every review required of it has passed and is in force. A review needs as many
independent opinions as its quota says; together they are one round. A decision is never changed: a re-examination is a
new round, which takes the place of the one before from its own date on. A pass may carry conditions, and holds only
while each of them is not yet due or is fulfilled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Refused
from contributions.core.words import Text

TITLE, PRIVACY, EXPORT = "title", "privacy", "export"
COMPETITION, SECURITY, SAFETY = "competition", "security", "safety"

REVIEWS = {
    TITLE: Text("権原・適法性", "Title and legality"),
    PRIVACY: Text("個人情報", "Privacy"),
    EXPORT: Text("輸出管理（該非判定）", "Export control"),
    COMPETITION: Text("競争法", "Competition"),
    SECURITY: Text("情報セキュリティ", "Security"),
    SAFETY: Text("匿名化・安全", "De-identification and safety"),
}

PASSED, REFUSED = "passed", "refused"
DECISIONS = {PASSED: Text("適合", "passed"), REFUSED: Text("不適合", "refused")}

# What the work needs to see of the data's own structure. Column names tell a plant's know-how; a review of title, of
# competition or of security is decided without them.
NEEDS_COLUMNS = frozenset({PRIVACY, EXPORT, SAFETY})

PSEUDONYMISED, PERSONAL = "pseudonymised", "personal"
# How a privacy review may end. Personal data needs its ground; pseudonymised data its channel.
PRIVACY_OUTCOMES = {
    "not-personal": Text("個人情報を含まない", "not personal"),
    "anonymised": Text("匿名加工情報", "anonymised (匿名加工情報)"),
    "statistical": Text("統計情報", "statistical"),
    PERSONAL: Text("個人データ（根拠・記録あり）", "personal data, with ground and records"),
    PSEUDONYMISED: Text("仮名加工情報", "pseudonymised (仮名加工情報)"),
}
# 個人情報保護法41条6項: 仮名加工情報 passes to others only in these ways.
PSEUDONYMISED_CHANNELS = {
    "entrustment": Text("委託", "entrustment"),
    "succession": Text("承継", "succession"),
    "joint-use": Text("共同利用", "joint use"),
}

# How an export review may end (外為法25条, 該非判定).
EXPORT_OUTCOMES = {
    "not-listed": Text("非該当", "not listed"),
    "out-of-scope": Text("対象外", "out of scope"),
    "listed": Text("該当（国内での利用に限る）", "listed, for use in the country only"),
}
# 個人情報保護法27条・28条ほか: on which ground personal data may be provided to others.
PERSONAL_GROUNDS = {
    "consent": Text("本人の同意", "consent of the person"),
    "law": Text("法令に基づく提供", "required by law"),
    "opt-out": Text("オプトアウト", "opt-out"),
    **PSEUDONYMISED_CHANNELS,
}

MISSING, REFUSAL, EXPIRED = "review-missing", "review-refused", "review-expired"
CONDITION = "review-condition"
STANDINGS = {
    None: Text("審査済み・有効", "reviewed and in force"),
    MISSING: Text("未了の審査あり", "a review is missing"),
    REFUSAL: Text("不適合の審査あり", "a review refused it"),
    EXPIRED: Text("有効期限切れの審査あり", "a review has expired"),
    CONDITION: Text("条件が守られていない審査あり", "a review's condition is not kept"),
}


class UnknownReview(Refused):
    code = "unknown-review"
    ja = "「{review}」という審査はありません。"
    en = "There is no review “{review}”."


class NotADecision(Refused):
    code = "not-a-decision"
    ja = "審査の結論は「適合」または「不適合」のいずれかです（指定：{decision}）。"
    en = "A review ends as passed or refused, not as “{decision}”."


class OpinionNeeded(Refused):
    code = "opinion-needed"
    ja = "不適合とするときは、提供者に示す理由を記載してください。"
    en = "A refusal needs a reason that its owner can read."


class OutcomeNeeded(Refused):
    code = "outcome-needed"
    ja = "{review}の審査を適合とするには、{needed}を記載してください。"
    en = "To pass the review “{review}”, state {needed}."


class ExpiryNeeded(Refused):
    code = "expiry-needed"
    ja = "適合の有効期限（{until}）は、開始日（{start}）より後の日にしてください。"
    en = "A pass needs an expiry ({until}) later than its start ({start})."


class AlreadyDecided(Refused):
    code = "already-decided"
    ja = "この審査は既に結論が出ています。変更するには再審査を開始してください。"
    en = "This review is already decided. Open a re-examination to change it."


class SameReviewer(Refused):
    code = "same-reviewer"
    ja = "この審査には既に意見を出しています。必要数（{quota} 名）には別の方の意見が必要です。"
    en = "You have given your opinion on this review already. It needs {quota}, each of another person."


class NotDecidedYet(Refused):
    code = "review-not-decided"
    ja = "まだ結論が出ていないため、再審査を開始できません。"
    en = "The review has not been decided yet, so there is nothing to examine again."


class TooEarly(Refused):
    code = "decision-too-early"
    ja = "再審査の結論は、前回の結論（{start} から）より前の日から効力を持つことはできません。"
    en = "A re-examination cannot take effect before the decision that it follows ({start})."


class BeforeSubmission(Refused):
    code = "decision-before-submission"
    ja = "結論の効力は、この版の提出日（{submitted}）より前に遡れません。提出日以後の日としてください。"
    en = "A decision cannot hold from before the version was submitted ({submitted}). Let it begin then or later."


class BeforeItsRound(Refused):
    code = "decision-before-its-round"
    ja = "再審査の結論の効力は、その再審査の開始日（{opened}）より前に遡れません。開始日以後の日としてください。"
    en = "A re-examination cannot take effect before it was begun ({opened}). Let it take effect then or later."


class ConditionUnclear(Refused):
    code = "condition-unclear"
    ja = "条件には内容と期限が必要です。期限は開始日（{start}）より後にしてください。"
    en = "A condition needs its words and a day by which it is due, later than {start}."


class NoConditions(Refused):
    code = "no-conditions"
    ja = "不適合の結論に条件を付けることはできません。是正すべき事項は意見に記載してください。"
    en = "A refusal carries no conditions. Write what has to change into the opinion."


class ConditionFulfilled(Refused):
    code = "condition-fulfilled"
    ja = "この条件は {on} に履行済みと確認されています。"
    en = "This condition was confirmed as fulfilled on {on}."


class AnotherBody(Refused):
    code = "another-review-body"
    ja = "この審査は別の審査機関に割り当てられています。"
    en = "This review is assigned to another review body."


@dataclass(frozen=True, slots=True)
class Condition:
    """What a pass depends on: to be fulfilled before the day it is due; `fulfilled` is the day from which it is."""

    number: int
    due: date
    fulfilled: date | None = None

    def is_kept(self, at: date) -> bool:
        return at < self.due or (self.fulfilled is not None and self.fulfilled <= at)


@dataclass(frozen=True, slots=True)
class Decision:
    """One reviewer's decision; `start` inclusive, `until` exclusive. `order` tells decisions of one date apart.

    Decisions of the same `round` speak together; one without a round is a round of its own.
    """

    review: str
    decision: str
    start: date
    until: date | None = None
    order: int = 0
    round: int | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """A version's standing at a date: every required review stands in exactly one of the five tuples."""

    at: date
    required: tuple[str, ...]
    passed: tuple[str, ...]
    missing: tuple[str, ...]
    refused: tuple[str, ...]
    expired: tuple[str, ...]
    unkept: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return self.reason is None

    @property
    def faults(self) -> frozenset[str]:
        """Every reason against the version."""
        held = ((REFUSAL, self.refused), (EXPIRED, self.expired), (CONDITION, self.unkept), (MISSING, self.missing))
        return frozenset(reason for reason, names in held if names)

    @property
    def reason(self) -> str | None:
        """Why the version does not count, the gravest first; None if it counts."""
        return next((reason for reason in (REFUSAL, EXPIRED, CONDITION, MISSING) if reason in self.faults), None)

    @property
    def text(self) -> Text:
        """The standing in words, naming the reviews that hold it back."""
        held = self.refused or self.expired or self.unkept or self.missing
        words = STANDINGS[self.reason]
        if not held:
            return words
        ja, en = "、".join(REVIEWS[name].ja for name in held), ", ".join(REVIEWS[name].en for name in held)
        return Text(f"{words.ja}（{ja}）", f"{words.en} ({en})")

    def standing_of(self, review: str) -> str:
        """Where one review stands: passed, or the reason it holds the version back."""
        held = ((REFUSAL, self.refused), (EXPIRED, self.expired), (CONDITION, self.unkept), (PASSED, self.passed))
        return next((name for name, names in held if review in names), MISSING)


def chain(
    required: Sequence[str], decisions: Iterable[Decision], at: date, quotas: Mapping[str, int] | None = None
) -> Chain:
    """The standing of a version at a date. `quotas`: how many opinions a review needs, one where nothing is said.

    Of each review the last round that is complete by then speaks; before any, the review is missing. A round is
    complete once one opinion refuses or as many as the quota pass.

    >>> chain(["title"], [Decision("title", "passed", date(2026, 5, 1), date(2027, 5, 1))], date(2026, 6, 1)).reason
    >>> chain(["title"], [Decision("title", "passed", date(2026, 5, 1), date(2027, 5, 1))], date(2027, 5, 1)).reason
    'review-expired'
    """
    found: dict[str, list[Decision]] = {}
    for decision in decisions:
        if decision.start <= at:
            found.setdefault(decision.review, []).append(decision)
    standing: dict[str, list[str]] = {PASSED: [], MISSING: [], REFUSAL: [], EXPIRED: [], CONDITION: []}
    for name in required:
        standing[_standing(found.get(name, []), (quotas or {}).get(name, 1), at)].append(name)
    return Chain(
        at=at,
        required=tuple(required),
        passed=tuple(standing[PASSED]),
        missing=tuple(standing[MISSING]),
        refused=tuple(standing[REFUSAL]),
        expired=tuple(standing[EXPIRED]),
        unkept=tuple(standing[CONDITION]),
    )


def is_complete(round_: Sequence[Decision], quota: int) -> bool:
    """Whether the opinions of one round come to a conclusion."""
    return any(one.decision == REFUSED for one in round_) or len(round_) >= quota


def check_decision(
    review: str,
    decision: str,
    *,
    start: date,
    until: date | None,
    opinion: str = "",
    outcome: str | None = None,
    channel: str | None = None,
    is_decided: bool = False,
    details: Mapping[str, str] | None = None,
    conditions: Sequence[tuple[str, date | None]] = (),
) -> None:
    """Refuse a decision that would not hold: unknown, already made, without reason, outcome, expiry or conditions.

    `details`: for export item, judge and judged_on; for personal data basis and records.
    """
    if review not in REVIEWS:
        raise UnknownReview(review=review)
    if decision not in DECISIONS:
        raise NotADecision(decision=decision)
    if is_decided:
        raise AlreadyDecided
    if decision == REFUSED:
        if not opinion.strip():
            raise OpinionNeeded
        if conditions:
            raise NoConditions
        return
    if until is None or until <= start:
        raise ExpiryNeeded(start=start, until=until or "–")
    for words, due in conditions:
        if not words.strip() or due is None or due <= start:
            raise ConditionUnclear(start=start)
    _check_outcome(review, outcome, channel, details or {})


def check_start(start: date, *, submitted: date, opened: date | None, earlier: date | None) -> None:
    """Refuse a decision that would hold before there was something to judge, or before it was asked for again.

    `submitted`: of the version; `opened`: of a re-examination, None for the first round, which may be entered after the
    review took place; `earlier`: from when the last round's decision holds. Else a decision of today would make count
    what nobody had looked at, or undo what stood.
    """
    if earlier is not None and start < earlier:
        raise TooEarly(start=earlier)
    if start < submitted:
        raise BeforeSubmission(submitted=submitted)
    if opened is not None and start < opened:
        raise BeforeItsRound(opened=opened)


def _check_outcome(review: str, outcome: str | None, channel: str | None, details: Mapping[str, str]) -> None:
    for holds, needed in _needed(review, outcome, channel, details):
        if not holds:
            raise OutcomeNeeded(review=REVIEWS[review], needed=needed)


def _needed(
    review: str, outcome: str | None, channel: str | None, details: Mapping[str, str]
) -> Iterable[tuple[bool, Text]]:
    if review == PRIVACY:
        yield outcome in PRIVACY_OUTCOMES, Text("個人情報の区分", "how the data stands under the privacy act")
        yield (
            outcome != PSEUDONYMISED or channel in PSEUDONYMISED_CHANNELS,
            Text("仮名加工情報の提供形態（委託・承継・共同利用）", "the channel: entrustment, succession or joint use"),
        )
        yield (
            outcome != PERSONAL or details.get("basis") in PERSONAL_GROUNDS,
            Text("個人データを提供する根拠", "the ground on which personal data is provided"),
        )
        yield (
            outcome != PERSONAL or bool(details.get("records", "").strip()),
            Text("提供・受領の記録の所在", "where the records of provision and receipt are kept"),
        )
    if review == EXPORT:
        yield outcome in EXPORT_OUTCOMES, Text("該非判定の結果", "the outcome of the classification")
        yield bool(details.get("item", "").strip()), Text("判定した項番", "the item of the list that was judged")
        yield bool(details.get("judge", "").strip()), Text("判定者", "who judged it")
        yield bool(details.get("judged_on")), Text("判定日", "the day on which it was judged")


def _standing(begun: Sequence[Decision], quota: int, at: date) -> str:
    rounds: dict[tuple[int, date, int], list[Decision]] = {}
    for one in begun:
        key = (0, one.start, one.order) if one.round is None else (one.round, date.min, 0)
        rounds.setdefault(key, []).append(one)
    speaking = next((rounds[key] for key in sorted(rounds, reverse=True) if is_complete(rounds[key], quota)), None)
    if speaking is None:
        return MISSING
    if any(one.decision == REFUSED for one in speaking):
        return REFUSAL
    lasting = [one for one in speaking if one.until is None or at < one.until]
    if len(lasting) < quota:
        return EXPIRED
    kept = [one for one in lasting if all(condition.is_kept(at) for condition in one.conditions)]
    return PASSED if len(kept) >= quota else CONDITION
