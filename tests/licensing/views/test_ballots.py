"""Voting on a page: once, for good, with the reason of a dissent; and closing with minutes."""

from __future__ import annotations

import pytest
from django.urls import reverse

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


def test_legal_closes_with_minutes_and_the_page_counts_again(client, world, ballot):
    for member in ("tetsu", "hagane", "kuruma"):
        vote(client, world, ballot, member, "for")
    client.force_login(world.user("legal"))
    url = reverse("licensing:ballot_close", args=[ballot.number])
    assert f'action="{url}"' in page(client, ballot)
    assert client.post(url, {"confirm": str(ballot.number)}).status_code == 422
    said = {"confirm": str(ballot.number), "minutes_ja": "可決した。", "minutes_en": "Carried."}
    assert client.post(url, said).status_code == 302
    ballot.refresh_from_db()
    assert ballot.state == "carried"
    assert "可決した。" in page(client, ballot)


def test_a_licensee_finds_no_ballot(client, world, ballot):
    client.force_login(world.user("robo"))
    assert client.get(reverse("licensing:ballot", args=[ballot.number])).status_code == 404
    assert client.get(reverse("licensing:ballots")).status_code == 404


def test_legal_puts_a_proposal_to_the_members_of_today(client, world):
    policy = world.propose()
    client.force_login(world.user("legal"))
    url = reverse("licensing:ballot_new", args=[policy.number, policy.version])
    said = {"body": "committee", "quorum": "1/2", "threshold": "2/3", "closes_on": "2099-01-01"}
    assert client.post(url, said | {"threshold": "0.6"}).status_code == 422
    assert client.post(url, said).status_code == 302
    assert sorted(policy.ballots.get().electorate) == ["ginko", "hagane", "kuruma", "tetsu"]
    client.force_login(world.user("tetsu"))
    assert client.get(url).status_code == 404
