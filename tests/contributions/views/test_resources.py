"""Cash, people and IP: recorded by the member in its own notation, accepted by a second pair of eyes."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

import world as cast
from contributions import selectors, services
from contributions.adapters import spreadsheets
from contributions.core import resources as rules
from contributions.core.worklogs import Mismatch
from contributions.models import Entry, Resource, WorkLog

CASH = {
    "kind": "cash",
    "title_ja": "負担金",
    "amount": "１２３４万",
    "nature": "levy",
    "period_from": "令和8年5月1日",
    "agreement": "T-tetsu-0001",
}


def test_a_member_records_cash_as_people_write_it(world, reader):
    answer = reader("tetsu").post("/resources/new/", CASH)
    assert answer.status_code == 302 and answer.url == "/resources/C-tetsu-0001/"
    found = Resource.objects.get()
    assert (found.quantity, str(found.period_from), found.state) == (12_340_000, "2026-05-01", "submitted")


def test_what_is_missing_for_the_kind_is_said_beside_its_field(world, reader, text):
    body = text(reader("tetsu").post("/resources/new/", CASH | {"kind": "people", "amount": ""}))
    assert "This is needed for the kind you chose." in body and "State the grade." in body
    assert not Resource.objects.exists()


def test_finance_accepts_with_the_number_typed(contributed_world, reader, text):
    waiting = Resource.objects.get(state="submitted")
    finance = reader("finance")
    assert "2,000,000 yen" in text(finance.get(f"/resources/{waiting.number}/"))
    assert finance.post(f"/resources/{waiting.number}/accept/", {"confirm": ""}).status_code == 422
    assert finance.post(f"/resources/{waiting.number}/accept/", {"confirm": waiting.number}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "accepted"


def test_another_members_money_is_nowhere_on_a_members_pages(contributed_world, reader, text):
    member = reader("tetsu")
    for path in ("/resources/", "/resources/?format=csv", "/members/ginko/", "/search/?q=5000000"):
        body = text(member.get(path))
        assert "5,000,000" not in body and "C-ginko" not in body and "90000000" not in body
    assert member.get("/resources/C-ginko-0001/").status_code == 404
    assert "C-ginko-0001" in text(reader("finance").get("/search/?q=5,000,000"))


def test_the_rival_sees_who_a_member_is_and_nothing_it_put_in(contributed_world, reader, text):
    body = text(reader("hagane").get("/members/tetsu/"))
    assert "Tetsuyama Steel" in body and "seen by that member, the secretariat and the auditor only" in body
    assert "高炉" not in body and "25.00" not in body and "3,000,000" not in body
    assert "25.00" in text(reader("tetsu").get("/members/tetsu/"))


# ---- the course ----
def test_a_refusal_needs_its_reason_and_the_member_reads_it_and_disputes(contributed_world, reader, text):
    number = Resource.objects.get(state="submitted").number
    finance, member = reader("finance"), reader("hagane")
    url = f"/resources/{number}/steps/refuse/"
    assert finance.post(url, {"confirm": number, "reason": ""}).status_code == 422
    assert finance.post(url, {"confirm": number, "reason": "証憑がありません。"}).status_code == 302
    body = text(member.get(f"/resources/{number}/"))
    assert "証憑がありません。" in body and "Dispute" in body and "C-hagane-0002" not in body
    dispute = {"confirm": number, "reason": "送金済みです。"}
    assert member.post(f"/resources/{number}/steps/dispute/", dispute).status_code == 302
    refused = text(finance.post(f"/resources/{number}/steps/answer/", {
        "confirm": number, "reason": "x", "outcome": "accepted"}))  # fmt: skip
    assert "A second pair of eyes must." in refused
    assert "Answer a dispute" in text(reader("legal").get("/contributions/inbox/"))


def test_a_step_that_is_not_the_readers_does_not_exist(contributed_world, reader):
    number = Resource.objects.get(state="submitted").number
    for username, verb in (("hagane", "accept"), ("finance", "withdraw"), ("finance", "fly")):
        assert reader(username).post(f"/resources/{number}/steps/{verb}/", {"confirm": number}).status_code == 404
    assert reader("tetsu").post(f"/resources/{number}/steps/dispute/", {"confirm": number}).status_code == 404


def test_the_page_shows_line_by_line_what_is_excluded_and_why(contributed_world, reader, text):
    body = text(reader("ginko").get("/resources/C-ginko-0002/"))
    assert "What of it can count, line by line" in body and "Nature of the cash" in body and "Not met" in body
    world_paid = contributed_world.cash("tetsu", 8, funding="F-02")
    assert "Less 1/2 paid by the state" in text(reader("tetsu").get(f"/resources/{world_paid.number}/"))


def test_a_member_supersedes_its_own_and_declares_what_came_back(contributed_world, reader, text):
    member = reader("ginko")
    answer = member.post("/resources/C-ginko-0001/supersede/", {"amount": "600万"})
    assert answer.status_code == 302 and answer.url == "/resources/C-ginko-0003/"
    declared = {"part": "1/4", "source": "fee", "recovered_on": "2026-06-02", "confirm": "C-ginko-0001"}
    unsure = member.post("/resources/C-ginko-0001/recoveries/", declared | {"confirm": "C-ginko-0002"})
    assert unsure.status_code == 422 and "This is not the number" in text(unsure) and "1/4" in text(unsure)
    assert member.post("/resources/C-ginko-0001/recoveries/", declared).status_code == 302
    assert "Less 1/4 recovered elsewhere" in text(member.get("/resources/C-ginko-0001/"))
    again = text(member.post("/resources/C-ginko-0001/recoveries/", declared | {"part": "3.5"}))
    assert "neither a fraction" in again


def test_foreign_cash_is_superseded_in_its_own_currency(contributed_world, reader, text):
    world, member = contributed_world, reader("ginko")
    dollars = services.resources.record(
        member=world.of("ginko"), kind="cash", nature="levy", title_ja="米ドル", title_en="dollars",
        period_from=date(2026, 5, 1), **world.by("ginko"),
        foreign=rules.foreign_cash("10000", "USD", rate="150.25", source="TTM", on=date(2026, 4, 1)),
    )  # fmt: skip
    page = text(member.get(f"/resources/{dollars.number}/supersede/"))
    assert "Amount in USD" in page and "10000.00 USD" in page.replace(",", "")
    answer = member.post(f"/resources/{dollars.number}/supersede/", {"foreign_amount": "2万"})
    assert "20000.00" in text(member.get(answer.url)).replace(",", "")


def test_what_came_back_of_data_and_of_compute_is_declared_on_its_page(world, reader, text):
    world.wait_until("2026-06-03 09:00")
    version = world.clear(world.dataset("tetsu", "高炉"))
    batch = world.batch("kuruma", cast.sacct((1, "2026-05-10", 1, 8)))
    declared = {"part": "1/4", "source": "fee", "recovered_on": "2026-06-02"}
    for username, page, number in (
        ("tetsu", f"/datasets/{version.dataset.number}/1/", str(version)),
        ("kuruma", f"/batches/{batch.number}/", batch.number),
    ):
        member, declared = reader(username), declared | {"confirm": number}
        assert "Declare a recovery" in text(member.get(page))
        assert member.post(f"{page}recoveries/", declared).status_code == 302
        assert "Less 1/4 recovered elsewhere" in text(member.get(page)), username
        refused = member.post(f"{page}recoveries/", declared | {"part": "4/5"})
        assert refused.status_code == 422 and "would exceed the whole" in text(refused)
        assert reader("hagane").post(f"{page}recoveries/", declared).status_code == 404


SHEET = (
    ",".join(spreadsheets.CASH)
    + """
