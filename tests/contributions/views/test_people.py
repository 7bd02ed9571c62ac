"""Pages of organizations, people, stakes, clean-team grants and the access record; the barrier as a reader meets it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from contributions import services
from contributions.models import Clearance, Opening, Organization, RoleGrant, Stake, User

SECRETS = ("D-tetsu", "T-tetsu", "C-tetsu", "B-tetsu", "高炉", "X-tetsu")
WALKED = (
    "/datasets/", "/datasets/?format=csv", "/reviews/", "/reviews/?format=csv", "/compute/", "/compute/?format=csv",
    "/batches/", "/batches/?format=csv", "/resources/", "/resources/?format=csv", "/terms/", "/terms/?format=csv",
    "/stakes/", "/stakes/?format=csv", "/members/", "/members/?format=csv", "/members/tetsu/", "/ratecards/",
    "/log/entries/", "/log/entries/?format=csv", "/log/entries/?member=tetsu", "/search/?q=tetsu", "/search/?q=高炉",
    "/search/?q=D-tetsu", "/", "/organizations/", "/people/", "/cleanteam/", "/residency/", "/funding/", "/exclusions/",
    "/contributions/inbox/", "/contributions/timeline/", "/datasets/?as_of=2026-06-15",
    "/api/v1/datasets/", "/api/v1/batches/", "/api/v1/compute/days/", "/api/v1/compute/months/", "/api/v1/resources/",
    "/api/v1/terms/", "/api/v1/stakes/", "/api/v1/reviews/", "/api/v1/ratecards/", "/api/v1/cleanteam/",
)  # fmt: skip


@pytest.fixture
def divided(contributed_world):
    contributed_world.rivals("tetsu", "hagane")
    contributed_world.second()
    return contributed_world


def walk(client) -> dict[str, str]:
    pages = {path: client.get(path) for path in WALKED}
    assert {path: page.status_code for path, page in pages.items() if page.status_code != 200} == {}
    return {path: page.content.decode() for path, page in pages.items()}


def told(pages: dict[str, str]) -> dict[str, list[str]]:
    """Which pages name tetsu's material; what the reader itself typed into the search stands there anyway."""
    found = {
        path: [one for one in SECRETS if re.search(rf"(?<![A-Z]){one}", body) and one not in path]
        for path, body in pages.items()
    }
    return {path: names for path, names in found.items() if names}


@pytest.mark.slow
def test_a_rivals_employee_in_legal_walks_every_page_and_meets_nothing(divided, reader):
    assert told(walk(reader("lent"))) == {}
    assert len(told(walk(reader("legal")))) > 15, "the walk would also pass if everybody saw nothing"
    for path in ("/datasets/D-tetsu-0001/", "/terms/T-tetsu-0001/", "/api/v1/datasets/D-tetsu-0001/"):
        assert reader("lent").get(path).status_code == 404
    assert "clean-team grant" in reader("lent").get("/members/tetsu/").content.decode()
    assert "100.00" not in reader("lent").get("/stakes/").content.decode(), "a total would tell what is left out"


@pytest.mark.slow
def test_a_grant_opens_the_pages_for_its_time(divided, reader):
    today = localdate()
    clearance = divided.clear_person("lent", "tetsu", start=today, until=today + timedelta(days=30))
    assert told(walk(reader("lent")))["/datasets/"] == ["D-tetsu", "高炉"]
    assert reader("lent").get("/datasets/D-tetsu-0001/").status_code == 200
    Clearance.objects.filter(pk=clearance.pk).update(valid_from=today - timedelta(days=30), valid_until=today)
    assert told(walk(reader("lent"))) == {}


