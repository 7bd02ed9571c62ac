"""Pages on the life of a contract: acts by typing the number, the same for both sides, nothing for anybody else."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from contributions.core.evidence import Evidence
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer
from licensing import selectors, services
from licensing.models import Agreement, CalendarFeed, Obligation
from licensing.views import rails

LISTS = ("amendments", "renewals", "terminations", "obligations", "calendar", "deliveries", "derivatives")


@pytest.fixture
def enter(client):
    def enter(world, username):
        client.force_login(world.user(username))
        return client

    return enter


def number_of(code: str) -> str:
    return Agreement.objects.get(licensee__organization__code=code).number


def test_every_list_opens_for_whom_it_is_and_leaves_as_csv(licensed_world, enter):
    services.obligations.raise_for(
        licensed_world.agreement("robo"), by=Viewer.system("follower"), at=licensed_world.clock
    )
    for username in ("legal", "robo", "auditor"):
        client = enter(licensed_world, username)
        for name in LISTS:
            assert client.get(reverse(f"licensing:{name}")).status_code == 200, (username, name)
            csv = client.get(reverse(f"licensing:{name}"), {"format": "csv"})
            assert csv["Content-Type"].startswith("text/csv"), (username, name)
            assert "L-2026-001" not in csv.content.decode() or username != "robo", name
    client = enter(licensed_world, "tetsu")
    assert {client.get(reverse(f"licensing:{name}")).status_code for name in LISTS} == {404}


def test_files_owed_are_handed_over_by_typing_the_number_and_what_is_lacking_is_named(licensed_world, enter):
    world, agreement = licensed_world, licensed_world.agreement("robo")
    given = {"kind": "weights", "content": Evidence("w.bin", b"one")}
    services.deliveries.file(agreement.release, **given, **world.by("legal"))
    client, ja = enter(world, "legal"), {"accept-language": "ja"}
    page = client.get(reverse("licensing:deliveries"), headers=ja).content.decode()
    assert "w.bin" in page and "モデル説明書、該非判定書" in page
    url = reverse("licensing:delivery_make", args=[agreement.number])
    client.post(url, {"confirm": "L-1"})
    said = client.post(url, {"confirm": agreement.number}, headers=ja, follow=True).content.decode()
    assert not agreement.deliveries.exists() and "該非判定書が登録されていません" in said
    paper = Evidence("gaihi.txt", b"paper")
    services.deliveries.file(agreement.release, kind="classification", content=paper, **world.by("legal"))
    client.post(url, {"confirm": agreement.number})
    assert sorted(one.name for one in agreement.deliveries.get().files.all()) == ["gaihi.txt", "w.bin"]


def test_a_suspension_takes_the_number_and_shows_to_both(licensed_world, enter):
    world, number = licensed_world, number_of("robo")
    url = reverse("licensing:agreement_life_act", args=[number, "suspend"])
    client = enter(world, "legal")
    page = client.get(reverse("licensing:agreement_life", args=[number]))
    if "act-suspend" not in page.content.decode():
        pytest.fail("the demo's term does not hold today")
    wrong = client.post(url, {"confirm": "L-1", "reason": "確認"})
    assert wrong.status_code == 422 and "確認" in wrong.content.decode()
    assert client.post(url, {"confirm": number, "reason": ""}).status_code == 422
    assert client.post(url, {"confirm": number, "reason": "確認のため"}).status_code == 302
    states = []
    for username in ("legal", "robo"):
        content = enter(world, username).get(reverse("licensing:agreement_life", args=[number])).content.decode()
        states.append(re.search(r'class="state ([a-z]*)"', content)[1])
        assert "確認のため" in content
    assert states == ["stop", "stop"]
    assert enter(world, "robo").post(url, {"confirm": number, "reason": "x"}).status_code == 404
    assert enter(world, "arm").get(reverse("licensing:agreement_life", args=[number])).status_code == 404


def test_a_feed_opens_without_a_login_and_only_by_its_signature(licensed_world, enter, client):
    world = licensed_world
    services.obligations.raise_for(world.agreement("robo"), by=Viewer.system("follower"), at=world.clock)
    enter(world, "robo").post(reverse("licensing:calendar_feed_make"))
    feed = CalendarFeed.objects.get()
    url = reverse("licensing:calendar_feed", args=[selectors.calendars.token_of(feed)])
    client.logout()
    answer = client.get(url)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and answer.content.count(b"BEGIN:VEVENT") > 3
    assert client.get(reverse("licensing:calendar_feed", args=["1.abc~def"])).status_code == 404
    enter(world, "robo").post(reverse("licensing:calendar_feed_revoke"))
    client.logout()
    assert client.get(url).status_code == 404


def test_an_amendment_is_drafted_from_a_form_that_shows_what_holds(licensed_world, enter):
    world, number = licensed_world, number_of("robo")
    client, url = enter(world, "legal"), reverse("licensing:amendment_new", args=[number])
    page = client.get(url).content.decode()
    values = dict(re.findall(r'name="(var_\w+)" value="([^"]*)"', page))
    assert values["var_late_rate"] == "14.6 %" and values["var_report_days"] == "60"
    day = jst_date(now()) + timedelta(days=30)
    form = client.get(url).context["form"]
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    data |= {"effective_from": day.isoformat(), "reason": "短縮", "var_report_days": "45", "var_further_training": "on"}
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.context["form"].errors
    row = world.agreement("robo").amendments.get()
    assert row.changes == {"report_days": 45}
    assert enter(world, "robo").get(reverse("licensing:amendment", args=[row.number])).status_code == 404, "not offered"


def test_a_duty_is_fulfilled_with_its_evidence(licensed_world, enter):
    world = licensed_world
    services.obligations.raise_for(world.agreement("robo"), by=Viewer.system("follower"), at=world.clock)
    row = Obligation.objects.filter(rule="classify").first()
    url = reverse("licensing:obligation_act", args=[row.number, "fulfil"])
    client = enter(world, "legal")
    assert client.post(url, {"confirm": row.number}).status_code == 422, "the evidence is missing"
    file = SimpleUploadedFile("該非判定書.txt", "非該当".encode())
    assert client.post(url, {"confirm": row.number, "evidence": file}).status_code == 302
    row.refresh_from_db()
    (annex,) = selectors.obligations.evidence_of(row)
    taken = enter(world, "robo").get(reverse("licensing:obligation_evidence", args=[row.number, annex.sha256]))
    assert taken.content.decode() == "非該当"
    assert enter(world, "arm").get(reverse("licensing:obligation", args=[row.number])).status_code == 404


def test_the_history_beside_a_part_names_that_part_alone(licensed_world, enter):
    """Of a whole history a duty’s page shows what speaks of it, wherever in the entry its number stands."""
    world = licensed_world
    services.obligations.raise_for(world.agreement("robo"), by=Viewer.system("follower"), at=world.clock)
    first, second = Obligation.objects.filter(rule="minimum").order_by("number")[:2]
    services.obligations.waive(first, reason="支援", **world.by("legal"))
    subject = f"agreement:{first.agreement.number}"
    shown = {row.number: rails.history_of_part(world.viewer("legal"), subject, row.number) for row in (first, second)}
    assert [line["title"].en for line in shown[first.number]] == [
        "Waiver of an obligation asked for", "Obligations raised",
    ]  # fmt: skip
    assert [line["title"].en for line in shown[second.number]] == ["Obligations raised"]
    assert rails.history_of_part(world.viewer("legal"), subject, first.number[:-1]) == [], "no part of a number"
    assert rails.history_of_part(world.licensee("arm"), subject, first.number) == [], "nothing to another licensee"
    page = enter(world, "legal").get(reverse("licensing:obligation", args=[first.number]))
    assert [line["title"].en for line in page.context["history"]] == [
        "Waiver of an obligation asked for", "Obligations raised",
    ]  # fmt: skip


def test_legal_drafts_an_agreement_from_what_was_chosen_and_a_wrong_day_loses_nothing(licensed_world, enter):
    world, url = licensed_world, reverse("licensing:agreement_new")
    assert enter(world, "robo").get(url).status_code == 404
    client = enter(world, "legal")
    first = client.get(url)
    assert first.status_code == 200 and 'name="licensee"' in first.content.decode()
    schedule = world.agreement("robo").schedule
    chosen = f"{url}?licensee=robo&template=standard&schedule={schedule}&release=R-0.1"
    page = client.get(chosen)
    form = page.context["form"]
    sent = {
        name: field.initial for name, field in form.fields.items() if field.initial not in (None, "", False)
    } | {"term_from": "令和9年1月1日", "term_last": "2026-12-31"}  # fmt: skip
    assert sent["var_cure_days"] == 30 and sent["var_court_ja"] == "東京地方裁判所"
    wrong = client.post(chosen, sent)
    assert wrong.status_code == 422 and wrong.context["form"]["var_court_ja"].value() == "東京地方裁判所"
    made = client.post(chosen, sent | {"term_last": "2028-12-31", "var_cure_days": "45"})
    row = Agreement.objects.latest("pk")
    assert made.status_code == 302 and made.url == reverse("licensing:agreement", args=[row.number])
    assert (row.state, row.variables["cure_days"], row.term_until.isoformat()) == ("drafted", 45, "2029-01-01")
    assert client.get(f"{url}?licensee=nobody&template=standard").status_code == 200, "asked again, with what is wrong"
