"""Compute pages: a member's own figures, never a rival's, not even at the facility that it runs itself."""

from __future__ import annotations

import re
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

import world as cast
from contributions import selectors, services
from contributions import tasks as _registered  # noqa: F401 a worker knows what each job runs
from contributions.models import Batch, Facility, Intake, Job, MeterDay


def test_a_member_reads_its_own_hours_and_the_secretariat_everybodys(contributed_world, reader, text):
    own, all_ = text(reader("kuruma").get("/compute/")), text(reader("legal").get("/compute/"))
    assert "48.00" in own and "B-hagane-0001" not in own
    assert "60.00" in all_ and "B-hagane-0001" in all_ and "B-kuruma-0001" in all_


def test_the_operator_of_a_facility_does_not_see_what_a_rival_computed_there(contributed_world, reader, text):
    body = text(reader("kuruma").get("/facilities/osaka/"))
    assert "48.00" in body and "Hagano" not in body and "12.00" not in body and "60.00" not in body


def test_a_rival_and_a_licensee_find_neither_batch_nor_rejected_rows(contributed_world, reader):
    for who in ("tetsu", "robo"):
        for path in ("/batches/B-kuruma-0001/", "/batches/B-kuruma-0001/rejected"):
            assert reader(who).get(path).status_code == 404


