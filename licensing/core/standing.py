"""What the statements say, gathered in one pass: who was a member, what was reviewed, rated, funded and in force.

Each class holds one noun and answers "as of a day". Days are ISO texts, whose order is the order of dates. Where two
statements speak of the same day, the later one in the log wins: that is how a correction works without rewriting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from contributions.core import residency, reviews
from contributions.core.money import fraction

Facts = dict[str, Any]
MAJORITY = Fraction(1, 2)


def in_force(start: str | None, until: str | None, day: str) -> bool:
    """Whether `day` lies in the half-open period; a missing bound is open."""
    return (start is None or start <= day) and (until is None or day < until)


class Memberships:
    """When each organization was a member; a member may leave and come back."""

    def __init__(self) -> None:
        self.spells: dict[str, dict[str, str | None]] = defaultdict(dict)
        self.organization: dict[str, str] = {}

    def admit(self, facts: Facts) -> None:
        self.organization[facts["member"]] = facts.get("organization") or facts["member"]
        self.spells[facts["member"]][facts["from"]] = None

    def withdraw(self, facts: Facts) -> None:
        begun = [start for start in self.spells[facts["member"]] if start <= facts["from"]]
        if begun:
            self.spells[facts["member"]][max(begun)] = facts["from"]

    def holds(self, member: str, day: str) -> bool:
        """Whether that organization was a member on the day."""
        return any(in_force(start, until, day) for start, until in self.spells.get(member, {}).items())

    def turns(self) -> set[str]:
        """The days on which anybody's membership begins or is over."""
        return {day for spells in self.spells.values() for spell in spells.items() for day in spell if day is not None}

    def days(self, member: str, window: tuple[str, str]) -> int:
        """How many days of the window that organization was a member."""
        found = 0
        for start, until in self.spells.get(member, {}).items():
            first, last = max(start, window[0]), min(until or window[1], window[1])
            found += max(0, (date.fromisoformat(last) - date.fromisoformat(first)).days)
        return found

    def during(self, window: tuple[str, str]) -> list[dict[str, Any]]:
        """Each membership that some day of the window lies in."""
        return [
            {"member": member, "from": start, "until": until}
            for member in sorted(self.spells)
            for start, until in sorted(self.spells[member].items())
            if start < window[1] and (until is None or until > max(start, window[0]))
        ]


class Affiliations:
    """Who controls whom; a group is everything joined by more than half of the control."""

    def __init__(self) -> None:
        self.control: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)

    def affiliate(self, facts: Facts) -> None:
        self.control[facts["parent"], facts["child"]][facts["from"]] = fraction(facts["control"])

    def groups(self, organization: dict[str, str], members: Iterable[str], day: str) -> list[list[str]]:
        """The members that stand in one group on the day, for each group of two or more."""
        head: dict[str, str] = {}

        def top(code: str) -> str:
            while head.get(code, code) != code:
                code = head[code]
            return code

        for (parent, child), dated in sorted(self.control.items()):
            begun = [start for start in dated if start <= day]
            if begun and dated[max(begun)] > MAJORITY:
                first, second = sorted((top(parent), top(child)))
                head[second] = first
        together: dict[str, set[str]] = defaultdict(set)
        for member in members:
            together[top(organization[member])].add(member)
        return sorted(sorted(group) for group in together.values() if len(group) > 1)


class Funding:
    """Which part of each funding source the state pays, edition by edition, and since when its money is granted."""

    def __init__(self) -> None:
        self.editions: dict[str, dict[str, Facts]] = defaultdict(dict)

    def register(self, facts: Facts) -> None:
        fraction(facts["rate"])
        self.editions[facts["funding"]][facts.get("from") or ""] = facts

    def state_part(self, funding: str | None, day: str) -> Fraction:
        """The part of the cost of that day which the state paid; none where no source is named."""
        return fraction(self._edition(funding, day)["rate"]) if funding else Fraction(0)

    def before_grant(self, funding: str | None, day: str) -> bool:
        """Whether a cost of that day comes before the grant decision or contract that is to bear it."""
        decided = self._edition(funding, day).get("decided_on") if funding else None
        return decided is not None and day < decided

    def turns(self) -> set[str]:
        """The days on which an edition begins to rule, or a grant to bear costs."""
        decided = (facts.get("decided_on") for editions in self.editions.values() for facts in editions.values())
        begun = (start for editions in self.editions.values() for start in editions)
        return {day for day in (*begun, *decided) if day}

    def _edition(self, funding: str, day: str) -> Facts:
        """The edition in force on the day; before the first, the first."""
        editions = self.editions[funding]
        return editions[max((start for start in editions if start <= day), default=min(editions))]


