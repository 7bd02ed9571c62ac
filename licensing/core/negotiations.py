"""Negotiation: whose turn it is, what that side may do, and when a draft is stale. Both sides see the same state.

A round begins when one side hands over, and ends when the other does. Every round is frozen as a version. What one side
has in work before it hands over is its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contributions.core.errors import Refused
from contributions.core.words import Text

LICENSOR, LICENSEE = "licensor", "licensee"
SIDES = {LICENSOR: Text("許諾者", "Licensor"), LICENSEE: Text("利用者", "Licensee")}
STATES = {
    "with_licensee": Text("利用者の検討中", "with the licensee"),
    "with_licensor": Text("許諾者の検討中", "with the licensor"),
    "in_approval": Text("許諾者の決裁中", "in the licensor’s internal approval"),
    "agreed": Text("合意済み", "agreed"),
    "broken_off": Text("不調", "broken off"),
}
VERBS = {
    "propose": Text("提案の作成", "draft a proposal"),
    "answer": Text("提案への回答", "answer a proposal"),
    "hand_over": Text("相手方への提示", "hand over"),
    "agree": Text("合意", "agree"),
    "reopen": Text("再開", "reopen"),
    "break_off": Text("交渉の終了", "break off"),
}
TURN = {"with_licensee": LICENSEE, "with_licensor": LICENSOR, "in_approval": LICENSOR}
_STEPS = {
    **{(state, side, verb): state for state, side in TURN.items() for verb in ("propose", "answer")},
    ("with_licensee", LICENSEE, "hand_over"): "with_licensor",
    ("with_licensor", LICENSOR, "hand_over"): "with_licensee",
    ("with_licensee", LICENSEE, "agree"): "agreed",
    ("with_licensor", LICENSOR, "agree"): "agreed",
    ("agreed", LICENSOR, "reopen"): "with_licensor",
    **{(state, side, "break_off"): "broken_off" for state in TURN for side in SIDES},
}
PROPOSALS = {
    "draft": Text("作成中", "being drafted"),
    "proposed": Text("提案中", "proposed"),
    "in_approval": Text("決裁中", "in approval"),
    "accepted": Text("受諾", "accepted"),
    "rejected": Text("拒絶", "rejected"),
    "countered": Text("対案あり", "countered"),
    "withdrawn": Text("取下げ", "withdrawn"),
}
OPEN = frozenset({"draft", "proposed", "in_approval"})
_PROPOSAL_STEPS = {
    ("draft", "propose"): "proposed",
    ("draft", "withdraw"): "withdrawn",
    ("draft", "submit"): "in_approval",
    ("proposed", "accept"): "accepted",
    ("proposed", "submit"): "in_approval",
    ("proposed", "reject"): "rejected",
    ("proposed", "counter"): "countered",
    ("proposed", "withdraw"): "withdrawn",
    ("in_approval", "accept"): "accepted",
    ("in_approval", "release"): "draft",
    ("in_approval", "return"): "proposed",
}


class NotYourTurn(Refused):
    code = "not-your-turn"
    ja = "交渉は「{state}」です。{side}が「{verb}」をできる段階ではありません。"
    en = "The negotiation is {state}. It is not for the {side} to {verb} now."


class ProposalClosed(Refused):
    code = "proposal-closed"
    ja = "提案 {number} は「{state}」のため、この操作はできません。"
    en = "Proposal {number} is {state}, so this cannot be done."


class NotYourProposal(Refused):
    code = "not-your-proposal"
    ja = "提案への回答は相手方が、作成と取下げは提案した側が行います。"
    en = "A proposal is answered by the other side, and drafted and taken back by its own."


class Unanswered(Refused):
    code = "proposals-unanswered"
    ja = "回答していない提案があります（{numbers}）。受諾・拒絶・対案のいずれかで回答してから提示してください。"
    en = "Proposals are unanswered ({numbers}). Accept, reject or counter each before you hand over."


class StillOpen(Refused):
    code = "proposals-open"
    ja = "未決の提案があります（{numbers}）。全ての提案に決着がついてから合意してください。"
    en = "Proposals are still open ({numbers}). The parties can agree once every one is settled."


class NotApprovedYet(Refused):
    code = "proposal-not-approved"
    ja = "提案 {numbers} は決裁を経ていないため、相手方に提示できません。先に決裁を申請してください。"
    en = "Proposals {numbers} have not been approved, so they cannot be handed over. Ask for approval first."


class StaleDraft(Refused):
    """Somebody saved in between; what was typed is kept beside what stands."""

    code = "stale-draft"
    ja = (
        "あなたが開いた後に、別の人がこの案を保存しました（第{newest}稿）。あなたの入力は第{kept}稿として残してあります。"
        "両方を見比べ、必要な部分を写して保存し直してください。"
    )
    en = (
        "Somebody saved this draft after you opened it (edition {newest}). What you typed is kept as edition {kept}."
        " Compare both, carry over what you need, and save again."
    )


class StaleText(Refused):
    code = "stale-text"
    ja = "条項「{clause}」の文言は、この案を作成した後に変わりました。現在の文言に対する案として作成し直してください。"
    en = "The wording of clause “{clause}” has changed since this was drafted. Draft it anew against the present text."


class ReasonNeeded(Refused):
    code = "proposal-reason-needed"
    ja = "相手方に示す理由を記載してください。"
    en = "State the reason: the other side will read it."


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal as the rules look at it."""

    number: str
    side: str
    state: str
    cleared: bool = True