tetsu,負担金,levy,JPY,1000000,,,,2026-05-01,2026-06-01,own,T-tetsu-0001,
tetsu,米ドル,levy,USD,1000.50,150,TTM,2026-05-01,2026-05-01,2026-06-01,own,,
"""
)


def test_a_rate_of_a_day_to_come_is_found_before_anything_is_offered(world, reader, text):
    late = SHEET.replace("TTM,2026-05-01", "TTM,2117-01-01")
    shown = reader("tetsu").post("/resources/upload/", {"kind": "cash", "content": late})
    assert "2117-01-01) lies in the future" in text(shown) and "rate_date" in text(shown)
    assert 'name="confirm"' not in shown.content.decode()


def test_a_spreadsheet_is_shown_first_and_recorded_as_a_whole_once(world, reader, text):
    member = reader("tetsu")
    shown = text(member.post("/resources/upload/", {"kind": "cash", "content": SHEET}))
    assert "2 good lines" in shown and not Resource.objects.exists()
    mark = shown.partition('name="confirm" value="')[2][:8]
    sent = {"kind": "cash", "content": SHEET, "confirm": mark}
    assert member.post("/resources/upload/", sent).status_code == 302
    assert [row.quantity for row in Resource.objects.order_by("number")] == [1_000_000, 150_075]
    assert "is on record already" in text(member.post("/resources/upload/", sent))
    assert Resource.objects.count() == 2


def test_columns_that_are_called_otherwise_are_named_once_and_remembered_for_the_kind(world, reader, text):
    member = reader("tetsu")
    theirs = SHEET.replace("amount", "金額").replace("title", "件名")
    asked = text(member.post("/resources/upload/", {"kind": "cash", "content": theirs}))
    assert "What are the columns of this file?" in asked and "金額" in asked and "good lines" not in asked
    printed = theirs.splitlines()[0].split(",")
    chosen = {name: str(place) for place, name in enumerate(spreadsheets.CASH)}
    named = {"kind": "cash", "content": theirs, "naming": "1", **chosen}
    twice = text(member.post("/resources/upload/", named | {"amount": str(printed.index("件名"))}))
    assert "is chosen for title already" in twice
    assert "2 good lines" in text(member.post("/resources/upload/", named))
    again = theirs.replace("1000000", "7")
    assert "2 good lines" in text(member.post("/resources/upload/", {"kind": "cash", "content": again}))
    assert "What are the columns" in text(
        reader("hagane").post("/resources/upload/", {"kind": "cash", "content": theirs})
    )


def test_the_form_to_fill_in_has_the_columns_of_its_kind_and_is_read_as_it_is(world, reader, text):
    member = reader("tetsu")
    assert "/resources/form/people.csv" in text(member.get("/resources/upload/"))
    for kind, columns in spreadsheets.FORMS.items():
        form = member.get(f"/resources/form/{kind}.csv").content.decode("utf-8-sig")
        assert form == ",".join(columns) + "\r\n"
        assert "There are no rows" in text(member.post("/resources/upload/", {"kind": kind, "content": form}))
    assert member.get("/resources/form/gold.csv").status_code == 404
    assert reader("finance").get("/resources/form/cash.csv").status_code == 404


def test_every_finding_of_a_spreadsheet_stands_by_line_and_field_and_nothing_is_recorded(world, reader, text):
    bad = SHEET.replace("1000000", "NaN").replace("T-tetsu-0001", "T-hagane-0001") + (
        "hagane,=1+1,levy,JPY,1,,,,2026-05-01,2026-06-01,own,,\n"
        "hagane,x,levy,JPY,1,,,,2026-02-30,2026-06-01,own,,\n"
        "hagane,x,levy,JPY,1,,,,2026-05-01,2026-06-01,commission,T-hagane-0001,\n"
    )
    body = text(reader("tetsu").post("/resources/upload/", {"kind": "cash", "content": bad}))
    for said in ("is not a number of 0 or more", "could run as a formula", "is not a date", "cannot be entered here",
                 "no inbound agreement that you are a party to"):  # fmt: skip
        assert said in body
    assert not Resource.objects.exists()


def test_a_work_log_with_findings_is_refused_by_line_and_a_good_one_is_summed(world, reader, text):
    people = world.people("tetsu", 960, accepted=False)
    member = reader("tetsu")
    url = f"/resources/{people.number}/worklogs/"

    def send(content, **more):
        file = SimpleUploadedFile("may.csv", content.encode(), "text/csv")
        return member.post(url, {"person": "tetsu", "month": "2026-05", "file": file} | more)

    bad = text(send("day,hours,task\n2026-05-01,25,a\n2026-06-01,1,b\n"))
    assert "more than 24 hours" in bad and "is not in the month" in bad
    assert "not registered" in text(send("day,hours,task\n2026-05-01,8,a\n", person="hagane"))
    assert send("day,hours,task\n2026-05-01,8,a\n2026-05-02,8,a\n").status_code == 302
    body = text(member.get(f"/resources/{people.number}/"))
    assert "W-tetsu-0001" in body and "16.00" in body
    assert "already" in text(send("day,hours,task\n2026-05-01,8,a\n"))


LOG = "日付,時間,内容\n2026-05-02,3,整備\n2026-05-01,8,整備\n2026-05-01,5,試験\n"


def test_the_columns_of_a_work_log_are_named_once_and_its_days_add_up_to_engineer_months(world, reader, text):
    people = world.people("tetsu", 960, accepted=False)
    member, url = reader("tetsu"), f"/resources/{people.number}/worklogs/"
    sent = {"person": "tetsu", "month": "2026-05", "file": SimpleUploadedFile("may.csv", LOG.encode(), "text/csv")}
    asked = text(member.post(url, sent))
    assert "What are the columns of this file?" in asked and "内容" in asked and not WorkLog.objects.exists()
    kept = dict(re.findall(r'<input type="hidden" name="(person|month|name|content|naming)" value="([^"]*)">', asked))
    chosen = {"day": "0", "hours": "1", "task": "2", "start": "", "end": ""}
    assert "is chosen for" in text(member.post(url, kept | chosen | {"task": "1"}))
    assert member.post(url, kept | chosen).status_code == 302
    log = WorkLog.objects.get()
    shown = text(member.get(f"{url}{log.number}/"))
    table = shown[shown.index("<tbody>") :]
    places = [table.index(said) for said in ("2026-05-01", ">13.00", "整備／試験", "2026-05-02", ">3.00", ">16.00")]
    assert places == sorted(places) and "10 engineer-months of 160 hours" in table
    assert reader("hagane").get(f"{url}{log.number}/").status_code == 404
    again = SimpleUploadedFile("may.csv", LOG.encode(), "text/csv")
    assert "is on record already" in text(member.post(url, sent | {"file": again}))


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        (
            "may.csv",
            b"day,hours,task\n2026-02-30,1,a\n2026-05-01,NaN,a\n2026-05-01,1,=1+1\n2026-05-01,1,\xff\n",
            [(2, "day"), (3, "hours"), (4, "task"), (5, "row")],
        ),
        ("may.xlsx", b"PK\x03\x04" + b"\x00" * 60, []),
        ("may.csv", b"\x1f\x8b\x08" + b"\x00" * 60, []),
    ],
)
def test_a_bad_work_log_is_refused_on_the_page_and_over_the_api_in_both_languages(world, reader, name, content, wanted):
    number, before = world.people("tetsu", 960, accepted=False).number, Entry.objects.count()
    for lang in ("en", "ja"):
        sent = {"person": "tetsu", "month": "2026-05", "file": SimpleUploadedFile(name, content)}
        answer = reader("tetsu", lang).post(f"/api/v1/resources/{number}/worklogs/", sent)
        told = answer.json()
        found = told.get("findings", [])
        assert answer.status_code == 422 and [(each["line"], each["field"]) for each in found] == wanted
        sent["file"] = SimpleUploadedFile(name, content)
        page = reader("tetsu", lang).post(f"/resources/{number}/worklogs/", sent)
        for reason in [each["reason"] for each in found] or [told["detail"]]:
            assert page.status_code == 422 and escape(reason) in page.content.decode()
    assert not WorkLog.objects.exists() and Entry.objects.count() == before


def test_a_work_log_in_error_is_withdrawn_until_its_contribution_is_accepted(world, reader, text):
    people, member = world.people("tetsu", 960, accepted=False), reader("tetsu")
    url = f"/resources/{people.number}/worklogs/"

    def send(hours: int):
        content = f"day,hours,task\n2026-05-01,{hours},a\n2026-05-02,8,a\n".encode()
        return member.post(url, {"person": "tetsu", "month": "2026-05", "file": SimpleUploadedFile("m.csv", content)})

    assert send(7).status_code == 302
    with pytest.raises(Mismatch):
        services.resources.accept(people, **world.by("finance"))
    wrong = f"{url}W-tetsu-0001/withdraw/"
    assert 'This takes <span class="unbroken">15.00' in text(member.get(f"{url}W-tetsu-0001/"))
    assert "This is not the number." in text(member.post(wrong, {"confirm": "W-tetsu-0002"}))
    assert reader("hagane").post(wrong, {"confirm": "W-tetsu-0001"}).status_code == 404
    assert reader("finance").post(wrong, {"confirm": "W-tetsu-0001"}).status_code in {403, 404, 422}
    assert member.post(wrong, {"confirm": "W-tetsu-0001"}).status_code == 302
    assert "is withdrawn already" in text(member.post(wrong, {"confirm": "W-tetsu-0001"}))
    assert Entry.objects.filter(kind="worklog.withdrawn").count() == 1
    assert send(8).status_code == 302 and "16.00" in text(member.get(f"/resources/{people.number}/"))
    services.resources.accept(people, **world.by("finance"))
    late = member.post(f"/api/v1/resources/{people.number}/worklogs/W-tetsu-0002/withdraw/")
    assert (late.status_code, late.json()["code"]) == (422, "worklog-stands")
    assert "This takes" not in text(member.get(f"{url}W-tetsu-0002/"))


def test_evidence_opens_to_its_member_and_the_office_and_to_nobody_else(world, reader):
    file = SimpleUploadedFile("receipt.pdf", b"%PDF-1.7", "application/pdf")
    reader("tetsu").post("/resources/new/", CASH | {"evidence": file})
    url = f"/resources/C-tetsu-0001/evidence/{selectors.resources.evidence_of(Resource.objects.get()).get().sha256}"
    assert {name: reader(name).get(url).status_code for name in ("tetsu", "finance", "hagane", "robo")} == {
        "tetsu": 200, "finance": 200, "hagane": 404, "robo": 404,
    }  # fmt: skip
    assert reader("tetsu").get(url).content == b"%PDF-1.7"


def test_a_member_pledges_data_in_the_form_and_records_that_it_was_given(contributed_world, reader, text):
    member = reader("tetsu")
    form = {"kind": "data", "title_ja": "映像 500時間", "measure": "５００", "period_from": "2026-12-01"}
    unfinished = text(member.post("/resources/new/", form))
    assert "can only be pledged here" in unfinished and "is measured in one of" in unfinished
    pledged = member.post("/resources/new/", form | {"measure_unit": "media_second", "pledged": "on"})
    page = text(member.get(pledged.url))
    assert "500.00\u00a0hours recorded" in page and "Record as fulfilled" in page and "line by line" not in page
    assert "Provide what was pledged" not in text(member.get("/contributions/inbox/")), "it is not due yet"
    number = pledged.url.split("/")[2]
    step = f"/resources/{number}/steps/fulfil/"
    wrong = text(member.post(step, {"confirm": number, "made": "D-hagane-0001@1"}))
    assert "no dataset version or usage file of yours" in wrong
    other = text(member.post(step, {"confirm": number, "made": "D-tetsu-0001@1"}))
    assert "is counted in records and the pledge in hours recorded" in other
    pledged = member.post("/resources/new/", form | {"measure_unit": "record", "pledged": "on"})
    number = pledged.url.split("/")[2]
    step = f"/resources/{number}/steps/fulfil/"
    assert member.post(step, {"confirm": number, "made": "D-tetsu-0001@1"}).status_code == 302
    kept = text(member.get(pledged.url))
    assert "Fulfilled" in kept and "D-tetsu-0001@1" in kept
    assert number not in text(reader("hagane").get("/contributions/timeline/"))


def test_the_form_that_the_list_leads_to_can_be_sent_as_it_stands(world, reader):
    page = reader("tetsu").get("/resources/new/").content.decode()
    assert re.search(r'<input[^>]*name="kind"[^>]*value="cash"', page)


FOREIGN = CASH | {
    "amount": "",
    "currency": "USD",
    "foreign_amount": "１，０００.５０",
    "exchange_rate": "150.25",
    "exchange_source": "仲値",
    "exchange_on": "2026-04-01",
}


def test_foreign_cash_is_read_as_people_write_it(world, reader):
    assert reader("tetsu").post("/resources/new/", FOREIGN).status_code == 302
    assert Resource.objects.get().quantity == 150_325


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"exchange_rate": "abc"}, "exchange_rate"),
        ({"foreign_amount": "abc"}, "foreign_amount"),
        ({"amount": "5"}, "amount"),
        ({"currency": ""}, "currency"),
    ],
)
def test_what_is_wrong_with_foreign_cash_is_said_at_its_own_field(world, reader, typed, field):
    page = reader("tetsu").post("/resources/new/", FOREIGN | typed).content.decode()
    assert f'<a href="#id_{field}">' in page and not Resource.objects.exists()


def test_the_same_sheet_sent_again_records_nothing_and_another_amount_on_it_does(world, reader, text):
    member, sheet = reader("tetsu"), {"sheet": "0b5e7e0c-8a7c-4a55-9d0a-1f3c1d1b7a10"}
    first = member.post("/resources/new/", CASH | sheet)
    again = member.post("/resources/new/", CASH | sheet)
    assert first.url == again.url and Resource.objects.count() == 1
    assert "recorded before, as C-tetsu-0001" in text(member.get(again.url))
    assert member.post("/resources/new/", CASH | sheet | {"amount": "1"}).url != first.url


def test_an_act_from_a_page_that_has_grown_old_is_refused_in_words(contributed_world, reader, text):
    waiting = Resource.objects.get(state="submitted")
    finance, confirm = reader("finance"), {"confirm": waiting.number, "reason": "古い画面"}
    assert finance.post(f"/resources/{waiting.number}/accept/", confirm).status_code == 302
    page = text(finance.post(f"/resources/{waiting.number}/steps/refuse/", confirm))
    assert "It was not done" in page and Resource.objects.get(pk=waiting.pk).state == "accepted"
