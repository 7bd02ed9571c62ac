"""Usage reports: an ended period, once, by the licensee itself, every faulty line named."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

import world as cast
from contributions import services as contributed
from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Entry, LogHead, Organization
from licensing import selectors, services
from licensing.core.usage import UsageLine
from licensing.models import Agreement, UsageReport

JUNE, JULY, OCTOBER = cast.TERM[0], date(2026, 7, 1), date(2026, 10, 1)


@pytest.fixture
def autumn(licensed_world):
    licensed_world.wait_until("2026-10-10 09:00")
    return licensed_world


def submit(world, rows, *, by="robo", code="robo", start=JUNE, on=None):
    return services.usage.submit(
        world.agreement(code), period_from=start, rows=rows, on=on or world.clock.date(), **world.by(by)
    )


def line(units="620", metric="robot", region="JP") -> dict:
    return {"metric": metric, "region": region, "units": units}


def test_a_report_is_submitted_and_rated_by_the_agreements_own_terms(autumn):
    """500 robots at 12,000 yen and 120 at 9,000 yen."""
    report = autumn.usage("robo", "620")
    assert (report.number, report.state, report.fee["yen"]) == ("U-0001", "accepted", str(500 * 12000 + 120 * 9000))
    assert sum(int(step["amount"]) for step in report.fee["lines"]) == 7_080_000
    facts = canonical.loads(bytes(Entry.objects.get(seq=report.seq).statement.content))["facts"]
    assert facts["fee"] == report.fee


def test_a_small_report_pays_for_its_units_since_the_minimum_is_of_the_year(autumn):
    assert autumn.usage("robo", "10").fee["yen"] == "120000"


def report_year(world, starts, *, units="10"):
    """Report the periods in turn, each when it has ended; the last is handed in and left waiting."""
    world.wait_until("2027-07-20 09:00")
    for start in starts[:-1]:
        world.usage("robo", units, start=start)
    return world.usage("robo", units, start=starts[-1], accepted=False)


YEAR = [JUNE, JULY, OCTOBER, date(2027, 1, 1), date(2027, 4, 1)]


def test_the_last_report_of_a_licence_year_makes_up_the_minimum_fee(licensed_world):
    """Five reports of 120,000 yen: 5,400,000 are missing to the 6,000,000 of the year."""
    world = licensed_world
    report = services.usage.accept(report_year(world, YEAR), **world.by("finance"))
    minimum = int(report.agreement.variables["terms"]["minimum"])
    assert int(report.fee["yen"]) == minimum - 4 * 120_000
    assert report.fee["lines"][-1]["amount"] == str(minimum - 5 * 120_000)
    assert "最低利用料" in report.fee["lines"][-1]["ja"]


def test_a_year_above_its_minimum_owes_no_difference_and_the_next_year_begins_anew(licensed_world):
    world = licensed_world
    report = services.usage.accept(report_year(world, YEAR, units="500"), **world.by("finance"))
    assert int(report.fee["yen"]) == 500 * 12_000


def test_a_licence_year_is_not_closed_while_an_earlier_report_is_open(licensed_world):
    world = licensed_world
    closing = report_year(world, [JUNE, JULY, date(2027, 1, 1), date(2027, 4, 1)])
    with pytest.raises(services.usage.EarlierOpen) as refusal:
        services.usage.accept(closing, **world.by("finance"))
    assert "2026-10-01" in refusal.value.text("ja") and "2026-12-31" in refusal.value.text("en")


def test_faulty_lines_are_named_and_nothing_is_written(autumn):
    rows = [line(), line("-3", region="TH"), line("12", metric="hand"), line("1,200", region="US"), line("x")]
    size = LogHead.objects.get().size
    with pytest.raises(services.usage.FaultyReport) as refusal:
        submit(autumn, rows)
    named = [(finding.line, finding.field, finding.code) for finding in refusal.value.findings]
    assert {(2, "units"), (3, "metric"), (4, "region")} <= {(number, field) for number, field, _ in named}
    assert all(finding.text("ja") and finding.text("en") for finding in refusal.value.findings)
    assert not UsageReport.objects.exists() and LogHead.objects.get().size == size


@pytest.mark.parametrize("rows", [[], [line(), line("1")]])
def test_an_empty_report_and_a_doubled_line_are_faults(autumn, rows):
    with pytest.raises(services.usage.FaultyReport):
        submit(autumn, rows)


def test_a_report_of_nothing_is_a_line_of_zero(autumn):
    assert submit(autumn, [line("0")]).lines.get().units == "0"


@pytest.mark.parametrize("start", [OCTOBER, date(2026, 6, 25), date(2026, 4, 1), date(2028, 7, 1)])
def test_a_period_that_has_not_ended_or_is_none_is_refused(autumn, start):
    with pytest.raises(services.usage.NoSuchPeriod, match=start.isoformat()):
        submit(autumn, [line()], start=start)


def test_a_period_can_be_reported_from_the_day_after_its_last(autumn):
    with pytest.raises(services.usage.NoSuchPeriod):
        submit(autumn, [line()], start=JULY, on=date(2026, 9, 30))
    assert submit(autumn, [line()], start=JULY, on=OCTOBER).due_on == date(2026, 11, 29)


def test_a_period_is_reported_once(autumn):
    report = submit(autumn, [line()])
    with pytest.raises(services.usage.AlreadyReported, match=report.number):
        submit(autumn, [line("1")])
    assert UsageReport.objects.count() == 1


def test_a_licensee_reports_only_under_its_own_agreement(autumn):
    with pytest.raises(services.usage.NotYourAgreement):
        submit(autumn, [line()], by="arm", code="robo")
    with pytest.raises(NotAllowed):
        submit(autumn, [line()], by="tetsu")
    assert not UsageReport.objects.exists()


@pytest.mark.slow
def test_an_agreement_that_is_not_in_force_has_no_usage(autumn):
    draft = autumn.draft("robo")
    with pytest.raises(services.usage.NotInForce, match=draft.number):
        services.usage.submit(draft, period_from=JUNE, rows=[line()], on=OCTOBER, **autumn.by("robo"))


def test_finance_accepts_once_and_a_licensee_does_not(autumn):
    report = submit(autumn, [line()])
    with pytest.raises(NotAllowed):
        services.usage.accept(report, **autumn.by("robo"))
    services.usage.accept(report, **autumn.by("finance"))
    with pytest.raises(services.usage.NotSubmitted, match=report.number):
        services.usage.accept(report, **autumn.by("finance"))


def test_what_is_owed_shrinks_with_each_report(autumn):
    def owed(code, on=OCTOBER):
        return [row.period_from for row in selectors.usage.owed(autumn.licensee(code), on=on)]

    assert owed("robo") == [JUNE, JULY] and owed("robo", JULY) == [JUNE]
    submit(autumn, [line()])
    assert (owed("robo"), owed("arm")) == ([JULY], [JUNE, JULY])


# ---- a group of affiliates: one free tier, one cap ----
SHARED = {"free_units": "100", "free_per": "group", "group_cap": "10000000", "minimum": "0"}


@pytest.fixture
def affiliated(licensed_world):
    """arm belongs to robo; both hold a licence whose free tier and cap are the group's."""
    world = licensed_world
    found = Organization.objects.in_bulk(field_name="code")
    contributed.organizations.affiliate(
        parent=found["robo"], child=found["arm"], control="51/100", valid_from=date(2026, 4, 1), **world.by("legal")
    )
    for agreement in Agreement.objects.all():
        agreement.variables["terms"] |= SHARED
        agreement.save()
    world.wait_until("2026-10-10 09:00")
    return world


