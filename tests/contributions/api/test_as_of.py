"""Lists over the API as of another day, and as known at a log checkpoint: the same figures as on the pages."""

from __future__ import annotations

from datetime import date

from contributions.models import Organization


def rows(client, path: str):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_members_stakes_and_organizations_stand_as_they_stood(call, contributed):
    legal = call("legal")
    sealed = contributed.seal()
    amended = {"name_en": "Tetsuno Steel Renamed", "valid_from": "2027-01-01"}
    sent = legal.post("/api/v1/organizations/tetsu/amend/", amended, content_type="application/json")
    assert sent.status_code == 200, sent.content
    names = {row["code"]: row["name"]["en"] for row in rows(legal, "organizations/?as_of=2027-01-01")}
    before = {row["code"]: row["name"]["en"] for row in rows(legal, "organizations/?as_of=2026-12-31")}
    known = {
        row["code"]: row["name"]["en"]
        for row in rows(legal, f"organizations/?as_of=2027-01-01&known_at={sealed.number}")
    }
    assert names["tetsu"] == "Tetsuno Steel Renamed" != before["tetsu"] == known["tetsu"]
    assert rows(legal, "members/?as_of=2000-01-01") == rows(legal, "stakes/?as_of=2000-01-01") == []
    assert rows(legal, "affiliations/?as_of=2000-01-01") == rows(legal, "organizations/?as_of=1990-01-01") == []
    assert len(rows(legal, "members/?as_of=2030-01-01")) == len(rows(legal, "members/"))
    own = rows(call("tetsu"), "stakes/?as_of=2030-01-01")
    assert {row["member"] for row in own} <= {"tetsu"}


def test_people_stand_with_the_employer_and_the_workplaces_of_the_day(call, contributed):
    legal = call("legal")
    person = next(row for row in rows(legal, "people/") if row["username"] == "tetsu")
    assert person["employers"] and person["grants"]
    then = next(row for row in rows(legal, "people/?as_of=2000-01-01") if row["username"] == "tetsu")
    assert then["employers"] == then["grants"] == []


def test_a_checkpoint_that_is_none_is_refused_by_name(call, contributed):
    answer = call("legal").get("/api/v1/members/?known_at=999")
    assert (answer.status_code, answer.json()["findings"][0]["field"]) == (400, "known_at")


def test_a_person_is_invited_and_gets_a_link_that_works_until_a_password_is_set(call, contributed):
    legal = call("legal")
    asked = {"username": "shinjin", "email": "shinjin@example.jp", "name_ja": "新人", "name_en": "Newcomer",
             "home": "tetsu"}  # fmt: skip
    made = legal.post("/api/v1/people/", asked, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["employers"][0]["organization"] == "tetsu" and Organization.objects.get(code="tetsu")
    link = legal.post(f"/api/v1/people/{made.json()['id']}/invitation/", content_type="application/json").json()["link"]
    assert call("tetsu").get(link.removeprefix("http://testserver")).status_code in {200, 302}
    again = legal.post("/api/v1/people/", asked, content_type="application/json")
    assert again.status_code == 422 and made.json()["employers"][0]["valid_from"] <= date.max.isoformat()
    refused = call("tetsu").post("/api/v1/people/", asked, content_type="application/json")
    assert refused.status_code in {400, 403, 404}
