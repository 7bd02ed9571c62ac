"""Compute pages: a member's own figures, never a rival's, not even at the facility that it runs itself."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

import world as cast
from contributions.models import Batch, MeterDay


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


def test_a_member_sends_in_a_file_and_the_same_file_again_posts_nothing(world, reader, text):
    content = cast.sacct((1, "2026-05-10", 4, 8)) + "broken\n"
    member = reader("tetsu")
    form = {"facility": "osaka", "file_format": "", "funding": ""}
    answer = member.post("/batches/new/", form | {"file": SimpleUploadedFile("may.log", content.encode())})
    assert answer.status_code == 302 and answer.url == "/batches/B-tetsu-0001/"
    body = text(member.get(answer.url))
    assert "32.000000" in body and "1 row was not posted" in body and "may.log" in body
    assert "broken" in text(member.get("/batches/B-tetsu-0001/rejected"))
    again = member.post("/batches/new/", form | {"file": SimpleUploadedFile("may2.log", content.encode())})
    assert again.status_code == 200 and "B-tetsu-0001" in text(again)
    assert (Batch.objects.count(), MeterDay.objects.count()) == (1, 1)


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
