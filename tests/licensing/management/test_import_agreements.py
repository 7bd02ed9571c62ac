"""A folder of contracts with its list: good rows come in, bad ones are named by line, and a second run knows them."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from licensing.models import OutsideAgreement

ROWS = """ファイル,種別,件名,相手方,締結日,期間の初日,期間の末日,金額,更新,更新月数,予告月数,関係,もとの契約,義務
nda.pdf,秘密保持契約,秘密保持契約書,架空商事株式会社,令和7年11月4日,,2026/11/3,,,,,,
base.pdf,framework,基本契約書,架空商事株式会社,2026-03-02,2026-04-01,2027-03-31,,自動更新,12,3,を引き継ぐ,nda.pdf,2026-06-30；相手方；四半期報告；；第8条；3
order.png,individual,個別契約書,架空商事株式会社,2026-04-20,,2026-09-30,"1,320万",,,,に基づく,base.pdf
missing.pdf,memorandum,覚書,架空商事株式会社,2026-07-30,,,,,,,,
nda.pdf,nda,同じファイル,架空商事株式会社,2025-11-04,,,,,,,,
../secret.pdf,nda,外,架空商事株式会社,2025-11-04,,,,,,,,
bad.pdf,賃貸借,不明,架空商事株式会社,2025-13-04,,,,,,,,
"""


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "contracts"
    place.mkdir()
    (place / "agreements.csv").write_text(ROWS, encoding="utf-8-sig")
    (place / "nda.pdf").write_bytes(b"%PDF-1.4\nnda")
    (place / "base.pdf").write_bytes(b"%PDF-1.4\nbase")
    (place / "order.png").write_bytes(b"\x89PNG\r\n")
    (place / "bad.pdf").write_bytes(b"%PDF-1.4\nbad")
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.4\nsecret")
    return place


def run(folder, *options: str) -> dict:
    out = io.StringIO()
    call_command("import_agreements", str(folder), "--json", "--lang", "ja", *options, stdout=out)
    return json.loads(out.getvalue())


def test_good_rows_come_in_linked_and_every_fault_is_named_by_line_and_column(world, folder):
    answer = run(folder)
    assert answer["taken"] == ["X-2025-001", "X-2026-001", "X-2026-002"]
    places = [(one["line"], one["field"]) for one in answer["findings"]]
    assert places == [(5, "file"), (6, "file"), (7, "file"), (8, "kind"), (8, "signed_on")]
    assert "X-2025-001" in answer["findings"][1]["reason"]
    order = OutsideAgreement.objects.get(number="X-2026-002")
    assert (order.amount, order.follows.number, order.follows.follows.number) == (
        13_200_000,
        "X-2026-001",
        "X-2025-001",
    )
    assert order.follows.notice_by.isoformat() == "2026-12-31"
    owed = [(one.due_on.isoformat(), one.party) for one in order.follows.obligations.order_by("due_on")]
    assert owed == [(day, "licensee") for day in ("2026-06-30", "2026-09-30", "2026-12-30", "2027-03-30")]


def test_a_second_run_takes_nothing_and_names_what_is_held(world, folder):
    run(folder)
    again = run(folder)
    assert again["taken"] == [] and "X-2026-001" in json.dumps(again["findings"], ensure_ascii=False)
    assert OutsideAgreement.objects.count() == 3


def test_strict_takes_all_or_none_and_a_folder_without_a_list_is_refused(world, folder, tmp_path):
    with pytest.raises(CommandError):
        run(folder, "--strict")
    assert not OutsideAgreement.objects.exists()
    with pytest.raises(CommandError, match=r"agreements\.csv"):
        run(tmp_path)