class RateCards:
    """Effective-dated valuations: a signed table, never a factor typed in at calculation time."""

    def __init__(self) -> None:
        self.cards: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)

    def adopt(self, facts: Facts) -> None:
        self.cards[facts["card"]][facts["from"]] = facts["lines"]

    def value(self, card: str, key: str, day: str) -> str | None:
        """The factor of `key` on the card in force on the day: the last one to begin by then."""
        begun = [start for start in self.cards.get(card, {}) if start <= day]
        return self.cards[card][max(begun)].get(key) if begun else None

    def turns(self, card: str) -> set[str]:
        """The days on which an edition of the card begins."""
        return set(self.cards.get(card, {}))

    def lines(self, card: str, day: str) -> dict[str, str]:
        """Every line of the card in force on the day."""
        begun = [start for start in self.cards.get(card, {}) if start <= day]
        return self.cards[card][max(begun)] if begun else {}


class Stakes:
    """Shares of equity, each from its day on; a restated one stands in the place of the record it names."""

    def __init__(self) -> None:
        self.shares: dict[str, dict[str, str]] = defaultdict(dict)

    def declare(self, facts: Facts) -> None:
        self.shares[facts["member"]][facts["from"]] = facts["share"]

    def restate(self, facts: Facts) -> None:
        self.shares[facts["member"]].pop(facts["restates"]["from"], None)
        self.declare(facts)

    def held(self, member: str, day: str) -> Fraction:
        """The stake on the day; 0 before any was declared."""
        dated = self.shares.get(member, {})
        begun = [start for start in dated if start <= day]
        return fraction(dated[max(begun)]) if begun else Fraction(0)


class Valuations:
    """Adopted tables of what coalitions are worth, by the digest that a policy names."""

    def __init__(self) -> None:
        self.adopted: dict[str, Facts] = {}

    def adopt(self, facts: Facts) -> None:
        self.adopted[facts["valuation_sha256"]] = {
            "players": list(facts["players"]),
            "values": dict(facts["values"]),
        }

    def tables(self, named: Iterable[str]) -> dict[str, Facts]:
        """Those of the named ones that were adopted; one that was not is missed where it is used."""
        return {digest: self.adopted[digest] for digest in sorted(named) if digest in self.adopted}


class Terms:
    """Inbound agreements: what rights came in, with whom, from when until when."""

    def __init__(self) -> None:
        self.agreements: dict[str, dict[str, Facts]] = defaultdict(dict)
        self.ended: dict[str, str] = {}

    def conclude(self, facts: Facts) -> None:
        """An agreement, or a new edition of it: each stands from its day on, until the next begins."""
        self.agreements[facts["agreement"]][facts["from"]] = facts

    def end(self, facts: Facts) -> None:
        self.ended[facts["agreement"]] = facts["from"]

    def cover(self, agreement: str | None, subject: str, organization: str | None, day: str) -> bool:
        """Whether the agreement grants rights in that subject, on that day, by that organization."""
        editions = self.agreements.get(agreement or "", {})
        begun = [start for start in editions if start <= day]
        if not begun or not in_force(None, editions[max(begun)].get("until"), day):
            return False
        facts = editions[max(begun)]
        grants = [right for right in facts["rights"] if right["subject"] == subject]
        if self.ended.get(agreement or "", "9999") <= day:
            grants = [right for right in grants if right.get("after_withdrawal") == "stays"]
        by_whom = facts.get("organization") in {None, organization} or organization in facts.get("parties", ())
        return bool(grants) and by_whom


@dataclass(slots=True)
class Held:
    """A copy of a version: where it lies, from when until when."""

    country: str
    on: str
    until: str | None = None


@dataclass(slots=True)
class Version:
    """One version of a dataset, with all that was said about it."""

    facts: Facts
    copies: dict[int, Held] = field(default_factory=dict)
    withdrawn: str | None = None

    def hold(self, facts: Facts, on: str) -> None:
        """One more copy, under its own number or the next."""
        number = facts.get("copy") or len(self.copies) + 1
        self.copies[number] = Held(facts["country"], facts.get("on") or on)


