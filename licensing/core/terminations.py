"""Ending a licence: on which ground, from when at the earliest, with or without wind-down, and what survives.

Each ground stands on a clause of the agreement; days and months are the agreement's own variables. What the wording
calls attributable to the licensee (責めに帰すべき事由) leaves no wind-down.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import clauses, deadlines
from licensing.core.clauses import ClauseVersion


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an agreement may be ended: the clause, what must come before, and whether stock may still be sold.

    `before`: "demand" (a written demand and the days to cure), "months" or "days" (so many of notice), "paper" (what
    both parties signed), or nothing.
    `unless`: wordings of the clause's family that give no such right.
    """

    label: Text
    clause: str
    paragraph: int
    before: str = ""
    winds_down: bool = False
    parties: tuple[str, ...] = ("licensor", "licensee")
    unless: tuple[str, ...] = ()


GROUNDS = {
    "cause": Ground(Text("債務不履行（催告後）", "breach not remedied on demand"), "termination", 1, "demand"),
    "grave": Ground(Text("無催告解除事由", "ground that needs no demand"), "termination", 2),
    "antisocial": Ground(Text("反社条項違反（無催告）", "anti-social forces, without demand"), "antisocial", 3),
    "control": Ground(
        Text("支配の変更", "change of control"),
        "control",
        2,
        winds_down=True,
        parties=("licensor",),
        unless=("control-notice", "control-free"),
    ),
    "convenience": Ground(Text("任意解約", "for convenience"), "convenience", 1, "months", winds_down=True),
    "exit": Ground(
        Text("評価の中止（予告による解約）", "end of the evaluation, on notice"),
        "term-evaluation",
        3,
        "days",
        parties=("licensee",),
    ),
    # Nobody ends it so alone: the licensor records what both have signed.
    "agreed": Ground(Text("合意解約", "by agreement"), "entire", 2, "paper", winds_down=True, parties=("licensor",)),
    # No party gives it: an evaluation ends so when the full licence is concluded in its place.
    "step-up": Ground(Text("利用許諾への移行", "step-up to a full licence"), "step-up", 1, parties=()),
}
# Clauses whose own wording says for how long they outlive the agreement: the variable that counts the years.
SURVIVES_YEARS = {"confidentiality": "confidentiality_years", "audit": "record_years"}


class GroundUnknown(Refused):
    code = "termination-ground-unknown"
    ja = "終了の事由「{ground}」は、この契約又はこの当事者には使えません。{mend}"
    en = "The ground “{ground}” is not open under this agreement, or not to this party. {mend}"


class TerminatesTooEarly(Refused):
    code = "termination-too-early"
    ja = "終了日 {day} は早すぎます。この事由では {earliest} 以後です（{reason}）。"
    en = "The last moment {day} is too early. On this ground it is {earliest} or later ({reason})."


class DemandNeeded(Refused):
    code = "termination-demand-needed"
    ja = "催告が相手方に到達した日を記載してください。是正の期限 {days} 日を経て解除できます。"
    en = "State the day on which the demand arrived. The agreement can be ended once {days} days to remedy have passed."


class PaperNeeded(Refused):
    code = "termination-paper-needed"
    ja = "合意解約は、両当事者が署名した合意解約書の写しを添えて登録してください。"
    en = "An end by agreement is recorded with the paper that both parties signed: attach a copy of it."


@dataclass(frozen=True, slots=True)
class Survivor:
    """A provision that outlives the agreement; `until` is the first day on which it no longer binds, if any."""

    reference: str
    until: date | None


def open_to(party: str, used: Collection[str]) -> dict[str, Ground]:
    """The grounds on which a party may end an agreement of these clauses, by code.

    >>> list(open_to("licensee", ["termination", "antisocial", "entire"]))
    ['cause', 'grave', 'antisocial']
    """
    return {code: one for code, one in GROUNDS.items() if party in one.parties and _stands(one, used)}


