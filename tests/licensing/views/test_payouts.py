"""Payout pages: a member's own yen explained, its answer, and never another member's figure."""

import pytest
from django.urls import reverse

from licensing.models import Payout


def of(member: str) -> Payout:
    return Payout.objects.get(member__organization__code=member)


@pytest.fixture
def tetsu(client, settled_world):
    client.force_login(settled_world.user("tetsu"))
    return client


def url(name: str, member: str) -> str:
    return reverse(f"licensing:{name}", args=[of(member).number])


def test_a_member_sees_how_its_yen_came_about_and_what_is_legally_paid(tetsu):
    content = tetsu.get(url("payout", "tetsu")).content.decode()
    payout = of("tetsu")
    for figure in (payout.net, payout.tax, payout.gross, payout.distribution.pool):
        assert f"{figure:,}" in content
    assert "利用料・データ対価" in content or "licence fee, consideration for data" in content


def test_no_other_member_s_figure_or_name_stands_on_its_pages(tetsu):
    pages = [tetsu.get(reverse("licensing:payouts")), tetsu.get(url("payout", "tetsu"))]
    for content in (response.content.decode() for response in pages):
        for other in Payout.objects.exclude(member__organization__code="tetsu"):
            assert f"{other.net:,}" not in content
            assert other.number not in content
        assert "鋼野製鉄" not in content
        assert "ロボ工業" not in content


@pytest.mark.parametrize("name", ["payout", "payout_pdf"])
def test_a_rival_s_statement_does_not_exist(tetsu, name):
    assert tetsu.get(url(name, "hagane")).status_code == 404


def test_a_rival_s_statement_cannot_be_answered(tetsu):
    number = of("hagane").number
    assert tetsu.post(url("payout_confirm", "hagane"), {"confirm": number}).status_code == 404
    assert of("hagane").state == "notified"


def test_a_member_confirms_by_typing_the_number(tetsu):
    assert tetsu.post(url("payout_confirm", "tetsu"), {"confirm": "ok"}).status_code == 422
    tetsu.post(url("payout_confirm", "tetsu"), {"confirm": of("tetsu").number})
    assert of("tetsu").state == "confirmed"


def test_an_objection_needs_a_reason_and_holds_only_this_payout(tetsu):
    assert tetsu.post(url("payout_dispute", "tetsu"), {"reason": " "}).status_code == 422
    tetsu.post(url("payout_dispute", "tetsu"), {"reason": "計算が違います。"})
    assert of("tetsu").state == "disputed"
    assert of("hagane").state == "notified"
    assert "計算が違います。" in tetsu.get(url("payout", "tetsu")).content.decode()


def test_finance_pays_a_confirmed_statement_and_no_other(client, tetsu, settled_world):
    tetsu.post(url("payout_confirm", "tetsu"), {"confirm": of("tetsu").number})
    client.force_login(settled_world.user("finance"))
    assert client.post(url("payout_pay", "hagane"), {"confirm": of("hagane").number}).status_code == 422
    client.post(url("payout_pay", "tetsu"), {"confirm": of("tetsu").number})
    assert (of("tetsu").state, of("hagane").state) == ("paid", "notified")


def test_the_statement_is_a_paper(tetsu):
    assert tetsu.get(url("payout_pdf", "tetsu")).content.startswith(b"%PDF")
