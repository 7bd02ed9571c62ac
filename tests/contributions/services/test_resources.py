"""Cash, people and background IP: recorded by their member, accepted by another pair of eyes."""

from __future__ import annotations

import pytest

from contributions import services
from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.core.units import AmountOutOfRange
from contributions.models import Entry, Movement, Resource


def test_cash_enters_in_yen_and_waits_to_be_accepted(world):
    resource = world.cash("tetsu", 1_000_000, accepted=False)
    assert (resource.number, resource.unit, resource.state) == ("C-tetsu-0001", "JPY", "submitted")
    moved = Movement.objects.filter(entry_id=resource.seq).values_list("account", "amount")
    assert sorted(moved) == [("member:tetsu:cash", 1_000_000), ("source:cash", -1_000_000)]


def test_people_enter_in_minutes_with_their_grade(world):
    resource = world.people("tetsu", 9_600)
    assert (resource.unit, resource.grade, resource.state) == ("minute", "senior", "accepted")
    assert Entry.objects.get(seq=resource.seq).kind == "resource.accepted"


def test_foreign_cash_keeps_its_currency_beside_the_yen(world):
    foreign = {"currency": "USD", "foreign_amount": "10000", "exchange_rate": "150", "exchange_source": "TTM"}
    resource = services.resources.record(
        member=world.of("tetsu"), kind="cash", title_ja="米ドル", title_en="dollars", quantity=1_500_000, nature="levy",
        period_from=world.clock.date(), foreign=foreign, **world.by("tetsu"),
    )  # fmt: skip
    assert (resource.currency, resource.foreign_amount, resource.quantity) == ("USD", "10000", 1_500_000)


def test_the_journal_says_whose_money_it_was(world):
    resource = world.cash("tetsu", 1, funding="F-02", accepted=False)
    facts = canonical.loads(bytes(Entry.objects.get(seq=resource.seq).statement.content))["facts"]
    assert (facts["funding"], facts["nature"], facts["quantity"]) == ("F-02", "levy", "1")


def test_a_member_records_only_its_own(world):
    with pytest.raises(services.datasets.NotYours):
        services.resources.record(
            member=world.of("tetsu"), kind="cash", title_ja="x", title_en="x", quantity=1,
            period_from=world.clock.date(), **world.by("hagane"),
        )  # fmt: skip
    assert not Resource.objects.exists()


@pytest.mark.parametrize("quantity", [-1, 2**62])
def test_an_amount_no_account_can_hold_is_refused(world, quantity):
    with pytest.raises(AmountOutOfRange):
        world.cash("tetsu", quantity)
    assert not Resource.objects.exists()


def test_a_contribution_is_accepted_once_and_not_by_its_member(world):
    resource = world.cash("tetsu", 1, accepted=False)
    with pytest.raises(NotAllowed):
        services.resources.accept(resource, **world.by("tetsu"))
    assert services.resources.accept(resource, **world.by("legal")).state == "accepted"
    with pytest.raises(services.resources.NotWaiting, match=resource.number):
        services.resources.accept(resource, **world.by("finance"))


def test_numbers_do_not_tell_how_much_the_others_put_in(world):
    for _ in range(3):
        world.cash("tetsu", 1)
    assert world.cash("hagane", 1).number == "C-hagane-0001"