def _stands(ground: Ground, used: Collection[str]) -> bool:
    return ground.clause in used and not set(ground.unless) & set(used)


def check(
    ground: str,
    *,
    party: str,
    day: date,
    on: date,
    variables: Mapping[str, Any],
    used: Sequence[str],
    demanded_on: date | None = None,
    has_paper: bool = False,
) -> Ground:
    """The ground, once it is open to the party and what must come before it has.

    `used`: the clauses of the agreement, by id and by family.

    Worked examples: demand received on 1 October, 30 days to cure: ended from 1 November at the earliest. An evaluation
    ended on 30 days of notice, given on 1 October: from 31 October.
    """
    found = GROUNDS.get(ground)
    if found is None or party not in found.parties:
        raise GroundUnknown(ground=found.label if found else ground, mend=_BOTH if ground == "agreed" else _OTHER)
    if not _stands(found, used):
        raise GroundUnknown(ground=found.label, mend=_NO_CLAUSE)
    earliest, reason = on, _TODAY
    if found.before == "demand":
        days = int(variables.get("cure_days") or 0)
        if demanded_on is None:
            raise DemandNeeded(days=days)
        earliest, reason = max(on, demanded_on + timedelta(days=days + 1)), _CURE
    if found.before == "paper" and not has_paper:
        raise PaperNeeded
    if found.before == "days":
        earliest, reason = on + timedelta(days=int(variables.get("exit_days") or 0)), _DAYS
    if found.before == "months":
        months = int(variables.get("termination_months") or 0)
        if not months:
            raise GroundUnknown(ground=found.label, mend=_NOT_AGREED)
        earliest, reason = deadlines.months_from(on, months), _NOTICE
    if day < earliest:
        raise TerminatesTooEarly(day=day, earliest=earliest, reason=reason)
    return found


def wind_down_until(ground: Ground, day: date, variables: Mapping[str, Any]) -> date | None:
    """The day before which stock may still be sold; none where the ground leaves no wind-down.

    Worked example: ended on 1 October 2026 with six months of wind-down: until before 1 April 2027, 182 days.
    """
    months = int(variables.get("winddown_months") or 0)
    return deadlines.months_from(day, months) if ground.winds_down and months else None


def survivors(clause: ClauseVersion | None, *, ended_on: date, variables: Mapping[str, Any]) -> tuple[Survivor, ...]:
    """What the survival clause names, each with its own end where its wording has one.

    `ended_on` is the first day on which the agreement no longer ran. Worked example: confidentiality of five years
    after an end on 1 October 2026 binds until before 1 October 2031.
    """
    if clause is None:
        return ()
    names = [name for paragraph in clause.paragraphs for name in clauses.placeholders(paragraph.text.ja)]
    found = []
    for name in dict.fromkeys(name for name in names if name.startswith("ref:")):
        reference = clauses.reference(name)
        years = int(variables.get(SURVIVES_YEARS.get(reference.clause, "")) or 0)
        until = deadlines.months_from(ended_on, 12 * years) if years else None
        found.append(Survivor(name.removeprefix("ref:"), until))
    return tuple(found)


_TODAY = Text("遡って終了させることはできません", "it cannot be ended in the past")
_CURE = Text("催告の到達後、是正の期限が過ぎるまで", "until the days to remedy have passed after the demand")
_NOTICE = Text("任意解約の予告期間", "the months of notice that were agreed")
_DAYS = Text("解約の予告日数", "the days of notice that were agreed")
_BOTH = Text(
    "両当事者が合意解約書に署名し、許諾者がその写しを添えて登録します。",
    "Both parties sign a paper, and the licensor records it with a copy.",
)
_OTHER = Text("別の事由を選んでください。", "Choose another ground.")
_NO_CLAUSE = Text("根拠となる条項がありません。", "The clause it stands on is not in the agreement.")
_NOT_AGREED = Text(
    "任意解約の予告月数が合意されていません。合意解約によってください。",
    "No months of notice were agreed for it. End the agreement by agreement instead.",
)
