"""Facilities, and who may attest."""

from __future__ import annotations

import pytest

import world as cast
from contributions import services
from contributions.core import canonical, facilities
from contributions.core.datasets import NotACountry
from contributions.core.independence import InConflict
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Entry, Facility, Organization
from contributions.services.compute import SameEyes


def test_a_facility_states_its_operator_power_and_accelerators(world):
    facility = services.facilities.register(
        code="kobe",
        name_ja="神戸",
        name_en="Kobe",
        operator=Organization.objects.get(code="kuruma"),
        country="JP",
        region="兵庫",
        default_accelerator="h100",
        accelerators=["b200"],
        power_kw=1200,
        pue="1.25",
        **world.by("legal"),
    )
    entry = Entry.objects.get(seq=facility.seq)
    facts = canonical.loads(bytes(entry.statement.content))["facts"]
    assert facts["accelerators"] == ["b200", "h100"] == facility.accelerators
    assert (facts["power_kw"], facts["pue"], facts["operator"]) == (1200, "1.25", "kuruma")


def test_a_facility_is_registered_once_in_a_zone_and_a_country_that_exist(world):
    stated = {
        "code": "kobe", "name_ja": "神戸", "name_en": "Kobe", "country": "JP", "region": "兵庫",
        "operator": Organization.objects.get(code="kuruma"), "default_accelerator": "h100",
    }  # fmt: skip
    for wrong, refusal in (
        ({"zone": "Asia/Kobe"}, facilities.UnknownZone),
        ({"country": "Japan"}, NotACountry),
        ({"default_accelerator": "H 100"}, facilities.NotAType),
        ({"pue": "0.9"}, facilities.BadPower),
        ({"code": "osaka"}, facilities.FacilityKnown),
    ):
        with pytest.raises(refusal):
            services.facilities.register(**(stated | wrong), **world.by("legal"))
    with pytest.raises(NotAllowed):
        services.facilities.register(**stated, **world.by("kuruma"))
    assert not Facility.objects.filter(code="kobe").exists()


def test_nobody_attests_what_it_sent_or_what_its_employer_or_a_rival_put_in(world):
    world.wait_until("2026-06-01 09:00")
    batch = world.batch("tetsu", cast.sacct((1, "2026-05-10", 4, 8)), attested=False)
    legal = world.viewer("legal")

    def attest(**changed):
        viewer = Viewer(changed.get("user", legal.user), "x", changed.get("home", legal.home), legal.acting, "legal")
        return services.compute.attest(batch, by=viewer, at=world.clock)

    with pytest.raises(SameEyes):
        attest(user=batch.sent_by_id)
    for home in ("tetsu", "tetsuken"):
        with pytest.raises(InConflict):
            attest(home=home)
    services.exclusions.declare(
        world.of("tetsu"), rival=Organization.objects.get(code="hagane"), valid_from=cast.JOINED, **world.by("tetsu")
    )
    with pytest.raises(InConflict):
        attest(home="hagane")
    assert attest().state == "accepted"
