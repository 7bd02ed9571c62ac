"""Inbound agreements on their pages: legal checks rights in a table, amends and ends; a party reads its own."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from contributions.models import InboundAgreement

FORM = {
    "organization": "tetsu",
    "parties": ["kuruma", "consortium"],
    "type": "data",
    "title_ja": "データ提供契約",
    "valid_from": "令和8年5月1日",
    "data_purposes": ["training"],
    "data_fields": ["vehicles"],
    "data_territory": "jp, TH",
    "data_after_withdrawal": "delete",
    "marks": ["trade-secret"],
}


def test_legal_records_an_agreement_as_a_table_of_checks(world, reader, text):
    legal = reader("legal")
    page = text(legal.get("/terms/new/"))
    assert "Rights that come in" in page and "Background IP" in page
    file = SimpleUploadedFile("契約.pdf", b"%PDF-1.7", "application/pdf")
    answer = legal.post("/terms/new/", FORM | {"file": file})
    assert answer.status_code == 302 and answer.url == "/terms/T-tetsu-0002/"
    right = InboundAgreement.objects.get(number="T-tetsu-0002").editions.get().rights
    assert right == [{
        "subject": "data", "purposes": ["training"], "fields": ["vehicles"], "territory": ["JP", "TH"],
        "sublicensing": False, "further_training": False, "after_withdrawal": "delete",
    }]  # fmt: skip
    download = reader("kuruma").get("/terms/T-tetsu-0002/editions/1/file")
    assert download.content == b"%PDF-1.7" and "%E5%96%B6%E6%A5%AD%E7%A7%98%E5%AF%86" in download["Content-Disposition"]
    assert reader("hagane").get("/terms/T-tetsu-0002/editions/1/file").status_code == 404


def test_what_is_missing_or_unreadable_is_said_and_nothing_is_lost(world, reader, text):
    wrong = FORM | {"data_purposes": [], "data_territory": "Japan"}
    body = text(reader("legal").post("/terms/new/", wrong))
    assert "Check at least one purpose" in body and "Write countries as two letters" in body
    assert "データ提供契約" in body and InboundAgreement.objects.count() == 4


def test_an_amendment_shows_both_editions_and_an_end_asks_for_the_number(world, reader, text):
    legal = reader("legal")
    narrower = {"valid_from": "2026-09-01", "data_purposes": ["evaluation"], "data_after_withdrawal": "ends"}
    assert legal.post("/terms/T-tetsu-0001/amend/", narrower).status_code == 302
    body = text(legal.get("/terms/T-tetsu-0001/"))
    assert "Edition 2, from" in body and "Edition 1, from" in body
    end = {"ended_from": "2026-10-01"}
    assert legal.post("/terms/T-tetsu-0001/end/", end).status_code == 422
    assert legal.post("/terms/T-tetsu-0001/end/", end | {"confirm": "T-tetsu-0001"}).status_code == 302
    assert legal.post("/terms/T-tetsu-0001/amend/", narrower).status_code == 200, "an ended agreement is not amended"


def test_only_legal_has_these_pages_and_a_rival_sees_nothing(world, reader):
    for username in ("tetsu", "finance", "desk"):
        assert reader(username).get("/terms/new/").status_code == 404
    assert reader("hagane").get("/terms/T-tetsu-0001/").status_code == 404
    assert reader("tetsu").get("/terms/T-tetsu-0001/amend/").status_code == 404
    assert reader("tetsu").get("/terms/types/").status_code == 200


def test_legal_lists_a_type(world, reader, text):
    listed = {"code": "joint", "name_ja": "共同研究契約", "name_en": "Joint research", "valid_from": "2026-04-01"}
    assert reader("legal").post("/terms/types/", listed).status_code == 302
    assert "Joint research" in text(reader("legal").get("/terms/new/"))
