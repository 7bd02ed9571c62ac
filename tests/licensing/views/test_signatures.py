"""The pages of signing: what the act shows and asks, the file that comes back, and checking any signed PDF."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import world as cast
from licensing import services
from licensing.services import papers

pytestmark = pytest.mark.slow


@pytest.fixture
def signed(licensed_world):
    """The licensor has signed; the licensee's turn."""
    world = licensed_world
    agreement = services.agreements.approve(world.draft("robo"), **world.by("second"))
    for verb in ("offer", "sign"):
        getattr(services.agreements, verb)(cast.fresh(agreement), **world.by("legal"))
    world.signed = cast.fresh(agreement)
    return world


def pdf(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("signed.pdf", content, "application/pdf")


def test_the_act_shows_the_file_and_asks_for_it_back_by_page_and_api_and_the_licence_follows(signed, client):
    client.force_login(signed.user("robo"))
    number, digest = signed.signed.number, signed.signed.documents.last().sha256
    address = reverse("licensing:agreement", args=[number])
    shown = client.get(address, headers={"accept-language": "ja"}).content.decode()
    assert digest[:16] in shown and f'name="digest" value="{digest}"' in shown and "試験用署名・法的効力なし" in shown
    assert "外部サービスで署名" in shown

    back = reverse("licensing:agreement_return", args=[number])
    given = {"confirm": number, "file": pdf(papers.stored(signed.agreement("arm"), "executed"))}
    refused = client.post(back, given, headers={"accept-language": "ja"})
    assert refused.status_code == 422 and "別の文書です" in refused.content.decode()

    content, api = papers.stored(signed.signed, "signed"), f"/api/v1/agreements/{number}"
    found = client.post("/api/v1/signatures/check/", {"file": pdf(content)}).json()["signatures"]
    assert [(one["level"], one["code"], one["valid"]) for one in found] == [("B-LTA", "OK", True)]
    same = client.post(f"{api}/returned/", {"file": pdf(content)})
    assert (same.status_code, same.json()["code"]) == (422, "return-unsigned")
    stale = client.post(f"{api}/countersign/", {"document_sha256": "ab" * 32}, content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (422, "signed-file-moved")

    sign = reverse("licensing:agreement_countersign", args=[number])
    moved = client.post(sign, {"confirm": number, "digest": "ab" * 32}, headers={"accept-language": "ja"})
    assert moved.status_code == 422 and "いまの契約書" in moved.content.decode()
    assert cast.fresh(signed.signed).state == "signed"
    assert client.post(sign, {"confirm": number, "digest": digest}).status_code == 302
    assert cast.fresh(signed.signed).state == "executed"

    signed.seal()
    page = client.get(address, headers={"accept-language": "ja"}).content.decode()
    assert page.count("長期署名（B-LTA）：検証に必要な情報がそろい、有効です。") == 2
    licence = client.get(reverse("licensing:licence_file", args=[number, 1]))
    assert json.loads(licence.content)["v"] == 1
    listed = client.get("/api/v1/licences/", {"agreement": number}).json()["results"]
    assert [(one["serial"], one["status"]) for one in listed] == [(1, "in-force")]
    client.force_login(signed.user("arm"))
    assert client.get(reverse("licensing:licence_file", args=[number, 1])).status_code == 404


def test_anybody_who_is_signed_in_checks_a_file_and_learns_of_a_paper_only_what_it_may_see(licensed_world, client):
    content = papers.stored(licensed_world.agreement("robo"), "executed")
    number, address = licensed_world.agreement("robo").number, reverse("licensing:verify")
    for username, knows in (("robo", True), ("arm", False), ("tetsu", False)):
        client.force_login(licensed_world.user(username))
        told = client.post(address, {"file": pdf(content)}, headers={"accept-language": "en"}).content.decode()
        assert told.count("The content is intact (test signature, no legal effect).") == 2
        assert (number in told) is knows
    place = len(content) // 2
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    told = client.post(address, {"file": pdf(changed)}, headers={"accept-language": "en"}).content.decode()
    assert told.count("The content was changed after signing.") >= 2
    wrong = client.post(address, {"file": pdf(b"no pdf")}, headers={"accept-language": "en"})
    assert wrong.status_code == 422 and "does not read as a PDF" in wrong.content.decode()
    client.logout()
    assert client.get(address).status_code == 302
