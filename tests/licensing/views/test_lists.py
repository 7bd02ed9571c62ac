"""Lists as files: a column of codes leaves in the reader's words, with the code beside it for machines."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse


def table(client, name: str, language: str) -> list[dict[str, str]]:
    answer = client.get(reverse(f"licensing:{name}"), {"format": "csv"}, headers={"accept-language": language})
    lines = answer.content.decode("utf-8-sig").splitlines()
    return list(csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("見本")))))


@pytest.fixture
def auditor(client, settled_world):
    client.force_login(settled_world.user("auditor"))
    return client


CODED = (
    ("agreements", "状態", "executed"),
    ("usage_reports", "状態", "accepted"),
    ("invoices", "状態", "paid"),
    ("licensees", "区分", "japanese"),
    ("licensees", "利用分野", "robotics"),
    ("schedules", "状態", "adopted"),
)


def test_codes_leave_in_the_readers_words_with_the_code_beside_them(auditor):
    for name, column, code in CODED:
        rows = table(auditor, name, "ja")
        assert rows and all(None not in row and None not in row.values() for row in rows), "a cell under each head"
        assert rows[0][f"{column}（コード）"] == code and not rows[0][column].isascii(), (name, rows[0])
    ja, en = (table(auditor, "agreements", language)[0] for language in ("ja", "en"))
    assert ja["状態（コード）"] == en["State (code)"] != en["State"]
    assert not ja["利用者"].isascii() and en["Licensee"].isascii() and en["State"].isascii()