class Datasets:
    """Versions of datasets, their copies, their reviews, and what was withdrawn."""

    def __init__(self) -> None:
        self.versions: dict[tuple[str, int], Version] = {}
        self.decisions: dict[tuple[str, int, str], list[Facts]] = defaultdict(list)
        self.fulfilled: dict[tuple[str, int, str, int, int, int], str] = {}

    def revise(self, facts: Facts) -> None:
        version = self.versions.setdefault((facts["dataset"], facts["version"]), Version(facts))
        version.facts = facts
        for copy in facts.get("copies", ()):
            version.hold(copy, facts["on"])

    def copy(self, facts: Facts) -> None:
        self.versions[facts["dataset"], facts["version"]].hold(facts, facts["on"])

    def remove(self, facts: Facts) -> None:
        self.versions[facts["dataset"], facts["version"]].copies[facts["copy"]].until = facts["on"]

    def withdraw(self, facts: Facts) -> None:
        whole = facts.get("version") is None
        for (dataset, number), version in self.versions.items():
            if dataset == facts["dataset"] and (number == facts["version"] or (whole and version.withdrawn is None)):
                version.withdrawn = facts["from"]

    def decide(self, facts: Facts) -> None:
        self.decisions[facts["dataset"], facts["version"], facts["review"]].append(facts)

    def fulfil(self, facts: Facts) -> None:
        review = (facts["dataset"], facts["version"], facts["review"])
        self.fulfilled[(*review, facts["round"], facts["opinion"], facts["condition"])] = facts["on"]

    def review_faults(self, key: tuple[str, int], day: str) -> set[str]:
        """Which reasons the required reviews give against the version on that day; none if all have passed.

        The same function that the pages ask (`contributions.core.reviews.chain`), fed from statements.
        """
        facts = self.versions[key].facts
        required = tuple(facts.get("required") or ())
        decisions = [one for review in required for one in self._decided(key, review)]
        return set(reviews.chain(required, decisions, date.fromisoformat(day), facts.get("quotas") or {}).faults)

    def _decided(self, key: tuple[str, int], review: str) -> Iterable[reviews.Decision]:
        places: dict[int, int] = defaultdict(int)
        for order, facts in enumerate(self.decisions.get((*key, review), ())):
            round_, until = facts.get("round"), facts.get("until")
            places[round_ or 0] += 1
            named = (*key, review, round_ or 0, places[round_ or 0])
            yield reviews.Decision(
                review,
                facts["decision"],
                date.fromisoformat(facts["from"]) if facts.get("from") else date.min,
                date.fromisoformat(until) if until else None,
                order=order,
                round=round_,
                conditions=tuple(self._condition(named, stated) for stated in facts.get("conditions") or ()),
            )

    def _condition(self, opinion: tuple[str, int, str, int, int], stated: Facts) -> reviews.Condition:
        day = self.fulfilled.get((*opinion, stated["condition"]))
        fulfilled = date.fromisoformat(day) if day else None
        return reviews.Condition(stated["condition"], date.fromisoformat(stated["due"]), fulfilled)

    def resident(self, key: tuple[str, int], countries: frozenset[str], day: str) -> bool:
        """Whether every copy held on that day is evidenced inside the countries, and at least one is."""
        copies = self.versions[key].copies.values()
        held = {copy.country for copy in copies if in_force(copy.on, copy.until, day)}
        return not countries or (bool(held) and held <= countries)


class Residency:
    """Breaches: what lay or ran where it must not, and in which days."""

    def __init__(self) -> None:
        self.breaches: dict[str, list[Facts]] = defaultdict(list)
        self.mended: dict[str, str] = {}

    def breach(self, facts: Facts) -> None:
        self.breaches[facts["what"]].append(facts)

    def mend(self, facts: Facts) -> None:
        self.mended[facts["breach"]] = facts["from"]

    def of(self, what: str, countries: frozenset[str]) -> list[residency.Breach]:
        """The breaches of a thing that the countries allowed make one; none where no country is named."""
        return [
            residency.Breach(
                facts["breach"],
                what,
                facts["country"],
                date.fromisoformat(facts["since"]),
                date.fromisoformat(self.mended[facts["breach"]]) if facts["breach"] in self.mended else None,
            )
            for facts in self.breaches.get(what, ())
            if countries and facts["country"] not in countries
        ]


class Compute:
    """Metered days of compute, in batches that are attested or reversed as a whole."""

    def __init__(self) -> None:
        self.days: list[Facts] = []
        self.attested: set[str] = set()
        self.reversed: set[str] = set()

    def meter(self, facts: Facts) -> None:
        self.days.append(facts)

    def attest(self, facts: Facts) -> None:
        self.attested.add(facts["batch"])

    def reverse(self, facts: Facts) -> None:
        self.reversed.add(facts["batch"])


class Resources:
    """Cash, people and background IP: each at its place in the course."""

    def __init__(self) -> None:
        self.recorded: dict[str, Facts] = {}
        self.faults: dict[str, str | None] = {}
        self.withdrawn: dict[str, str] = {}

    def pledge(self, facts: Facts) -> None:
        self.recorded[facts["resource"]] = facts
        self.faults[facts["resource"]] = "not-incurred"

    def record(self, facts: Facts) -> None:
        self.recorded[facts["resource"]] = facts
        self.faults[facts["resource"]] = "not-accepted"

    def accept(self, facts: Facts) -> None:
        self.faults[facts["resource"]] = None

    def refuse(self, facts: Facts) -> None:
        self.faults[facts["resource"]] = "refused"

    def dispute(self, facts: Facts) -> None:
        self.faults[facts["resource"]] = "disputed"

    def answer(self, facts: Facts) -> None:
        self.faults[facts["resource"]] = {"accepted": None, "refused": "refused"}.get(facts["outcome"], "not-accepted")

    def withdraw(self, facts: Facts) -> None:
        self.withdrawn[facts["resource"]] = facts["from"]

    def reverse(self, facts: Facts) -> None:
        """Reversed, or superseded by another: as if it had never been put in."""
        self.recorded.pop(facts["resource"], None)
