"""The running state of a fold over the log: which noun takes the facts of which kind of entry.

One pass in the order of the log; what each noun makes of its facts stands in `standing` and `ancestry`. Kinds that no
allocation reads are passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contributions.core.errors import Refused
from contributions.core.resources import PROMISED
from licensing.core.ancestry import Lineage
from licensing.core.policies import Policy
from licensing.core.recoveries import Recoveries
from licensing.core.standing import (
    Affiliations,
    Compute,
    Datasets,
    Facts,
    Funding,
    Memberships,
    RateCards,
    Residency,
    Resources,
    Stakes,
    Terms,
    Valuations,
)


class BadStatement(Refused):
    code = "bad-statement"
    ja = "種別「{kind}」の台帳記録を読めません（{reason}）。"
    en = "A statement of kind “{kind}” cannot be read ({reason})."


class Fold:
    """What the statements read so far say, noun by noun."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.memberships, self.affiliations, self.funding = Memberships(), Affiliations(), Funding()
        self.cards, self.terms, self.datasets = RateCards(), Terms(), Datasets()
        self.compute, self.resources, self.recoveries = Compute(), Resources(), Recoveries()
        self.residency = Residency()
        self.stakes, self.valuations, self.lineage = Stakes(), Valuations(), Lineage()
        self.takers: dict[str, Callable[[Facts], None]] = {
            "member.admitted": self.memberships.admit,
            "member.withdrawn": self.memberships.withdraw,
            "organization.affiliated": self.affiliations.affiliate,
            "funding.registered": self.funding.register,
            "funding.awarded": self.funding.register,
            "funding.amended": self.funding.register,
            "ratecard.adopted": self.cards.adopt,
            "terms.concluded": self.terms.conclude,
            "terms.amended": self.terms.conclude,
            "terms.ended": self.terms.end,
            "dataset.revised": self.datasets.revise,
            "dataset.copied": self.datasets.copy,
            "copy.removed": self.datasets.remove,
            "dataset.withdrawn": self.datasets.withdraw,
            "review.decided": self.datasets.decide,
            "condition.fulfilled": self.datasets.fulfil,
            "residency.breached": self.residency.breach,
            "residency.mended": self.residency.mend,
            "compute.metered": self.compute.meter,
            "compute.attested": self.compute.attest,
            "compute.reversed": self.compute.reverse,
            "resource.pledged": self._pledge,
            "resource.recorded": self.resources.record,
            "resource.accepted": self.resources.accept,
            "resource.refused": self.resources.refuse,
            "resource.disputed": self.resources.dispute,
            "resource.answered": self.resources.answer,
            "resource.withdrawn": self.resources.withdraw,
            "resource.recovered": self.recoveries.of_resource,
            "dataset.recovered": self.recoveries.of_dataset,
            "compute.recovered": self.recoveries.of_batch,
            "resource.superseded": self.resources.reverse,
            "resource.reversed": self.resources.reverse,
        }
        if policy.v > 1:
            self.takers |= {
                "stake.declared": self.stakes.declare,
                "stake.restated": self.stakes.restate,
                "valuation.adopted": self.valuations.adopt,
                "release.published": self.lineage.publish,
                "allocation.adopted": self.lineage.adopt,
            }

    def _pledge(self, facts: Facts) -> None:
        """Of data and compute only what was given is read, never what was promised."""
        if facts["kind"] not in PROMISED:
            self.resources.pledge(facts)

    def take(self, statement: dict[str, Any]) -> None:
        """Let the noun that knows this kind take its facts."""
        taker = self.takers.get(statement["kind"])
        if taker is None:
            return
        try:
            taker(statement["facts"])
        except (KeyError, TypeError, ValueError, AttributeError, Refused) as fault:
            raise BadStatement(kind=statement["kind"], reason=type(fault).__name__) from fault
