"""Distribution pages: proposed by finance with the payment's legal meaning, approved by somebody else."""

import pytest
from django.urls import reverse

from licensing.models import Distribution, Payout, Receipt


def received(world) -> list[Receipt]:
    world.wait_until("2026-10-10 09:00")
    return [world.receive(world.invoice(world.usage(code))) for code in ("robo", "arm")]


def typed(receipts, **changes) -> dict:
    from licensing.models import Allocation

    return {
        "receipts": [str(receipt.pk) for receipt in receipts],
        "allocation": Allocation.objects.get(state="adopted").number,
        "payment_type": "licence-fee",
        "admin_rate": "5%",
        "reserve_rate": "1/10",
        "period_from": "2026/4/1",
        "period_to": "令和8年9月30日",
        "confirm_by": "2026-11-20",
        "pay_on": "2026-11-30",
    } | changes


@pytest.fixture
def finance(client, licensed_world):
    client.force_login(licensed_world.user("finance"))
    return client


def test_finance_proposes_and_the_page_shows_the_waterfall(finance, licensed_world):
    response = finance.post(reverse("licensing:distribution_new"), typed(received(licensed_world)))
    distribution = Distribution.objects.get()
    assert response.url == reverse("licensing:distribution", args=[distribution.number])
    content = finance.get(response.url).content.decode()
    assert distribution.gross == 14_160_000
    for figure in ("14,160,000", "708,000", "1,345,200", "12,106,800"):
        assert figure in content


def test_a_payment_that_the_legal_form_forbids_is_not_offered(finance, licensed_world):
    response = finance.post(
        reverse("licensing:distribution_new"), typed(received(licensed_world), payment_type="dividend")
    )
    assert response.status_code == 422
    assert not Distribution.objects.exists()


def test_days_out_of_order_are_named_and_what_was_typed_stays(finance, licensed_world):
    response = finance.post(
        reverse("licensing:distribution_new"), typed(received(licensed_world), pay_on="2026-11-10", admin_rate="７%")
    )
    assert response.status_code == 422
    assert "７%" in response.content.decode()


def test_legal_approves_by_typing_the_number_and_the_members_are_asked(client, licensed_world):
    distribution = licensed_world.split(received(licensed_world))
    client.force_login(licensed_world.user("legal"))
    url = reverse("licensing:distribution_approve", args=[distribution.number])
    assert client.post(url, {"confirm": "no"}).status_code == 422
    client.post(url, {"confirm": distribution.number})
    assert set(Payout.objects.values_list("state", flat=True)) == {"notified"}


def test_finance_does_not_approve_what_it_proposed(finance, licensed_world):
    distribution = licensed_world.split(received(licensed_world))
    url = reverse("licensing:distribution_approve", args=[distribution.number])
    assert finance.post(url, {"confirm": distribution.number}).status_code == 422
    assert Distribution.objects.get().state == "proposed"


@pytest.mark.parametrize("username", ["tetsu", "robo"])
def test_for_members_and_licensees_a_distribution_does_not_exist(client, settled_world, username):
    client.force_login(settled_world.user(username))
    number = Distribution.objects.get().number
    assert client.get(reverse("licensing:distribution", args=[number])).status_code == 404
    assert client.get(reverse("licensing:distributions")).status_code == 404
