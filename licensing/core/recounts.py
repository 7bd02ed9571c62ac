"""Counting every ballot of the log again, from its statements alone, as the offline verifier does.

What was opened says who votes by which rule; what was cast says how; what was closed says the result. The stakes of a
ballot by stake, and the votes of one that was not open, stand in statements of their own, which a full bundle holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from licensing.core import ballots


class RecountDiffers(Refused):
    code = "recount-differs"
    ja = "第{number}号議決を数え直した結果が、台帳記録と一致しません（{what}）。"
    en = "Ballot {number}, counted again, does not come to what is recorded ({what})."


class NoMandate(Refused):
    code = "no-mandate"
    ja = "台帳記録 第{seq}号の採択が挙げる第{number}号議決は、その議案を可決していません。"
    en = "The adoption in entry {seq} names ballot {number}, which did not carry that proposal."


def totals(outcome: ballots.Outcome) -> dict[str, Any]:
    """What a closing entry states of an outcome. The count by member alone: sums of stakes stand apart."""
    heads = next((count for count in outcome.counts if count.basis == "members"), None)
    stated: dict[str, Any] = {"carried": outcome.carried, "quorum_met": outcome.quorum_met}
    return stated | (_sums(heads) if heads else {})


def weighed(outcome: ballots.Outcome) -> dict[str, str] | None:
    """The sums of stakes, for the entry that only the secretariat reads; None where stakes were not counted."""
    stakes = next((count for count in outcome.counts if count.basis == "stakes"), None)
    return _sums(stakes) if stakes else None


def _sums(count: ballots.Count) -> dict[str, str]:
    return {
        "for": fraction_text(count.votes_for),
        "against": fraction_text(count.against),
        "abstain": fraction_text(count.abstain),
        "electorate": fraction_text(count.electorate),
    }


class Recount:
    """One pass over the log. Statements that law had erased are passed over; a ballot that lacks one is not judged."""

    def __init__(self) -> None:
        self.opened: dict[int, Mapping[str, Any]] = {}
        self.stakes: dict[int, Mapping[str, str]] = {}
        self.votes: dict[int, dict[str, str]] = {}
        self.sums: dict[int, Mapping[str, Any]] = {}
        self.carried: dict[int, str] = {}
        self.checked: list[int] = []
        self.begun: dict[int, int] = {}
        self.erased: list[int] = []

    def take(self, seq: int, kind: str | None, facts: Mapping[str, Any]) -> None:
        """Read one statement in the order of the log; refuses the first count that differs. No kind: it was erased."""
        number: Any = facts.get("ballot")
        match kind:
            case None:
                self.erased.append(seq)
            case "ballot.opened":
                self.opened[number], self.begun[number] = facts, seq
            case "ballot.weighed":
                self.stakes[number] = facts["stakes"]
            case "vote.cast" | "vote.sealed":
                self._cast(number, facts)
            case "ballot.counted":
                self.sums[number] = facts
            case "ballot.closed":
                self._close(number, facts)
            case "decision.recorded":
                if facts["carried"]:
                    self.carried[number] = _proposal(facts)
            case "policy.adopted" | "allocation.adopted":
                self._adopted(seq, kind, facts)

    def _cast(self, number: int, facts: Mapping[str, Any]) -> None:
        cast = self.votes.setdefault(number, {})
        if facts["voter"] in cast:
            raise RecountDiffers(number=number, what="vote")
        cast[facts["voter"]] = facts["choice"]

    def _close(self, number: int, facts: Mapping[str, Any]) -> None:
        opened = self.opened.get(number)
        if opened is None or "rule" not in opened or "electorate" not in opened:
            return
        if any(seq > self.begun[number] for seq in self.erased):
            self.carried |= {number: _proposal(opened)} if facts["carried"] else {}
            return
        votes, stakes = self.votes.get(number, {}), self.stakes.get(number)
        try:
            outcome = ballots.count(opened["electorate"], opened["rule"], votes, stakes)
        except Refused:
            raise RecountDiffers(number=number, what="vote") from None
        self._compare(number, totals(outcome), facts)
        if (sums := weighed(outcome)) is not None:
            self._compare(number, sums, self.sums.get(number, {}))
        if outcome.carried:
            self.carried[number] = _proposal(opened)
        self.checked.append(number)

    def _compare(self, number: int, expected: Mapping[str, Any], stated: Mapping[str, Any]) -> None:
        for name, value in expected.items():
            if (name in stated and stated[name] != value) or (name == "carried" and name not in stated):
                raise RecountDiffers(number=number, what=name)

    def _adopted(self, seq: int, kind: str, facts: Mapping[str, Any]) -> None:
        """An adoption that names its ballot rests on one that carried this very proposal."""
        number = facts.get("ballot")
        if number is None:
            return
        named = facts.get("policy_sha256") if kind == "policy.adopted" else facts.get("allocation")
        if self.carried.get(number) != named:
            raise NoMandate(seq=seq, number=number)


def recount(statements: Iterable[tuple[int, str | None, Mapping[str, Any]]]) -> list[int]:
    """The numbers of the ballots counted again, from (index, kind, facts) in order; refuses the first that differs."""
    pass_over = Recount()
    for seq, kind, facts in statements:
        pass_over.take(seq, kind, facts)
    return pass_over.checked


def _proposal(facts: Mapping[str, Any]) -> str:
    """What a ballot is about: a policy by its digest, an allocation by its number."""
    return str(facts.get("allocation") or facts.get("policy_sha256"))