def test_the_owner_reads_who_opened_its_dataset(divided, reader, text):
    for username in ("legal", "auditor", "reviewer", "tetsu"):
        assert reader(username).get("/datasets/D-tetsu-0001/").status_code == 200
    reader("legal").get("/api/v1/datasets/D-tetsu-0001/")
    assert Opening.objects.count() == 3
    body = text(reader("tetsu").get("/openings/"))
    assert body.count(">D-tetsu-0001<") == 3 and "Secretariat, legal" in body and "審査機構" not in body
    assert text(reader("hagane").get("/openings/")).count("D-tetsu") == 0
    csv = text(reader("tetsu").get("/openings/?format=csv"))
    assert csv.count("D-tetsu-0001") == 3
    rows = reader("tetsu").get("/api/v1/openings/").json()["results"]
    assert {row["workplace"] for row in rows} == {"legal", "auditor", "reviewer"}
    assert reader("legal").get("/openings/").status_code == 404


def test_legal_registers_amends_and_affiliates_an_organization(world, reader, text):
    client = reader("legal")
    stated = {
        "code": "shin", "kind": "company", "name_ja": "新社", "name_en": "Shin", "country": "jp",
        "corporate_number": "8700110005902", "valid_from": "令和8年4月1日",
    }  # fmt: skip
    refused = client.post("/organizations/new/", stated)
    assert refused.status_code == 422 and "fails its check digit" in text(refused)
    assert client.post("/organizations/new/", stated | {"corporate_number": "8700110005901"}).status_code == 302
    amended = stated | {
        "name_ja": "新々社",
        "corporate_number": "8700110005901",
        "country": "JP",
        "valid_from": "2026-06-01",
    }
    assert client.post("/organizations/shin/amend/", amended).status_code == 302
    held = {"parent": "kuruma", "control": "60 %", "valid_from": "2026-06-01"}
    assert client.post("/organizations/shin/affiliate/", held).status_code == 302
    body = text(reader("legal", "ja").get("/organizations/shin/"))
    assert "新々社" in body and "60.00" in body and "<svg" in body
    before = text(reader("legal", "ja").get("/organizations/shin/?as_of=2026-05-01"))
    assert "<h1>新社</h1>" in before and "60.00" not in before
    assert "is no date" in text(client.get("/organizations/shin/?as_of=yesterday"))


def test_a_member_sees_the_consortiums_entities_and_no_licensee(world, reader, text):
    body = text(reader("tetsu").get("/organizations/"))
    assert "Hagano Iron" in body and "Robo Industries" not in body
    assert reader("tetsu").get("/organizations/robo/").status_code == 404
    assert reader("robo").get("/organizations/").status_code == 404
    assert reader("tetsu").get("/organizations/new/").status_code == 404


def test_legal_invites_places_moves_and_ends(world, reader, text):
    client = reader("legal")
    stated = {
        "username": "hana", "email": "hana@example.com", "name_ja": "花", "name_en": "Hana", "home": "kuruma",
        "home_from": "2026-04-01", "language": "ja",
    }  # fmt: skip
    assert client.post("/people/new/", stated).status_code == 302
    hana = User.objects.get(username="hana")
    page = f"/people/{hana.pk}/"
    assert "/accounts/password/reset/key/" in text(client.post(f"{page}link/"))
    placed = {"workplace": "legal", "organization": "consortium", "valid_from": "2026-04-01"}
    assert client.post(f"{page}grant/", placed).status_code == 302
    assert client.post(f"{page}move/", {"home": "ginko", "valid_from": "2026-08-01"}).status_code == 302
    assert "Kurumada Motors" in text(client.get(f"{page}?as_of=2026-07-31"))
    grant = RoleGrant.objects.get(user=hana)
    assert client.post(f"{page}grants/{grant.seq}/revoke/", {"confirm": "wrong"}).status_code == 422
    assert client.post(f"{page}grants/{grant.seq}/revoke/", {"confirm": "hana"}).status_code == 302
    assert client.post(f"{page}switch/", {"confirm": "hana"}).status_code == 302
    assert not User.objects.get(pk=hana.pk).is_active
    assert "Shut the account" not in text(client.get(f"/people/{world.user('legal').pk}/")), (
        "nobody shuts themselves out"
    )


