"""People join, change employers, hold workplaces for a time, and leave."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from contributions import selectors, services
from contributions.core import people as rules
from contributions.core.roles import NotAllowed
from contributions.models import Entry, Organization, RoleGrant, User


def organization(code):
    return Organization.objects.get(code=code)


def test_an_employer_changes_from_a_day_and_the_past_keeps_the_old_one(world):
    user = world.user("desk")
    services.people.move(user, home=organization("kuruma"), valid_from=date(2026, 6, 1), **world.by("legal"))
    assert selectors.people.home_of(user, on=date(2026, 5, 31)) == "consortium"
    assert selectors.people.home_of(user, on=date(2026, 6, 1)) == "kuruma"
    assert world.user("desk").home.code == "kuruma"
    entry = Entry.objects.get(kind="person.moved")
    assert entry.subject == f"person:{user.pk}" and entry.member == ""


def test_an_entry_on_a_person_names_no_name(world):
    for entry in Entry.objects.filter(kind__startswith="person.").select_related("statement"):
        assert "の担当" not in bytes(entry.statement.content).decode()


def test_a_viewer_is_whose_employee_the_person_is_on_the_day(world):
    user = world.user("tetsu")
    services.people.move(user, home=organization("ginko"), valid_from=date(2026, 6, 1), **world.by("legal"))

    def home(day):
        return selectors.people.viewer_of(user, chosen=None, on=day, request=world.viewer("legal").request)[0].home

    assert [home(date(2026, 5, 31)), home(date(2026, 6, 1))] == ["tetsu", "ginko"]


def test_the_same_employer_again_is_refused(world):
    with pytest.raises(rules.SameHome):
        services.people.move(
            world.user("tetsu"), home=organization("tetsu"), valid_from=date(2026, 6, 1), **world.by("legal")
        )


def test_a_revoked_workplace_opens_nothing_from_its_day_on(world):
    grant = RoleGrant.objects.get(user=world.user("tetsu"))
    services.people.revoke(grant, revoked_from=date(2026, 6, 1), **world.by("legal"))
    assert selectors.people.grants_of(grant.user, on=date(2026, 5, 31)).exists()
    assert not selectors.people.grants_of(grant.user, on=date(2026, 6, 1)).exists()
    assert Entry.objects.filter(kind="role.revoked").count() == 1
    with pytest.raises(rules.AlreadyRevoked):
        services.people.revoke(grant, revoked_from=date(2026, 7, 1), **world.by("legal"))


def test_nobody_grants_revokes_or_shuts_their_own(world):
    user, grant = world.user("legal"), RoleGrant.objects.get(user=world.user("legal"))
    for verb in (
        lambda by: services.people.grant(user, organization=organization("consortium"), workplace="finance", **by),
        lambda by: services.people.revoke(grant, revoked_from=date(2026, 6, 1), **by),
        lambda by: services.people.deactivate(user, **by),
        lambda by: services.people.move(user, home=organization("tetsu"), valid_from=date(2026, 6, 1), **by),
    ):
        with pytest.raises(rules.OwnGrant):
            verb(world.by("legal"))


def test_the_desk_is_not_placed_at_a_company(world):
    with pytest.raises(rules.WrongPlace, match="Allocation desk"):
        services.people.grant(
            world.user("tetsu"), organization=organization("tetsu"), workplace="desk", **world.by("legal")
        )


@pytest.mark.parametrize("username", ["finance", "desk", "auditor", "tetsu", "reviewer", "robo"])
def test_only_legal_and_the_operator_change_people(world, username):
    size = Entry.objects.count()
    for verb in (
        lambda by: services.people.move(
            world.user("second"), home=organization("tetsu"), valid_from=date(2026, 6, 1), **by
        ),
        lambda by: services.people.deactivate(world.user("second"), **by),
    ):
        with pytest.raises(NotAllowed):
            verb(world.by(username))
    assert Entry.objects.count() == size


def test_a_shut_account_signs_in_no_more_until_it_is_opened(world):
    user = world.user("tetsu")
    services.people.deactivate(user, **world.by("legal"))
    assert not User.objects.get(pk=user.pk).is_active
    services.people.reactivate(user, **world.by("legal"))
    services.people.reactivate(user, **world.by("legal"))
    assert Entry.objects.filter(kind="person.reactivated").count() == 1, "again is no act"


def test_a_user_name_is_given_once(world):
    with pytest.raises(rules.NoSuchUsername):
        services.people.invite(
            username="TETSU", email="x@example.invalid", name_ja="x", name_en="x", home=organization("tetsu"),
            **world.by("legal"),
        )  # fmt: skip


def test_an_invited_person_sets_a_password_by_a_link_that_works_once(world):
    user = services.people.invite(
        username="hana", email="hana@example.invalid", name_ja="花", name_en="Hana", home=organization("tetsu"),
        **world.by("operator"),
    )  # fmt: skip
    path = services.people.invitation(user, by=world.viewer("operator"))
    client, words = Client(), {"password1": "a long enough phrase", "password2": "a long enough phrase"}
    form = client.get(path, follow=True)
    assert form.status_code == 200
    client.post(form.request["PATH_INFO"], words)
    assert User.objects.get(pk=user.pk).check_password("a long enough phrase")
    again = Client().get(path, follow=True)
    assert b'name="password1"' not in again.content
    with pytest.raises(rules.AlreadySignedIn):
        services.people.invitation(User.objects.get(pk=user.pk), by=world.viewer("operator"))


def test_history_is_read_as_of_a_day(world):
    user = world.user("tetsu")
    until = date(2026, 8, 1)
    services.people.grant(
        user, organization=organization("tetsu"), workplace="licensee", valid_from=date(2026, 7, 1),
        valid_until=until, **world.by("legal"),
    )  # fmt: skip
    days = [date(2026, 6, 30), date(2026, 7, 1), until - timedelta(days=1), until]
    assert [selectors.people.grants_of(user, on=day).count() for day in days] == [1, 2, 2, 1]
