"""Screening pages: a check with evidence, a block with its reasons, a decision with its words."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contributions.models import Organization
from licensing import services
from licensing.models import Licensee, Screening

CHECK = {"outcome": "passed", "finding": "確認済み", "screened_on": "2026-06-16", "valid_until": "2027-06-16"}


@pytest.fixture
def legal(client, world):
    world.apply("robo")
    client.force_login(world.user("legal"))
    return client


def check(kind: str) -> str:
    return reverse("licensing:screening_new", args=["robo", kind])


def decide(client, verb: str, **typed):
    return client.post(reverse("licensing:licensee_decide", args=["robo", verb]), {"confirm": "ROBO"} | typed)


def test_a_check_is_recorded_with_its_file_which_legal_downloads(legal, world):
    file = SimpleUploadedFile("照会.txt", b"specimen")
    assert legal.post(check("antisocial"), CHECK | {"evidence": file}).status_code == 302
    (kept,) = Screening.objects.get().evidence
    early = CHECK | {"screened_on": "2090-01-01", "valid_until": "2090-06-01", "outcome": "refused"}
    answer = legal.post(check("antisocial"), early, headers={"accept-language": "en"})
    assert answer.status_code == 422 and "That day has not come yet." in answer.content.decode()
    answer = legal.get(reverse("licensing:screening_evidence", args=["robo", kept["sha256"]]))
    assert answer.content == b"specimen" and answer["X-Content-Type-Options"] == "nosniff"
    legal.force_login(world.user("finance"))
    page = legal.get(reverse("licensing:licensee", args=["robo"])).content.decode()
    assert "照会.txt" in page and kept["sha256"] not in page, "no link that would lead nowhere"


def test_a_contradicted_pass_is_refused_with_every_reason_and_nothing_typed_is_lost(legal):
    stated = {"residency": "none", "category": "unknown", "end_use": "military", "inference": ["US"]}
    file = SimpleUploadedFile("確認書.txt", b"specimen")
    answer = legal.post(check("export"), CHECK | stated | {"evidence": file}, headers={"accept-language": "en"})
    said = answer.content.decode()
    assert answer.status_code == 422 and "specified category" in said and "civil" in said and "United States" in said
    assert "確認済み" in said and not Screening.objects.exists()


def test_whoever_approves_reads_what_a_check_recorded_and_the_applicant_does_not(legal, world):
    world.screen(Licensee.objects.get())
    legal.force_login(world.user("second"))
    address = reverse("licensing:licensee", args=["robo"])
    said = legal.get(address, headers={"accept-language": "ja"}).content.decode()
    assert "非居住者に当たる利用者：該当者なし" in said and "最終用途：民生用途" in said
    legal.force_login(world.user("robo"))
    assert "該当者なし" not in legal.get(address, headers={"accept-language": "ja"}).content.decode()


def test_a_check_passes_only_on_evidence_and_fails_without(legal):
    answer = legal.post(check("antisocial"), CHECK, headers={"accept-language": "ja"})
    assert answer.status_code == 422 and "根拠となる文書" in answer.content.decode() and not Screening.objects.exists()
    assert legal.post(check("affiliates"), CHECK).status_code == 302, "the ledger itself is the evidence"
    assert legal.post(check("antisocial"), CHECK | {"outcome": "refused"}).status_code == 302


def test_an_approval_does_not_outlast_the_first_check_it_rests_on(legal, world):
    world.screen(Licensee.objects.get())
    legal.force_login(world.user("second"))
    answer = decide(legal, "approve", rescreen_on="2027-06-18")
    assert answer.status_code == 422 and "2027-06-17" in answer.content.decode()
    assert decide(legal, "approve", rescreen_on="2027-06-17").status_code == 302


def test_an_open_check_blocks_the_approval_and_says_which(legal, world):
    world.screen(Licensee.objects.get(), "japanese-firm", "antisocial", "affiliates", "competition")
    world.screen(Licensee.objects.get(), "export", passed=False)
    page = legal.get(reverse("licensing:licensee", args=["robo"]), headers={"accept-language": "ja"}).content.decode()
    assert "まだ承認できません。" in page and "decide-approve" not in page, "no button that would only be refused"
    legal.force_login(world.user("second"))
    answer = decide(legal, "approve", rescreen_on="2027-06-16")
    assert answer.status_code == 422 and "取引審査" in answer.content.decode()
    assert Licensee.objects.get().state == "applied"


def test_who_screened_reads_who_may_approve_where_the_button_would_be(legal, world):
    world.screen(Licensee.objects.get())
    page = legal.get(reverse("licensing:licensee", args=["robo"]), headers={"accept-language": "en"}).content.decode()
    assert "Who may: second" in page and "decide-approve" not in page and "decide-refuse" in page
    assert decide(legal, "approve", rescreen_on="2027-06-16").status_code == 422
    legal.force_login(world.user("second"))
    assert "decide-approve" in legal.get(reverse("licensing:licensee", args=["robo"])).content.decode()
    assert decide(legal, "approve", rescreen_on="2027-06-16").status_code == 302


def test_a_refusal_tells_the_applicant_why(legal, world):
    assert decide(legal, "refuse", reason="export", text="鉄山製鋼のため").status_code == 422
    assert decide(legal, "refuse", reason="export", text="国内に改めてください。").status_code == 302
    legal.force_login(world.user("robo"))
    said = legal.get(reverse("licensing:licensee", args=["robo"]), headers={"accept-language": "ja"}).content.decode()
    assert "国内に改めてください。" in said and reverse("licensing:application_new") in said
    assert legal.get(reverse("licensing:application_new")).status_code == 200


@pytest.mark.parametrize("username", ["finance", "robo", "arm", "tetsu"])
def test_nobody_but_legal_screens_or_decides(client, world, username):
    world.apply("robo")
    client.force_login(world.user(username))
    assert client.post(check("antisocial"), CHECK).status_code == 404
    assert decide(client, "approve", rescreen_on="2027-06-16").status_code == 404


def test_for_a_competitors_secondee_the_applicant_does_not_exist(client, world):
    licensee = world.apply("robo")
    world.second()
    services.screenings.declare_conflict(
        licensee, Organization.objects.get(code="hagane"), on=world.clock.date(), **world.by("legal")
    )
    client.force_login(world.user("lent"))
    for path in (reverse("licensing:licensee", args=["robo"]), check("export")):
        assert client.get(path).status_code == 404
    assert "ロボ工業" not in client.get(reverse("licensing:licensees")).content.decode()
