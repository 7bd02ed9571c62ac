"""Schedule pages: terms as table and picture, sample sums, a trial, and cliffs warned of."""

import pytest
from django.urls import reverse

VOLUME = {
    "mode": "volume",
    "tiers": [{"from": "0", "until": "500", "price": "12000"}, {"from": "500", "until": None, "price": "9000"}],
}


@pytest.fixture
def legal(client, world):
    client.force_login(world.user("legal"))
    return client


def url(number: str = "S-ROBOT", version: int = 1) -> str:
    return reverse("licensing:schedule", args=[number, version])


def test_the_terms_stand_as_table_and_as_picture(legal, world):
    world.schedule()
    content = legal.get(url()).content.decode()
    assert "12,000" in content
    assert '<svg class="chart"' in content


def test_a_quantity_as_people_type_it_is_rated(legal, world):
    world.schedule()
    assert "12,300,000" in legal.get(url(), {"units": "１，２００"}).content.decode()


@pytest.mark.parametrize("typed", ["ten", "-5", "1e9", "9" * 30])
def test_what_is_no_quantity_is_refused_with_a_sentence(legal, world, typed):
    world.schedule()
    response = legal.get(url(), {"units": typed})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_a_cliff_is_warned_of(legal, world):
    world.schedule(**VOLUME)
    assert "1,500,000" in legal.get(url()).content.decode()  # 500 × 12,000 − 500 × 9,000


def test_a_licensee_sees_adopted_schedules_only(client, world):
    world.schedule(adopted=False)
    client.force_login(world.user("robo"))
    assert client.get(url()).status_code == 404
    client.force_login(world.user("tetsu"))
    assert client.get(reverse("licensing:schedules")).status_code == 404
