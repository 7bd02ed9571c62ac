"""The inputs of an allocation, gathered by totals of metered compute, are byte for byte those folded from statements.

Random histories: batches sent in, attested, reversed before and after; members who leave and return; tables, funding
and grants that change within a month; breaches and their mending; windows and sizes of the log that cut through all.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import allocation_cases as cases
import pytest
from django.db import transaction
from django.db.models import F

from contributions import selectors, services
from contributions.core import balances as rules
from contributions.core import canonical
from contributions.core.compute import DayTotal
from contributions.core.roles import Viewer
from contributions.models import Batch, Facility, LogHead, Member, MeterTotal
from contributions.services import batches, journal
from licensing.services import allocations

BY = {"by": Viewer.system("test"), "at": datetime(2026, 4, 1, 3, tzinfo=UTC)}
FIRST, DAYS = date(2026, 3, 20), 110
CODES = ("tetsu", "hagane", "kuruma")
UNITS = ({"gpu_s": "1/3600"}, {"cpu_s": "1", "gpu_s": "1/3600"}, {"node_s": "1"})
FADES = {"rule": "fades/1", "per": "month", "factor": "9/10"}


class History:
    """A log that grows by one random act at a time."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        name = {"ja": "試験", "en": "test"}
        services.log.found(name=name, legal_form="kk", demo=True, **BY)
        for code in CODES:
            company = services.organizations.register(
                code=code, name_ja=code, name_en=code, country="JP", kind="company", invented=True, **BY
            )
            services.members.admit(company, member_class="founder", admitted_on=date(2026, 4, 1), **BY)
        for code, country in (("osaka", "JP"), ("austin", "US")):
            services.facilities.register(
                code=code, name_ja=code, name_en=code, operator=company, country=country, region="x",
                default_accelerator="h100", **BY,
            )  # fmt: skip
        self.fund()
        self.number = 0

    def step(self) -> None:
        often = [self.send] * 6 + [self.attest] * 6 + [self.reverse] * 2
        self.draw.choice([*often, self.fund, self.rate, self.leave, self.admit, self.breach, self.mend, self.recover])()

    def day(self) -> date:
        return FIRST + timedelta(days=self.draw.randrange(DAYS))

    def say(self, kind: str, **facts: Any) -> None:
        facts = {name.rstrip("_"): value for name, value in facts.items()}
        with transaction.atomic():
            journal.append(kind, subject="x:x", facts=facts, **BY)

    def send(self) -> None:
        self.number += 1
        facility = self.draw.choice(list(Facility.objects.order_by("code")))
        batch = Batch.objects.create(
            seq=0, number=f"B-{self.number:03d}", member=self.draw.choice(list(Member.objects.order_by("pk"))),
            facility=facility, file_name="f", file_format="x", file_sha256=f"{self.number:064x}",
            evidence_sha256="0" * 64, bytes_read=1, rows_read=1, jobs=1, findings_count=0, received_at=BY["at"],
        )  # fmt: skip
        days = {(self.draw.choice(["a100", "h100", "old"]), self.day()) for _ in range(self.draw.randint(1, 9))}
        amounts = (0, 0, 5, 7200, 2**62 - 1)
        with transaction.atomic():
            batches._post_days(
                batch,
                [DayTotal(kind, day, 1, *(self.draw.choice(amounts) for _ in range(3))) for kind, day in sorted(days)],
                **BY,
            )

    def attest(self) -> None:
        if batch := self.any_batch(state=Batch.State.SUBMITTED):
            services.compute.attest(batch, **BY)

    def reverse(self) -> None:
        if batch := self.any_batch(state__in=[Batch.State.SUBMITTED, Batch.State.ACCEPTED]):
            services.batches.reverse(batch, **BY)

    def any_batch(self, **which: Any) -> Batch | None:
        found = list(Batch.objects.filter(**which).order_by("number"))
        return self.draw.choice(found) if found else None

    def fund(self) -> None:
        rate, since = self.draw.choice(["0", "1/2", "1"]), self.draw.choice([None, self.day().isoformat()])
        decided = self.draw.choice([None, self.day().isoformat()])
        self.say("funding.registered", funding="F-1", mode="own", rate=rate, programme=None, decision=None,
                 from_=since, decided_on=decided)  # fmt: skip

    def rate(self) -> None:
        lines = {kind: self.draw.choice(["1", "2/5"]) for kind in self.draw.sample(["a100", "h100", "old"], 2)}
        day = self.draw.choice([self.day(), date(2026, 5, 1)]).isoformat()
        self.say("ratecard.adopted", card="accelerator", version=1, from_=day, lines=lines)

    def leave(self) -> None:
        self.say("member.withdrawn", member=self.draw.choice(CODES), from_=self.day().isoformat())

    def admit(self) -> None:
        code = self.draw.choice(CODES)
        self.say("member.admitted", member=code, organization=code, class_="founder", from_=self.day().isoformat())

    def breach(self) -> None:
        if batch := self.any_batch():
            country = self.draw.choice(["US", "JP"])
            self.say("residency.breached", breach=f"R-{self.number}", member="tetsu", what=f"batch:{batch.number}",
                     country=country, since=self.day().isoformat(), found="x")  # fmt: skip

    def mend(self) -> None:
        self.say("residency.mended", breach=f"R-{self.number}", member="tetsu", from_=self.day().isoformat())

    def recover(self) -> None:
        if batch := self.any_batch():
            self.say("compute.recovered", batch=batch.number, part=self.draw.choice(["1/3", "1/4"]), source="sale",
                     on=self.day().isoformat())  # fmt: skip

    def policy(self) -> dict[str, Any]:
        """A policy of either version, with other units, places, factors and vintages."""
        compute = {
            "code": "compute",
            "units": self.draw.choice(UNITS),
            "factors": self.draw.choice([[], ["accelerator"]]),
        }
        residency = self.draw.choice([["JP"], []])
        if self.draw.random() < 0.5:
            return cases.policy(categories=[{**compute, "weight": "1"}], residency=residency)
        document = cases.second(cases.right(method={"name": "equal/1"}), codes=("compute",))
        category = compute | ({"vintage": FADES} if self.draw.random() < 0.5 else {})
        points = {**document["points"], "categories": [category]}
        return document | {"points": points, "eligibility": {**document["eligibility"], "residency": residency}}

    def window(self) -> tuple[date, date]:
        start = self.draw.choice([date(2026, 4, 1), self.day()])
        return start, start + timedelta(days=self.draw.choice([1, 30, 91]))


