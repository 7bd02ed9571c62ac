"""What of a contribution can count on a day, as its page tells it: the same parts as an allocation's fold."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from contributions import services
from contributions.models import Entry, FundingSource
from contributions.selectors import resources

ON = date(2026, 10, 1)


def excluded(resource, on=ON) -> dict[str, Fraction]:
    return {line.code: line.excluded for line in resources.eligibility_of(resource, on) if line.excluded}


def test_an_accepted_levy_from_own_money_counts_whole(world):
    assert excluded(world.cash("tetsu", 10)) == {}


def test_the_part_the_state_paid_and_the_part_recovered_are_left_out(world):
    resource = world.cash("tetsu", 10, funding="F-02")
    world.wait_until("2026-09-01 09:00")
    services.recoveries.declare(resource, part="1/4", source="sale", recovered_on=date(2026, 9, 1), **world.by("tetsu"))
    assert excluded(resource) == {"state": Fraction(1, 2), "recovered": Fraction(1, 4)}
    assert excluded(resource, date(2026, 8, 1)) == {"state": Fraction(1, 2)}, "not yet recovered on that day"


def test_a_cost_before_the_grant_decision_a_dispute_and_equity_count_nothing(world):
    world.wait_until("2026-05-02 12:00")
    services.funding.register(
        code="F-9", name_ja="x", name_en="x", mode="subsidy", state_rate="1/2", decision_number="1",
        decided_on=date(2026, 5, 2), **world.by("finance"),
    )  # fmt: skip
    early = world.cash("tetsu", 10, funding="F-9")
    assert FundingSource.objects.get(code="F-9").decided_on > early.period_from
    assert set(excluded(early)) == {"granted"}
    disputed = services.resources.dispute(world.cash("tetsu", 10), reason="x", **world.by("tetsu"))
    assert set(excluded(disputed)) == {"accepted"}
    assert set(excluded(world.cash("ginko", 10, nature="equity"))) == {"nature"}


def test_people_count_only_under_terms_and_are_valued_by_the_card_of_their_day(world):
    people = world.people("tetsu", 9_165)
    assert resources.valued(people) is None and excluded(people) == {}
    before = Entry.objects.count()
    for start, rate in ((date(2026, 4, 1), "4610"), (date(2026, 6, 1), "9999")):
        services.ratecards.adopt(
            card="hourly", lines={"senior": rate}, valid_from=start, source_ja="表", source_en="table",
            **world.by("legal"),
        )  # fmt: skip
    assert resources.valued(people) == (4610, 704_177)
    assert resources.valued(people, known_at=before) is None
    services.terms.end(people.agreement, ended_from=date(2026, 4, 15), **world.by("legal"))
    people.refresh_from_db()
    assert set(excluded(people)) == {"terms"}


def test_where_it_stood_is_known_as_of_any_entry(world):
    resource = world.cash("tetsu", 10)
    recorded, accepted = (step.seq for step in resource.steps.all())
    assert [resources.state_at(resource, known_at=seq) for seq in (recorded, recorded + 1, accepted + 1)] == [
        None, "submitted", "accepted",
    ]  # fmt: skip
