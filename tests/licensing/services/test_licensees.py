"""Licensees: screened on every point by somebody independent, approved only when all have passed."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import services as contributed
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Organization
from licensing import services
from licensing.core.licensees import CHECKS
from licensing.models import Licensee, Screening


def test_an_applicant_that_passed_every_check_is_approved(world):
    licensee = world.apply("robo")
    world.screen(licensee)
    approved = world.approve(licensee)
    assert (approved.state, approved.rescreen_on) == ("approved", date(2027, 6, 17))


def test_a_missing_check_holds_it_back_by_name(world):
    licensee = world.apply("robo")
    world.screen(licensee, *(kind for kind in CHECKS if kind != "export"))
    with pytest.raises(services.licensees.ScreeningOpen) as refusal:
        world.approve(licensee)
    assert CHECKS["export"].ja in refusal.value.text("ja") and CHECKS["antisocial"].ja not in refusal.value.text("ja")
    assert Licensee.objects.get().state == "applied"


def test_a_failed_check_holds_it_back(world):
    licensee = world.apply("robo")
    world.screen(licensee, *(kind for kind in CHECKS if kind != "antisocial"))
    world.screen(licensee, "antisocial", passed=False)
    with pytest.raises(services.licensees.ScreeningOpen, match="Antisocial"):
        world.approve(licensee)


def test_a_check_that_has_expired_holds_it_back(world):
    licensee = world.apply("robo")
    world.screen(licensee, valid_until=date(2026, 6, 17))
    with pytest.raises(services.licensees.ScreeningOpen):
        world.approve(licensee)


def test_nobody_of_the_applicants_group_screens_it(world):
    found = Organization.objects.in_bulk(field_name="code")
    contributed.organizations.affiliate(
        parent=found["robo"], child=found["yoso"], control="1", valid_from=date(2026, 4, 1), **world.by("legal")
    )
    licensee = world.apply("robo")
    for home in ("robo", "yoso"):
        seconded = Viewer(None, "x", home, "consortium", "legal")
        with pytest.raises(services.licensees.Conflicted):
            services.licensees.screen(
                licensee, kind="export", passed=True, finding_ja="x", finding_en="x",
                screened_on=date(2026, 6, 16), valid_until=date(2027, 6, 16), by=seconded, at=world.clock,
            )  # fmt: skip
    assert not Screening.objects.exists()


def apply(world, by: str, code: str) -> Licensee:
    return services.licensees.apply(
        Organization.objects.get(code=code), licensee_class="japanese", field_of_use="robotics", purpose="x",
        applied_on=date(2026, 6, 15), **world.by(by),
    )  # fmt: skip


def test_a_company_applies_for_itself_and_not_for_a_rival(world):
    with pytest.raises(services.licensees.NotYourApplication):
        apply(world, "robo", "arm")
    assert apply(world, "robo", "robo").state == "applied"


@pytest.mark.parametrize("username", ["tetsu", "finance", "reviewer"])
def test_members_have_no_part_in_it(world, username):
    with pytest.raises(NotAllowed):
        apply(world, username, "robo")
    licensee = world.apply("robo")
    with pytest.raises(NotAllowed):
        services.licensees.approve(
            licensee, decided_on=date(2026, 6, 17), rescreen_on=date(2027, 6, 17), **world.by(username)
        )
