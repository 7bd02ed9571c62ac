"""Requests from outside: kept without an account, taken up by legal alone, erased in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contributions import services as contributed
from contributions.core.roles import NotAllowed
from contributions.models import Entry, Organization, RoleGrant, User
from contributions.selectors import people
from licensing import selectors, services
from licensing.core import screening
from licensing.core.licensees import EnglishNeeded
from licensing.models import Inquiry, Licensee

TYPED = {
    "company_ja": "若葉工機",
    "company_en": "Wakaba Machines",
    "corporate_number": "",
    "address": "東京都見本区1-1",
    "contact": "若葉太郎",
    "email": "wakaba@example.invalid",
    "field_of_use": "robotics",
    "purpose": "自社製品への組込み",
    "stated": {
        "address_en": "1-1 Mihon, Tokyo",
        "seat": "JP",
        "foreign_control": "0",
        "end_use": "civil",
        "inference": ["JP"],
        "rivals": "鋼野製鉄",
    },
}


@pytest.fixture
def request_(world):
    return services.inquiries.receive(TYPED, language="ja", at=world.clock)[0]


def take_up(world, row, by="legal", **changes):
    act = {"code": "wakaba", "username": "wakaba", "licensee_class": "japanese"} | changes
    return services.inquiries.take_up(row, **act, **world.by(by))


def test_a_request_is_not_journaled_and_its_secret_is_not_kept(world):
    before = Entry.objects.count()
    row, key = services.inquiries.receive(TYPED, language="ja", at=world.clock)
    assert Entry.objects.count() == before and not User.objects.filter(email=TYPED["email"]).exists()
    assert key not in str(vars(row)) and selectors.inquiries.by_key(key) == row
    assert selectors.inquiries.by_key(row.number) is None and selectors.inquiries.by_key("") is None


def test_taking_up_enters_company_administrator_and_application_at_once(world, request_):
    licensee, user = take_up(world, request_)
    grant = RoleGrant.objects.get(user=user)
    assert (licensee.state, licensee.organization.code, licensee.stated["rivals"]) == ("applied", "wakaba", "鋼野製鉄")
    assert (grant.workplace, grant.role, people.home_of(user, on=world.clock.date())) == ("licensee", "owner", "wakaba")
    assert not user.has_usable_password()
    request_.refresh_from_db()
    assert (request_.state, request_.licensee) == ("taken_up", licensee)
    with pytest.raises(services.inquiries.Decided):
        take_up(world, request_, code="again", username="again")


def test_no_japanese_gets_into_the_english_contract_from_a_request(world):
    bare = TYPED | {"company_en": "", "stated": {}}
    row = services.inquiries.receive(bare, language="ja", at=world.clock)[0]
    for given in ({}, {"name_en": "若葉工機", "address_en": "Tokyo"}, {"name_en": "Wakaba", "address_en": "東京都"}):
        with pytest.raises(EnglishNeeded):
            take_up(world, row, **given)
    assert Inquiry.objects.get(pk=row.pk).state == "new"
    company = take_up(world, row, name_en="Wakaba Machines", address_en="1-1 Mihon, Tokyo")[0].organization
    assert (company.name_en, company.address_en) == ("Wakaba Machines", "1-1 Mihon, Tokyo")


def test_what_fails_half_way_leaves_nothing(world, request_):
    with pytest.raises(Exception, match="robo"):
        take_up(world, request_, username="robo")
    assert not Organization.objects.filter(code="wakaba").exists() and not Licensee.objects.exists()
    assert Inquiry.objects.get().state == "new"


def test_a_company_on_record_is_not_registered_twice(world, request_):
    licensee, _user = take_up(world, request_, organization=Organization.objects.get(code="yoso"))
    assert licensee.organization.code == "yoso" and not Organization.objects.filter(code="wakaba").exists()


def test_a_declined_request_has_a_reason_that_names_no_member(world, request_):
    with pytest.raises(screening.NamesAMember):
        services.inquiries.decline(request_, reason="unavailable", text="鉄山製鋼", **world.by("legal"))
    row = services.inquiries.decline(request_, reason="unavailable", text="", **world.by("legal"))
    assert row.state == "declined" and row.reason_ja == screening.REASONS["unavailable"].ja


@pytest.mark.parametrize("username", ["finance", "tetsu", "robo", "auditor", "desk", "operator"])
def test_only_legal_answers(world, request_, username):
    with pytest.raises(NotAllowed):
        take_up(world, request_, by=username)
    reads = selectors.inquiries.visible_to(world.viewer(username)).exists()
    assert reads is (username == "auditor")


def test_a_secondee_of_the_sender_or_of_its_rival_does_not_see_it(world):
    world.second()
    named = TYPED | {"company_ja": "鋼野製鉄"}
    row, _key = services.inquiries.receive(named, language="ja", at=world.clock)
    assert not selectors.inquiries.visible_to(world.viewer("lent")).exists()
    with pytest.raises(services.licensees.Conflicted):
        take_up(world, row, by="lent")
    assert selectors.inquiries.visible_to(world.viewer("legal")).exists()


def test_so_many_may_wait_and_no_more(world, settings, request_):
    settings.INQUIRIES_OPEN_MAX = 1
    with pytest.raises(services.inquiries.TooManyOpen):
        services.inquiries.receive(TYPED, language="ja", at=world.clock)


def test_a_request_is_erased_when_its_days_are_over(world, settings, request_):
    settings.INQUIRY_DAYS = 30
    assert services.inquiries.forget(at=world.clock + timedelta(days=30)) == 0
    assert services.inquiries.forget(at=world.clock + timedelta(days=31)) == 1
    assert not Inquiry.objects.exists()


def test_the_administrator_signs_in_by_a_link_that_legal_hands_over(world, request_):
    _licensee, user = take_up(world, request_)
    assert "/accounts/" in contributed.people.invitation(user, by=world.viewer("legal"))