def test_a_member_sees_its_own_people_only(world, reader, text):
    body = text(reader("tetsu").get("/people/"))
    assert "tetsu" in body and "hagane" not in body and "seconded" not in body
    assert reader("tetsu").get(f"/people/{world.user('legal').pk}/").status_code == 404
    assert reader("tetsu").post(f"/people/{world.user('tetsu').pk}/switch/", {"confirm": "tetsu"}).status_code == 404
    for username in ("finance", "desk", "reviewer", "robo"):
        assert reader(username).get("/people/").status_code == 404


def test_legal_gives_and_ends_a_clean_team_grant_in_the_browser(divided, reader, text):
    client, today = reader("legal"), localdate()
    page = f"/people/{divided.user('lent').pk}/cleanteam/"
    stated = {
        "rival": "tetsu",
        "purpose": "確認",
        "valid_from": str(today),
        "valid_until": str(today + timedelta(days=200)),
    }
    assert "at most 90 days" in text(client.post(page, stated))
    assert client.post(page, stated | {"valid_until": str(today + timedelta(days=20))}).status_code == 302
    assert "CT-tetsu-0001" in text(reader("tetsu").get("/cleanteam/"))
    assert "CT-tetsu" not in text(reader("hagane").get("/cleanteam/"))
    assert client.post("/cleanteam/CT-tetsu-0001/end/", {"confirm": "CT-tetsu-0001"}).status_code == 302
    assert reader("tetsu").post("/cleanteam/CT-tetsu-0001/end/", {"confirm": "CT-tetsu-0001"}).status_code == 422


def test_stakes_are_declared_corrected_and_summed(world, reader, text):
    client = reader("legal")
    assert "exactly 100" in text(client.get("/stakes/"))
    over = client.post("/members/tetsu/stakes/new/", {"share": "30 %", "valid_from": "2026-07-01"})
    assert over.status_code == 422 and "more than the whole" in text(over)
    stake = Stake.objects.get(member=world.of("tetsu"))
    assert client.post(f"/stakes/{stake.seq}/restate/", {"share": "1/5", "valid_from": "2026-04-01"}).status_code == 302
    body = text(client.get("/stakes/"))
    assert "95.00" in body and "is not on record" in body
    assert "corrected since" in text(client.get("/members/tetsu/"))
    assert reader("tetsu").get("/members/tetsu/stakes/new/").status_code == 404


def test_stakes_and_grants_are_named_by_their_entries_and_by_no_count_common_to_all(world, reader):
    stake = Stake.objects.get(member=world.of("tetsu"))
    again = services.stakes.restate(stake, share="1/5", valid_from=stake.valid_from, **world.by("legal"))
    rows = reader("tetsu").get("/api/v1/stakes/").json()["results"]
    assert {(row["entry"], row["restates"]) for row in rows} >= {(again.seq, stake.seq)}
    person = reader("legal").get(f"/api/v1/people/{world.user('finance').pk}/").json()
    assert not [row for row in [*rows, *person["grants"]] if "id" in row]
    assert reader("legal").get(f"/stakes/{again.seq}/restate/").status_code == 200
    assert reader("legal").get(f"/stakes/{again.pk}/restate/").status_code == 404


def test_a_member_is_admitted_reclassified_and_leaves(world, reader, text):
    client = reader("legal")
    joined = {"organization": "yoso", "member_class": "associate", "admitted_on": "2026-05-01"}
    assert client.post("/members/new/", joined).status_code == 302
    moved = {"member_class": "investor", "valid_from": "2026-07-01"}
    assert client.post("/members/yoso/reclassify/", moved).status_code == 302
    assert "nothing it hands in afterwards counts" in text(client.get("/members/yoso/"))
    leaving = {"withdrawn_on": "2026-09-01", "confirm": "yoso"}
    assert client.post("/members/yoso/withdraw/", leaving | {"confirm": "no"}).status_code == 422
    assert client.post("/members/yoso/withdraw/", leaving).status_code == 302
    assert "Associate" in text(client.get("/members/yoso/?as_of=2026-06-30"))
    assert "yoso" not in text(client.get("/members/?as_of=2026-04-30&q=yo"))
    assert "yoso" not in text(client.get("/members/?as_of=2026-09-01&q=yo"))


