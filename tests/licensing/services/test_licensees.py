"""Licensees: screened on every point by somebody independent, approved only when all have passed."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import services as contributed
from contributions.core.evidence import Evidence
from contributions.core.independence import OwnFinding
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Entry, Organization
from licensing import selectors, services
from licensing.core import screening
from licensing.core.licensees import CHECKS
from licensing.core.screening import PassedOnNothing
from licensing.models import Licensee, Screening


def test_an_applicant_that_passed_every_check_is_approved(world):
    licensee = world.apply("robo")
    world.screen(licensee)
    approved = world.approve(licensee)
    assert (approved.state, approved.rescreen_on) == ("approved", date(2027, 6, 17))


def test_nobody_approves_what_it_screened_and_only_those_who_may_are_named(world):
    world.second()
    licensee = world.apply("robo")
    world.screen(licensee)
    days = {"decided_on": date(2026, 6, 17), "rescreen_on": date(2027, 6, 17)}

    def refused() -> OwnFinding:
        with pytest.raises(OwnFinding) as refusal:
            services.licensees.approve(licensee, **days, **world.by("legal"))
        return refusal.value

    assert Licensee.objects.get().state == "applied"
    named = refused().text("en")
    assert "second" in named and "lent" in named and "legal" not in named.split("Who may:")[1]
    services.screenings.declare_conflict(
        licensee, Organization.objects.get(code="hagane"), on=date(2026, 6, 15), **world.by("legal")
    )
    assert "lent" not in refused().text("en") and "second" in refused().text("en")
    world.screen(licensee, "export", by="second")
    assert "at present there is none" in refused().text("en")
    assert [row.state for row in selectors.inbox.waiting_for(world.viewer("second"), on=date(2026, 6, 17))] == []


def test_a_screened_applicant_waits_in_the_inbox_of_those_who_may_approve_it(world):
    licensee = world.apply("robo")
    day = date(2026, 6, 17)
    waits = selectors.licensees.waiting_for
    assert [row.screened for row in waits(world.viewer("legal"), on=day)] == [False]
    world.screen(licensee)
    assert waits(world.viewer("legal"), on=day) == []
    (row,) = selectors.inbox.waiting_for(world.viewer("second"), on=day)
    assert row.todo.en == "Approve a licensee that was screened"


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


def test_the_newest_record_of_a_check_decides_not_the_kindest(world):
    licensee = world.apply("robo")
    world.screen(licensee)
    world.screen(licensee, "antisocial", passed=False)
    with pytest.raises(services.licensees.ScreeningOpen, match="Antisocial"):
        world.approve(licensee)


@pytest.mark.parametrize(
    ("kind", "details", "said"),
    [
        ("japanese-firm", {"seat": "JP", "foreign_control": "1/2"}, "less than 50 %"),
        ("japanese-firm", {}, "seat"),
        ("export", {"category": "unknown", "end_use": "civil", "inference": ["JP"]}, "specified category"),
        ("export", {"category": "none", "end_use": "military", "inference": ["JP"]}, "civil"),
        ("export", {"category": "none", "end_use": "civil", "inference": ["JP", "TH"]}, "Thailand"),
        ("export", {"residency": "unknown", "category": "none", "end_use": "civil", "inference": ["JP"]}, "resident"),
    ],
)
def test_a_check_that_its_own_record_contradicts_is_not_passed(world, kind, details, said):
    licensee = world.apply("robo")
    with pytest.raises(screening.Blocked, match=said):
        world.screen(licensee, kind, details=details)
    assert not Screening.objects.exists()
    world.screen(licensee, kind, passed=False, details=details)
    assert Screening.objects.get().details == details


def test_a_company_that_is_no_japanese_firm_is_approved_in_the_other_class(world):
    licensee, abroad = world.apply("robo"), {"seat": "JP", "foreign_control": "3/5"}
    licensee = services.licensees.reclassify(
        licensee, licensee_class="other", on=date(2026, 6, 16), **world.by("legal")
    )
    world.screen(licensee, *(kind for kind in CHECKS if kind != "japanese-firm"))
    world.screen(licensee, "japanese-firm", details=abroad)
    assert world.approve(licensee).licensee_class == "other"


def test_an_adopted_rule_replaces_the_first_one_from_its_day_on(world):
    document = screening.FIRST_RULE | {"foreign_control": "2/3", "boundary": "at-most", "inference": ["JP", "TH"]}
    services.screenings.adopt_rule(
        document, valid_from=date(2026, 6, 10), source_ja="運営委員会", source_en="committee", **world.by("legal")
    )
    licensee = world.apply("robo")
    world.screen(licensee, "japanese-firm", details={"seat": "JP", "foreign_control": "2/3"})
    with pytest.raises(screening.Blocked):
        world.screen(
            licensee, "japanese-firm", details={"seat": "JP", "foreign_control": "2/3"}, screened_on=date(2026, 6, 9)
        )
    with pytest.raises(screening.BadRule):
        services.screenings.adopt_rule(
            document | {"seat": "JP"}, valid_from=date(2026, 7, 1), source_ja="x", source_en="x", **world.by("legal")
        )


def test_declarations_that_close_every_release_to_the_applicant_block_it_without_a_name(allocated_world):
    world = allocated_world
    licensee = world.apply("robo")
    assert not services.screenings.is_excluded(licensee, date(2026, 6, 16))
    world.rivals("tetsu", "robo")
    with pytest.raises(screening.Blocked) as refusal:
        world.screen(licensee, "competition")
    for language in ("ja", "en"):
        assert "tetsu" not in refusal.value.text(language) and "鉄山" not in refusal.value.text(language)


def test_a_check_that_rests_on_a_document_is_not_passed_without_one(world):
    licensee = world.apply("robo")
    with pytest.raises(PassedOnNothing):
        world.screen(licensee, "antisocial", evidence=None)
    world.screen(licensee, "antisocial", evidence=None, passed=False)
    world.screen(licensee, "affiliates", evidence=None)
    assert Screening.objects.count() == 2


def test_evidence_lies_beside_the_finding_and_its_name_is_not_in_the_statement(world):
    licensee = world.apply("robo")
    world.screen(licensee, "antisocial", evidence=Evidence("照会結果 山田.pdf", b"%PDF"))
    (kept,) = Screening.objects.get().evidence
    said = bytes(Entry.objects.get(kind="licensee.screened").statement.content).decode()
    assert kept["name"] == "照会結果 山田.pdf" and "山田" not in said and kept["sha256"] in said
    read = selectors.licensees.evidence
    assert read(world.viewer("legal"), "robo", kept["sha256"]) and read(world.viewer("auditor"), "robo", kept["sha256"])
    for username in ("robo", "arm", "tetsu", "finance", "desk"):
        assert read(world.viewer(username), "robo", kept["sha256"]) is None, username


def test_a_refusal_has_a_reason_that_names_no_member_and_the_applicant_may_come_again(world):
    licensee = world.apply("robo")
    act = {"decided_on": date(2026, 6, 17)}
    for text in ("鉄山製鋼のデータのため", "because of Hagano Iron", "see tetsu"):
        with pytest.raises(screening.NamesAMember):
            services.licensees.refuse(licensee, reason="unavailable", text=text, **act, **world.by("legal"))
    with pytest.raises(screening.ReasonUnknown):
        services.licensees.refuse(licensee, reason="", text="x", **act, **world.by("legal"))
    refused = services.licensees.refuse(
        licensee, reason="export", text="推論の場所を国内に改めてください。", **act, **world.by("legal")
    )
    assert refused.state == "refused" and "国内" in refused.reason_ja and "export" in refused.reason_en
    with pytest.raises(services.licensees.NotDecided):
        services.licensees.approve(refused, **act, rescreen_on=date(2027, 6, 17), **world.by("legal"))
    again = apply(world, "robo", "robo")
    assert (again.pk, again.state, again.reason_ja) == (refused.pk, "applied", "")
    with pytest.raises(services.licensees.AlreadyApplied):
        apply(world, "robo", "robo")


@pytest.fixture
def lent(world):
    """hagane's employee, lent to legal; hagane is a competitor that robo named."""
    world.second()
    licensee = world.apply("robo")
    services.screenings.declare_conflict(
        licensee, Organization.objects.get(code="hagane"), on=date(2026, 6, 15), **world.by("legal")
    )
    return licensee


