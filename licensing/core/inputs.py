"""The inputs of an allocation, rebuilt purely from statements of the log.

An allocation never reads tables. It reads one canonical document, folded in one pass from the statements up to a log
checkpoint: totals by member, category, asset, unit and month, each with the factors that rate it, the part of it that
counts, and the reasons where less than all of it counts. Whoever holds the statements folds the same bytes.

Data and background IP are stocks: they count if they came before the window's end and stand on its last day. Compute,
cash and people are flows: they count on their day, if it lies in the window. What of each counts, the rule of
contributions.core.eligibility says.

Metered compute may come as totals instead of statements (see contributions.core.meter_totals): a month at once where
everything that rates it is the same on all of its days, day by day where something changes within it. The bytes are the
same. Whoever recomputes or verifies does without and folds every statement.

Fold 2 knows more kinds of entry and facts than fold 1 (editions of terms and of
funding, the whole course of a contribution, recoveries, the day of a grant); where a log has none, both give the same
bytes, so that a bundle of fold 1 still verifies.

For a policy of version 2 the document also carries, each folded from the same statements: stakes on the last day, days
of membership, the vintage of every line, and what its methods name: adopted valuations, signed tables, and the parents
of the release with the shares that their adopted allocations committed to. A policy of version 1 gets none of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from contributions.core import eligibility, residency
from contributions.core.errors import Refused
from contributions.core.meter_totals import KINDS as METERING
from contributions.core.meter_totals import UNITS as COMPUTE_UNITS
from contributions.core.meter_totals import Key as MeterKey
from contributions.core.money import fraction_text
from licensing.core import ancestry, policies, vintages
from licensing.core.ancestry import Rows
from licensing.core.folds import BadStatement, Fold
from licensing.core.policies import Category, Policy
from licensing.core.standing import Facts, in_force

Factors = tuple[tuple[str, str], ...]
Key = tuple[str, str, str, str, str, Factors, tuple[str, ...], str]
Totals = Callable[[Collection[str] | None], Iterable[tuple[MeterKey, int]]]
"""Totals of attested compute, by month, and by day in the months named (None: all of them), less `named_apart`."""

NOTHING, WHOLE = Fraction(0), Fraction(1)


class BadWindow(Refused):
    code = "bad-window"
    ja = "{start} に始まり {until} より前に終わる期間はありません。終わりを始まりより後の日にしてください。"
    en = "No period starts on {start} and ends before {until}. Let it end after it starts."


def fold(
    statements: Iterable[dict[str, Any]],
    *,
    policy: dict[str, Any],
    release: str,
    window: tuple[str, str],
    log: dict[str, Any],
    opened: Mapping[str, Rows] | None = None,
    metered: Totals | None = None,
) -> dict[str, Any]:
    """The inputs document, from every statement of the log up to `log["size"]`, in order.

    Quantities are integers of the smallest unit; `counted` is the part, 0 to 1, that earns points. O(statements).
    Kinds that no allocation reads are passed over. `opened` gives, by number, the salted rows of the allocations that
    a parent's shares are taken from; each must lead to the root that its adoption stated. `metered` gives the totals of
    the batches whose statements are left out.
    """
    last_day = _last_day(window)
    rule = policies.read(policy)
    ledger = _Ledger(rule, window, last_day, metered)
    for statement in statements:
        ledger.take(statement)
    members = ledger.memberships.during(window)
    codes = sorted({row["member"] for row in members})
    document = {
        "v": rule.v,
        "release": release,
        "window": list(window),
        "log": log,
        "members": members,
        "groups": ledger.affiliations.groups(ledger.memberships.organization, codes, last_day),
        "lines": ledger.lines(),
    }
    return document if rule.v == 1 else document | ledger.beyond(codes, release, opened or {})


def _last_day(window: tuple[str, str]) -> str:
    try:
        start, until = (date.fromisoformat(day) for day in window)
    except (TypeError, ValueError):
        raise BadWindow(start=window[0], until=window[1]) from None
    if start >= until or (start.isoformat(), until.isoformat()) != tuple(window):
        raise BadWindow(start=window[0], until=window[1])
    return (until - timedelta(days=1)).isoformat()


def named_apart(statements: Collection[Mapping[str, Any]]) -> set[str]:
    """The batches of which a breach or a recovery speaks: what their days count is not as of the others."""
    found = {str(one["facts"]["what"]) for one in statements if one["kind"] == "residency.breached"}
    return found | {f"batch:{one['facts']['batch']}" for one in statements if one["kind"] == "compute.recovered"}


def kinds(policy: Mapping[str, Any], *, metering: bool = True) -> list[str]:
    """The kinds of entry that the fold of that policy reads, in a fixed order; on request without those of metering."""
    takers = _Ledger(policies.read(policy), ("", ""), "", None).takers
    return sorted(kind for kind in takers if metering or kind not in METERING)


class _Ledger(Fold):
    """A fold over one window, and the lines it comes to."""

    def __init__(self, policy: Policy, window: tuple[str, str], last_day: str, metered: Totals | None) -> None:
        super().__init__(policy)
        self.window, self.last_day, self.metered = window, last_day, metered
        self.totals: dict[Key, int] = defaultdict(int)

    def beyond(self, codes: list[str], release: str, opened: Mapping[str, Rows]) -> dict[str, Any]:
        """What version 2 of the inputs carries beyond lines: only what the policy's methods can look at."""
        used = self.policy.methods()
        games = [method.game for method in used if method.game is not None]
        bases = [*(method.basis for method in used), *(game.weights for game in games)]
        tables = {basis.table for basis in bases if basis is not None} | {method.table for method in used}
        found: dict[str, Any] = {
            "stakes": {code: fraction_text(self.stakes.held(code, self.last_day)) for code in codes},
            "days": {code: self.memberships.days(code, self.window) for code in codes},
            "tables": {name: dict(self.cards.lines(name, self.last_day)) for name in sorted(tables - {""})},
            "valuations": self.valuations.tables({game.valuation for game in games} - {""}),
        }
        return found | (self.lineage.inputs(release, opened) if ancestry.inherits(self.policy) else {})

    def lines(self) -> list[dict[str, Any]]:
        """Every line, in code-point order of its key."""
        for kind, add in (
            ("dataset", self._add_data),
            ("compute", self._add_compute),
            ("resource", self._add_resources),
        ):
            try:
                add()
            except (KeyError, TypeError, ValueError) as fault:
                raise BadStatement(kind=kind, reason=f"{type(fault).__name__} {fault}") from fault
        return [_line(key, self.totals[key]) for key in sorted(self.totals)]

    def _add_data(self) -> None:
        if self.policy.category("data") is None:
            return
        counted: set[str] = set()
        # From the last version down: a version that counts stands in for all before it, or data would count twice.
        for key in sorted(self.datasets.versions, reverse=True):
            facts = self.datasets.versions[key].facts
            factors, missing = self._dataset_factors(key)
            faults = self._dataset_faults(key) | missing
            if key[0] in counted:
                faults.add("superseded")
            elif not faults:
                counted.add(key[0])
            asset = f"{key[0]}@{key[1]}"
            kept = WHOLE if faults else self._kept_part(f"dataset:{asset}")
            back = self.recoveries.part(f"dataset:{asset}", self.last_day)
            quantity = facts["quantity"]
            self._add(
                facts, "data", asset, facts["unit"], facts["on"], quantity, factors, faults, kept=kept, recovered=back
            )

    def _dataset_factors(self, key: tuple[str, int]) -> tuple[Factors, set[str]]:
        category = self.policy.category("data")
        assert category is not None
        name = f"{key[0]}@{key[1]}"
        return _rated(
            {factor: self.cards.value("dataset", f"{name}/{factor}", self.last_day) for factor in category.factors}
        )

    def _dataset_faults(self, key: tuple[str, int]) -> set[str]:
        version, day = self.datasets.versions[key], self.last_day
        facts = version.facts
        if facts["on"] > day:
            return {"outside-window"}
        faults = self.datasets.review_faults(key, day) | self._stock_faults(facts["member"], facts["on"])
        if not self.datasets.resident(key, self.policy.residency, day):
            faults.add("not-resident")
        elif self._is_breached(f"dataset:{key[0]}@{key[1]}", day):
            faults.add("residency-breach")
        if version.withdrawn is not None and version.withdrawn <= day:
            faults.add("withdrawn")
        return faults | self._terms_faults(facts, "data", day)

    def _is_breached(self, what: str, day: str) -> bool:
        at = date.fromisoformat(day)
        return any(each.covers(at) for each in self.residency.of(what, self.policy.residency))

    def _kept_part(self, what: str) -> Fraction:
        """The part of the window in which a stock lay where it must: what was mended is not made good."""
        start, until = (date.fromisoformat(day) for day in self.window)
        return residency.kept_part(self.residency.of(what, self.policy.residency), start, until)

    def _add_compute(self) -> None:
        category = self.policy.category("compute")
        if category is None:
            return
        for facts in self.compute.days:
            if facts["batch"] in self.compute.reversed:
                continue
            faults = self._compute_faults(facts)
            held = [unit for unit in COMPUTE_UNITS if int(facts.get(unit) or 0)]
            # One job is measured in several units; those the policy does not count speak only if it counts none.
            for unit in [unit for unit in held if unit in category.units] or held:
                self._add_metered(category, facts, unit, set(faults))
        if self.metered is not None:
            self._add_totals(category, self.metered)

    def _add_totals(self, category: Category, metered: Totals) -> None:
        for key, amount in metered(self._split_months(category)):
            if key.unit in category.units or not category.units.keys() & set(key.held.split()):
                day = key.day or f"{key.month}-01"  # any day of a month on whose days all is the same
                facts = {**key._asdict(), "day": day, key.unit: amount}
                faults = self._flow_faults(key.member, day) | self._abroad(facts)
                self._add_metered(category, facts, key.unit, faults)

    def _split_months(self, category: Category) -> set[str] | None:
        """The months within which something that rates compute changes: what begins on the first splits none."""
        if category.vintage is not None:
            return None
        turns = {*self.window, *self.memberships.turns(), *self.funding.turns()}
        if "accelerator" in category.factors:
            turns |= self.cards.turns("accelerator")
        return {day[:7] for day in turns if day[8:] != "01"}

    def _add_metered(self, category: Category, facts: Facts, unit: str, faults: set[str]) -> None:
        accelerator = facts.get("accelerator") or ""
        factors: Factors = ()
        if unit == "gpu_s" and "accelerator" in category.factors:
            factors, missing = _rated({"accelerator": self.cards.value("accelerator", accelerator, facts["day"])})
            faults |= missing
        asset = f"{facts['facility']}/{accelerator}" if accelerator else facts["facility"]
        back = self.recoveries.part(f"batch:{facts['batch']}", self.last_day) if "batch" in facts else NOTHING
        self._add(facts, "compute", asset, unit, facts["day"], facts[unit], factors, faults, recovered=back)

    def _compute_faults(self, facts: Facts) -> set[str]:
        faults = self._flow_faults(facts["member"], facts["day"])
        if facts["batch"] not in self.compute.attested:
            faults.add("not-accepted")
        if abroad := self._abroad(facts):
            faults |= abroad
        elif self._is_breached(f"batch:{facts['batch']}", facts["day"]):
            faults.add("residency-breach")
        return faults

    def _abroad(self, facts: Facts) -> set[str]:
        countries = self.policy.residency
        return {"not-resident"} if countries and facts.get("country") not in countries else set()

    def _add_resources(self) -> None:
        for code in sorted(self.resources.recorded):
            facts = self.resources.recorded[code]
            category = self.policy.category(facts["kind"])
            if category is None:
                continue
            start = facts["period"][0]
            faults = self._resource_faults(code, facts)
            factors: Factors = ()
            if "grade" in category.factors:
                factors, missing = _rated({"grade": self.cards.value("grade", facts.get("grade") or "", start)})
                faults |= missing
            back = self.recoveries.part(f"resource:{code}", self.last_day)
            quantity = facts["quantity"]
            self._add(facts, facts["kind"], code, facts["unit"], start, quantity, factors, faults, recovered=back)

    def _resource_faults(self, code: str, facts: Facts) -> set[str]:
        start, until = facts["period"]
        if facts["kind"] == "background":
            faults = self._stock_faults(facts["member"], start)
            if not in_force(None, until, self.last_day):
                faults.add("outside-window")
        else:
            faults = self._flow_faults(facts["member"], start)
        if (standing := self.resources.faults[code]) is not None:
            faults.add(standing)
        if self.resources.withdrawn.get(code, "9999") <= self.last_day:
            faults.add("withdrawn")
        if facts["kind"] == "cash":
            if facts.get("nature") == "equity" and not self.policy.equity_counts:
                faults.add("equity")
            return faults
        day = self.last_day if facts["kind"] == "background" else start
        return faults | self._terms_faults(facts, facts["kind"], day)

    def _stock_faults(self, member: str, day: str) -> set[str]:
        """A stock stands on the last day of the window, and so must its member."""
        if day > self.last_day:
            return {"outside-window"}
        return set() if self.memberships.holds(member, self.last_day) else {"outside-membership"}

    def _flow_faults(self, member: str, day: str) -> set[str]:
        faults = set() if self.window[0] <= day <= self.last_day else {"outside-window"}
        return faults if self.memberships.holds(member, day) else faults | {"outside-membership"}

    def _terms_faults(self, facts: Facts, subject: str, day: str) -> set[str]:
        organization = self.memberships.organization.get(facts["member"])
        return set() if self.terms.cover(facts.get("agreement"), subject, organization, day) else {"no-terms"}

    def _add(
        self,
        facts: Facts,
        code: str,
        asset: str,
        unit: str,
        day: str,
        quantity: str,
        factors: Factors,
        faults: set[str],
        kept: Fraction = WHOLE,
        recovered: Fraction = NOTHING,
    ) -> None:
        category = self.policy.category(code)
        assert category is not None
        if unit not in category.units:
            faults.add("unit-not-counted")
        if category.vintage is not None:
            factors, missing = self._aged(category, factors, day)
            faults |= missing
        if self.funding.before_grant(facts.get("funding"), day):
            faults.add("before-grant")
        paid = self.funding.state_part(facts.get("funding"), day)
        part = eligibility.counted(faults, state=paid, recovered=recovered, kept=kept)
        key = (facts["member"], code, asset, unit, day[:7], factors, part.reasons, fraction_text(part.part))
        self.totals[key] += int(quantity)

    def _aged(self, category: Category, factors: Factors, day: str) -> tuple[Factors, set[str]]:
        """The factors with the vintage of that day, or what is missing for it."""
        assert category.vintage is not None

        def look(key: str) -> str | None:
            return self.cards.value(vintages.CARD, key, self.last_day)

        found = vintages.value(category.vintage, category.code, day, self.last_day, look)
        if found is None:
            return factors, {"factor-missing"}
        return (*factors, (vintages.FACTOR, fraction_text(found))), set()


def _rated(values: dict[str, str | None]) -> tuple[Factors, set[str]]:
    """The factors that a rate card gives, and whether one is missing."""
    known = tuple(sorted((name, value) for name, value in values.items() if value is not None))
    return known, set() if len(known) == len(values) else {"factor-missing"}


def _line(key: Key, quantity: int) -> dict[str, Any]:
    member, category, asset, unit, month, factors, reasons, counted = key
    return {
        "member": member,
        "category": category,
        "asset": asset,
        "unit": unit,
        "month": month,
        "quantity": str(quantity),
        "factors": [list(factor) for factor in factors],
        "counted": counted,
        "reasons": list(reasons),
    }
