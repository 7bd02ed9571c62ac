"""The pages for strangers: which there are, what they show, what they never show, and what they keep (nothing)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.views import APIView

import world as cast
from contributions.models import Entry
from licensing import services
from licensing.adapters import limits
from licensing.models import Inquiry

# Every page and file that answers without a login. A new one is entered here knowingly, and in the decisions.
PUBLIC = {
    "demo_login", "account_login",
    "vkey", "checkpoint_note", "tlog_checkpoint", "tlog_tile", "tlog_cosigned",
    "calendar_feed",  # by its own signed address only
    "guide", "guide_prices", "calculator", "eligibility", "guide_agreement", "guide_agreement_pdf", "guide_apply",
    "guide_applied", "robots",
}  # fmt: skip
OURS = {"contributions", "licensing", "config"}
ASKED = {"list": "S-ROBOT", "every": "year", "region": ["JP", "TH"], "units": ["600", "200"]}
ANSWERS = {
    "seat": "JP", "foreign_control": "0", "antisocial": "no", "residency": "no", "category": "no", "end_use": "civil",
    "inference": ["JP"], "affiliates": "no",
}  # fmt: skip
REQUEST = {
    "company_ja": "若葉工機", "company_en": "Wakaba", "corporate_number": "", "address": "東京都", "seat": "JP",
    "foreign_control": "10 %", "field_of_use": "robotics", "wanted": "evaluation", "purpose": "x", "end_use": "civil",
    "inference": ["JP"],
    "rivals": "", "contact": "若葉", "email": "w@example.invalid", "antisocial": "on", "website": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    limits.forget()


@pytest.fixture
def open_world(world):
    """A price list and the clause library are published."""
    world.wait_until("2026-06-20 09:00")
    world.library()
    world.schedule()
    return world


def patterns(resolver: URLResolver):
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        elif isinstance(one, URLPattern):
            yield one


def test_the_pages_open_to_strangers_are_those_of_the_list():
    """The API closes itself (tests/licensing/api/test_urls.py), and the pages of libraries are theirs."""
    opened = {
        one.name
        for one in patterns(get_resolver())
        if not getattr(one.callback, "login_required", True)
        and one.callback.__module__.partition(".")[0] in OURS
        and not issubclass(getattr(one.callback, "cls", object), APIView)
    }
    assert opened == PUBLIC


def pages() -> list[str]:
    names = ("guide", "calculator", "eligibility", "guide_agreement", "guide_apply", "robots")
    return [*(reverse(f"licensing:{name}") for name in names), reverse("licensing:guide_prices", args=["S-ROBOT"])]


def test_a_stranger_reads_them_all_and_none_names_a_member_or_licensee(open_world):
    open_world.apply("robo")
    Entry.objects.count()
    for path in [*pages(), reverse("licensing:calculator") + "?list=S-ROBOT&region=JP&units=800"]:
        answer = Client().get(path)
        assert answer.status_code == 200, path
        said = answer.content.decode()
        for code in (*cast.MEMBERS, *cast.LICENSEES, "tetsuken"):
            name_ja, name_en, _kind = cast.ORGANIZATIONS[code]
            assert name_ja not in said and name_en not in said, (path, code)


def test_a_year_in_japan_and_thailand_is_answered_with_every_step(open_world):
    answer = Client().get(reverse("licensing:calculator"), ASKED)
    said = answer.content.decode()
    assert all(figure in said for figure in ("6,000,000", "2,700,000", "8,700,000", "870,000", "9,570,000"))
    short = Client().get(reverse("licensing:calculator"), ASKED, headers={"HX-Request": "true"}).content.decode()
    assert "9,570,000" in short and "<html" not in short


@pytest.mark.parametrize(
    "asked",
    [
        {"units": ["ten"]},
        {"units": ["-5"]},
        {"region": ["ZZ"]},
        {"units": ["9" * 30]},
        {"list": "S-NONE", "units": ["10"]},
    ],
)
def test_what_cannot_be_answered_is_told_in_a_sentence(open_world, asked):
    answer = Client().get(reverse("licensing:calculator"), ASKED | {"region": ["JP"]} | asked)
    assert answer.status_code == 200 and 'role="alert"' in answer.content.decode()


def test_only_what_is_in_force_for_outsiders_is_shown(open_world):
    open_world.schedule("S-DRAFT", adopted=False)
    assert Client().get(reverse("licensing:guide_prices", args=["S-DRAFT"])).status_code == 404
    assert "S-DRAFT" not in Client().get(reverse("licensing:guide")).content.decode()


def test_the_self_check_answers_and_keeps_nothing(open_world):
    before = Entry.objects.count()
    answer = Client().post(reverse("licensing:eligibility"), ANSWERS | {"inference": ["JP", "TH"]})
    assert answer.status_code == 200 and "TH" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "same-origin"
    assert (Entry.objects.count(), Inquiry.objects.count()) == (before, 0)
    assert Client().post(reverse("licensing:eligibility"), {}).status_code == 422


def test_a_request_arrives_and_its_sender_follows_it_by_a_secret_address(open_world):
    sender, stranger = Client(), Client()
    answer = sender.post(reverse("licensing:guide_apply"), REQUEST)
    assert answer.status_code == 302
    page = stranger.get(answer["Location"])
    assert page.status_code == 200 and page["Cache-Control"] == "no-store" and page["X-Robots-Tag"] == "noindex"
    row = Inquiry.objects.get()
    assert (row.stated["foreign_control"], row.stated["wanted"]) == ("1/10", "evaluation")
    assert row.number in page.content.decode()
    assert stranger.get(reverse("licensing:guide_applied", args=[row.number])).status_code == 404
    services.inquiries.decline(row, reason="export", text="", **open_world.by("legal"))
    assert "export control" in sender.get(answer["Location"], headers={"accept-language": "en"}).content.decode()


def test_a_machine_that_fills_what_no_person_sees_is_sent_away(open_world):
    assert Client().post(reverse("licensing:guide_apply"), REQUEST | {"website": "x"}).status_code == 302
    assert not Inquiry.objects.exists()


def test_a_request_with_faults_keeps_what_was_typed(open_world):
    answer = Client().post(reverse("licensing:guide_apply"), REQUEST | {"corporate_number": "1", "email": "x"})
    assert answer.status_code == 422 and "若葉工機" in answer.content.decode() and not Inquiry.objects.exists()


def test_what_costs_work_is_bounded_for_each_address(open_world, settings):
    settings.GUIDE_CALLS, settings.GUIDE_REQUESTS = 2, 1
    path = reverse("licensing:calculator")
    answers = [Client().get(path, ASKED) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "3600"
    assert Client().get(path, ASKED, REMOTE_ADDR="192.0.2.9").status_code == 200
    sent = [Client().post(reverse("licensing:guide_apply"), REQUEST).status_code for _n in range(2)]
    assert sent == [302, 429] and Inquiry.objects.count() == 1


def test_the_guide_can_be_closed(open_world, settings):
    settings.GUIDE_PUBLIC = False
    assert {Client().get(path).status_code for path in pages()} == {404}


def test_robots_are_told_of_the_guide_alone_and_in_a_demo_of_nothing(open_world, monkeypatch):
    said = Client().get("/robots.txt").content.decode()
    assert set(re.findall(r": (/\S*)", said)) == {"/guide/", "/guide/apply/", "/"}
    monkeypatch.setattr("licensing.selectors.guide.is_demo", lambda: True)
    assert Client().get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_a_stranger_reads_the_evaluation_agreement_and_that_it_leads_to_a_licence(open_world):
    assert "?kind=evaluation" in Client().get(reverse("licensing:guide")).content.decode()
    said = Client().get(reverse("licensing:guide_agreement"), {"kind": "evaluation"}).content.decode()
    assert "基盤モデル評価契約書" in said and "基本の利用許諾への移行" in said and "（利用者）" in said
    paper = Client().get(reverse("licensing:guide_agreement_pdf"), {"kind": "evaluation"})
    assert paper.content[:5] == b"%PDF-" and "specimen-evaluation.pdf" in paper["Content-Disposition"]


def test_the_specimen_is_a_marked_pdf_and_drawn_once(open_world):
    first, second = (Client().get(reverse("licensing:guide_agreement_pdf")) for _n in range(2))
    assert first.content[:5] == b"%PDF-" and first.content == second.content
    assert first["Content-Type"] == "application/pdf"