def test_nobody_from_a_competitor_of_the_applicant_takes_part_or_sees_it(world, lent):
    day = date(2026, 6, 17)
    acts = (
        lambda by: services.licensees.screen(
            lent, kind="affiliates", passed=True, finding_ja="x", finding_en="x", screened_on=day,
            valid_until=date(2027, 6, 17), **by),
        lambda by: services.licensees.approve(lent, decided_on=day, rescreen_on=date(2027, 6, 17), **by),
        lambda by: services.licensees.refuse(lent, reason="export", text="", decided_on=day, **by),
        lambda by: services.licensees.reclassify(lent, licensee_class="other", on=day, **by),
        lambda by: services.screenings.declare_conflict(
            lent, Organization.objects.get(code="tetsu"), on=day, **by),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(services.licensees.Conflicted):
            act(world.by("lent"))
    assert not selectors.licensees.visible_to(world.viewer("lent")).exists()
    assert not selectors.licensees.conflicts_visible_to(world.viewer("lent")).exists()
    assert selectors.licensees.visible_to(world.viewer("legal")).exists()
    assert not Screening.objects.exists()


def test_a_competitor_named_by_mistake_is_let_in_again(world, lent):
    (row,) = selectors.licensees.conflicts_visible_to(world.viewer("legal"))
    services.screenings.lift_conflict(row, on=date(2026, 6, 16), **world.by("legal"))
    assert selectors.licensees.visible_to(world.viewer("lent")).exists()
    again = services.screenings.declare_conflict(lent, row.organization, on=date(2026, 6, 17), **world.by("legal"))
    assert again.pk != row.pk and not selectors.licensees.visible_to(world.viewer("lent")).exists()


def test_a_licensee_does_not_read_which_people_keep_out_for_it(world, lent):
    shown = selectors.entries.visible_to(world.licensee("robo"))
    assert "conflict.declared" not in shown.values_list("kind", flat=True)
    with pytest.raises(services.screenings.OwnRival):
        services.screenings.declare_conflict(
            lent, Organization.objects.get(code="robo"), on=date(2026, 6, 16), **world.by("legal")
        )


def test_an_overdue_screening_or_a_failed_check_stops_new_agreements(licensed_world, settings):
    world, licensee = licensed_world, Licensee.objects.get(organization__code="robo")
    check = services.licensees.check_licensable
    check(licensee, date(2027, 6, 17))
    with pytest.raises(services.licensees.RescreeningOverdue):
        check(licensee, date(2027, 6, 18))
    settings.RESCREEN_SUSPENDS = False
    check(licensee, date(2027, 6, 18))
    world.screen(licensee, "export", passed=False)
    licensee.refresh_from_db()
    with pytest.raises(services.licensees.CheckFailed):
        world.draft("robo")


def test_a_suspended_licensee_is_approved_again_once_every_check_is_in_force(licensed_world):
    world, licensee = licensed_world, Licensee.objects.get(organization__code="robo")
    act = {"decided_on": date(2026, 7, 1)}
    with pytest.raises(services.licensees.ReasonMissing):
        services.licensees.suspend(licensee, text=" ", **act, **world.by("legal"))
    licensee = services.licensees.suspend(licensee, text="資料の更新待ち", **act, **world.by("legal"))
    with pytest.raises(services.agreements.LicenseeNotApproved):
        world.draft("robo")
    days = act | {"rescreen_on": date(2027, 6, 17)}
    with pytest.raises(OwnFinding):
        services.licensees.approve(licensee, **days, **world.by("legal"))
    licensee = services.licensees.approve(licensee, **days, **world.by("second"))
    assert (licensee.state, licensee.reason_ja, licensee.judges) == ("approved", "", [])


def test_what_is_due_to_be_screened_again_is_told_to_legal_in_time(licensed_world):
    legal = licensed_world.viewer("legal")
    due = selectors.licensees.waiting_for
    assert due(legal, on=date(2027, 4, 17)) == []
    assert [row.organization.code for row in due(legal, on=date(2027, 4, 19))] == ["arm", "robo"]
    assert due(licensed_world.viewer("finance"), on=date(2027, 6, 19)) == []
    (first, *_rest) = selectors.inbox.waiting_for(legal, on=date(2027, 6, 19))
    assert (first.todo.en, first.state, first.due_on) == ("Screen a licensee again", "overdue", date(2027, 6, 17))
