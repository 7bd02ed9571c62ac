"""What of data and of metered compute can count, line by line, on the day that a page speaks of."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

import world as cast
from contributions import selectors, services
from contributions.core import eligibility
from contributions.core import resources as rules
from contributions.core.errors import Refused
from contributions.models import Batch, Entry, FundingSource, InboundAgreement

JUNE, JULY, OCTOBER = date(2026, 6, 1), date(2026, 7, 1), date(2026, 10, 1)


def lines_of(world, version, on: date = JUNE) -> dict[str, eligibility.Line]:
    standings = selectors.datasets.history_of(world.viewer("legal"), version.dataset, on)
    standing = next(one for one in standings if one.version.pk == version.pk)
    return {line.code: line for line in selectors.eligibility.of_version(standing, on)}


def unmet(lines) -> list[str]:
    return [code for code, line in lines.items() if not line.is_met]


def test_a_version_says_line_by_line_what_takes_something_away(world):
    half = world.clear(world.dataset("tetsu", "半分", funding="F-02"))
    lines = lines_of(world, half)
    assert unmet(lines) == ["state"] and eligibility.left(lines.values()) == Fraction(1, 2)
    open_ = lines_of(world, world.dataset("tetsu", "審査前", countries=("JP", "US")))
    assert unmet(open_) == ["accepted", "resident"] and eligibility.left(open_.values()) == 0
    before = world.clear(world.dataset("tetsu", "後から", on=date(2026, 5, 1)))
    assert lines_of(world, before)["incurred"].text.en == "provided on 2026-05-01"


def test_data_under_an_agreement_that_ended_counts_no_more_unless_its_right_stays(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    agreement = InboundAgreement.objects.get(organization__code="tetsu")
    services.terms.end(agreement, ended_from=JULY, **world.by("legal"))
    assert unmet(lines_of(world, version, JUNE)) == []
    assert unmet(lines_of(world, version, JULY)) == ["terms"]
    (standing,) = selectors.datasets.history_of(world.viewer("legal"), version.dataset, JULY)
    assert not standing.counts and standing.grounds[2].text.en == "T-tetsu-0001 ended on 2026-07-01"


def test_a_right_that_stays_outlives_its_agreement(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    world.narrow("tetsu", after_withdrawal="stays")
    agreement = InboundAgreement.objects.get(organization__code="tetsu")
    services.terms.end(agreement, ended_from=JULY, **world.by("legal"))
    assert unmet(lines_of(world, version, OCTOBER)) == []


def test_cost_before_the_decision_of_a_grant_is_ineligible_for_data_and_for_compute(world):
    world.wait_until("2026-06-01 09:00")
    services.funding.amend(
        FundingSource.objects.get(code="F-02"), valid_from=date(2026, 4, 1), decision_number="N-1",
        decided_on=date(2026, 5, 11), **world.by("finance"),
    )  # fmt: skip
    version = world.clear(world.dataset("tetsu", "高炉", funding="F-02"))
    assert unmet(lines_of(world, version)) == ["granted", "state"]
    batch = world.batch("kuruma", cast.sacct((1, "2026-05-10", 1, 8), (2, "2026-05-11", 3, 8)), funding="F-02")
    lines = {line.code: line for line in selectors.eligibility.of_batch(batch)}
    assert lines["granted"].excluded == Fraction(1, 4) and lines["state"].excluded == Fraction(3, 8)
    assert eligibility.left(lines.values()) == Fraction(3, 8)


def test_a_batch_counts_day_by_day_for_what_was_computed_on_each(world):
    world.wait_until("2026-06-01 09:00")
    batch = world.batch("kuruma", cast.sacct((1, "2026-05-10", 3, 8), (2, "2026-05-11", 1, 8)), attested=False)
    lines = {line.code: line for line in selectors.eligibility.of_batch(batch)}
    assert unmet(lines) == ["accepted"] and eligibility.left(lines.values()) == 0
    services.compute.attest(batch, **world.by("legal"))
    services.residency.record(
        batch=batch, country="SG", region="", since=date(2026, 5, 11), found="operator", **world.by("kuruma")
    )
    lines = {line.code: line for line in selectors.eligibility.of_batch(Batch.objects.get(pk=batch.pk))}
    assert unmet(lines) == ["resident"] and lines["resident"].excluded == Fraction(1, 4)
    abroad = world.batch("kuruma", cast.sacct((3, "2026-05-12", 3, 8)), facility="austin")
    lines = {line.code: line for line in selectors.eligibility.of_batch(abroad)}
    assert unmet(lines) == ["resident"] and "United States" in lines["resident"].text.en


def test_a_batch_of_many_days_asks_the_database_a_bounded_number_of_times(world, django_assert_max_num_queries):
    world.wait_until("2026-06-01 09:00")
    batch = world.batch("kuruma", cast.sacct(*((day, f"2026-05-{day:02}", 1, 8) for day in range(1, 25))))
    batch = Batch.objects.select_related("member", "facility", "funding").get(pk=batch.pk)
    with django_assert_max_num_queries(5):
        assert eligibility.left(selectors.eligibility.of_batch(batch)) == 1


def test_what_came_back_from_elsewhere_is_left_out_of_data_and_of_compute(world):
    world.wait_until("2026-06-01 09:00")
    declared = {"part": "1/4", "source": "sale", "recovered_on": JUNE}
    version = world.clear(world.dataset("tetsu", "半分", funding="F-02"))
    services.recoveries.declare(version, **declared, **world.by("tetsu"))
    lines = lines_of(world, version)
    assert unmet(lines) == ["state", "recovered"] and eligibility.left(lines.values()) == Fraction(1, 4)
    assert unmet(lines_of(world, version, date(2026, 5, 31))) == ["state"], "not yet recovered on that day"
    batch = world.batch("kuruma", cast.sacct((1, "2026-05-10", 1, 8)))
    services.recoveries.declare(batch, **declared, **world.by("finance"))
    lines = {line.code: line for line in selectors.eligibility.of_batch(batch)}
    assert unmet(lines) == ["recovered"] and lines["recovered"].text.ja == "他からの回収 1/4 を除く"
    with pytest.raises(rules.MoreThanWhole):
        services.recoveries.declare(batch, **declared | {"part": "4/5"}, **world.by("kuruma"))
    for given in (version, batch):
        with pytest.raises(Refused):
            services.recoveries.declare(given, **declared, **world.by("hagane"))
    assert [entry.subject for entry in Entry.objects.filter(kind__endswith=".recovered").order_by("seq")] == [
        f"dataset:{version.dataset.number}",
        f"batch:{batch.number}",
    ]
