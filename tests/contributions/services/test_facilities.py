"""A facility amended from a day on: usage and breaches follow the facts of their day, and what stood stays."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

import world as cast
from contributions import selectors, services
from contributions.core import canonical, facilities
from contributions.core.evidence import Evidence
from contributions.core.roles import NotAllowed
from contributions.models import Breach, Entry, Facility, FacilityEdition, MeterDay, Organization
from contributions.services import imports

UNTYPED = cast.sacct((1, "2026-06-09", 4, 8), (2, "2026-06-10", 4, 8)).replace("gres/gpu:h100=", "gres/gpu=")
DEED = Evidence("登記.pdf", b"%PDF deed")
FORM = "facility,day,accelerator,jobs,cpu_hours,node_hours,gpu_hours\n"


@pytest.fixture
def july(world):
    world.wait_until("2026-07-01 09:00")
    return world


def osaka() -> Facility:
    return Facility.objects.get(code="osaka")


def amend(world, on: str = "2026-06-10", *, by: str = "legal", **changes) -> Facility:
    return services.facilities.amend(osaka(), valid_from=date.fromisoformat(on), **changes, **world.by(by))


def facts_of(seq: int) -> dict:
    return canonical.loads(bytes(Entry.objects.get(seq=seq).statement.content))["facts"]


def test_what_changes_is_an_entry_and_an_edition_of_its_own(july):
    kuruma, hagane = (Organization.objects.get(code=code) for code in ("kuruma", "hagane"))
    made = amend(july, power_kw=30_000, accelerators=["h100", "b200"])
    assert facts_of(made.seq) == {
        "facility": "osaka", "from": "2026-06-10", "power_kw": 30_000, "accelerators": ["b200", "h100"],
    }  # fmt: skip
    amend(july, "2026-09-01", operator=hagane)
    amend(july, "2026-05-01", pue="1.20")
    days = (date(2026, 5, 1), date(2026, 6, 10), date(2026, 9, 1))
    held = [selectors.facilities.on(osaka(), day) for day in days]
    assert [row.operator for row in held] == [kuruma, kuruma, hagane]
    assert [row.power_kw for row in held] == [None, 30_000, 30_000]
    assert (osaka().operator, str(osaka().pue)) == (hagane, "None"), "the newest edition, as it was stated"
    assert FacilityEdition.objects.filter(facility=osaka()).count() == 4


def test_who_runs_a_facility_on_the_day_sees_it_and_who_ran_it_before_does_not(july):
    def runs(code: str, day: int) -> bool:
        rows = selectors.facilities.operated_by(Facility.objects.all(), code, date(2026, 6, day))
        return rows.filter(code="osaka").exists()

    amend(july, operator=Organization.objects.get(code="hagane"))
    assert [runs("kuruma", day) for day in (9, 10)] == [True, False]
    assert [runs("hagane", day) for day in (9, 10)] == [False, True]
    old = selectors.facilities.operated_by(Facility.objects.all(), "kuruma", date(2020, 1, 1))
    assert old.filter(code="osaka").exists(), "before the record began, as it began"


def test_what_changes_nothing_or_comes_before_the_record_is_refused_and_so_is_a_member(july):
    for on, changes, refusal in (
        ("2026-03-31", {"power_kw": 5}, facilities.BeforeItBegan),
        ("2026-06-10", {"country": "JP", "accelerators": ["h100"]}, facilities.ChangesNothing),
        ("2026-06-10", {"default_accelerator": "H 100"}, facilities.NotAType),
    ):
        with pytest.raises(refusal):
            amend(july, on, **changes)
    with pytest.raises(NotAllowed):
        amend(july, by="kuruma", power_kw=5)
    assert FacilityEdition.objects.filter(facility=osaka()).count() == 1


def test_a_gpu_of_no_type_counts_as_the_facility_calls_it_on_the_day_of_its_job(july):
    amend(july, default_accelerator="b200")
    july.batch("tetsu", UNTYPED, attested=False)
    found = MeterDay.objects.order_by("day").values_list("day", "accelerator")
    assert [(f"{day:%m-%d}", name) for day, name in found] == [("06-09", "h100"), ("06-10", "b200")]


def test_a_form_names_what_was_installed_on_its_day(july):
    amend(july, accelerators=["h100", "x1"])
    lines = "".join(f"osaka,2026-06-{day},x1,1,8,1,8\n" for day in ("09", "10"))
    outcome = imports.receive(
        july.file(FORM + lines, "form.csv"), member=july.of("tetsu"), facility=osaka(), **july.by("tetsu")
    )
    assert [each.day for each in MeterDay.objects.filter(batch=outcome.batch)] == [date(2026, 6, 10)]
    (finding,) = outcome.findings
    assert (finding.line, finding.field, finding.code) == (2, "accelerator", "not-on-day")


def test_a_move_abroad_is_told_before_it_makes_breaches_of_what_is_on_record(july):
    batch = july.batch("tetsu", cast.sacct((1, "2026-06-09", 4, 8), (2, "2026-06-11", 4, 8)))
    with pytest.raises(facilities.MakesBreaches) as refusal:
        amend(july, country="US", region="Texas")
    assert batch.number in refusal.value.text("en") and not Breach.objects.filter(batch=batch).exists()
    amend(july, country="US", region="Texas", told=[batch.number])
    breach = Breach.objects.get(batch=batch)
    assert (breach.since, breach.until, breach.country, breach.found) == (date(2026, 6, 11), None, "US", "record")
    resident = next(line for line in selectors.eligibility.of_batch(batch) if line.code == "resident")
    assert resident.excluded == Fraction(1, 2), "the day before the move counts on"
    later = july.batch("hagane", cast.sacct((3, "2026-06-09", 4, 8), (4, "2026-06-11", 4, 8)))
    stated = [facts_of(day.seq)["country"] for day in later.days.order_by("day")]
    assert stated == ["JP", "US"] and not later.breaches.exists()


def test_evidence_shows_the_country_only_since_the_facility_stands_there(july):
    office, viewer = Organization.objects.get(code="consortium"), july.viewer("legal")
    services.places.attest_facility(
        osaka(), country="JP", on=date(2026, 6, 1), attested_by=office, evidence=DEED, **july.by("legal")
    )
    today = date(2026, 7, 1)
    assert osaka() not in selectors.places.unevidenced(viewer, today)
    amend(july, country="US", region="Texas")
    assert osaka() in selectors.places.unevidenced(viewer, today)
    assert osaka() not in selectors.places.unevidenced(viewer, date(2026, 6, 9))
    amend(july, "2026-06-20", country="JP", region="大阪")
    assert osaka() in selectors.places.unevidenced(viewer, today), "shown before it moved away and back"


def test_a_time_abroad_between_two_editions_is_mended_by_the_day_of_its_end(july):
    batch = july.batch("tetsu", cast.sacct((1, "2026-06-11", 4, 8), (2, "2026-06-25", 4, 8)))
    amend(july, "2026-06-20", power_kw=9)
    amend(july, country="US", region="Texas", told=[batch.number])
    breach = Breach.objects.get(batch=batch)
    assert (breach.since, breach.until) == (date(2026, 6, 11), date(2026, 6, 20)), "then the edition of that day holds"
    held = [selectors.facilities.on(osaka(), date(2026, 6, day)).country for day in (9, 10, 19, 20)]
    assert held == ["JP", "US", "US", "JP"]
