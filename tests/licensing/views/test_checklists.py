"""The checklist of an agreement on its pages: open items before the approval, answers with their clause."""

import json
from datetime import date

import pytest
from django.urls import reverse

import world as cast
from licensing import services
from licensing.models import ChecklistAnswer


@pytest.fixture
def draft(licensed_world):
    document = json.loads((cast.LIBRARY.parent / "checklist.json").read_text(encoding="utf-8"))
    day = {"valid_from": date.fromisoformat(document["valid_from"])}
    services.checklists.adopt(**(document | day), **licensed_world.by("legal"))
    return licensed_world.draft("robo")


def test_open_items_are_listed_on_the_agreement_and_answered_on_the_checklist(client, licensed_world, draft):
    client.force_login(licensed_world.user("legal"))
    page, checklist = (
        reverse(f"licensing:{name}", args=[draft.number]) for name in ("agreement", "agreement_checklist")
    )
    assert f"{checklist}#I-4" in client.get(page).content.decode()
    given = {"I-4-answer": "yes", "I-4-clause": "licensee-data", "I-5-answer": "no", "I-5-note": "別紙で定める。"}
    assert client.post(checklist, given).status_code == 302
    assert f"{checklist}#I-4" not in client.get(page).content.decode()
    assert ChecklistAnswer.objects.get(item="I-4").clause == "licensee-data"
    assert "別紙で定める。" in client.get(checklist, {"format": "csv"}).content.decode("utf-8-sig")


def test_an_answer_without_its_reason_is_refused_and_nothing_is_lost(client, licensed_world, draft):
    client.force_login(licensed_world.user("legal"))
    checklist = reverse("licensing:agreement_checklist", args=[draft.number])
    answer = client.post(checklist, {"I-4-answer": "no", "I-5-answer": "yes", "I-5-clause": "grant"})
    assert answer.status_code == 422 and "I-4" in answer.content.decode()
    assert not ChecklistAnswer.objects.exists()


@pytest.mark.parametrize("username", ["robo", "finance", "tetsu"])
def test_the_review_is_for_legal_and_the_auditor(client, licensed_world, draft, username):
    client.force_login(licensed_world.user(username))
    assert client.get(reverse("licensing:agreement_checklist", args=[draft.number])).status_code == 404
