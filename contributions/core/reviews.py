"""Data reviews: which there are, who may decide one, and whether a version's chain stands at a date.

A dataset version counts only while every review required of it has passed and is in force. A decision is never changed:
a later decision of the same review takes its place from its own date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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

PSEUDONYMISED = "pseudonymised"
# How a privacy review may end. Personal data needs its ground; pseudonymised data its channel.
PRIVACY_OUTCOMES = {
    "not-personal": Text("個人情報を含まない", "not personal"),
    "anonymised": Text("匿名加工情報", "anonymised (匿名加工情報)"),
    "statistical": Text("統計情報", "statistical"),
    "personal": Text("個人データ（根拠・記録あり）", "personal data, with ground and records"),
    PSEUDONYMISED: Text("仮名加工情報", "pseudonymised (仮名加工情報)"),
}
# 個人情報保護法41条6項: 仮名加工情報 passes to others only in these ways.
PSEUDONYMISED_CHANNELS = {
    "entrustment": Text("委託", "entrustment"),
    "succession": Text("承継", "succession"),
    "joint-use": Text("共同利用", "joint use"),
}

MISSING, REFUSAL, EXPIRED = "review-missing", "review-refused", "review-expired"
STANDINGS = {
    None: Text("審査済み・有効", "reviewed and in force"),
    MISSING: Text("未了の審査あり", "a review is missing"),
    REFUSAL: Text("不適合の審査あり", "a review refused it"),
    EXPIRED: Text("有効期限切れの審査あり", "a review has expired"),
}


class UnknownReview(Refused):
    code = "unknown-review"
    ja = "「{review}」という審査はありません。"
    en = "There is no review “{review}”."


class ReviewerInConflict(Refused):
    code = "reviewer-in-conflict"
    ja = "所属または担当の組織（{organization}）が提供者、その企業集団または競合先に当たるため、審査を担当できません。"
    en = "You belong to or act for {organization}: the contributor, one of its group, or a rival. You may not decide."


class ReviewerWithoutHome(Refused):
    code = "reviewer-without-home"
    ja = "出向元が登録されていない方は審査を担当できません。独立性を確かめられないためです。"
    en = "A reviewer whose home organization is not on record may not decide: independence could not be checked."


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


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided review; `start` inclusive, `until` exclusive. `order` tells decisions of one date apart."""

    review: str
    decision: str
    start: date
    until: date | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """A version's standing at a date: every required review stands in exactly one of the four tuples."""

    at: date
    required: tuple[str, ...]
    passed: tuple[str, ...]
    missing: tuple[str, ...]
    refused: tuple[str, ...]
    expired: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return self.reason is None

    @property
    def reason(self) -> str | None:
        """Why the version does not count, the gravest first; None if it counts."""
        if self.refused:
            return REFUSAL
        if self.expired:
            return EXPIRED
        return MISSING if self.missing else None

    @property
    def text(self) -> Text:
        """The standing in words, naming the reviews that hold it back."""
        held = self.refused or self.expired or self.missing
        words = STANDINGS[self.reason]
        if not held:
            return words
        ja, en = "、".join(REVIEWS[name].ja for name in held), ", ".join(REVIEWS[name].en for name in held)
        return Text(f"{words.ja}（{ja}）", f"{words.en} ({en})")


def chain(required: Sequence[str], decisions: Iterable[Decision], at: date) -> Chain:
    """The standing of a version at a date.

    Of each review the latest decision that has begun by then speaks; before any, the review is missing.

    >>> chain(["title"], [Decision("title", "passed", date(2026, 5, 1), date(2027, 5, 1))], date(2026, 6, 1)).reason
    >>> chain(["title"], [Decision("title", "passed", date(2026, 5, 1), date(2027, 5, 1))], date(2027, 5, 1)).reason
    'review-expired'
    """
    latest: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda each: (each.start, each.order)):
        if decision.start <= at:
            latest[decision.review] = decision
    standing: dict[str, list[str]] = {PASSED: [], MISSING: [], REFUSED: [], EXPIRED: []}
    for name in required:
        standing[_standing(latest.get(name), at)].append(name)
    return Chain(
        at=at,
        required=tuple(required),
        passed=tuple(standing[PASSED]),
        missing=tuple(standing[MISSING]),
        refused=tuple(standing[REFUSED]),
        expired=tuple(standing[EXPIRED]),
    )


def check_reviewer(
    *, home: str | None, acting: str | None, owner: str, group: Collection[str], rivals: Collection[str] = ()
) -> None:
    """Refuse a reviewer whose home (出向元) or acting organization is the owner, of its group, or its rival.

    `group` holds the owner's affiliates, `rivals` those it named. The home must be known: without it the rule could not
    be applied to a secondee.
    """
    if home is None:
        raise ReviewerWithoutHome
    barred = {owner, *group, *rivals}
    for organization in (home, acting):
        if organization in barred:
            raise ReviewerInConflict(organization=organization)


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
) -> None:
    """Refuse a decision that would not hold: unknown, already made, without reason, outcome or expiry."""
    if review not in REVIEWS:
        raise UnknownReview(review=review)
    if decision not in DECISIONS:
        raise NotADecision(decision=decision)
    if is_decided:
        raise AlreadyDecided
    if decision == REFUSED:
        if not opinion.strip():
            raise OpinionNeeded
        return
    if until is None or until <= start:
        raise ExpiryNeeded(start=start, until=until or "–")
    _check_outcome(review, outcome, channel)


def _check_outcome(review: str, outcome: str | None, channel: str | None) -> None:
    if review == PRIVACY and outcome not in PRIVACY_OUTCOMES:
        needed = Text("個人情報の区分", "how the data stands under the privacy act")
        raise OutcomeNeeded(review=REVIEWS[review], needed=needed)
    if review == PRIVACY and outcome == PSEUDONYMISED and channel not in PSEUDONYMISED_CHANNELS:
        needed = Text(
            "仮名加工情報の提供形態（委託・承継・共同利用）", "the channel: entrustment, succession or joint use"
        )
        raise OutcomeNeeded(review=REVIEWS[review], needed=needed)
    if review == EXPORT and not (outcome or "").strip():
        needed = Text("該非判定の結果（項番・判定者・判定日）", "the classification: item, judge and date")
        raise OutcomeNeeded(review=REVIEWS[review], needed=needed)


def _standing(decision: Decision | None, at: date) -> str:
    if decision is None:
        return MISSING
    if decision.decision == REFUSED:
        return REFUSED
    return EXPIRED if decision.until is not None and decision.until <= at else PASSED
