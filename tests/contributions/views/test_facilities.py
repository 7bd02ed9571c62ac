"""Amending a facility on its page and over the API: read first, confirmed by its code, and breaches only as told."""

from __future__ import annotations

from contributions.models import Breach, FacilityEdition

CHANGED = {
    "valid_from": "2026-05-15", "operator": "kuruma", "country": "JP", "region": "大阪", "power_kw": "30000",
    "pue": "", "accelerators": "h100, b200", "default_accelerator": "h100",
}  # fmt: skip
URL, API = "/facilities/osaka/amend/", "/api/v1/facilities/osaka/amend/"


def hidden(page) -> dict:
    """What the page of the confirmation carries."""
    return page.context["hidden"]


def test_legal_reads_what_changes_and_confirms_it_by_the_code(world, reader, text):
    legal = reader("legal")
    assert "Amend the facility" in text(legal.get("/facilities/osaka/"))
    read = legal.post(URL, CHANGED)
    assert read.status_code == 200 and "30,000 kW" in text(read) and "Nothing is recorded yet" in text(read)
    assert FacilityEdition.objects.filter(facility__code="osaka").count() == 1
    wrong = legal.post(URL, hidden(read) | {"confirm": "austin"})
    assert wrong.status_code == 422 and "not the code" in text(wrong)
    stale = legal.post(URL, hidden(read) | {"confirm": "osaka", "basis": "0"})
    assert stale.status_code == 422 and "changed meanwhile" in text(stale)
    assert legal.post(URL, hidden(read) | {"confirm": "osaka"}).url == "/facilities/osaka/"
    page = text(legal.get("/facilities/osaka/"))
    assert "30,000 kW" in page and "Facts over time" in page and "b200, h100" in page
    before = text(legal.get("/facilities/osaka/?as_of=2026-05-14"))
    assert "This is not how things stand today" in before
    assert "not on record yet" in text(legal.get("/facilities/osaka/?as_of=2020-01-01"))
    for day, stands in (("2020-01-01", False), ("2026-05-14", True)):
        assert ("/facilities/osaka/" in legal.get(f"/compute/?as_of={day}").content.decode()) is stands
    for on, said in (("2026-03-31", "begins on"), ("2026-05-15", "on record")):
        refused = legal.post(URL, CHANGED | {"valid_from": on})
        assert refused.status_code == 422 and said in text(refused)
    for username in ("tetsu", "auditor", "kuruma", "robo"):
        assert reader(username).get(URL).status_code == 404


def test_a_move_abroad_names_what_it_makes_a_breach(contributed_world, reader, text):
    legal = reader("legal")
    read = legal.post(URL, CHANGED | {"country": "us", "valid_from": "2026-04-01"})
    page, told = text(read), hidden(read)["told"].split()
    assert "not among those allowed" in page and told and all(number in page for number in told)
    assert "become breaches of residency" in page or "becomes a breach of residency" in page
    sent = {"valid_from": "2026-04-01", "country": "US"}
    refused = legal.post(API, sent, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "facility-moves-abroad")
    unsaid = legal.post(URL, hidden(read) | {"confirm": "osaka", "told": ""})
    assert (
        unsaid.status_code == 422
        and told[0] in text(unsaid)
        and not Breach.objects.filter(country="US", batch__isnull=False).exists()
    )
    answer = legal.post(API, sent | {"breaches": told}, content_type="application/json")
    assert answer.status_code == 200 and answer.json()["country"] == "US"
    assert [row["country"] for row in answer.json()["editions"]] == ["JP", "US"]
    assert set(Breach.objects.filter(batch__isnull=False).values_list("batch__number", flat=True)) >= set(told)
    listed = legal.get("/api/v1/facilities/?country=US").json()["results"]
    assert "osaka" in {row["code"] for row in listed}
    assert reader("kuruma").post(API, sent, content_type="application/json").status_code == 403