def send(member, content: str | bytes, name: str = "may.log", **more) -> str:
    """Hand a file over, let the worker read it, and give the address where it stands."""
    content = content if isinstance(content, bytes) else content.encode()
    form = {"facility": "osaka", "file_format": "", "funding": "", "supersedes": ""} | more
    answer = member.post("/batches/new/", form | {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    work()
    return answer.url


def work() -> None:
    """Do what waits for a worker."""
    for job in Job.objects.filter(state="queued"):
        services.jobs.execute(job.pk, now=now)


def test_a_member_sends_in_a_file_sees_its_preview_and_commits_it(world, reader, text):
    member = reader("tetsu")
    url = send(member, cast.sacct((1, "2026-05-10", 4, 8)) + "broken\n")
    preview = text(member.get(url))
    assert "32.000000" in preview and "broken" in preview and "Rows kept aside, in full: 1." in preview
    assert b"".join(member.get(f"{url}rejected").streaming_content).decode() == f"{cast.SACCT}\nbroken\n"
    assert reader("hagane").get(f"{url}rejected").status_code == 404
    assert Batch.objects.count() == 0
    assert member.post(f"{url}commit/").status_code == 302
    work()
    assert member.get(url).url == "/batches/B-tetsu-0001/"
    body = text(member.get("/batches/B-tetsu-0001/"))
    assert "32.000000" in body and "1 row was not posted" in body and "may.log" in body
    rejected = b"".join(member.get("/batches/B-tetsu-0001/rejected").streaming_content).decode()
    assert rejected == f"{cast.SACCT}\nbroken\n"
    again = text(member.get(send(member, cast.sacct((1, "2026-05-10", 4, 8)) + "broken\n", "may2.log")))
    assert "B-tetsu-0001" in again and "held" in again
    assert (Batch.objects.count(), MeterDay.objects.count()) == (1, 1)


def test_a_file_that_is_let_go_leaves_nothing(world, reader, moyai_home):
    member = reader("tetsu")
    url = send(member, cast.sacct((1, "2026-05-10", 4, 8)))
    assert member.post(f"{url}reject/").status_code == 302
    assert member.get(url).status_code == 404
    assert not Intake.objects.exists() and not (moyai_home / "intake" / url.split("/")[2]).exists()


def test_unfamiliar_columns_are_named_once_and_remembered(world, reader, text):
    member = reader("tetsu")
    strange = cast.sacct((1, "2026-05-10", 4, 8)).replace("JobID", "番号", 1)
    url = send(member, strange)
    page = text(member.get(url))
    assert "What are the columns of this file?" in page and "番号" in page
    printed = Intake.objects.get().preview["printed"]
    chosen = {name: str(printed.index(name)) for name in printed if name in ("cluster", "submit", "start", "end",
              "elapsed", "state", "nnodes", "ncpus", "alloctres")}  # fmt: skip
    assert member.post(f"{url}columns/", chosen).status_code == 422
    assert member.post(f"{url}columns/", chosen | {"jobid": str(printed.index("番号"))}).status_code == 302
    work()
    assert "32.000000" in text(member.get(url))
    again = send(member, strange + strange.splitlines()[1].replace("1|", "2|", 1) + "\n", "june.log")
    assert "64.000000" in text(member.get(again))


def test_nobody_else_sees_a_file_on_its_way_in(world, reader):
    url = send(reader("tetsu"), cast.sacct((1, "2026-05-10", 4, 8)))
    for who in ("hagane", "legal", "auditor", "robo"):
        assert reader(who).get(url).status_code == 404
        for act in ("commit", "reject", "columns"):
            assert reader(who).post(f"{url}{act}/").status_code == 404


def test_a_month_opens_to_its_days_and_a_day_to_its_rows(contributed_world, reader, text):
    member = reader("kuruma")
    day = MeterDay.objects.filter(member__organization__code="kuruma").first()
    month = f"{day.day:%Y-%m}"
    assert f"/compute/{month}/" in text(member.get("/compute/"))
    rows = f"/batches/{day.batch.number}/{day.day}/{day.accelerator}/"
    assert rows in text(member.get(f"/compute/{month}/"))
    page = text(member.get(rows))
    assert "add up to the figure" in page and "|osaka|" in page
    found = selectors.batches.rows_of_day(day.batch, day.accelerator, day.day)
    assert sum(row.gpu_s for row in found) == day.gpu_s
    csv = member.get(f"{rows}?format=csv").content.decode()
    assert len(csv.splitlines()) >= 1 + len(found)
    assert member.get(f"{rows}?format=xlsx").content.startswith(b"PK")
    for who in ("hagane", "robo", "reviewer"):
        assert reader(who).get(rows).status_code == 404
    for wrong in ("nonsense/h100", "2026-99-99/h100", "2026-01-01/h100"):
        assert member.get(f"/batches/{day.batch.number}/{wrong}/").status_code == 404


def test_the_explorer_is_narrowed_by_its_address_and_downloads(contributed_world, reader, text):
    legal = reader("legal")
    assert "By accelerator and month" in text(legal.get("/compute/?facility=osaka&accelerator=h100"))
    for code, name in (
        Facility.objects.values_list("code", "name_en").get(code="osaka"),
        ("kuruma", "Kurumada Motors"),
    ):
        assert re.search(f'<option value="{code}"[^>]*>{name}', text(legal.get("/compute/"))), "by name, not by code"
    own = legal.get("/compute/?member=kuruma&format=csv&by=type").content.decode()
    assert "48.0" in own and "60.0" not in own
    assert legal.get("/compute/?format=xlsx").content.startswith(b"PK")
    assert legal.get("/compute/1026-05/").status_code == legal.get("/compute/9999-12/").status_code == 404
    assert "hagane" not in text(reader("kuruma").get("/compute/"))


def test_the_standard_form_is_handed_out_and_taken_back(world, reader, text):
    member = reader("tetsu")
    for kind in ("csv", "parquet"):
        form = member.get(f"/batches/form/osaka.{kind}")
        url = send(member, form.content, f"form.{kind}")
        assert "768.000000" in text(member.get(url))
    assert member.get("/batches/form/osaka.exe").status_code == 404


def test_a_member_takes_back_what_nobody_attested_and_legal_anything(contributed_world, reader, text):
    number = "B-hagane-0001"
    hagane, legal = reader("hagane"), reader("legal")
    wrong = hagane.post(f"/batches/{number}/reverse/", {"confirm": "B-kuruma-0001"})
    assert wrong.status_code == 422
    assert hagane.post(f"/batches/{number}/reverse/", {"confirm": number, "reason": "誤送信"}).status_code == 302
    assert Batch.objects.get(number=number).state == "reversed"
    accepted = Batch.objects.filter(state="accepted").first()
    owner = reader(accepted.member.code)
    assert owner.post(f"/batches/{accepted.number}/reverse/", {"confirm": accepted.number}).status_code == 422
    assert legal.post(f"/batches/{accepted.number}/reverse/", {"confirm": accepted.number}).status_code == 302


def test_legal_attests_with_the_number_typed(contributed_world, reader, text):
    legal = reader("legal")
    assert "This attests the usage of Hagano Iron: jobs 1, GPU hours 12.00" in text(
        legal.get("/batches/B-hagane-0001/")
    )
    wrong = legal.post("/batches/B-hagane-0001/attest/", {"confirm": "B-kuruma-0001"})
    assert wrong.status_code == 422 and Batch.objects.get(number="B-hagane-0001").state == "submitted"
    assert legal.post("/batches/B-hagane-0001/attest/", {"confirm": "B-hagane-0001"}).status_code == 302
    assert Batch.objects.get(number="B-hagane-0001").state == "accepted"
    again = legal.post("/batches/B-hagane-0001/attest/", {"confirm": "B-hagane-0001"})
    assert again.status_code == 422 and "not waiting to be attested" in text(again)


FACILITY = {
    "code": "sakai", "name_ja": "堺データセンター", "name_en": "Sakai", "operator": "kuruma", "country": "jp",
    "region": "大阪府堺市", "zone": "Asia/Tokyo", "power_kw": "25000", "pue": "1.15", "accelerators": "H100、b200",
    "default_accelerator": "h100",
}  # fmt: skip


def test_legal_registers_a_facility_and_members_send_usage_in_from_it(world, reader, text):
    legal = reader("legal")
    assert "Register a facility" in text(legal.get("/compute/"))
    wrong = text(legal.post("/facilities/new/", FACILITY | {"zone": "Asia/Sakai", "pue": "0.5"}))
    assert "堺データセンター" in wrong and Facility.objects.count() == 2, "what was typed is not lost"
    assert "There is no time zone" in text(legal.post("/facilities/new/", FACILITY | {"zone": "Asia/Sakai"}))
    assert legal.post("/facilities/new/", FACILITY).url == "/facilities/sakai/"
    page = text(legal.get("/facilities/sakai/"))
    assert "25,000 kW" in page and "PUE 1.15" in page and "b200" in page and "Japan" in page
    assert "registered already" in text(legal.post("/facilities/new/", FACILITY))
    assert "sakai" in text(reader("tetsu").get("/batches/new/"))
    for username in ("tetsu", "auditor", "desk", "robo"):
        assert reader(username).get("/facilities/new/").status_code == 404


def test_a_batch_shows_its_course_and_what_of_it_can_count(contributed_world, reader, text):
    page = text(reader("kuruma").get("/batches/B-kuruma-0001/"))
    assert "Course" in page and "Attested" in page and "What of it can count, line by line" in page
    assert "less 1/2 paid by the state" in page.lower() and "Counts at most" in page
    waiting = text(reader("hagane").get("/batches/B-hagane-0001/"))
    assert "Nobody has attested it" in waiting
    services.batches.reverse(
        Batch.objects.get(number="B-hagane-0001"), reason="施設が違います", **contributed_world.by("legal")
    )
    refused = text(reader("hagane").get("/batches/B-hagane-0001/"))
    assert "Refused" in refused and "施設が違います" in refused


def test_a_breach_shows_on_every_page_of_what_was_computed(contributed_world, reader, text):
    batch = Batch.objects.get(number="B-kuruma-0001")
    breach = services.residency.record(
        batch=batch,
        country="SG",
        region="",
        since=date(2026, 5, 11),
        found="operator",
        **contributed_world.by("kuruma"),
    )
    for path in (f"/batches/{batch.number}/", "/facilities/osaka/", "/compute/2026-05/", "/members/kuruma/"):
        assert breach.number in text(reader("kuruma").get(path)), path
        assert breach.number in text(reader("legal").get(path)), path
    for path in ("/facilities/osaka/", "/compute/2026-05/"):
        assert breach.number not in text(reader("hagane").get(path)), path
