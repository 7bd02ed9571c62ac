"""The course of a contribution: the states it passes through, and who takes which step.

    pledged ─submit─► submitted ─take up─► under review ─accept─► accepted ─reverse─► reversed
                          └────── refuse ──────┴─► refused ─dispute─► disputed ─answer─► any of the three

A pledge of data or compute is not submitted: a dataset or a usage file, with a course of its own, fulfils it.

Each step is an entry of its own. A member pledges, submits, disputes, supersedes and withdraws what is its own; the
secretariat takes up, accepts, refuses, answers and reverses. Whose eyes may judge: `independence`.
"""

from __future__ import annotations

from collections.abc import Collection

from contributions.core.errors import Refused
from contributions.core.words import Text

PLEDGED, SUBMITTED, IN_REVIEW, ACCEPTED, REFUSED = "pledged", "submitted", "in_review", "accepted", "refused"
DISPUTED, REVERSED, SUPERSEDED, WITHDRAWN = "disputed", "reversed", "superseded", "withdrawn"
FULFILLED = "fulfilled"

STATES = {
    PLEDGED: Text("拠出予定", "pledged"),
    SUBMITTED: Text("受入待ち", "to be accepted"),
    IN_REVIEW: Text("確認中", "under review"),
    ACCEPTED: Text("受入済", "accepted"),
    REFUSED: Text("受入不可", "refused"),
    DISPUTED: Text("異議あり", "disputed"),
    REVERSED: Text("取消済", "reversed"),
    SUPERSEDED: Text("差替済", "superseded"),
    WITHDRAWN: Text("取下済", "withdrawn"),
    FULFILLED: Text("履行済", "fulfilled"),
}
STEPS = {
    "submit": Text("提出", "submit"),
    "take_up": Text("確認の開始", "take up"),
    "accept": Text("受入れ", "accept"),
    "refuse": Text("受入れの拒否", "refuse"),
    "dispute": Text("異議の申出", "dispute"),
    "answer": Text("異議への回答", "answer"),
    "reverse": Text("取消し", "reverse"),
    "supersede": Text("差替え", "supersede"),
    "withdraw": Text("取下げ", "withdraw"),
    "fulfil": Text("履行の記録", "fulfil"),
}
# What stands on the books of a member: neither a promise nor something that has fallen away.
STANDING = frozenset({SUBMITTED, IN_REVIEW, ACCEPTED, DISPUTED})
# The ways in which what was submitted falls away, in the order of lists.
FALLEN = (REFUSED, WITHDRAWN, SUPERSEDED, REVERSED)
OUTCOMES = (ACCEPTED, REFUSED, IN_REVIEW)
OWNERS_STEPS = frozenset({"submit", "dispute", "supersede", "withdraw", "fulfil"})
WORDED = frozenset({"refuse", "dispute", "answer", "reverse"})
"""Steps that need a reason in words."""

_NEXT = {
    (PLEDGED, "submit"): SUBMITTED,
    (PLEDGED, "withdraw"): WITHDRAWN,
    (PLEDGED, "fulfil"): FULFILLED,
    (SUBMITTED, "take_up"): IN_REVIEW,
    (SUBMITTED, "accept"): ACCEPTED,
    (SUBMITTED, "refuse"): REFUSED,
    (SUBMITTED, "supersede"): SUPERSEDED,
    (SUBMITTED, "withdraw"): WITHDRAWN,
    (IN_REVIEW, "accept"): ACCEPTED,
    (IN_REVIEW, "refuse"): REFUSED,
    (IN_REVIEW, "supersede"): SUPERSEDED,
    (IN_REVIEW, "withdraw"): WITHDRAWN,
    (ACCEPTED, "dispute"): DISPUTED,
    (ACCEPTED, "reverse"): REVERSED,
    (ACCEPTED, "supersede"): SUPERSEDED,
    (ACCEPTED, "withdraw"): WITHDRAWN,
    (REFUSED, "dispute"): DISPUTED,
    (REFUSED, "supersede"): SUPERSEDED,
    (REFUSED, "withdraw"): WITHDRAWN,
    (DISPUTED, "withdraw"): WITHDRAWN,
}


class OtherUnit(Refused):
    code = "pledge-in-another-unit"
    ja = (
        "「{made}」の単位は「{stands}」で、拠出予定の単位「{pledged}」と異なります。同じ単位の版を指定するか、予定を"
        "取り下げて登録し直してください。"
    )
    en = (
        "{made} is counted in {stands} and the pledge in {pledged}. Name a version in the same unit, or withdraw the "
        "pledge and enter it anew."
    )


class StepRefused(Refused):
    code = "resource-step"
    ja = "拠出 {number} は「{state}」のため、「{step}」はできません。できる操作：{open}。"
    en = "Contribution {number} is {state}, so one cannot {step} it. What can be done: {open}."


class ReasonNeeded(Refused):
    code = "reason-needed"
    ja = "「{step}」には理由の記載が必要です。相手が対応できるよう、何をどう直すかを書いてください。"
    en = "To {step} takes a reason. Say what is wrong and how it can be mended."


class BeingReplaced(Refused):
    code = "being-replaced"
    ja = "拠出 {number} は {other} に差し替えられています。先に {other} を取り下げるか、{other} を差し替えてください。"
    en = "Contribution {number} is being replaced by {other}. Withdraw {other} first, or replace that one."


class PlaceInDispute(Refused):
    code = "place-in-dispute"
    ja = "差替え元の {number} に異議が出ています。先に異議に回答してください。"
    en = "Contribution {number}, whose place this takes, is disputed. Answer the dispute first."


def step(state: str, verb: str, *, number: str = "") -> str:
    """The state after a step, or a refusal that names what could be done instead.

    >>> step("submitted", "take_up"), step("in_review", "accept")
    ('in_review', 'accepted')
    """
    after = _NEXT.get((state, verb))
    if after is None:
        raise StepRefused(number=number, state=STATES[state], step=STEPS[verb], open=_listed(steps(state)))
    return after


def answered(state: str, outcome: str, *, number: str = "") -> str:
    """The state after a dispute was answered with that outcome."""
    if state != DISPUTED or outcome not in OUTCOMES:
        raise StepRefused(number=number, state=STATES[state], step=STEPS["answer"], open=_listed(steps(state)))
    return outcome


def steps(state: str) -> tuple[str, ...]:
    """What can be done with a contribution in that state.

    >>> steps("refused")
    ('dispute', 'supersede', 'withdraw')
    """
    found = tuple(verb for before, verb in _NEXT if before == state)
    return ("answer", *found) if state == DISPUTED else found


def stands(state: str) -> bool:
    """Whether its quantity stands on the member's account."""
    return state in STANDING


def check_reason(verb: str, reason: str) -> str:
    """The reason without blanks around it; a step that needs one is refused without."""
    stated = reason.strip()
    if verb in WORDED and not stated:
        raise ReasonNeeded(step=STEPS[verb])
    return stated


def _listed(verbs: Collection[str]) -> Text:
    if not verbs:
        return Text("なし", "nothing")
    return Text("、".join(STEPS[verb].ja for verb in verbs), ", ".join(STEPS[verb].en for verb in verbs))