def test_a_list_is_read_as_known_at_a_checkpoint(world, reader, text):
    sealed = world.seal()
    stake = Stake.objects.get(member=world.of("tetsu"))
    services.stakes.restate(stake, share="1/5", valid_from=stake.valid_from, **world.by("legal"))
    url = f"/stakes/?as_of=2026-05-01&known_at={sealed.number}"
    body = text(reader("legal").get(url))
    assert "exactly 100" in body and f"as known at log checkpoint {sealed.number}" in body
    assert "no log checkpoint" in text(reader("legal").get("/stakes/?known_at=99"))


def test_search_finds_people_and_entities_for_whom_it_may(world, reader, text):
    found = text(reader("legal").get("/search/?q=yoso"))
    assert "/organizations/yoso/" in found
    assert "/organizations/" not in text(reader("robo").get("/search/?q=robo"))
    assert f"/people/{world.user('finance').pk}/" in text(reader("legal").get("/search/?q=finance"))
    assert "/people/" not in text(reader("desk").get("/search/?q=finance")).split("<main")[1]


def test_the_api_grants_revokes_and_opens(divided, reader):
    client, lent = reader("legal"), divided.user("lent")
    today = localdate()
    sent = {"rival": "tetsu", "purpose": "x", "valid_from": str(today), "valid_until": str(today + timedelta(days=5))}
    made = client.post(f"/api/v1/people/{lent.pk}/cleanteam/", sent, content_type="application/json")
    assert made.status_code == 201 and made.json()["rival"] == "tetsu"
    refused = client.post(f"/api/v1/people/{lent.pk}/cleanteam/", sent | {"rival": "kuruma"}, "application/json")
    assert refused.status_code == 422 and "not-a-rival" in refused.content.decode()
    grant = RoleGrant.objects.get(user=lent)
    assert client.post(f"/api/v1/grants/{grant.seq}/revoke/").json()["revoked_from"] == str(today)
    assert client.post(f"/api/v1/grants/{grant.pk}/revoke/").status_code == 404, "a count common to all opens nothing"
    body = {"name_en": "Renamed", "valid_from": "2026-07-01"}
    assert client.post("/api/v1/organizations/yoso/amend/", body, "application/json").json()["name"]["en"] == "Renamed"
    assert Organization.objects.get(code="yoso").name_en == "Renamed"
    assert reader("tetsu").get("/api/v1/organizations/robo/").status_code == 404
    assert reader("desk").post("/api/v1/organizations/", {"code": "x", "name_ja": "x", "name_en": "x"},
                               "application/json").status_code == 403  # fmt: skip


def test_the_page_of_a_secondee_names_the_agreement_it_works_under_or_says_that_there_is_none(divided, reader, text):
    lent, without = (divided.user(name).pk for name in ("lent", "seconded"))
    covered = text(reader("legal").get(f"/people/{lent}/"))
    assert "Lent under" in covered and "/terms/T-hagane-0001/" in covered and "No inbound agreement" not in covered
    assert "speaks of the work of its people" in text(reader("auditor").get(f"/people/{without}/"))
    assert "Lent under" not in text(reader("legal").get(f"/people/{divided.user('second').pk}/"))
    agreement = divided.of("hagane").organization.inbound_agreements.get()
    services.terms.end(agreement, ended_from=localdate(), **divided.by("legal"))
    assert "speaks of the work of its people" in text(reader("legal").get(f"/people/{lent}/"))
    assert "Lent under" in text(reader("legal").get(f"/people/{lent}/?as_of=2026-06-01"))
