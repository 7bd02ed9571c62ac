"""The clause library: taken in whole or not at all, and a wording never changes under its version."""

from __future__ import annotations

import copy
import json
from datetime import date

import pytest

import world as cast
from contributions.core.roles import NotAllowed
from contributions.models import Entry
from licensing import selectors, services
from licensing.core.clauses import ClauseRefused
from licensing.models import AgreementTemplate, ClauseVersion

DOCUMENT = json.loads(cast.LIBRARY.read_text(encoding="utf-8"))


def approve(world, document, by="legal"):
    return services.clauses.take_in(document, valid_from=date(2026, 6, 1), **world.by(by))


def test_the_shipped_library_is_approved_with_an_entry_for_each_clause(world):
    approved = approve(world, DOCUMENT)
    assert len(approved) == len(DOCUMENT["clauses"]) == Entry.objects.filter(kind="clause.approved").count()
    assert [row.id for row in selectors.clauses.library()] == [row["id"] for row in DOCUMENT["clauses"]]


def test_taking_it_in_again_adds_nothing(world):
    approve(world, DOCUMENT)
    size = Entry.objects.count()
    approve(world, DOCUMENT)
    assert Entry.objects.count() == size


def test_a_number_that_differs_between_the_languages_refuses_the_whole_library(world):
    document = copy.deepcopy(DOCUMENT)
    paragraph = document["clauses"][0]["paragraphs"][0]
    paragraph["ja"] += "99"
    with pytest.raises(ClauseRefused, match="99"):
        approve(world, document)
    assert not ClauseVersion.objects.exists() and not AgreementTemplate.objects.exists()


def test_a_new_version_stands_beside_the_old_and_is_the_one_used(world):
    approve(world, DOCUMENT)
    document = copy.deepcopy(DOCUMENT)
    clause = document["clauses"][0]
    clause["version"] += 1
    clause["heading"]["ja"] += "（改）"
    approve(world, document)
    assert ClauseVersion.objects.filter(clause__code=clause["id"]).count() == 2
    assert selectors.clauses.library()[0].heading.ja.endswith("（改）")


@pytest.mark.parametrize("username", ["finance", "tetsu", "robo"])
def test_only_legal_approves_wording(world, username):
    with pytest.raises(NotAllowed):
        approve(world, DOCUMENT, by=username)
