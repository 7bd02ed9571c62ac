"""The builder of price lists: rated while typed, faults beside their fields, kept, proposed, published, withdrawn."""

from __future__ import annotations

import pytest
from django.urls import reverse

from licensing.models import Schedule, ScheduleDraft

TYPED = {
    "number": "s-new", "name_ja": "新料金", "name_en": "New", "field_of_use": "robotics", "licensee_class": "other",
    "unit": "robot", "mode": "volume", "valid_from": "令和8年12月1日", "minimum": "100万",
    "tier-1-until": "１，０００", "tier-1-price": "3,000", "tier-2-price": "2400", "region-1-region": "TH",
    "region-1-rate": "50%",
}  # fmt: skip


@pytest.fixture
def legal(client, world):
    client.force_login(world.user("legal"))
    return client


def post(client, path: str | None = None, **changes):
    return client.post(path or reverse("licensing:schedule_new"), TYPED | changes)


def test_a_cliff_shows_with_its_height_while_it_is_typed(legal):
    said = post(legal, preview="1").content.decode()
    assert "600,000" in said and '<svg class="chart"' in said and "<html" not in said
    assert "tiers.1.price" in post(legal, preview="1", **{"tier-1-price": "x"}).content.decode()


def test_a_list_is_proposed_as_it_was_typed_and_published_by_another(legal, world):
    answer = post(legal, propose="1")
    row = Schedule.objects.get()
    assert answer["Location"] == reverse("licensing:schedule", args=["S-NEW", 1]) and row.state == "proposed"
    assert row.terms == {
        "unit": "robot", "mode": "volume", "minimum": "1000000", "regions": {"TH": "1/2"},
        "tiers": [{"from": "0", "until": "1000", "price": "3000"}, {"from": "1000", "until": None, "price": "2400"}],
    }  # fmt: skip
    adopt = reverse("licensing:schedule_adopt", args=["S-NEW", 1])
    assert legal.post(adopt, {"confirm": "S-OLD"}).status_code == 422
    refused = legal.post(adopt, {"confirm": "S-NEW"})
    assert refused.status_code == 422 and Schedule.objects.get().state == "proposed", "nobody publishes its own draft"
    legal.force_login(world.user("second"))
    assert legal.post(adopt, {"confirm": "S-NEW"}).status_code == 302
    assert Schedule.objects.get().state == "adopted"
    begun = legal.get(reverse("licensing:schedule_new"), {"from": "S-NEW@1"}).content.decode()
    assert 'value="3000"' in begun and 'value="1/2"' in begun


def test_every_fault_stands_beside_its_field_and_what_was_typed_is_kept(legal):
    answer = post(
        legal, propose="1", cap="ten", name_en="", valid_from="soon", **{"tier-2-until": "9", "tier-1-flat": "-1"}
    )
    said = answer.content.decode()
    assert answer.status_code == 422 and not Schedule.objects.exists()
    for field in ("cap", "name_en", "valid_from", "tiers.2.until", "tiers.1.flat"):
        assert f'href="#{field}"' in said, field
    assert 'value="ten"' in said and said.count('aria-invalid="true"') == 5


def test_a_draft_is_kept_taken_up_again_and_not_overwritten_by_a_stale_page(legal):
    path = post(legal, save="1", cap="ten")["Location"]
    assert 'value="ten"' in legal.get(path).content.decode()
    assert post(legal, path, save="1", revision="1", cap="9").status_code == 302
    stale = post(legal, path, save="1", revision="1", cap="8")
    assert stale.status_code == 422 and 'value="8"' in stale.content.decode()
    assert post(legal, path, propose="1").status_code == 302 and not ScheduleDraft.objects.exists()


def test_a_proposal_is_withdrawn(legal, world):
    world.schedule(adopted=False)
    path = reverse("licensing:schedule_withdraw", args=["S-ROBOT", 1])
    assert legal.post(path, {"confirm": "S-ROBOT"}).status_code == 302
    assert Schedule.objects.get().state == "withdrawn"


@pytest.mark.parametrize("username", ["finance", "auditor", "tetsu", "robo"])
def test_for_everybody_else_the_builder_does_not_exist(client, world, username):
    client.force_login(world.user(username))
    assert client.get(reverse("licensing:schedule_new")).status_code == 404
    assert post(client, save="1").status_code == 404
