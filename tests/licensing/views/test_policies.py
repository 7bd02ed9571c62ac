"""The policy page: the rule in words, its bytes, its versions; proposing and adopting."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.urls import reverse

from licensing.core import deals, policy_drafts
from licensing.forms import policy_drafts as forms
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


def sent(document: dict) -> dict:
    """What the builder's form sends for a document."""
    given = forms.start_from(policy_drafts.present(document))
    said = {name: given[name] for name in ("number", "version", "residency", "disclosure", "coalitions")}
    for code, row in given["categories"].items():
        said |= {f"{code}.units.{unit}": text for unit, text in row["units"].items()}
        said |= {f"{code}.factors": row["factors"], **({f"{code}.on": "on"} if row["on"] else {})}
    for code, row in given["rights"].items():
        named = (*forms.ANSWERS, *forms.SIMPLE, "more")
        said |= {f"{code}.{name}": row[name] for name in named} | ({f"{code}.on": "on"} if row["on"] else {})
        said |= {f"{code}.weights.{each}": text for each, text in row["weights"].items()}
    return said | {"right": list(given["rights"])}


def test_a_version_is_built_by_fields_from_the_one_in_force_with_its_faults_beside_them(client, world):
    policy = world.policy()
    client.force_login(world.user("legal"))
    new = reverse("licensing:policy_new")
    page = client.get(new).content.decode()
    assert 'name="version" value="2"' in page and 'name="revenue.weights.data" value="45%"' in page
    said = sent({**policy.document, "version": 2})
    wrong = client.post(new, said | {"revenue.weights.data": "46%", "weights.on": "on", "weights.ownership": "lead"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and 'value="46%"' in page
    assert "#revenue.weights" in page and "主導当事者を選択してください" in page and "rights[" not in page
    broken = client.post(new, said | {"revenue.more": "{"}).content.decode()
    assert "JSON として読めません" in broken and 'href="#revenue.more"' in broken
    seen = client.post(new, said | {"revenue.cap": "50%", "preview": "1"}).content.decode()
    assert "第1版からの変更" in seen and "50 %" in seen and "<form" not in seen
    expert = client.post(new, said | {"revenue.cap": "50%", "expert": "1"})
    document = expert.context["form"]["document"].value()
    back = client.post(new, {"document": document, "fields": "1"}).content.decode()
    assert 'name="revenue.cap" value="50%"' in back
    assert client.post(new, said | {"revenue.cap": "50%"}).status_code == 302
    assert Policy.objects.get(version=2).document["rights"][0]["bounds"]["cap"] == "50/100"


def test_a_deal_is_taken_into_the_draft_and_a_broken_one_is_not_found(client, world):
    world.policy()
    client.force_login(world.user("legal"))
    new = reverse("licensing:policy_new")
    page = client.get(new, {"deal": deals.written(deals.PRESETS["lead"].terms)}).content.decode()
    assert '<option value="lead" selected' in page and "主導当事者を選択してください" in page
    assert client.get(new, {"deal": "[]"}).status_code == 404


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