def step(state: str, side: str, verb: str) -> str:
    """The state of a negotiation after a side's act, or a refusal that says whose turn it is.

    >>> step("with_licensee", "licensee", "hand_over")
    'with_licensor'
    """
    after = _STEPS.get((state, side, verb))
    if after is None:
        raise NotYourTurn(state=STATES[state], side=SIDES[side], verb=VERBS[verb])
    return after


def is_for(state: str, side: str, verb: str) -> bool:
    """Whether it is for that side to do this now."""
    return (state, side, verb) in _STEPS


def proposal_step(number: str, state: str, verb: str) -> str:
    """The state of a proposal after an act upon it."""
    after = _PROPOSAL_STEPS.get((state, verb))
    if after is None:
        raise ProposalClosed(number=number, state=PROPOSALS[state])
    return after


def other(side: str) -> str:
    """The side across the table."""
    return LICENSEE if side == LICENSOR else LICENSOR


def check_hand_over(side: str, proposals: Sequence[Standing]) -> None:
    """Before a side hands over: it has answered what the other proposed, and what it proposes is cleared."""
    theirs = [one.number for one in proposals if one.side == other(side) and one.state in {"proposed", "in_approval"}]
    if theirs:
        raise Unanswered(numbers="、".join(theirs))
    waiting = [
        one.number
        for one in proposals
        if one.side == side and (one.state == "in_approval" or (one.state == "draft" and not one.cleared))
    ]
    if waiting:
        raise NotApprovedYet(numbers="、".join(waiting))


def check_agree(proposals: Sequence[Standing]) -> None:
    """Before the text is agreed: nothing is on the table, or in work."""
    if found := [one.number for one in proposals if one.state in OPEN]:
        raise StillOpen(numbers="、".join(found))


def shown(state: str, proposals: Sequence[Standing]) -> str:
    """The state that both sides see: the licensor's turn reads as its internal approval while one is open."""
    if state in {"with_licensor", "in_approval"}:
        return "in_approval" if any(one.state == "in_approval" for one in proposals) else "with_licensor"
    return state


def is_stale(based_on: int, newest: int) -> bool:
    """Whether a draft was opened before the edition that now stands."""
    return based_on != newest


def check_reason(reason: str) -> str:
    """A reason without surrounding space; it must say something."""
    if not reason.strip():
        raise ReasonNeeded
    return reason.strip()
