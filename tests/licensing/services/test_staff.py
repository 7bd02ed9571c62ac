"""A licensee's own people: its contract owner invites and removes them, within the company and never itself."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from contributions import services as contributed
from contributions.core import people as rules
from contributions.core.roles import NotAllowed, NotYourRole, may
from contributions.models import Organization, RoleGrant
from contributions.selectors import people
from licensing import selectors, services
from licensing.models import Invoice


@pytest.fixture
def reporter(world):
    return invite(world, "robo", "reporter")


def invite(world, by: str, role: str, name: str = "robo-hokoku"):
    return services.staff.invite(
        username=name, email=f"{name}@example.invalid", name_ja="報告", name_en="Reporter", role=role, **world.by(by)
    )


def standing(world, user):
    """The viewer that a colleague is."""
    return people.viewer_of(world.user(user.username), chosen=None, on=world.clock.date(), request=uuid4())[0]


def grant_of(user) -> RoleGrant:
    return RoleGrant.objects.get(user=user, revoked_from=None)


def test_a_reporter_reports_and_does_nothing_else(world, reporter):
    viewer = standing(world, reporter)
    assert viewer.roles == {"reporter"} and viewer.acting == "robo"
    allowed = {action for action in ("usage.submit", "agreement.countersign", "report.prepare", "person.invite",
                                     "licensee.apply", "agreement.decline") if may(viewer, action)}  # fmt: skip
    assert allowed == {"usage.submit"}
    with pytest.raises(NotYourRole):
        contributed.people.invite(
            username="x", email="x@example.invalid", name_ja="x", name_en="x",
            home=Organization.objects.get(code="robo"), by=viewer, at=world.clock,
        )  # fmt: skip


@pytest.mark.parametrize(("role", "action"), [("engineer", "report.prepare"), ("accounts", None)])
def test_each_role_does_what_its_name_says(world, role, action):
    viewer = standing(world, invite(world, "robo", role))
    asked = ("usage.submit", "report.prepare", "agreement.countersign", "role.grant")
    assert [one for one in asked if may(viewer, one)] == ([action] if action else [])


def test_whoever_was_given_the_workplace_as_a_whole_owns_it(world):
    assert may(world.licensee("robo"), "agreement.countersign") and may(world.licensee("robo"), "person.invite")


def test_an_owner_reaches_its_own_company_and_nothing_else(world, reporter):
    owner = {"by": world.licensee("robo"), "at": world.clock}
    arm, robo = (Organization.objects.get(code=code) for code in ("arm", "robo"))
    with pytest.raises(rules.NotYourCompany):
        contributed.people.invite(
            username="spy", email="s@example.invalid", name_ja="x", name_en="x", home=arm, **owner
        )
    for organization, workplace in ((arm, "licensee"), (robo, "member")):
        with pytest.raises(rules.NotYourCompany):
            contributed.people.grant(reporter, organization=organization, workplace=workplace, role="owner", **owner)
    with pytest.raises(rules.NotYourCompany):
        contributed.people.grant(world.user("arm"), organization=robo, workplace="licensee", role="reporter", **owner)
    with pytest.raises(rules.NotYourCompany):
        services.staff.remove(RoleGrant.objects.get(user=world.user("arm")), on=world.clock.date(), **owner)
    with pytest.raises(rules.RoleNeeded):
        invite(world, "robo", "boss", "robo-boss")


def test_the_last_contract_owner_stays_whoever_removes(world, reporter):
    on, own = world.clock.date(), RoleGrant.objects.get(user=world.user("robo"))
    with pytest.raises(rules.OwnGrant):
        services.staff.remove(own, on=on, **world.by("robo"))
    with pytest.raises(rules.LastAdministrator):
        contributed.people.revoke(own, revoked_from=on, **world.by("legal"))
    services.staff.assign(grant_of(reporter), role="owner", on=on, **world.by("robo"))
    assert contributed.people.revoke(own, revoked_from=on, **world.by("legal")).revoked_from == on
    with pytest.raises(rules.LastAdministrator):
        contributed.people.revoke(grant_of(reporter), revoked_from=on, **world.by("legal"))


def test_a_removed_colleague_has_no_workplace_and_what_it_did_stays(world, reporter):
    services.staff.remove(grant_of(reporter), on=world.clock.date(), **world.by("robo"))
    assert standing(world, reporter).workplace == ""
    assert (
        not selectors.licensees.staff_rows(world.licensee("robo"), "robo", on=world.clock.date())
        .filter(user=reporter)
        .exists()
    )


@pytest.mark.parametrize(("username", "sees"), [("robo", True), ("legal", True), ("auditor", True), ("arm", False),
                                                ("tetsu", False), ("finance", False)])  # fmt: skip
def test_a_licensees_people_are_its_own_matter(world, reporter, username, sees):
    rows = selectors.licensees.staff_rows(world.viewer(username), "robo", on=world.clock.date())
    assert rows.exists() is sees


def test_members_and_strangers_invite_nobody_by_this_road(world):
    with pytest.raises(NotAllowed):
        invite(world, "tetsu", "owner", "tetsu-x")


# ---- what each role reads --------------------------------------------------------------------------------------------
LISTS = {
    "agreements": selectors.agreements.visible_to,
    "negotiations": selectors.negotiations.versions_visible_to,
    "drafts": lambda viewer: selectors.agreements.visible_to(viewer).filter(executed_at=None),
    "usage": selectors.usage.visible_to,
    "invoices": selectors.invoices.visible_to,
    "licences": selectors.licences.visible_to,
    "screening": selectors.licensees.visible_to,
}


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("owner", set()),
        ("contracts", {"usage", "invoices"}),
        ("reporter", {"negotiations", "drafts", "invoices", "licences", "screening"}),
        ("engineer", {"negotiations", "drafts", "usage", "invoices", "screening"}),
        ("accounts", {"negotiations", "drafts", "licences", "screening"}),
    ],
)
def test_each_role_reads_its_part_on_selectors_pages_menu_and_api_alike(settled_world, client, role, closed):
    told = settled_world
    services.negotiations.open(told.draft("robo"), **told.by("legal"))
    user = invite(told, "robo", role, f"robo-{role}")
    viewer = standing(told, user)
    assert {name for name, rows in LISTS.items() if not rows(viewer).exists()} == closed
    client.force_login(told.user(user.username))
    open_to_it = {
        "usage": client.get(reverse("licensing:usage_reports")).status_code == 200,
        "invoices": client.get(reverse("licensing:invoices")).status_code == 200,
    }
    assert {name for name, shown in open_to_it.items() if not shown} == closed & {"usage", "invoices"}
    counted = {name: client.get(f"/api/v1/{name}/").json()["count"] for name in ("usage", "invoices", "agreements")}
    assert {name for name, count in counted.items() if not count} == closed & {"usage", "invoices"}
    home = client.get("/").content.decode()
    for page, part in (("invoices", "invoices"), ("usage_reports", "usage")):
        assert (f'href="{reverse(f"licensing:{page}")}"' in home) == (part not in closed)
    invoice = Invoice.objects.get(agreement=told.agreement("robo"))
    detail = client.get(reverse("licensing:agreement", args=[invoice.agreement.number])).content.decode()
    assert (f"{invoice.gross:,}" in detail) == ("invoices" not in closed)
    assert client.get(reverse("licensing:invoice_pdf", args=[invoice.number])).status_code == (
        404 if "invoices" in closed else 200
    )


@pytest.mark.parametrize("role", ["contracts", "reporter", "engineer", "accounts"])
def test_no_role_but_the_owner_binds_the_company_or_manages_its_people(world, role):
    viewer = standing(world, invite(world, "robo", role))
    binding = ("agreement.countersign", "agreement.terminate", "renewal.refuse", "amendment.countersign", "role.grant")
    assert [action for action in binding if may(viewer, action)] == []


def test_a_calendar_feed_reads_with_its_owner_s_role(world, reporter):
    feed = services.calendars.make_feed(by=standing(world, reporter), at=world.clock)
    assert selectors.calendars.viewer_of(feed, on=world.clock.date()).roles == {"reporter"}
