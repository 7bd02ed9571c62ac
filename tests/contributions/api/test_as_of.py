"""Lists over the API as of another day, and as known at a log checkpoint: the same figures as on the pages."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

from drf_spectacular.generators import SchemaGenerator

from contributions import services
from contributions.models import Act, Breach, FundingSource, Organization


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
    keyed = {"content_type": "application/json", "headers": {"Idempotency-Key": str(uuid4())}}
    address = f"/api/v1/people/{made.json()['id']}/invitation/"
    assert legal.post(address, **keyed).json()["link"] and not Act.objects.exclude(answer=None).exists()
    assert legal.post(address, **keyed).json()["code"] == "answer-forgotten", "a link lets in whoever reads it"
    again = legal.post("/api/v1/people/", asked, content_type="application/json")
    assert again.status_code == 422 and made.json()["employers"][0]["valid_from"] <= date.max.isoformat()
    refused = call("tetsu").post("/api/v1/people/", asked, content_type="application/json")
    assert refused.status_code in {400, 403, 404}


# ---- every noun ----
NOUNS = (
    "datasets", "datasets/D-tetsu-0001", "terms", "terms/T-tetsu-0001", "terms/types", "exclusions",
    "exclusions/checks", "breaches", "funding", "funding/F-02", "funding/F-02/assets", "ratecards", "requirements",
    "resources", "resources/C-ginko-0001", "batches", "batches/B-kuruma-0001", "compute/days", "compute/months",
    "reviews", "places", "contributions/timeline", "cleanteam", "members/tetsu", "organizations/tetsu",
    "log/witnesses", "log/thresholds",
)  # fmt: skip


def test_every_noun_with_time_in_it_takes_a_day_and_refuses_what_is_none(call, contributed):
    legal = call("legal")
    for noun in NOUNS:
        answer = legal.get(f"/api/v1/{noun}/?as_of=2026-06-15")
        assert answer.status_code == 200, (noun, answer.content)
        refused = legal.get(f"/api/v1/{noun}/?as_of=yesterday")
        assert refused.status_code == 400, noun
        (finding,) = refused.json()["findings"]
        assert finding["field"] == "as_of" and finding["reason"].startswith("“yesterday” is no date. Write one such as")
    assert "日付" in call("legal", "ja").get("/api/v1/terms/?as_of=昨日").json()["findings"][0]["reason"]


def test_the_description_of_the_api_tells_of_the_day():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    told = {path for path, verbs in paths.items() for row in verbs.get("get", {}).get("parameters", ())
            if row["name"] == "as_of"}  # fmt: skip
    assert {f"/api/v1/{noun}/" for noun in NOUNS if not re.search(r"\d|tetsu", noun)} <= told
    assert {"/api/v1/datasets/{number}/", "/api/v1/people/{person}/", "/api/v1/breaches/{number}/"} <= told


def test_a_dataset_stands_as_it_was_reviewed_and_withdrawn_then(call, contributed):
    contributed.wait_until("2026-06-20 09:00")
    dataset = contributed.of("tetsu").datasets.get()
    services.datasets.withdraw(dataset, on=date(2026, 7, 1), **contributed.by("tetsu"))

    def version(day: str, who: str = "legal") -> dict:
        return call(who).get(f"/api/v1/datasets/{dataset.number}/?as_of={day}").json()["versions"][0]

    early, before, after = version("2026-04-25"), version("2026-06-30"), version("2026-07-01")
    assert [row["standing"]["state"] for row in (early, before, after)] == ["in_review", "usable", "withdrawn"]
    assert (before["withdrawn_on"], after["withdrawn_on"]) == (None, "2026-07-01")
    assert version("2026-06-30", "tetsu") == before, "its owner reads the same"
    gone = call("hagane").get(f"/api/v1/datasets/{dataset.number}/?as_of=2026-06-30")
    unborn = call("legal").get(f"/api/v1/datasets/{dataset.number}/?as_of=2026-04-01")
    assert gone.status_code == unborn.status_code == 404 and gone.content == unborn.content
    assert dataset.number not in {row["number"] for row in rows(call("legal"), "datasets/?as_of=2026-04-01")}


def test_a_contribution_a_batch_and_a_review_stand_in_the_state_of_the_day(call, contributed):
    legal = call("legal")
    contributed.wait_until("2026-06-20 09:00")
    cash = contributed.of("hagane").resources.get(kind="cash")
    batch = contributed.of("kuruma").batches.get()
    services.resources.refuse(cash, reason="証憑なし", **contributed.by("finance"))
    services.batches.reverse(batch, reason="重複", **contributed.by("legal"))

    def state(noun: str, number: str, day: str) -> str:
        return legal.get(f"/api/v1/{noun}/{number}/?as_of={day}").json()["state"]

    assert [state("resources", cash.number, day) for day in ("2026-06-19", "2026-06-20")] == ["submitted", "refused"]
    assert [state("batches", batch.number, day) for day in ("2026-06-19", "2026-06-20")] == ["accepted", "reversed"]
    steps = legal.get(f"/api/v1/resources/{cash.number}/?as_of=2026-06-19").json()["steps"]
    assert [step["step"] for step in steps] == ["submit"] and "証憑なし" not in str(steps)
    assert [row["number"] for row in rows(legal, "resources/?as_of=2026-06-19&state=submitted")] == [cash.number]
    assert rows(legal, "resources/?as_of=2026-05-31") == rows(legal, "batches/?as_of=2026-05-31") == []
    after, before = (rows(legal, f"compute/months/?as_of={day}")[0]["gpu_s"] for day in ("2026-06-20", "2026-06-19"))
    assert int(before) - int(after) == 48 * 3600
    days = rows(legal, "compute/days/?as_of=2026-06-19")
    assert {row["state"] for row in days} == {"accepted", "submitted"}
    listed = {row["number"]: row["state"] for row in rows(legal, "contributions/timeline/?as_of=2026-06-19")}
    assert (listed[batch.number], listed[cash.number]) == ("accepted", "submitted")
    review = next(row for row in rows(legal, "reviews/?as_of=2026-06-19") if row["state"] == "passed")
    assert review["opinions"] and legal.get(f"/api/v1/reviews/{review['number']}/?as_of=2026-05-31").status_code == 404


def test_terms_funding_cards_exclusions_and_breaches_are_those_of_the_day(call, contributed):
    world, legal = contributed, call("legal")
    world.narrow("kuruma", purposes=["evaluation"])
    services.funding.amend(
        FundingSource.objects.get(code="F-02"), valid_from=date(2026, 8, 1), state_rate="2/3", **world.by("finance")
    )
    exclusion = world.rivals("tetsu", "hagane", on=date(2026, 7, 1))
    services.exclusions.lift(exclusion, lifted_from=date(2026, 9, 1), **world.by("tetsu"))
    breach = Breach.objects.get()
    world.wait_until("2026-08-01 09:00")
    services.copies.remove(breach.version, breach.copy, on=date(2026, 8, 1), **world.by("kuruma"))

    def one(path: str) -> dict:
        answer = legal.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    purposes = [
        one(f"terms/T-kuruma-0001/?as_of={day}")["rights"][0]["purposes"] for day in ("2026-05-31", "2026-06-01")
    ]
    assert purposes[0] != purposes[1] == ["evaluation"]
    assert len(one("terms/T-kuruma-0001/?as_of=2026-05-31")["editions"]) == 1
    assert [one(f"funding/F-02/?as_of={day}")["state_rate"] for day in ("2026-07-31", "2026-08-01")] == ["1/2", "2/3"]
    held = [bool(rows(legal, f"exclusions/?as_of={day}")) for day in ("2026-06-30", "2026-07-01", "2026-09-01")]
    assert held == [False, True, False]
    assert one(f"exclusions/{exclusion.number}/?as_of=2026-08-31")["lifted_from"] is None
    assert one(f"exclusions/{exclusion.number}/?as_of=2026-09-01")["lifted_from"] == "2026-09-01"
    assert [one(f"breaches/{breach.number}/?as_of={day}")["until"] for day in ("2026-07-31", "2026-08-01")] == [
        None, "2026-08-01"
    ]  # fmt: skip
    assert rows(legal, f"breaches/?as_of={breach.since.replace(year=2025)}") == []
    for rival in ("hagane", "tetsu"):
        assert call(rival).get(f"/api/v1/breaches/{breach.number}/?as_of=2026-07-31").status_code == 404
        assert rows(call(rival), "breaches/?as_of=2026-07-31") == []
    assert rows(call("hagane"), "exclusions/?as_of=2026-08-01") == []


def test_compute_at_a_checkpoint_is_what_the_account_then_held(call, contributed):
    legal, sealed = call("legal"), contributed.seal()
    contributed.wait_until("2026-06-20 09:00")
    services.batches.reverse(contributed.of("kuruma").batches.get(), reason="重複", **contributed.by("legal"))

    def given(query: str) -> tuple[int, int]:
        months, account = rows(legal, f"compute/months/?{query}"), rows(legal, f"balances/?{query}")
        used = sum(int(row["gpu_s"]) for row in months)
        return used, sum(int(row["amount"]) for row in account if row["unit"] == "gpu_s")

    assert given(f"as_of=2026-06-30&known_at={sealed.number}") == (60 * 3600, 60 * 3600)
    assert given("as_of=2026-06-30") == (12 * 3600, 12 * 3600)
    assert given(f"as_of=2026-05-10&known_at={sealed.number}") == (32 * 3600, 32 * 3600)
