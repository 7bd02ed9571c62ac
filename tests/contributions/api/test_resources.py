"""Accepting what was put in; the members' own rows."""

from django.core.files.uploadedfile import SimpleUploadedFile


def test_a_table_goes_in_whole_with_its_columns_named_or_comes_back_with_every_finding(call, contributed):
    head = "member,件名,grade,hours,period_from,period_until,funding,agreement,note\n"
    rows = "tetsu,x,senior,8,2026-05-01,2026-06-01,own,T-tetsu-0001,\n"
    client, url = call("tetsu"), "/api/v1/resources/sheets/"

    def send(content: str, **more):
        body = {"kind": "people", "content": content, **more}
        return client.post(url, body, content_type="application/json")

    unknown = send(head + rows)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "header-refused")
    bad = send(head + rows + rows.replace(",8,", ",-8,"), columns={"件名": "title"})
    assert (bad.status_code, bad.json()["findings"][0]["line"], bad.json()["findings"][0]["field"]) == (422, 3, "hours")
    made = send(head + rows)
    assert made.status_code == 201 and len(made.json()["recorded"]) == 1, made.content
    assert send(head + rows).json()["code"] == "already-sent"


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


# ---- the course, and what stands behind it ----
CASH = {"kind": "cash", "nature": "levy", "title_ja": "負担金", "title_en": "Levy", "quantity": "5000",
        "period_from": "2026-05-01", "agreement": "T-tetsu-0001", "funding": "F-02"}  # fmt: skip


def send(client, url, body):
    return client.post(url, body, content_type="application/json")


def test_a_member_submits_and_reads_line_by_line_what_can_count(call, contributed):
    answer = send(call("tetsu"), "/api/v1/resources/", CASH)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    lines = {line["code"]: line for line in made["eligibility"]}
    assert lines["accepted"]["excluded"] == "1" and lines["state"]["is_met"] is False
    assert [step["step"] for step in made["steps"]] == ["submit"]
    assert send(call("legal"), "/api/v1/resources/", CASH).status_code == 403
    assert send(call("tetsu"), "/api/v1/resources/", CASH | {"quantity": 5.5}).status_code == 400
    assert send(call("tetsu"), "/api/v1/resources/", CASH | {"agreement": "T-hagane-0001"}).status_code == 400


def test_the_course_is_walked_over_the_api(call, contributed):
    number = send(call("tetsu"), "/api/v1/resources/", CASH | {"pledged": True}).json()["number"]
    steps = f"/api/v1/resources/{number}/steps"
    assert send(call("tetsu"), f"{steps}/submit/", {}).json()["state"] == "submitted"
    assert send(call("finance"), f"{steps}/take_up/", {}).json()["state"] == "in_review"
    bare = send(call("finance"), f"{steps}/refuse/", {})
    assert (bare.status_code, bare.json()["code"]) == (422, "reason-needed")
    assert send(call("finance"), f"{steps}/refuse/", {"reason": "証憑"}).json()["state"] == "refused"
    assert send(call("tetsu"), f"{steps}/dispute/", {"reason": "送金済み"}).json()["state"] == "disputed"
    answer = {"outcome": "accepted", "reason": "確認"}
    same = send(call("finance"), f"/api/v1/resources/{number}/answer/", answer)
    assert (same.status_code, same.json()["code"]) == (422, "same-person")
    assert send(call("legal"), f"/api/v1/resources/{number}/answer/", answer).json()["state"] == "accepted"
    recovery = {"part": "1/5", "source": "fee", "recovered_on": "2026-06-01"}
    back = send(call("tetsu"), f"/api/v1/resources/{number}/recoveries/", recovery).json()["recoveries"]
    assert back[0]["part"] == "1/5"
    assert send(call("finance"), f"{steps}/fly/", {}).status_code == 404


def test_a_work_log_is_refused_with_every_finding(call, contributed):
    number = "C-hagane-0002"
    file = SimpleUploadedFile("log.csv", b"day,hours,task\n2026-05-01,25,a\n2026-05-01,x,b\n", "text/csv")
    form = {"person": "hagane", "month": "2026-05", "file": file}
    refused = call("hagane").post(f"/api/v1/resources/{number}/worklogs/", form)
    assert refused.status_code == 422 and refused.json()["findings"][0]["line"] == 3
    file = SimpleUploadedFile("log.csv", b"day,hours,task\n2026-05-01,7.75,a\n", "text/csv")
    made = call("hagane").post(f"/api/v1/resources/{number}/worklogs/", form | {"file": file})
    assert made.status_code == 201 and made.json()["minutes"] == "465"


def test_the_columns_of_work_logs_are_named_once_over_the_api(call, contributed):
    mapping = {"日付": "day", "時間": "hours", "内容": "task"}
    twice = call("hagane").post("/api/v1/worklogs/columns/", {"mapping": {"a": "day", "b": "day"}}, "application/json")
    assert (twice.status_code, twice.json()["code"]) == (422, "mapping-refused")
    made = call("hagane").post("/api/v1/worklogs/columns/", {"mapping": mapping}, "application/json")
    assert made.status_code == 200 and made.json() == {"mapping": dict(sorted(mapping.items()))}
    file = SimpleUploadedFile("log.csv", "内容,日付,時間\n整備,2026-05-01,7.75\n".encode(), "text/csv")
    form = {"person": "hagane", "month": "2026-05", "file": file}
    sent = call("hagane").post("/api/v1/resources/C-hagane-0002/worklogs/", form)
    assert sent.status_code == 201 and sent.json()["minutes"] == "465"
    assert call("legal").post("/api/v1/worklogs/columns/", {"mapping": mapping}, "application/json").status_code == 403


def test_the_inbox_and_the_timeline_are_the_callers_own(call, contributed):
    waiting = call("finance").get("/api/v1/contributions/inbox/?kind=resource").json()["results"]
    assert [row["number"] for row in waiting] == ["C-hagane-0001"]
    assert call("ginko").get("/api/v1/contributions/inbox/").json()["count"] == 0
    assert {row["member"] for row in call("tetsu").get("/api/v1/contributions/inbox/").json()["results"]} == {"tetsu"}
    rows = call("ginko").get("/api/v1/contributions/timeline/").json()["results"]
    assert {row["member"] for row in rows} == {"ginko"} and rows[0]["kind"] == "cash"
    assert call("robo").get("/api/v1/contributions/timeline/").json()["count"] == 0
