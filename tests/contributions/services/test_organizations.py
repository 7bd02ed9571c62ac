"""The common tables: organizations, members, stakes, funding, rate cards, facilities, people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contributions import selectors, services
from contributions.core import facilities
from contributions.core import members as member_rules
from contributions.core import organizations as rules
from contributions.core.codes import CodeTaken
from contributions.core.money import NotAFraction
from contributions.core.organizations import BadCorporateNumber, BadInvoiceNumber
from contributions.core.people import NotYourCompany
from contributions.core.roles import NotAllowed
from contributions.models import Entry, Facility, FundingSource, Member, Organization, RateCard, RoleGrant, User
from contributions.services import funding


def register(world, *, by="legal", code="shin", **changes):
    return services.organizations.register(code=code, name_ja="新会社", name_en="Shin", **changes, **world.by(by))


def test_an_organization_enters_with_its_numbers_checked(world):
    organization = register(world, corporate_number="8700110005901", invoice_number="T8700110005901")
    assert (organization.short_ja, organization.corporate_number) == ("新会社", "8700110005901")


@pytest.mark.parametrize(
    ("numbers", "refusal"),
    [
        ({"corporate_number": "8700110005902"}, BadCorporateNumber),
        ({"corporate_number": "870011000590"}, BadCorporateNumber),
        ({"corporate_number": "8700110005901", "invoice_number": "T9999999999999"}, BadInvoiceNumber),
        ({"invoice_number": "T8700110005901"}, rules.InvoiceNumberAlone),
        ({"code": "new"}, CodeTaken),
    ],
)
def test_a_number_whose_check_digit_is_wrong_is_refused(world, numbers, refusal):
    with pytest.raises(refusal):
        register(world, **numbers)
    assert not Organization.objects.filter(code="shin").exists()


def test_a_code_is_given_once(world):
    size = Entry.objects.count()
    with pytest.raises(rules.Duplicate, match="registered already"):
        register(world, code="tetsu")
    assert Entry.objects.count() == size


def test_majority_control_makes_a_group_and_half_does_not(world):
    assert selectors.organizations.group_of("tetsu") == {"tetsu", "tetsuken"}
    found = Organization.objects.in_bulk(field_name="code")
    for control in ("1/2", "2/3"):
        services.organizations.affiliate(
            parent=found["ginko"], child=found["yoso"], control=control, valid_from=date(2026, 4, 1),
            **world.by("legal"),
        )  # fmt: skip
        expected = {"ginko"} if control == "1/2" else {"ginko", "yoso"}
        assert selectors.organizations.group_of("ginko") == expected


def test_an_organization_is_not_its_own_parent(world):
    own = Organization.objects.get(code="tetsu")
    with pytest.raises(rules.Circular):
        services.organizations.affiliate(
            parent=own, child=own, control="1", valid_from=date(2026, 4, 1), **world.by("legal")
        )


def test_a_member_is_admitted_once(world):
    organization = Organization.objects.get(code="yoso")
    admitted = {"member_class": "associate", "admitted_on": date(2026, 5, 1)}
    member = services.members.admit(organization, **admitted, **world.by("legal"))
    assert Entry.objects.get(seq=member.seq).member == "yoso"
    with pytest.raises(member_rules.AlreadyMember):
        services.members.admit(organization, **admitted, **world.by("legal"))
    assert Member.objects.count() == 5


def test_a_stake_is_an_exact_fraction(world):
    stake = services.stakes.declare(world.of("tetsu"), share="18/100", valid_from=date(2026, 7, 1), **world.by("legal"))
    assert stake.share == "9/50"
    with pytest.raises(NotAFraction):
        services.stakes.declare(world.of("tetsu"), share="0.18", valid_from=date(2026, 7, 1), **world.by("legal"))


def test_no_stake_and_no_class_begins_before_the_membership(world):
    member, early = world.of("tetsu"), date(2026, 3, 31)
    with pytest.raises(member_rules.BeforeMembership, match="member on 2026-04-01"):
        services.stakes.declare(member, share="18/100", valid_from=early, **world.by("legal"))
    with pytest.raises(member_rules.BeforeMembership):
        services.stakes.restate(member.stakes.get(), share="18/100", valid_from=early, **world.by("legal"))
    with pytest.raises(member_rules.BeforeMembership):
        services.members.reclassify(member, member_class="partner", valid_from=early, **world.by("legal"))


def test_a_funding_source_states_the_part_that_the_state_pays(world):
    source = services.funding.register(
        code="F-09", name_ja="補助", name_en="grant", mode="subsidy", state_rate="2/4", **world.by("finance")
    )
    assert source.state_rate == "1/2"


@pytest.mark.parametrize(
    ("mode", "rate", "refusal"),
    [("subsidy", "0", funding.RateNeeded), ("commission", "0", funding.RateNeeded), ("own", "1/2", funding.OwnMoney)],
)
def test_money_of_the_state_has_a_rate_and_own_money_has_none(world, mode, rate, refusal):
    stated = {"code": "F-09", "name_ja": "補助", "name_en": "grant", "mode": mode, "state_rate": rate}
    with pytest.raises(refusal):
        services.funding.register(**stated, **world.by("finance"))
    source = FundingSource.objects.get(code="F-01" if mode != "own" else "F-02")
    with pytest.raises(refusal):
        services.funding.amend(source, mode=mode, valid_from=date(2026, 7, 1), **world.by("finance"))


def test_an_asset_is_bought_for_a_price_on_a_day_that_has_come_and_restricted_after_it(world):
    source, today = FundingSource.objects.get(code="F-02"), world.clock.date()

    def acquire(**changes):
        stated = {"name_ja": "装置", "name_en": "Device", "acquired_on": today, "price": 1} | changes
        return services.funding.acquire(source, **stated, **world.by("finance"))

    with pytest.raises(funding.PriceNeeded):
        acquire(price=0)
    with pytest.raises(funding.NotAcquiredYet):
        acquire(acquired_on=today + timedelta(days=1))
    with pytest.raises(funding.RestrictedBefore):
        acquire(restricted_until=today)
    asset = acquire(restricted_until=today + timedelta(days=1))
    with pytest.raises(funding.DisposedBefore):
        services.funding.dispose(asset, disposed_on=today - timedelta(days=1), approval="N", **world.by("finance"))


def test_a_rate_card_is_followed_by_its_next_version(world):
    def adopt(**lines):
        return services.ratecards.adopt(
            card="grade", lines=lines, valid_from=date(2026, 7, 1), source_ja="x", source_en="x", **world.by("legal")
        )

    card = adopt(senior="6/4")
    assert (card.version, card.lines) == (2, {"senior": "3/2"})
    with pytest.raises(NotAFraction):
        adopt(senior="1.5")
    assert RateCard.objects.filter(card="grade").count() == 2


def test_a_facility_names_a_zone_that_exists(world):
    def register_facility(zone):
        return services.facilities.register(
            code="kyushu", name_ja="九州", name_en="Kyushu", operator=Organization.objects.get(code="kuruma"),
            country="JP", region="福岡", default_accelerator="h100", zone=zone, **world.by("legal"),
        )  # fmt: skip

    with pytest.raises(facilities.UnknownZone):
        register_facility("Asia/Nowhere")
    assert not Facility.objects.filter(code="kyushu").exists()
    assert register_facility("Asia/Tokyo").zone == "Asia/Tokyo"


def test_a_person_is_invited_and_given_a_workplace_from_a_day_on(world):
    home = Organization.objects.get(code="kuruma")
    user = services.people.invite(
        username="shin", email="s@example.invalid", name_ja="新", name_en="Shin", home=home, **world.by("legal")
    )
    assert not user.has_usable_password() and user.home == home
    services.people.grant(
        user, organization=home, workplace="member", valid_from=date(2026, 6, 1), valid_until=date(2026, 7, 1),
        **world.by("legal"),
    )  # fmt: skip
    held = [
        selectors.people.grants_of(user, on=day).count()
        for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 7, 1))
    ]
    assert held == [0, 1, 0]


def test_personal_data_does_not_enter_the_journal(world):
    for entry in Entry.objects.filter(kind="role.granted").select_related("statement"):
        content = bytes(entry.statement.content).decode()
        assert "@example" not in content and "の担当" not in content


@pytest.mark.parametrize("username", ["tetsu", "robo", "finance", "auditor", "reviewer", "desk"])
def test_the_common_tables_are_legals(world, username):
    before = (Organization.objects.count(), User.objects.count(), RoleGrant.objects.count())
    with pytest.raises(NotAllowed):
        register(world, by=username)
    with pytest.raises((NotAllowed, NotYourCompany)):
        services.people.grant(
            world.user("tetsu"), organization=Organization.objects.get(code="consortium"), workplace="legal",
            **world.by(username),
        )  # fmt: skip
    assert before == (Organization.objects.count(), User.objects.count(), RoleGrant.objects.count())


def test_a_rename_holds_from_its_day_and_the_old_name_stays_readable(world):
    found = Organization.objects.get(code="tetsu")
    services.organizations.amend(found, valid_from=date(2026, 7, 1), name_ja="新鉄山", **world.by("legal"))
    found.refresh_from_db()
    as_of = selectors.organizations.as_of
    assert found.name_ja == "新鉄山" and as_of(found, date(2026, 6, 30)).name_ja == "鉄山製鋼"
    assert as_of(found, date(2026, 7, 1)).name_ja == "新鉄山"
    rows = selectors.organizations.visible_to(world.viewer("legal"))
    assert [row.code for row in selectors.organizations.matching(rows, "鉄山製鋼")] == ["tetsu"], "by a former name"


def test_a_change_that_took_effect_before_a_later_one_does_not_undo_it(world):
    found = Organization.objects.get(code="tetsu")
    services.organizations.amend(found, valid_from=date(2026, 7, 1), name_en="Newer", **world.by("legal"))
    services.organizations.amend(found, valid_from=date(2026, 5, 1), name_en="Older", **world.by("legal"))
    found.refresh_from_db()
    assert found.name_en == "Newer"
    assert selectors.organizations.as_of(found, date(2026, 6, 1)).name_en == "Older"


def test_an_amendment_that_changes_nothing_is_refused(world):
    with pytest.raises(rules.NothingAmended):
        services.organizations.amend(
            Organization.objects.get(code="tetsu"), valid_from=date(2026, 7, 1), name_ja="鉄山製鋼", **world.by("legal")
        )


def test_a_corporate_number_belongs_to_one_organization(world):
    register(world, code="one", corporate_number="8700110005901")
    with pytest.raises(rules.Duplicate, match="one"):
        register(world, code="two", corporate_number="8700110005901")
    with pytest.raises(rules.Duplicate):
        services.organizations.amend(
            Organization.objects.get(code="tetsu"), valid_from=date(2026, 7, 1), corporate_number="8700110005901",
            **world.by("legal"),
        )  # fmt: skip


def test_a_group_is_that_of_its_day(world):
    found = Organization.objects.in_bulk(field_name="code")
    sealed = world.seal()
    services.organizations.affiliate(
        parent=found["tetsu"], child=found["tetsuken"], control="0", valid_from=date(2026, 7, 1), **world.by("legal")
    )
    group = selectors.organizations.group_of
    assert group("tetsu", at=date(2026, 6, 30)) == {"tetsu", "tetsuken"} and group("tetsu") == {"tetsu"}
    links = selectors.organizations.links
    assert links(at=date(2026, 7, 1)) == [] and len(links(at=date(2026, 7, 1), known_at=sealed.size)) == 1
    with pytest.raises(rules.NoLink):
        services.organizations.affiliate(
            parent=found["tetsu"], child=found["tetsuken"], control="0", valid_from=date(2026, 8, 1),
            **world.by("legal"),
        )  # fmt: skip
