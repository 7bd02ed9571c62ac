"""Bad input at every door, browser, command and API: each is refused by name, and nothing is written."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

import world as cast
from contributions.adapters import spreadsheets
from contributions.models import Entry, Intake, LogHead, Resource

DEMO = Path(__file__).resolve().parents[2] / "demo" / "datasets" / "minato-tool-wear.json"
REFUSED = {400, 413, 422}


def signed_in(username: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(
        cast.User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )  # fmt: skip
    return client


@pytest.fixture(autouse=True)
def nothing_written(world):
    """Whatever a test sends in, the log stays as it was: nothing half-written."""
    size = LogHead.objects.get().size
    yield
    assert LogHead.objects.get().size == size == Entry.objects.count()


def api(username: str, url: str, body: object, **options):
    sent = body if isinstance(body, bytes | str) else json.dumps(body)
    return signed_in(username).post(f"/api/v1/{url}", sent, **{"content_type": "application/json"} | options)


ORGANIZATION = {"code": "nova", "name_ja": "新会社", "name_en": "Nova", "country": "JP"}
CASH = {"kind": "cash", "title_ja": "負担金", "title_en": "Levy", "quantity": "100", "nature": "levy",
        "period_from": "2026-05-01", "funding": "F-01"}  # fmt: skip


@pytest.mark.parametrize(
    ("url", "body", "field"),
    [
        ("organizations/", ORGANIZATION | {"corporate_number": "1234567890123"}, "check digit"),
        ("organizations/", ORGANIZATION | {"invoice_number": "T1234567890123"}, "corporate number"),
        ("organizations/", ORGANIZATION | {"valid_from": "2026-02-30"}, "valid_from"),
    ],
)
def test_a_wrong_check_digit_and_a_day_that_is_none_are_refused_over_the_api(url, body, field):
    answer = api("legal", url, body)
    assert answer.status_code in REFUSED and field in answer.content.decode(), answer.content


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quantity": "-5"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": 100}, "quantity"),
        ({"quantity": str(2**62)}, "quantity"),
        ({"quantity": "9" * 40}, "quantity"),
        ({"period_from": "2026-02-30"}, "period_from"),
        ({"period_from": "2026-05-02", "period_until": "2026-05-01"}, "must be later than its start"),
        ({"kind": "gold"}, "kind"),
        ({"nature": "gift"}, "gift"),
        ({"funding": "F-99"}, "funding"),
        ({"agreement": "T-hagane-0001"}, "agreement"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_quantities_days_and_names_that_cannot_be_are_refused_over_the_api_by_field(changes, said):
    answer = api("tetsu", "resources/", CASH | changes)
    assert answer.status_code in REFUSED and said in answer.content.decode(), answer.content


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"kind": "cash", "kind": "people"}', "duplicate-name"),
        (b'{"appraisal": {"a": 1, "a": 2}}', "duplicate-name"),
        (b'{"quantity": NaN}', "not-a-number"),
        (b'{"quantity": -Infinity}', "not-a-number"),
        (b'{"quantity": ' + b"9" * 5000 + b"}", "not-a-number"),
        (b'{"title_ja": "\xff"}', "not-utf-8"),
        (b'{"kind": ', "not-json"),
        (b"[" * 100_000, "too-deep"),
        (b"[]", "invalid"),
    ],
)
def test_what_is_not_plain_json_is_refused_over_the_api_naming_what(body, code):
    answer = api("tetsu", "resources/", body)
    assert answer.status_code == 400, answer.content
    told = answer.json()
    assert code in {told["code"], *(finding["code"] for finding in told.get("findings", ()))}


@pytest.mark.parametrize(
    ("url", "form", "said"),
    [
        ("/organizations/new/", ORGANIZATION | {"kind": "company", "corporate_number": "1234567890123",
                                                "valid_from": "2026-05-01"}, "check digit"),
        ("/organizations/new/", ORGANIZATION | {"kind": "company", "valid_from": "2026-02-30"}, "Write a date"),
    ],
)  # fmt: skip
def test_a_wrong_check_digit_and_a_day_that_is_none_are_refused_in_the_browser(url, form, said):
    answer = signed_in("legal").post(url, form)
    assert answer.status_code == 422 and said in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": "-5"}, "whole number of yen"),
        ({"amount": str(2**62)}, "whole number of yen"),
        ({"amount": "NaN"}, "whole number of yen"),
        ({"period_from": "2026-02-30"}, "Write a date"),
        ({"kind": "gold"}, "gold"),
    ],
)
def test_quantities_and_days_that_cannot_be_are_refused_in_the_browser(changes, said):
    form = {"kind": "cash", "title_ja": "負担金", "title_en": "Levy", "nature": "levy", "currency": "JPY",
            "amount": "100", "period_from": "2026-05-01", "funding": "F-01"} | changes  # fmt: skip
    answer = signed_in("tetsu").post("/resources/new/", form)
    assert answer.status_code in {200, 422} and said in answer.content.decode()
    assert not Resource.objects.exists()


# ---- a description in Croissant, at each of its three doors ----
def _changed(**changes) -> bytes:
    return json.dumps(json.loads(DEMO.read_bytes()) | changes).encode()


def _cycle() -> bytes:
    document = json.loads(DEMO.read_bytes())
    first, second = document["distribution"][:2]
    first["containedIn"], second["containedIn"] = {"@id": second["@id"]}, {"@id": first["@id"]}
    return json.dumps(document).encode()


DESCRIPTIONS = {
    "a cycle": (_cycle, "cycle"),
    "a context elsewhere": (lambda: _changed(**{"@context": "https://schema.org/"}), "Nothing is fetched"),
    "a name twice": (lambda: b'{"name": 1,\n"name": 2}', "line 1"),
    "NaN": (lambda: b'{"a": 1,\n"b": NaN}', "Line 2"),
    "not UTF-8": (lambda: b'{"a": 1,\n"b": "\xff"}', "Line 2"),
    "not JSON": (lambda: b"PK\x03\x04", "not JSON"),
    "nested without end": (lambda: b'{"a":' + b"[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("fault", DESCRIPTIONS)
def test_a_description_that_would_harm_is_refused_at_each_door(world, tmp_path, fault):
    make, said = DESCRIPTIONS[fault]
    content = make()
    over_api = api("tetsu", "datasets/", content)
    assert over_api.status_code == 422 and said in over_api.content.decode()
    in_browser = signed_in("tetsu").post("/datasets/new/", {"file": SimpleUploadedFile("d.json", content)})
    assert in_browser.status_code in {200, 422} and said in in_browser.content.decode()
    path = tmp_path / "d.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        call_command("import_dataset", str(path), member="tetsu", lang="en", stdout=io.StringIO())


# ---- tables of what people fill in ----
HEAD = ",".join(spreadsheets.CASH)
LINE = "tetsu,負担金,levy,JPY,{amount},,,,{day},2026-06-01,own,,{note}"
ROWS = {
    "negative": (LINE.format(amount="-1", day="2026-05-01", note=""), "amount"),
    "overflowing": (LINE.format(amount=2**62, day="2026-05-01", note=""), "amount"),
    "NaN": (LINE.format(amount="NaN", day="2026-05-01", note=""), "amount"),
    "no such day": (LINE.format(amount="1", day="2026-02-30", note=""), "period_from"),
    "a formula": (LINE.format(amount="1", day="2026-05-01", note="=1+1"), "note"),
    "another member": (LINE.format(amount="1", day="2026-05-01", note="").replace("tetsu", "hagane"), "member"),
    "no such currency": (LINE.format(amount="1", day="2026-05-01", note="").replace("JPY", "XXX"), "rate"),
}


@pytest.mark.parametrize("fault", ROWS)
def test_a_bad_row_is_named_by_line_and_field_in_the_browser_and_over_the_api(fault):
    row, field = ROWS[fault]
    content = f"{HEAD}\n{LINE.format(amount='7', day='2026-05-01', note='')}\n{row}\n"
    sent = api("tetsu", "resources/sheets/", {"kind": "cash", "content": content})
    found = sent.json()["findings"]
    assert sent.status_code == 422 and [(each["line"], each["field"]) for each in found] == [(3, field)]
    shown = signed_in("tetsu").post("/resources/upload/", {"kind": "cash", "content": content}).content.decode()
    assert f'<td class="id">{field}</td>' in shown and "Nothing was recorded" in shown
    assert not Resource.objects.exists()


def test_a_table_that_is_not_utf_8_is_named_by_its_line_in_the_browser():
    file = SimpleUploadedFile("cash.csv", f"{HEAD}\n".encode() + "tetsu,負担金".encode("cp932") + b"\n")
    shown = signed_in("tetsu").post("/resources/upload/", {"kind": "cash", "file": file}).content.decode()
    assert "not UTF-8" in shown and not Resource.objects.exists()


# ---- usage files ----
def test_a_usage_file_over_the_limit_is_turned_away_in_the_browser_and_over_the_api(monkeypatch):
    monkeypatch.setattr(settings, "UPLOAD_MAX_BYTES", 10)
    content = cast.sacct((1, "2026-05-10", 4, 8)).encode()
    form = {"file": SimpleUploadedFile("jobs.log", content), "facility": "osaka"}
    answer = signed_in("tetsu").post("/batches/new/", form)
    assert answer.status_code in {200, 422} and "larger than" in answer.content.decode()
    form["file"] = SimpleUploadedFile("jobs.log", content)
    assert signed_in("tetsu").post("/api/v1/intakes/", form).status_code in REFUSED
    assert not Intake.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"PK\x03\x04", b"PAR1" + b"\x00" * 64 + b"PAR1", b"", b"=1+1\n"],
    ids=["not UTF-8", "a ZIP", "no Parquet inside", "empty", "a formula"],
)
def test_a_usage_file_that_is_none_is_refused_by_the_command(world, tmp_path, content):
    path = tmp_path / "jobs.log"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command(
            "import_compute", str(path), facility="osaka", member="tetsu", lang="en", stdout=io.StringIO(),
            stderr=io.StringIO(),
        )  # fmt: skip
