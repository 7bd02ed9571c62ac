"""Handing in a file of metered compute: what is posted, what is kept aside, and what is refused as a whole."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from world import sacct

URL = "/api/v1/batches/"
GOOD = sacct((101, "2026-05-20", 2, 4), (102, "2026-05-21", 1, 4))
BROKEN = sacct((104, "2026-05-22", 1, 1)).splitlines()[1].replace("h100=1", "h100=x")
BAD = f"{GOOD}103|osaka|yesterday|\n{BROKEN}\n"


def upload(client, content: str, name: str = "jobs.log", **more):
    file = SimpleUploadedFile(name, content.encode(), "text/plain")
    return client.post(URL, {"file": file, "facility": "osaka", **more})


def test_a_file_is_posted_under_its_own_name(call, contributed):
    answer = upload(call("kuruma"), GOOD, name="五月.log", funding="F-01")
    assert answer.status_code == 201, answer.content
    batch = answer.json()["batch"]
    assert (batch["file_name"], batch["member"], batch["jobs"], batch["state"]) == (
        "五月.log",
        "kuruma",
        2,
        "submitted",
    )
    assert answer.json()["totals"]["gpu_hours"] == "12.000000" and answer.json()["findings"] == []
    days = call("kuruma").get(f"/api/v1/compute/days/?batch={batch['number']}").json()["results"]
    assert [(day["day"], day["gpu_s"]) for day in days] == [("2026-05-20", "28800"), ("2026-05-21", "14400")]


def test_bad_rows_are_kept_aside_and_told_in_full(call, contributed):
    answer = upload(call("kuruma"), BAD)
    assert answer.status_code == 201, answer.content
    found, number = answer.json()["findings"], answer.json()["batch"]["number"]
    assert [finding["line"] for finding in found] == sorted({finding["line"] for finding in found}) == [4, 5]
    kept = call("kuruma").get(f"{URL}{number}/findings/").json()["results"]
    assert [row["reason"] for row in kept] == [finding["reason"] for finding in found]
    assert kept[0]["row"].startswith("103|osaka|yesterday")


def test_a_strict_file_is_refused_with_every_finding(call, contributed):
    before = call("kuruma").get(URL).json()["count"]
    answer = upload(call("kuruma"), BAD, strict="true")
    assert (answer.status_code, answer.json()["code"]) == (422, "file-refused")
    assert [finding["line"] for finding in answer.json()["findings"]] == [4, 5]
    assert call("kuruma").get(URL).json()["count"] == before


def test_the_same_file_again_names_the_batch_that_holds_it(call, contributed):
    first = upload(call("kuruma"), GOOD).json()["batch"]["number"]
    again = upload(call("kuruma"), GOOD)
    assert (again.status_code, again.json()["code"]) == (422, "already-held")
    assert first in again.json()["detail"]


@pytest.mark.parametrize(("field", "value"), [("facility", "nowhere"), ("funding", "F-99"), ("member", "nobody")])
def test_what_is_named_must_be_there(call, contributed, field, value):
    answer = upload(call("kuruma"), GOOD, **{field: value})
    assert answer.status_code == 400
    assert [(one["field"], one["code"]) for one in answer.json()["findings"]] == [(field, "not-on-record")]


def test_nobody_hands_in_for_another_and_only_members_hand_in(call, contributed):
    assert upload(call("kuruma"), GOOD, member="tetsu").json()["code"] == "not-yours"
    assert upload(call("legal"), GOOD).status_code == 403
    assert upload(call("robo"), GOOD).status_code == 403


def test_the_whole_upload_has_a_bound(call, contributed, settings):
    settings.UPLOAD_MAX_BYTES = 100
    answer = upload(call("kuruma"), GOOD)
    assert answer.status_code == 400
    assert [(one["field"], one["code"]) for one in answer.json()["findings"]] == [("file", "too-large")]


def test_a_batch_that_fell_away_says_how_in_lists_and_by_itself(call, contributed):
    number = upload(call("kuruma"), GOOD).json()["batch"]["number"]
    assert call("kuruma").post(f"{URL}{number}/reverse/", {}, content_type="application/json").status_code == 200
    (row,) = call("kuruma").get(f"{URL}?state=withdrawn").json()["results"]
    assert (row["number"], row["state"]) == (number, "withdrawn")
    assert call("kuruma").get(f"{URL}{number}/").json()["state"] == "withdrawn"
    assert call("kuruma").get(f"{URL}?state=reversed").json()["count"] == 0
    days = call("kuruma").get(f"/api/v1/compute/days/?batch={number}").json()["results"]
    assert {day["state"] for day in days} == {"withdrawn"}
