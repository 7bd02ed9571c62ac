"""Bad input at every door, browser, command and API: each is refused by name, and nothing is written."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils.html import escape
from django.utils.timezone import now

import world as cast
from contributions import services
from contributions import tasks as _registered  # noqa: F401 a worker knows what each job runs
from contributions.adapters import columnar, spreadsheets
from contributions.api import urls as _routes  # noqa: F401 a door reads its limit as it is loaded
from contributions.core.errors import Refused
from contributions.models import Entry, Facility, Intake, Job, LogHead, Resource

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
        ({"period_from": "2026-05-02", "period_until": "2026-05-01"}, "must not be earlier than its start"),
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
        (json.dumps(CASH | {"title_ja": "a\x00"}).encode(), "null-characters-not-allowed"),
        (json.dumps(CASH | {"title_ja": "\ud800"}).encode(), "surrogate-characters-not-allowed"),
        (json.dumps(CASH | {"title_ja": "a" * 201}).encode(), "max-length"),
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


def test_a_nul_in_what_is_sent_is_named_in_both_languages():
    for language, said in (("ja", "NUL 文字（U+0000）が含まれています"), ("en", "It holds a NUL character")):
        answer = api("tetsu", "resources/", CASH | {"title_ja": "a\x00"}, HTTP_ACCEPT_LANGUAGE=language)
        assert [said in row["reason"] for row in answer.json()["findings"]] == [True]


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
        ({"amount": str(2**62)}, "larger than the ledger holds"),
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
    "no character": (lambda: b'{"a": 1,\n"name": "\\u0000"}', "line 2"),
    "half a character": (lambda: b'{"a": 1,\n"name": "\\ud800"}', "line 2"),
    "too many digits": (lambda: b'{"a": 1,\n"b": ' + b"9" * 5_000 + b"}", "line 2"),
    "not JSON": (lambda: b"PK\x03\x04", "not JSON"),
    "a wrong unit": (lambda: _changed(**{"moyai:unit": "furlong"}), "moyai:unit: “furlong” cannot be read"),
    "a negative quantity": (lambda: _changed(**{"moyai:quantity": "-5"}), "moyai:quantity: “-5”"),
    "an overflowing quantity": (lambda: _changed(**{"moyai:quantity": str(2**62)}), "moyai:quantity"),
    "a quantity that is a fraction": (lambda: _changed(**{"moyai:quantity": 1.5}), "moyai:quantity: “1.5”"),
    "a day of collection that is none": (lambda: _changed(**{"moyai:collectedFrom": "2026-02-30"}), "2026-02-30"),
    "a day of a copy that is none": (
        lambda: _changed(**{"moyai:copies": [{"moyai:country": "JP", "moyai:region": "x", "moyai:on": "2026-02-30"}]}),
        "moyai:on: “2026-02-30”",
    ),
    "no country": (lambda: _changed(**{"moyai:country": "Japan"}), "Japan"),
    "a ZIP": (lambda: b"PK\x05\x06" + b"\x00" * 18, "not JSON"),
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
    "no such currency": (LINE.format(amount="1", day="2026-05-01", note="").replace("JPY", "XXX"), "currency"),
}


@pytest.mark.parametrize("fault", ROWS)
def test_a_bad_row_is_named_by_line_and_field_at_each_door(world, fault):
    row, field = ROWS[fault]
    content = f"{HEAD}\n{LINE.format(amount='7', day='2026-05-01', note='')}\n{row}\n"
    sent = api("tetsu", "resources/sheets/", {"kind": "cash", "content": content})
    found = sent.json()["findings"]
    assert sent.status_code == 422 and [(each["line"], each["field"]) for each in found] == [(3, field)]
    shown = signed_in("tetsu").post("/resources/upload/", {"kind": "cash", "content": content}).content.decode()
    assert f'<td class="id">{field}</td>' in shown and "Nothing was recorded" in shown
    errors = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was recorded"):
        call_command("import_resources", str(world.file(content, "cash.csv")), kind="cash", member="tetsu", lang="en",
                     stdout=io.StringIO(), stderr=errors)  # fmt: skip
    assert f"line 3, {field}: " in errors.getvalue()
    assert not Resource.objects.exists()


TABLES = {
    "a ZIP": (b"PK\x03\x04" + b"\x00" * 60, "packed"),
    "UTF-16": (HEAD.encode("utf-16"), "UTF-16"),
    "a header that is not UTF-8": ("会員,".encode("cp932") + HEAD.encode(), "not text in UTF-8"),
    "a column twice": (f"{HEAD},amount\n".encode(), "names a column twice"),
    "nothing": (b"", "columns"),
}


@pytest.mark.parametrize("fault", TABLES)
def test_a_table_that_is_none_is_refused_at_each_door(world, fault):
    content, said = TABLES[fault]
    file = SimpleUploadedFile("cash.csv", content)
    shown = signed_in("tetsu").post("/resources/upload/", {"kind": "cash", "file": file}).content.decode()
    is_text = fault not in {"a header that is not UTF-8", "UTF-16"}  # a browser's file is read as text first
    assert (said if is_text else "Line 1 is not UTF-8") in shown
    if is_text:
        answer = api("tetsu", "resources/sheets/", {"kind": "cash", "content": content.decode("latin-1")})
        assert answer.status_code in REFUSED
    with pytest.raises(CommandError, match=said):
        call_command("import_resources", str(world.file(content, "cash.csv")), kind="cash", member="tetsu", lang="en",
                     stdout=io.StringIO(), stderr=io.StringIO())  # fmt: skip
    assert not Resource.objects.exists()


@pytest.mark.parametrize("kind", ["compute", "dataset", "resources"])
def test_a_member_that_nobody_knows_is_named_by_each_command(world, kind):
    options = {"compute": {"facility": "osaka"}, "dataset": {}, "resources": {"kind": "cash"}}[kind]
    with pytest.raises(CommandError, match="no member “nobody”"):
        call_command(f"import_{kind}", str(world.file("x", "x")), member="nobody", lang="en", stdout=io.StringIO(),
                     **options)  # fmt: skip


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


FORM = ",".join(spreadsheets.COMPUTE)
DAY = "osaka,2026-05-10,h100,1,8,1,8"
SLURM = cast.sacct((1, "2026-05-10", 4, 8)).splitlines()[1]


def table(head: str, *rows: bytes | str) -> bytes:
    """A file of lines under their header."""
    return b"\n".join([head.encode(), *(row if isinstance(row, bytes) else row.encode() for row in rows), b""])


def parquet(facility: str = "'osaka'", day: str = "DATE '2026-05-10'", gpu_hours: str = "8", rows: int = 1) -> bytes:
    """The form as Parquet, with some of its cells stated in SQL."""
    cells = f"{facility} AS facility, {day} AS day, 'h100' AS accelerator, 1 AS jobs, 8 AS cpu_hours, 1 AS node_hours"
    with tempfile.TemporaryDirectory() as folder, columnar.opened() as engine:
        target = Path(folder) / "form.parquet"
        columnar.write(engine, f"SELECT {cells}, {gpu_hours} AS gpu_hours FROM range({rows})", target)
        return target.read_bytes()


USAGE = {
    "form": table(
        FORM,
        DAY.replace("h100", "=h100"),
        DAY.replace(",8,1,8", ",NaN,1,8"),
        DAY.replace(",8,1,8", ",8,1,-8"),
        DAY.replace(",8,1,8", f",8,1,{2**62}"),
        DAY.replace("05-10", "02-30"),
        DAY.replace("2026", "9999"),
        DAY.replace("h100", "h" * 201),
        DAY + "x" * 100_000,
        b"osaka,2026-05-10,\xff,1,8,1,8",
        DAY.replace("h100", "h\x00100"),
        DAY.replace("osaka", "abroad"),
    ),
    "slurm": table(
        cast.SACCT,
        SLURM.replace("2026-05-10T09", "2026-02-30T09"),
        SLURM.replace("2026-05-10", "9999-12-31"),
        SLURM.replace("|1|8|", f"|1|{2**70}|"),
        SLURM.encode().replace(b"COMPLETED", b"\xff\xfe"),
        SLURM + "x" * 1_100_000,
    ),
    "parquet": parquet("CASE range WHEN 0 THEN '=osaka' ELSE repeat('x', 10_000) END", rows=5_000),
}
FIELDS = {
    "form": ["accelerator", "cpu_hours", "gpu_hours", "gpu_hours", "day", "day", "accelerator", "row", "row", "row",
             "facility"],
    "slurm": ["start", "end", "ncpus", "line", "line"],
    "parquet": ["facility"] * 5_000,
}  # fmt: skip


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        services.jobs.execute(job.pk, now=now)


def handed_in(content: bytes) -> tuple[Intake, dict]:
    """A usage file handed in over the API and read; what the API then says of it."""
    client = signed_in("kuruma")
    file = SimpleUploadedFile("jobs.log", content)
    answer = client.post("/api/v1/intakes/", {"file": file, "facility": "osaka"})
    assert answer.status_code == 202, answer.content
    work()
    row = Intake.objects.get(pk=answer.json()["id"])
    return row, client.get(f"/api/v1/intakes/{row.pk}/").json()


def by_command(world, content: bytes, lang: str) -> str:
    """What the command says as it refuses the file."""
    out = io.StringIO()
    path = world.file(content, "jobs.log")
    with pytest.raises(CommandError) as refusal:
        call_command("import_compute", str(path), facility="osaka", member="kuruma", strict=True, lang=lang,
                     stdout=out, stderr=out)  # fmt: skip
    return out.getvalue() + str(refusal.value)


@pytest.mark.parametrize("kind", USAGE)
def test_each_bad_row_of_a_usage_file_is_named_by_line_and_field_at_each_door_in_both_languages(world, kind):
    content, wanted = USAGE[kind], list(enumerate(FIELDS[kind], start=2))[:20]
    row, told = handed_in(content)
    assert (row.state, told["preview"]["jobs"]) == ("previewed", 0)
    listed = signed_in("kuruma").get(f"/api/v1/intakes/{row.pk}/findings/").json()["results"][:20]
    assert [(each["line"], each["field"]) for each in listed] == wanted
    found = columnar.findings(services.intakes.findings_of(row), limit=20)
    for lang, said in (("en", "line {}, {}: {}"), ("ja", "{} 行目 {}：{}")):
        page = signed_in("kuruma").get(f"/intakes/{row.pk}/", headers={"accept-language": lang}).content.decode()
        printed = by_command(world, content, lang)
        for each in found:
            assert escape(each.text(lang)) in page and f'<td class="id">{each.field}</td>' in page
            assert said.format(each.line, each.field, each.text(lang)) in printed
    services.intakes.reject(row, **world.by("kuruma"))


FILES = {
    "a ZIP": (b"PK\x03\x04" + b"\x00" * 60, "packed-file"),
    "gzip": (b"\x1f\x8b\x08" + b"\x00" * 60, "packed-file"),
    "a header that is not UTF-8": (b"\x8e\x7b,\x90\xdd,a,b\n", "header-not-utf-8"),
    "Parquet, nested": (parquet("[['osaka']]"), "column-kind"),
}


@pytest.mark.parametrize("fault", FILES)
def test_a_usage_file_that_is_none_is_refused_at_each_door_in_both_languages(world, fault):
    content, code = FILES[fault]
    row, told = handed_in(content)
    assert row.state == "refused" and told["refusal"] in {row.refusal_ja, row.refusal_en} and not told["preview"]
    for lang, reason in (("en", row.refusal_en), ("ja", row.refusal_ja)):
        page = signed_in("kuruma").get(f"/intakes/{row.pk}/", headers={"accept-language": lang}).content.decode()
        assert escape(reason) in page and reason in by_command(world, content, lang)
    with pytest.raises(Refused) as refusal:
        services.imports.receive(
            world.file(content, "x"),
            facility=Facility.objects.get(code="osaka"),
            member=world.of("kuruma"),
            **world.by("kuruma"),
        )
    assert refusal.value.code == code
