"""The policy page: the rule in words, its bytes, its versions; proposing and adopting."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.urls import reverse

from licensing.models import Policy
from world import POLICY

pytestmark = pytest.mark.django_db


def url(policy) -> str:
    return reverse("licensing:policy", args=[policy.number, policy.version])


def test_a_member_reads_the_rule_in_words(client, world):
    policy = world.policy()
    client.force_login(world.user("tetsu"))
    page = client.get(url(policy)).content.decode()
    assert "データ提供：重み 45 %" in page
    assert policy.sha256 in page


def test_the_document_that_is_saved_has_the_digest_that_was_voted_on(client, world):
    policy = world.policy()
    client.force_login(world.user("tetsu"))
    saved = client.get(url(policy), {"format": "json"}).content
    assert hashlib.sha256(saved).hexdigest() == policy.sha256


def test_what_changed_since_the_version_before_is_marked(client, world):
    world.policy()
    changed = world.propose(version=2, cap="50/100")
    client.force_login(world.user("legal"))
    page = client.get(url(changed)).content.decode()
    assert page.count(">変更</span>") == 1


def test_a_bad_document_is_refused_where_it_was_typed(client, world):
    client.force_login(world.user("desk"))
    document = json.dumps(POLICY | {"floor": 0.01})
    answer = client.post(reverse("licensing:policy_new"), {"document": document})
    assert answer.status_code == 422
    assert "浮動小数点数" in answer.content.decode()
    assert "category-weighted/1" in answer.content.decode()
    assert not Policy.objects.exists()
    assert client.post(reverse("licensing:policy_new"), {"document": json.dumps(POLICY)}).status_code == 302


def test_legal_adopts_only_what_a_ballot_carried(client, world):
    policy = world.propose()
    adopt = reverse("licensing:policy_adopt", args=[policy.number, policy.version])
    said = {"confirm": str(policy), "adopted_on": "2026-06-01"}
    client.force_login(world.user("legal"))
    assert client.post(adopt, said).status_code == 422
    ballot = world.ballot(policy)
    world.vote(ballot, tetsu="for", hagane="for", kuruma="for")
    world.close(ballot)
    assert client.post(adopt, said | {"confirm": "no"}).status_code == 422
    assert client.post(adopt, said).status_code == 302
    policy.refresh_from_db()
    assert policy.state == "adopted"


def test_a_licensee_finds_no_policy(client, world):
    policy = world.policy()
    client.force_login(world.user("robo"))
    assert client.get(url(policy)).status_code == 404
    assert client.get(reverse("licensing:policy_new")).status_code == 404
