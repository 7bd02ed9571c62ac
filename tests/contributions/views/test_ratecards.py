"""Legal adopts the next version of a table in the browser and by REST; everybody else finds no such page."""

from __future__ import annotations

import pytest

from contributions.models import LogHead, RateCard
from world import World

pytestmark = pytest.mark.django_db
STATED = {"valid_from": "2026-10-01", "source_ja": "規程", "source_en": "rules"}


def test_a_signed_table_is_examined_first_and_adopted_by_its_name(client, contributed_world):
    client.force_login(contributed_world.user("legal"))
    typed = STATED | {"card": "table", "name": "table-desks", "lines": "tetsu, 3\nhagane, 1/2"}
    size = LogHead.objects.get().size
    shown = client.post("/ratecards/new/", typed)
    assert shown.status_code == 200 and "table-desks" in shown.content.decode()
    assert LogHead.objects.get().size == size, "looking writes nothing"
    wrong = client.post("/ratecards/new/", typed | {"confirm": "table-desk"})
    assert wrong.status_code == 422 and LogHead.objects.get().size == size
    assert client.post("/ratecards/new/", typed | {"confirm": "table-desks"}).status_code == 302
    assert RateCard.objects.get(card="table-desks").lines == {"hagane": "1/2", "tetsu": "3"}


def test_faults_stand_beside_the_lines_and_nothing_is_written(client, contributed_world):
    client.force_login(contributed_world.user("legal"))
    typed = STATED | {"card": "grade", "lines": "senior, much\nsenior, 1", "confirm": "grade"}
    page = client.post("/ratecards/new/", typed)
    assert page.status_code == 422 and "1行目" in page.content.decode()
    typed |= {"card": "table", "name": "table-x", "lines": "robo, 1", "confirm": "table-x"}
    page = client.post("/ratecards/new/", typed)
    assert page.status_code == 422 and "会員でない組織" in page.content.decode()
    assert not RateCard.objects.filter(card="table-x").exists()


def test_the_next_version_begins_with_the_lines_in_force(client, contributed_world):
    client.force_login(contributed_world.user("legal"))
    assert "senior, 3/2" in client.get("/ratecards/new/?card=grade").content.decode()
    client.force_login(contributed_world.user("tetsu"))
    assert client.get("/ratecards/new/").status_code == 404


def test_a_rivals_employee_in_legal_neither_reads_nor_replaces_a_table_of_many_members(client, contributed_world):
    """The form begins with every line in force, and what is adopted takes the place of every line."""
    world = contributed_world
    world.rivals("tetsu", "hagane")
    world.second()
    client.force_login(world.user("lent"))
    for card in ("dataset", "table-desks"):
        page = client.get(f"/ratecards/new/?card={card}")
        assert page.status_code == 422 and "D-tetsu" not in page.content.decode()
    typed = STATED | {"card": "table", "name": "table-desks", "lines": "hagane, 1"}
    for more in ({}, {"confirm": "table-desks"}):
        assert client.post("/ratecards/new/", typed | more).status_code == 422
    assert not RateCard.objects.filter(card="table-desks").exists()
    assert "senior, 3/2" in client.get("/ratecards/new/?card=grade").content.decode(), "of grades nothing is a rival's"


def test_by_rest_the_same_rules_hold(client, contributed_world):
    body = STATED | {"card": "vintage", "lines": {"data/FY2026": "1", "data/FY2025": "9/10"}}
    client.force_login(World().user("legal"))
    made = client.post("/api/v1/ratecards/", body, content_type="application/json")
    assert made.status_code == 201 and made.json()["lines"]["data/FY2025"] == "9/10"
    faulty = client.post("/api/v1/ratecards/", body | {"lines": {"x": "1"}}, content_type="application/json")
    assert (faulty.status_code, faulty.json()["code"]) == (422, "bad-rate-card")
    client.force_login(World().user("tetsu"))
    assert client.post("/api/v1/ratecards/", body, content_type="application/json").status_code == 403