def both(history: History, size: int) -> tuple[bytes, bytes]:
    asked = (history.policy(), "R-1", history.window(), size, "00" * 32)
    return canonical.dumps(allocations.gather(*asked)), canonical.dumps(allocations.gather_whole(*asked))


@pytest.mark.parametrize("seed", range(4))
def test_totals_give_the_bytes_that_the_statements_give(db, seed):
    history = History(seed)
    for _ in range(4):
        for _ in range(12):
            history.step()
        head = LogHead.objects.get().size
        for size in (head, head, head, history.draw.randrange(6, head), history.draw.randrange(6, head)):
            quick, whole = both(history, size)
            assert quick == whole, (seed, size)
    assert list(selectors.meter_totals.unequal()) == []
    before = stored()
    services.meter_totals.rebuild()
    assert stored() == before


def stored() -> list[tuple]:
    rows = MeterTotal.objects.values_list("day", "member", "held", "unit", "facility", "accelerator", "high", "low")
    return sorted((*names, total) for *names, high, low in rows if (total := rules.whole(high, low)))


@pytest.fixture
def metered(db) -> History:
    history = History(0)
    for act in (history.rate, history.send, history.send, history.attest, history.attest):
        act()
    return history


def test_a_total_that_was_changed_by_hand_is_told(metered):
    row = MeterTotal.objects.first()
    MeterTotal.objects.filter(pk=row.pk).update(low=row.low + 1)
    (fault,) = selectors.meter_totals.unequal()
    assert fault.invariant == "I12" and "totals of metered compute" in fault.text("en")


def test_a_log_that_grows_under_every_reading_is_folded_whole(metered, monkeypatch):
    asked = (cases.policy(), "R-1", (date(2026, 4, 1), date(2026, 7, 1)), LogHead.objects.get().size, "00" * 32)
    whole = allocations.gather(*asked)
    MeterTotal.objects.update(low=F("low") + 1)
    assert allocations.gather(*asked) != whole
    sizes = iter(range(100))
    monkeypatch.setattr(selectors.log, "head", lambda: LogHead(size=next(sizes)))
    assert allocations.gather(*asked) == whole == allocations.gather_whole(*asked)
