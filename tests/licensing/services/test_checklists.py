"""The contract checklist: answered item by item, shown before an approval, a bar to it where a setting says so."""

from __future__ import annotations

import json
from datetime import date

import pytest

import world as cast
from contributions.core.roles import NotAllowed
from contributions.models import Entry
from licensing import selectors, services
from licensing.core.checklists import ChecklistRefused, Given, Unanswered
from licensing.models import ChecklistAnswer
from licensing.services.checklists import NoEdition

DOCUMENT = json.loads((cast.LIBRARY.parent / "checklist.json").read_text(encoding="utf-8"))


def adopt(world):
    days = {"valid_from": date.fromisoformat(DOCUMENT["valid_from"])}
    return services.checklists.adopt(**(DOCUMENT | days), **world.by("legal"))


def every(answer="yes", clause="grant", note=""):
    return [Given(item["code"], answer, clause, note) for item in DOCUMENT["items"]]


def test_answers_are_kept_with_reviewer_and_clause_and_the_newest_counts(licensed_world):
    world = licensed_world
    draft = world.draft("robo")
    with pytest.raises(NoEdition):
        services.checklists.answer(draft, every(), **world.by("legal"))
    adopt(world)
    assert len(selectors.checklists.missing_of(draft, world.clock.date())) == len(DOCUMENT["items"])
    services.checklists.answer(draft, every(), **world.by("legal"))
    assert services.checklists.answer(draft, every(), **world.by("legal")) == []
    (changed,) = services.checklists.answer(draft, [Given("I-1", "no", "", "合意済み")], **world.by("second"))
    assert selectors.checklists.answers_of(draft)["I-1"] == changed
    assert ChecklistAnswer.objects.filter(agreement=draft, item="I-1").count() == 2
    assert selectors.checklists.missing_of(draft, world.clock.date()) == []
    assert Entry.objects.filter(kind="checklist.answered", subject=f"checklist:{draft.number}").count() == 2


@pytest.mark.parametrize(
    "given",
    [
        Given("X-9", "yes", "grant"),
        Given("I-1", "maybe", "grant"),
        Given("I-1", "yes", "mfn"),
        Given("I-1", "no", "", "  "),
        Given("I-1", "not-applicable"),
    ],
)
def test_an_answer_that_says_nothing_is_refused_and_nothing_is_kept(licensed_world, given):
    adopt(licensed_world)
    draft = licensed_world.draft("robo")
    with pytest.raises(ChecklistRefused, match=given.item):
        services.checklists.answer(draft, [Given("I-2", "yes", "grant"), given], **licensed_world.by("legal"))
    assert not ChecklistAnswer.objects.exists()


def test_open_items_bar_an_approval_only_where_the_setting_says_so(licensed_world, settings):
    adopt(licensed_world)
    draft = licensed_world.draft("robo")
    settings.CHECKLIST = "block"
    with pytest.raises(Unanswered, match="I-1"):
        services.agreements.approve(draft, **licensed_world.by("second"))
    services.checklists.answer(draft, every(), **licensed_world.by("legal"))
    assert services.agreements.approve(draft, **licensed_world.by("second")).state == "approved"


def test_the_review_is_no_affair_of_the_licensee_s(licensed_world):
    adopt(licensed_world)
    draft = licensed_world.draft("robo")
    with pytest.raises(NotAllowed):
        services.checklists.answer(draft, every(), **licensed_world.by("robo"))
    services.checklists.answer(draft, every(), **licensed_world.by("legal"))
    for username in ("robo", "arm", "tetsu", "finance"):
        assert not selectors.checklists.visible_to(licensed_world.viewer(username))
    subjects = {entry.subject for entry in selectors.entries.visible_to(licensed_world.viewer("robo"))}
    assert f"checklist:{draft.number}" not in subjects
