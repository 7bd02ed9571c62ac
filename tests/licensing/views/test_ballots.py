"""Deciding on pages: put to a body, voted once and for good, closed with minutes, or recorded as decided elsewhere."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contributions.core.evidence import Evidence
from licensing import services
from licensing.core import deals
from licensing.models import Ballot, Policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def ballot(world, settings):
    return world.ballot(world.propose(), days=3650)


def vote(client, world, ballot, username: str, choice: str, **more):
    client.force_login(world.user(username))
    said = {"choice": choice, "confirm": str(ballot.number)} | more
    return client.post(reverse("licensing:ballot_vote", args=[ballot.number]), said)


def page(client, ballot) -> str:
    return client.get(reverse("licensing:ballot", args=[ballot.number])).content.decode()


def test_a_member_votes_and_its_dissent_is_shown_to_the_others(client, world, ballot):
    assert vote(client, world, ballot, "tetsu", "against", dissent="下限が低すぎます。").status_code == 302
    client.force_login(world.user("hagane"))
    assert "下限が低すぎます。" in page(client, ballot)


def test_a_hidden_vote_is_on_no_page_of_another_but_that_it_was_cast(client, world):
    ballot = world.ballot(world.propose(), days=3650, body=world.body(visibility="secret"))
    vote(client, world, ballot, "tetsu", "against", dissent="下限が低すぎます。")
    assert "下限が低すぎます。" in page(client, ballot)
    for username in ("hagane", "legal"):
        client.force_login(world.user(username))
        shown = page(client, ballot)
        assert "下限" not in shown and "1 / 4" in shown
        for name in ("ballots", "bodies"):
            assert "下限" not in client.get(reverse(f"licensing:{name}")).content.decode()


def test_a_vote_is_cast_once_and_what_was_typed_is_kept(client, world, ballot):
    vote(client, world, ballot, "tetsu", "for")
    again = vote(client, world, ballot, "tetsu", "against", dissent="考え直しました。")
    assert again.status_code == 422
    assert ballot.votes.get().choice == "for"


def test_without_the_number_nothing_is_cast_and_the_reason_stays(client, world, ballot):
    answer = vote(client, world, ballot, "tetsu", "against", dissent="下限が低すぎます。", confirm="")
    assert answer.status_code == 422
    assert "下限が低すぎます。" in answer.content.decode()
    assert not ballot.votes.exists()


def test_only_members_vote(client, world, ballot):
    assert vote(client, world, ballot, "legal", "for").status_code == 404
    assert vote(client, world, ballot, "robo", "for").status_code == 404
    assert client.get(reverse("licensing:ballots")).status_code == 404


def test_legal_closes_once_all_have_voted_with_a_pdf_of_the_minutes(client, world, ballot):
    url = reverse("licensing:ballot_close", args=[ballot.number])
    for member in ("tetsu", "hagane", "kuruma"):
        vote(client, world, ballot, member, "for")
    client.force_login(world.user("legal"))
    assert f'action="{url}"' not in page(client, ballot), "one may still vote"
    said = {"confirm": str(ballot.number), "minutes_ja": "可決した。", "minutes_en": "Carried."}
    assert client.post(url, said).status_code == 422
    vote(client, world, ballot, "ginko", "against")
    client.force_login(world.user("legal"))
    assert f'action="{url}"' in page(client, ballot)
    assert client.post(url, {"confirm": str(ballot.number)}).status_code == 422, "no minutes"
    file = SimpleUploadedFile("議事録.pdf", b"%PDF-1.7 minutes", "application/pdf")
    assert client.post(url, {"confirm": str(ballot.number), "minutes_file": file}).status_code == 302
    ballot.refresh_from_db()
    assert ballot.state == "carried"
    client.force_login(world.user("tetsu"))
    minutes = client.get(reverse("licensing:ballot_minutes", args=[ballot.number]))
    assert minutes.content == b"%PDF-1.7 minutes" and minutes["Content-Type"] == "application/pdf"


def test_legal_puts_a_proposal_to_a_body_and_names_who_takes_no_part(client, world):
    policy, body = world.propose(), world.body()
    client.force_login(world.user("legal"))
    url = reverse("licensing:ballot_new", args=[policy.number, policy.version])
    assert "2/3" in client.get(url).content.decode()
    said = {"body": body.code, "closes_on": "2099-01-01", "closes_at": "17:00", "member_1": "tetsu"}
    assert client.post(url, said).status_code == 422, "no ground"
    assert client.post(url, said | {"closes_on": "2020-01-01", "ground_1": "party"}).status_code == 422
    opened = client.post(url, said | {"ground_1": "party", "reason_1": "相手方です。"})
    assert opened.status_code == 302
    ballot = policy.ballots.get()
    assert sorted(ballot.electorate) == ["ginko", "hagane", "kuruma"]
    assert "相手方です。" in page(client, ballot)
    client.force_login(world.user("tetsu"))
    assert client.get(url).status_code == 404
    assert "この議決には加わりません" in page(client, ballot)


def test_legal_records_a_decision_taken_elsewhere(client, world):
    policy, body = world.propose(), world.body()
    client.force_login(world.user("legal"))
    url = reverse("licensing:policy_decision", args=[policy.number, policy.version])
    said = {"body": body.code, "decided_on": "2026-04-01", "reference": "第1回", "carried": "yes"}
    assert client.post(url, said).status_code == 422, "no minutes"
    assert client.post(url, said | {"minutes_ja": "可決", "minutes_en": "carried"}).status_code == 302
    assert "本台帳の外で行われ" in page(client, policy.ballots.get())
    assert Policy.objects.get().ballots.get().state == "carried"


def test_legal_records_a_body_and_is_told_what_is_wrong_with_its_rules(client, world):
    client.force_login(world.user("legal"))
    said = {
        "code": "board", "kind": "board", "name_ja": "取締役会", "name_en": "Board", "valid_from": "令和8年4月1日",
        "electorate": "members", "visibility": "until-closed", "grounds": ["party"], "source_ja": "定款",
        "source_en": "articles",
        "policy_decides": "on", "policy_basis": "members", "policy_quorum": "1/2", "policy_threshold": "0.6",
        "policy_strict": "yes", "policy_of": "present", "policy_written": "1",
    }  # fmt: skip
    url = reverse("licensing:body_new")
    assert "policy.threshold" in client.post(url, said).content.decode()
    assert client.post(url, said | {"policy_threshold": "1/2"}).status_code == 302
    shown = client.get(reverse("licensing:body", args=["board"])).content.decode()
    assert "1/2 を超える賛成" in shown and "書面決議" in shown
    client.force_login(world.user("tetsu"))
    assert client.get(url).status_code == 404 and client.get(reverse("licensing:bodies")).status_code == 200


def test_an_allocation_is_put_to_the_vote_and_seen_by_those_who_vote(client, allocated_world):
    world = allocated_world
    allocation = world.attest(world.run())
    url = reverse("licensing:allocation", args=[allocation.number])
    client.force_login(world.user("tetsu"))
    assert client.get(url).status_code == 404
    ballot = world.ballot(allocation, days=3650)
    assert client.get(url).status_code == 200
    assert allocation.number in page(client, ballot)
    client.force_login(world.user("legal"))
    new = reverse("licensing:allocation_ballot", args=[allocation.number])
    body = {"body": Ballot.objects.get(pk=ballot.pk).body.code, "closes_on": "2099-01-01", "closes_at": "17:00"}
    assert client.post(new, body).status_code == 422, "one is open already"


def test_the_table_of_a_deal_takes_single_changes_and_hands_them_on(client, world):
    client.force_login(world.user("legal"))
    url = reverse("licensing:deal", args=["lead"])
    terms = {right: dict(row) for right, row in deals.PRESETS["lead"].terms.items()}
    terms["inventions"] |= {"ownership": "co-owned", "form": "co-ownership"}
    cells = {f"{right}_{axis}": value for right, row in terms.items() for axis, value in row.items()}
    shown = client.post(url, cells).content.decode()
    assert "特許法73条" in shown and "deal=" in shown and "型と異なる欄 2 件" in shown
    assert client.post(url, cells | {"inventions_form": "claim"}).status_code == 422
    client.force_login(world.user("tetsu"))
    assert "<select" not in client.get(url).content.decode()


def test_inventions_and_coalition_values_exist_for_whom_they_concern(client, world):
    rows = b"coalition,value\ntetsu,1\nhagane,x\n"
    client.force_login(world.user("desk"))
    said = {"name_ja": "値", "name_en": "values", "method_ja": "除去", "method_en": "ablation"}
    new = reverse("licensing:valuation_new")
    answer = client.post(new, said | {"file": SimpleUploadedFile("v.csv", rows)})
    assert answer.status_code == 422 and "3 行目" in answer.content.decode()
    good = SimpleUploadedFile("v.csv", b"coalition,value\ntetsu,1\n")
    assert client.post(new, said | {"file": good}).status_code == 302
    for username in ("legal", "finance", "tetsu", "robo"):
        client.force_login(world.user(username))
        assert client.get(reverse("licensing:valuations")).status_code == 404
        assert client.get(reverse("licensing:valuation", args=["V-0001"])).status_code == 404
    client.force_login(world.user("auditor"))
    adopt = reverse("licensing:valuation_adopt", args=["V-0001"])
    assert client.post(adopt, {"confirm": "V-0001", "adopted_on": "2026-04-02"}).status_code == 302
    client.force_login(world.user("tetsu"))
    made = {
        "title_ja": "異常検知",
        "title_en": "Detection",
        "made_on": "2026-04-01",
        "name_1": "甲",
        "employer_1": "tetsu",
    }
    url = reverse("licensing:invention_new")
    assert client.post(url, made | {"share_1": "1/2"}).status_code == 422
    assert client.post(url, made | {"share_1": "1"}).status_code == 302
    client.force_login(world.user("hagane"))
    assert "異常検知" not in client.get(reverse("licensing:inventions")).content.decode()
    assert client.get(reverse("licensing:invention", args=["IV-2026-001"])).status_code == 404
    client.force_login(world.user("legal"))
    step = reverse("licensing:invention_step", args=["IV-2026-001", "route"])
    assert client.post(step, {"confirm": "IV-2026-001", "route": "kept", "on": "2026-04-03"}).status_code == 302


def test_the_impact_of_a_withdrawal_is_shown_before_it_is_confirmed(client, licensed_world):
    client.force_login(licensed_world.user("tetsu"))
    for name in ("licensing:withdrawal_impact", "contributions:dataset_withdraw"):
        shown = client.get(reverse(name, args=["D-tetsu-0001"])).content.decode()
        assert "R-0.1" in shown and "そのまま存続" in shown and "ロボ" not in shown
    client.force_login(licensed_world.user("hagane"))
    assert client.get(reverse("licensing:withdrawal_impact", args=["D-tetsu-0001"])).status_code == 404
    client.force_login(licensed_world.user("legal"))
    assert "ロボ工業" in client.get(reverse("licensing:withdrawal_impact", args=["D-tetsu-0001"])).content.decode()
    client.force_login(licensed_world.user("robo"))
    assert client.get("/api/v1/datasets/D-tetsu-0001/impact/").status_code == 404


def test_legal_reads_every_reason_why_a_run_is_refused(client, world):
    version = world.dataset("tetsu", "未審査")
    client.force_login(world.user("legal"))
    said = {
        "facility": "austin", "purpose": "training", "versions": [str(version)], "accelerator": "h100",
        "gpu_hours": "10", "started_on": "2026-06-01", "ended_on": "2026-06-01",
    }  # fmt: skip
    shown = client.post(reverse("licensing:run_new"), said)
    assert shown.status_code == 422
    assert "austin" in shown.content.decode() and "必要なデータ審査" in shown.content.decode()


def test_minutes_are_kept_under_their_own_name(world):
    decision = services.ballots.record_elsewhere(
        world.propose(), body=world.body(), decided_on=world.clock.date(), reference="x",
        minutes=services.ballots.Minutes(file=Evidence("議事録.pdf", b"%PDF-")), **world.by("legal"),
    )  # fmt: skip
    assert decision.minutes_name == "議事録.pdf"
