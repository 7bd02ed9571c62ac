"""The page of the shipped library: what differs is read against what is in force, chosen, and approved by another."""

from __future__ import annotations

import copy
import json

import pytest
from django.urls import reverse

import world as cast
from licensing.models import ClauseVersion


@pytest.fixture
def newer(settings, tmp_path):
    document = json.loads(cast.LIBRARY.read_text(encoding="utf-8"))
    notice = next(row for row in document["clauses"] if row["id"] == "notice")
    more = copy.deepcopy(notice["paragraphs"][0])
    more["ja"], more["en"], more["items"] = "通知は、日本語により行う。", "Notices shall be given in Japanese.", []
    notice["paragraphs"].append(more)
    path = tmp_path / "library.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    settings.CLAUSE_LIBRARY = str(path)


def test_the_redline_is_read_chosen_and_approved_by_another(client, world, newer):
    world.library()
    client.force_login(world.user("legal"))
    page, english = reverse("licensing:shipped"), {"accept-language": "en"}
    said = client.get(page, headers=english).content.decode()
    assert "<ins>Notices shall be given in Japanese.</ins>" in said and 'value="notice"' in said
    assert client.post(page, {}, headers=english).status_code == 422
    assert client.post(page, {"take": ["notice"]}).status_code == 302
    said = client.get(page, headers=english).content.decode()
    assert "Who may: second" in said and "Approve the drafts together" not in said
    approve = reverse("licensing:shipped_approve")
    client.force_login(world.user("second"))
    assert client.post(approve, {"confirm": "", "day": "2026-12-01"}).status_code == 422
    assert client.post(approve, {"confirm": "shipped", "day": "2026-12-01"}).status_code == 302
    assert ClauseVersion.objects.get(clause__code="notice", version=2).state == "approved"


@pytest.mark.parametrize("username", ["robo", "tetsu"])
def test_nobody_outside_the_office_reads_it(client, world, username):
    client.force_login(world.user(username))
    assert client.get(reverse("licensing:shipped")).status_code == 404


def test_finance_reads_and_does_not_take_over(client, world, newer):
    world.library()
    client.force_login(world.user("finance"))
    assert client.get(reverse("licensing:shipped")).status_code == 200
    assert client.post(reverse("licensing:shipped"), {"take": ["notice"]}).status_code == 404
