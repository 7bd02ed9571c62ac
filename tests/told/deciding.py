"""What the consortium decides: checkpoints, policies, ballots, releases, allocations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from contributions.models import DatasetVersion, Facility
from licensing import services as licensed
from licensing.models import Allocation, Body, Policy, Release
from licensing.services.ballots import Minutes
from told.cast import BY_MEMBERS, JOINED, MEMBERS, POLICY, WINDOW
from told.contributing import Contributing


class Deciding(Contributing):
    """Ballots, policies, releases, and what each is entitled to."""

    def propose(self, **changes) -> Policy:
        """Propose the policy of this cast, changed where a test says so."""
        return licensed.policies.propose(POLICY | changes, **self.by("legal"))

    def body(self, members: Sequence[str] = MEMBERS, **changes) -> Body:
        """A steering committee of those members, each with one vote, two thirds carrying; changed where a test says."""
        stated = {"electorate": {"kind": "named", "members": list(members)}, "grounds": ["party", "beneficiary"]}
        stated["matters"] = dict.fromkeys(("policy", "allocation"), BY_MEMBERS)
        return licensed.bodies.constitute(
            code=f"committee-{Body.objects.count() + 1}",
            kind="committee",
            name_ja="運営委員会",
            name_en="Steering committee",
            stated=stated | changes,
            valid_from=JOINED,
            source_ja="参加契約",
            source_en="participation agreement",
            **self.by("legal"),
        )

    def ballot(
        self, proposal, *, electorate: Sequence[str] = MEMBERS, days: int = 30, body: Body | None = None, **more
    ):
        """Put a proposal to a body, by default to the committee of those members."""
        body = body or self.body(electorate)
        closes_at = self.clock + timedelta(days=days)
        return licensed.ballots.open(proposal, body=body, closes_at=closes_at, **more, **self.by("legal"))

    def vote(self, ballot, **choices: str) -> None:
        """Each member named casts its vote."""
        for code, choice in choices.items():
            licensed.ballots.cast(ballot, member=self.of(code), choice=choice, **self.by(code))

    def close(self, ballot):
        """Count a ballot, once all have voted or its time is over."""
        if ballot.votes.count() < len(ballot.electorate):
            self.clock = max(self.clock, ballot.closes_at)
        return licensed.ballots.close(ballot, minutes=Minutes("議事録", "minutes"), **self.by("legal"))

    def carry(self, proposal):
        """Every member votes for a proposal."""
        ballot = self.ballot(proposal)
        self.vote(ballot, **dict.fromkeys(MEMBERS, "for"))
        self.close(ballot)
        return proposal

    def adopt(self, policy: Policy) -> Policy:
        """Put a carried policy in force."""
        return licensed.policies.adopt(policy, adopted_on=self.clock.date(), **self.by("legal"))

    def policy(self, **changes) -> Policy:
        """A policy proposed, carried by every member, and adopted."""
        return self.adopt(self.carry(self.propose(**changes)))

    def release(self, number: str = "R-0.1", versions: Sequence[DatasetVersion] | None = None, **more) -> Release:
        """A release of one training run, on what is cleared for it."""
        cleared = DatasetVersion.objects.filter(reviews__state="passed").distinct() if versions is None else versions
        usable = [one for one in cleared if {copy["country"] for copy in one.copies} == {"JP"}]
        run = licensed.releases.record_run(
            facility=Facility.objects.get(code="osaka"),
            versions=usable,
            purpose="training",
            accelerator="h100",
            gpu_s=360_000,
            started_on=date(2026, 6, 1),
            ended_on=date(2026, 6, 10),
            **self.by("legal"),
        )
        return licensed.releases.publish(
            number=number,
            name_ja="基盤モデル",
            name_en="Foundation model",
            weights_sha256="9c" * 32,
            runs=[run],
            published_on=date(2026, 6, 13),
            **more,
            **self.by("legal"),
        )

    def run(self, **changes) -> Allocation:
        """The desk calculates by the adopted policy over the log as it stands."""
        stated = {"checkpoint": self.seal(), "window": WINDOW}
        policy = Policy.objects.get(state=Policy.State.ADOPTED)
        release = Release.objects.get(number="R-0.1")
        return licensed.allocations.run(policy, release, **(stated | changes), **self.by("desk"))

    def attest(self, allocation: Allocation, *people: str) -> Allocation:
        """Recompute and attest, by the desk and the auditor unless others are named."""
        for username in people or ("desk", "auditor"):
            allocation = licensed.allocations.attest(allocation, **self.by(username))
        return allocation
