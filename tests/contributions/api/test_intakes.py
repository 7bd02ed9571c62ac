"""A file handed in over the API is read by a worker, previewed, mapped, and committed or let go as a whole."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from contributions import services
from contributions import tasks as _registered  # noqa: F401 a worker knows what each job runs
from contributions.models import Job
from world import sacct

URL = "/api/v1/intakes/"
GOOD = sacct((101, "2026-05-20", 2, 4), (102, "2026-05-21", 1, 4))


def send(client, content: str, **more) -> dict:
    file = SimpleUploadedFile("jobs.log", content.encode(), "text/plain")
    answer = client.post(URL, {"file": file, "facility": "osaka", **more})
    assert answer.status_code == 202, answer.content
    work()
    return client.get(f"{URL}{answer.json()['id']}/").json()


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        services.jobs.execute(job.pk, now=now)


def test_a_file_is_previewed_then_committed(call, contributed):
    client = call("kuruma")
    intake = send(client, GOOD + "broken\n")
    assert (intake["state"], intake["preview"]["jobs"], intake["batch"]) == ("previewed", 2, None)
    findings = client.get(f"{URL}{intake['id']}/findings/").json()
    assert [(row["line"], row["row"]) for row in findings["results"]] == [(4, "broken")]
    assert client.post(f"{URL}{intake['id']}/commit/").status_code == 202
    work()
    done = client.get(f"{URL}{intake['id']}/").json()
    assert done["state"] == "committed" and done["batch"].startswith("B-kuruma-")
    rows = client.get(f"/api/v1/batches/{done['batch']}/rows/?day=2026-05-20&accelerator=h100").json()
    assert [(row["job"], row["gpu_s"]) for row in rows["results"]] == [("101", str(2 * 4 * 3600))]
    turned = client.post(f"/api/v1/batches/{done['batch']}/reverse/", {"reason": "x"}, "application/json")
    assert turned.json()["state"] == "withdrawn"


def test_columns_are_mapped_and_a_file_is_let_go(call, contributed):
    client = call("kuruma")
    intake = send(client, GOOD.replace("JobID", "Nummer", 1))
    assert intake["state"] == "unmapped" and "nummer" in intake["preview"]["printed"]
    body = {"mapping": {"nummer": "jobid"}}
    assert client.post(f"{URL}{intake['id']}/columns/", body, "application/json").status_code == 200
    work()
    assert client.get(f"{URL}{intake['id']}/").json()["state"] == "previewed"
    assert client.post(f"{URL}{intake['id']}/reject/").json() == {"rejected": intake["id"]}
    assert client.get(f"{URL}{intake['id']}/").status_code == 404


@pytest.mark.parametrize("username", ["tetsu", "legal", "auditor", "robo"])
def test_nobody_else_finds_it(call, contributed, username):
    intake = send(call("kuruma"), GOOD)
    other = call(username)
    assert other.get(f"{URL}{intake['id']}/").status_code == 404
    assert other.post(f"{URL}{intake['id']}/commit/").status_code == 404
    assert other.get(URL).json()["count"] == 0
