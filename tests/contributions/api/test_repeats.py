"""A POST under a key of the client's own is done once, however often it is sent."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import world as cast
from contributions import services
from contributions.models import Act, Batch, Entry

KEY = "0b5e7e0c-8a7c-4a55-9d0a-1f3c1d1b7a10"
FIRST, OTHER = (cast.sacct((number, "2026-05-10", 4, 8)) for number in (1, 2))


def send(client, content: str = FIRST, *, key: str | None = KEY, path: str = "/api/v1/batches/", **form):
    file = SimpleUploadedFile("jobs.txt", content.encode())
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(path, {"facility": "osaka", "file": file} | form, headers=headers)


def test_the_same_again_gets_the_first_answer_and_writes_nothing(call, world):
    first = send(call("kuruma"))
    assert first.status_code == 201, first.json()
    held = Entry.objects.count(), Batch.objects.count()
    again = send(call("kuruma"))
    assert (again.status_code, again.json()) == (201, first.json())
    assert held == (Entry.objects.count(), Batch.objects.count())


def test_the_entries_of_the_act_take_ids_that_follow_from_the_key(call, world):
    made = send(call("kuruma")).json()["batch"]
    ids = Entry.objects.filter(subject=f"batch:{made['number']}").order_by("seq").values_list("id", flat=True)
    assert list(ids) == [uuid5(UUID(KEY), str(number)) for number in range(len(ids))]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("file", {"content": OTHER}),
        ("funding", {"funding": "F-01"}),
        ("?again", {"path": "/api/v1/batches/?again=1"}),
    ],
)
def test_another_body_under_the_same_key_is_refused_naming_the_field(call, world, language, field, changes):
    send(call("kuruma"))
    before = Entry.objects.count()
    answer = send(call("kuruma", language), **changes)
    assert answer.status_code == 409 and answer.json()["code"] == "other-body"
    assert answer.json()["findings"][0]["field"] == field and field in answer.json()["detail"]
    assert ("識別子" in answer.json()["detail"]) == (language == "ja")
    assert Entry.objects.count() == before


def test_the_same_key_at_another_address_is_refused(call, world):
    number = send(call("kuruma")).json()["batch"]["number"]
    answer = send(call("kuruma"), path=f"/api/v1/batches/{number}/attest/")
    assert answer.status_code in {409, 415}
    if answer.status_code == 409:
        assert answer.json()["findings"][0]["field"] == "path"


def test_a_body_in_json_is_told_apart_by_its_fields(call, contributed):
    def seal(body: dict):
        headers = {"Idempotency-Key": KEY}
        return call("legal").post("/api/v1/log/checkpoints/", body, content_type="application/json", headers=headers)

    first = seal({})
    assert first.status_code == 200 and seal({}).json() == first.json()
    assert seal({"more": 1}).json()["findings"][0]["field"] == "more"


def test_a_body_in_which_a_name_stands_twice_is_not_the_one_that_was_answered(call, contributed):
    """Readers differ in which of the two they take, so no answer is given for it."""

    def state(body: str):
        return call("tetsu").post(
            "/api/v1/resources/", body, content_type="application/json", headers={"Idempotency-Key": KEY}
        )

    said = (
        '"kind": "cash", "nature": "levy", "title_ja": "x", "title_en": "x", "period_from": "2026-06-01", '
        '"period_until": "2026-07-01"'
    )
    first = state("{" + said + ', "quantity": "1000"}')
    assert first.status_code == 201, first.json()
    answer = state("{" + said + ', "quantity": "5", "quantity": "1000"}')
    assert (answer.status_code, answer.json()["code"]) == (409, "other-body")


def test_somebody_else_learns_nothing_from_a_key_that_is_taken(call, world):
    send(call("kuruma"))
    answer = send(call("tetsu"))
    assert answer.status_code == 409 and answer.json()["findings"][0]["field"] == "caller"
    assert "kuruma" not in answer.content.decode()


def test_what_was_refused_may_be_tried_again_under_its_key(call, world):
    assert send(call("legal")).status_code == 403
    assert send(call("kuruma"), "not a file of jobs").status_code == 422
    assert not Act.objects.exists()
    assert send(call("kuruma")).status_code == 201


def test_without_a_key_the_same_again_is_judged_anew(call, world):
    assert send(call("kuruma"), key=None).status_code == 201
    assert send(call("kuruma"), key=str(uuid4())).json()["code"] == "already-held"


def test_a_key_that_is_no_uuid_is_refused(call, world):
    answer = send(call("kuruma"), key="again")
    assert answer.status_code == 400 and answer.json()["findings"][0]["field"] == "Idempotency-Key"
    assert not Batch.objects.exists()


def test_a_forgotten_answer_is_told_and_the_act_is_not_done_again(call, world):
    send(call("kuruma"))
    act = Act.objects.get()
    assert services.acts.forget(at=act.done_at + timedelta(days=31), kept_for=timedelta(days=30)) == 1
    before = Entry.objects.count()
    answer = send(call("kuruma"))
    assert answer.status_code == 422 and answer.json()["code"] == "answer-forgotten"
    assert Entry.objects.count() == before


def test_what_was_sent_is_not_kept(call, world):
    send(call("kuruma"))
    act = Act.objects.get()
    assert set(act.digests) == {"path", "facility", "file"}
    assert all(len(digest) == 64 for digest in act.digests.values())
