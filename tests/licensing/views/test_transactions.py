"""Outside agreements and the search of transactions in the browser: for legal, finance and the auditor alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from licensing.models import OutsideAgreement

TYPED = {
    "kind": "individual", "title": "個別契約", "counterparty": "架空商事株式会社", "signed_on": "令和8年4月20日",
    "term_last": "2026-09-30", "amount": "1,320万", "renewal": "none",
}  # fmt: skip


def scan(content: bytes = b"%PDF-1.4\nscan") -> SimpleUploadedFile:
    return SimpleUploadedFile("個別契約.pdf", content, "application/pdf")


def test_legal_takes_one_in_and_it_is_found_listed_and_exported_beside_our_own(licensed_world, client):
    client.force_login(licensed_world.user("legal"))
    new = reverse("licensing:outside_new")
    assert client.post(new, TYPED | {"file": scan(), "term_last": "2026-04-01"}).status_code == 422
    assert client.post(new, TYPED | {"file": scan()}).status_code == 302
    row = OutsideAgreement.objects.get()
    assert (row.amount, row.signed_on.isoformat(), row.organization) == (13_200_000, "2026-04-20", None)
    again = client.post(new, TYPED | {"file": scan()}, headers={"accept-language": "ja"})
    assert again.status_code == 422 and row.number in again.content.decode()
    correct = reverse("licensing:outside_correct", args=[row.number])
    assert client.post(correct, TYPED | {"amount": "1,430万"}).status_code == 302

    for page in ("agreements", "outside_agreements", "transactions"):
        assert "架空商事株式会社" in client.get(reverse(f"licensing:{page}")).content.decode(), page
    search = {"party": "架空商事", "amount_from": "1,000万", "day_to": "2026-12-31"}
    hits = client.get(reverse("licensing:transactions"), search | {"format": "csv"}).content.decode("utf-8-sig")
    assert hits.count("\r\n") == 2 and "14300000" in hits
    answer = client.get(reverse("licensing:transactions_export"), {"day_from": "2026-04-01"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert "20260420_架空商事(株)_14300000.pdf" in names and "index.csv" in names
        assert len(names) == 4  # two agreements of ours, this one, and the index
        assert archive.read("20260420_架空商事(株)_14300000.pdf") == b"%PDF-1.4\nscan"
    wrong = client.get(reverse("licensing:transactions"), {"day_from": "2026-05-01", "day_to": "2026-04-01"})
    assert wrong.status_code == 422
    file = client.get(reverse("licensing:outside_file", args=[row.number]))
    assert file.content == b"%PDF-1.4\nscan"


LIST = """file,kind,title,counterparty,signed_on,relation,follows
nda.pdf,nda,秘密保持契約,架空商事株式会社,2025-11-04,,
base.pdf,framework,基本契約,架空商事株式会社,2026-03-02,succeeds,nda.pdf
gone.pdf,other,覚書,架空商事株式会社,2026-03-02,,
"""


def test_a_list_with_its_files_comes_in_at_once_and_each_fault_is_told_beside_its_line(licensed_world, client):
    client.force_login(licensed_world.user("legal"))
    url, ja = reverse("licensing:outside_import"), {"accept-language": "ja"}
    assert "ファイル,種別" in client.get(f"{url}agreements.csv", headers=ja).content.decode("utf-8-sig")

    def sent(listed: str = LIST, **more):
        named = {
            "agreements.csv": listed.encode(),
            "nda.pdf": b"%PDF-1",
            "base.pdf": b"%PDF-2",
        }
        files = [SimpleUploadedFile(name, content) for name, content in named.items()]
        return client.post(url, {"files": files} | more, headers=ja)

    refused = sent(strict="on")
    assert refused.status_code == 422 and not OutsideAgreement.objects.exists()
    assert "1件も受け入れていません" in refused.content.decode()
    done = sent()
    page = done.content.decode()
    nda, base = OutsideAgreement.objects.order_by("signed_on")
    assert done.status_code == 200 and base.follows == nda and nda.number in page
    assert "ファイル「gone.pdf」がありません" in page
    assert "受け入れ済み" in sent().content.decode() and OutsideAgreement.objects.count() == 2
    assert client.post(url, {"files": [scan()]}, headers=ja).status_code == 422, "no list among them"


def test_one_comes_in_by_the_api_as_well(licensed_world, client):
    sent = {"kind": "nda", "title": "秘密保持契約", "counterparty": "架空商事株式会社", "signed_on": "2025-11-04",
            "term_until": "2026-11-04", "notice_months": "1"}  # fmt: skip
    client.force_login(licensed_world.user("finance"))
    assert client.post("/api/v1/outside-agreements/", sent | {"file": scan()}).status_code == 403
    client.force_login(licensed_world.user("legal"))
    taken = client.post("/api/v1/outside-agreements/", sent | {"file": scan()})
    assert (taken.status_code, taken.json()["number"], taken.json()["notice_by"]) == (201, "X-2025-001", "2026-10-03")
    again = client.post("/api/v1/outside-agreements/", sent | {"file": scan(), "relation": "under"})
    assert (again.status_code, again.json()["code"]) == (422, "outside-known")


@pytest.mark.parametrize("username", ["tetsu", "robo", "desk", "reviewer"])
def test_for_everybody_else_neither_exists(world, client, username):
    client.force_login(world.user(username))
    for page in ("outside_agreements", "outside_new", "outside_import", "transactions", "transactions_export"):
        assert client.get(reverse(f"licensing:{page}")).status_code == 404
    assert client.get(reverse("licensing:outside_agreement", args=["X-2026-001"])).status_code == 404


@pytest.mark.parametrize("username", ["finance", "auditor"])
def test_finance_and_the_auditor_read_and_do_not_take_in(world, client, username):
    client.force_login(world.user(username))
    assert client.get(reverse("licensing:outside_agreements")).status_code == 200
    assert client.get(reverse("licensing:outside_new")).status_code == 404
    assert client.get(reverse("licensing:transactions"), {"party": "nobody"}).status_code == 200