def test_affiliates_have_one_free_tier_and_one_cap_between_them(affiliated):
    first = affiliated.usage("robo", "80")
    owed = selectors.usage.owed(affiliated.licensee("arm"), on=affiliated.clock.date())[0]
    shown = services.fees.previewed(owed.agreement, owed, [UsageLine("robot", "JP", Fraction(80))], at=affiliated.clock)
    second = affiliated.usage("arm", "80")
    assert shown == second.fee, "what the form shows is what is accepted"
    assert (first.fee["yen"], first.fee["free"]) == ("0", "80")
    assert (second.fee["yen"], second.fee["free"]) == (str(60 * 12_000), "20"), "80 of the 100 were used by the other"
    third = affiliated.usage("robo", "1200", start=date(2026, 7, 1))
    assert third.fee["yen"] == str(10_000_000 - 60 * 12_000), "the cap counts what the other was charged"


def test_whoever_stands_alone_has_the_free_tier_alone(licensed_world):
    world = licensed_world
    for agreement in Agreement.objects.all():
        agreement.variables["terms"] |= SHARED
        agreement.save()
    world.wait_until("2026-10-10 09:00")
    assert [world.usage(code, "80").fee["yen"] for code in ("robo", "arm")] == ["0", "0"]


def test_a_report_after_its_day_pays_the_standard_price(licensed_world):
    world, agreement = licensed_world, licensed_world.agreement("robo")
    agreement.variables["terms"]["tiers"][0]["standard"] = "15000"
    agreement.variables["terms"]["minimum"] = "0"
    agreement.save()
    world.wait_until("2026-08-28 09:00")
    assert world.usage("robo", "10").fee["yen"] == "120000"
    world.wait_until("2026-11-30 09:00")
    assert world.usage("robo", "10", start=date(2026, 7, 1)).fee["yen"] == "150000"
