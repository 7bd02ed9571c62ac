"""Accepting what was put in; the members' own rows."""


def test_finance_accepts_what_waits_and_only_once(call, contributed):
    finance = call("finance")
    waiting = finance.get("/api/v1/resources/?state=submitted").json()["results"]
    url = f"/api/v1/resources/{waiting[0]['number']}/accept/"
    assert finance.post(url).json()["state"] == "accepted"
    again = finance.post(url)
    assert (again.status_code, again.json()["code"]) == (422, "resource-step")


def test_a_member_reads_its_own_and_cannot_tell_a_rivals_from_none(call, contributed):
    tetsu = call("tetsu")
    assert {row["member"] for row in tetsu.get("/api/v1/resources/").json()["results"]} == {"tetsu"}
    number = call("hagane").get("/api/v1/resources/").json()["results"][0]["number"]
    rival, none = tetsu.get(f"/api/v1/resources/{number}/"), tetsu.get("/api/v1/resources/C-none-0001/")
    assert rival.status_code == none.status_code == 404 and rival.content == none.content


def test_common_rate_cards_are_whole_and_the_dataset_card_holds_own_lines_only(call, contributed):
    cards = {row["card"]: row for row in call("tetsu").get("/api/v1/ratecards/").json()["results"]}
    assert cards["accelerator"]["lines"]["h100"] == "1" and not cards["accelerator"]["withheld"]
    assert cards["dataset"]["lines"] and all(key.startswith("D-tetsu-") for key in cards["dataset"]["lines"])
    assert call("tetsu").get("/api/v1/ratecards/dataset/1/").json() == cards["dataset"]


def test_months_sum_the_days_that_the_caller_may_see(call, contributed):
    rows = call("kuruma").get("/api/v1/compute/months/").json()["results"]
    assert [(row["month"], row["facility"], row["gpu_s"]) for row in rows] == [("2026-05", "osaka", str(6 * 8 * 3600))]
    assert call("tetsu").get("/api/v1/compute/months/").json()["count"] == 0
