"""The shipped library: compared with what is in force, taken over by choice as drafts, approved together by another."""

from __future__ import annotations

import copy
import json
from datetime import date

import pytest
from django.core.management import call_command

import world as cast
from contributions.core.independence import OwnDraft
from contributions.core.roles import NotAllowed
from licensing import selectors, services
from licensing.core.clauses import ClauseRefused
from licensing.models import AgreementTemplate, ClauseVersion

SHIPPED = json.loads(cast.LIBRARY.read_text(encoding="utf-8"))
SOON = date(2026, 7, 1)


@pytest.fixture
def library(world):
    world.library()
    return world


@pytest.fixture
def newer():
    """A library with a new clause and alternative, another wording and a changed template, and one clause less."""
    document = copy.deepcopy(SHIPPED)
    by_id = {row["id"]: row for row in document["clauses"]}
    by_id["notice"]["paragraphs"][0]["ja"] += "口頭による通知は、効力を生じない。"
    by_id["notice"]["paragraphs"][0]["en"] += " Oral notice has no effect."
    paragraph = {
        "ja": "両当事者は、本契約を公表しない。",
        "en": "The parties shall not publish this Agreement.",
        "items": [],
    }
    clause = {
        "id": "publicity", "family": "notice", "version": 1, "heading": {"ja": "公表", "en": "Publicity"},
        "paragraphs": [paragraph], "variables": [], "owner": "legal",
        "rationale": {"ja": "公表を控える。", "en": "No publicity."},
    }  # fmt: skip
    document["clauses"] += [clause, clause | {"id": "publicity-asked", "of": "publicity", "rank": "acceptable"}]
    document["clauses"] = [row for row in document["clauses"] if row["id"] != "law-foreign"]
    nda = next(row for row in document["templates"] if row["id"] == "nda")
    nda["title"]["en"] = "Confidentiality Agreement"
    return document


def states(world, document, username="legal"):
    found = selectors.shipped.compared(world.viewer(username), document)
    return {row.code: row.state for rows in found.values() for row in rows if row.state != "same"}


def take(world, document, *codes, by="legal"):
    return services.shipped.take_over(document, codes, **world.by(by))


def test_what_was_taken_in_is_the_same_and_what_is_shipped_anew_shows(library, newer):
    assert states(library, SHIPPED) == {}
    assert states(library, newer) == {
        "notice": "changed",
        "publicity": "new",
        "publicity-asked": "new",
        "law-foreign": "withdrawn",
        "nda": "changed",
    }
    assert states(library, newer, "robo") == {}


def test_chosen_wordings_become_drafts_and_nothing_in_force_changes(library, newer):
    before = {row.id: row.version for row in selectors.clauses.library()}
    taken = take(library, newer, "notice", "publicity-asked", "template:nda", "law", "no-such")
    assert taken == ["notice@2", "publicity@1", "publicity-asked@1", "nda@2"]
    assert {row.id: row.version for row in selectors.clauses.library()} == before
    assert states(library, newer)["notice"] == states(library, newer)["publicity"] == "taken"
    with pytest.raises(services.shipped.NothingChosen):
        take(library, newer, "notice")


def test_another_person_approves_them_together(library, newer):
    take(library, newer, "notice", "publicity-asked", "template:nda")
    with pytest.raises(OwnDraft, match="second"):
        services.shipped.approve(valid_from=SOON, **library.by("legal"))
    assert not selectors.shipped.is_waiting(library.viewer("legal"))
    (line,) = [row for row in selectors.inbox.waiting_for(library.viewer("second")) if row.number == "shipped"]
    assert line.todo.en == "Approve the drafts of the shipped library"
    services.shipped.approve(valid_from=SOON, **library.by("second"))
    assert states(library, newer) == {"law-foreign": "withdrawn"}
    assert AgreementTemplate.objects.get(code="nda", version=2).state == "approved"
    with pytest.raises(services.shipped.NothingWaits):
        services.shipped.approve(valid_from=SOON, **library.by("second"))


def test_drafts_that_together_would_fail_are_refused_with_every_finding(library, newer):
    bad = copy.deepcopy(newer)
    nda = next(row for row in bad["templates"] if row["id"] == "nda")
    nda["clauses"].append("publicity")
    take(library, bad, "template:nda")
    with pytest.raises(ClauseRefused, match="publicity"):
        services.shipped.approve(valid_from=SOON, **library.by("second"))
    assert not ClauseVersion.objects.filter(clause__code="publicity").exists()
    take(library, bad, "publicity")
    services.shipped.approve(valid_from=SOON, **library.by("second"))


def test_an_empty_house_takes_the_whole_library_over_in_two_steps(world):
    codes = [row["id"] for row in SHIPPED["clauses"]] + [f"template:{row['id']}" for row in SHIPPED["templates"]]
    assert set(states(world, SHIPPED).values()) == {"new"}
    assert len(take(world, SHIPPED, *codes)) == len(codes)
    services.shipped.approve(valid_from=SOON, **world.by("second"))
    assert states(world, SHIPPED) == {} and len(selectors.clauses.library()) == len(SHIPPED["clauses"])


def test_a_draft_that_somebody_works_on_is_not_written_over(library, newer):
    held = next(version for version in selectors.clauses.library() if version.id == "notice")
    document = services.clauses.rules.document(held)
    document["heading"]["ja"] = "連絡"
    row = services.clauses.propose(document, rationale=cast_text("x"), **library.by("second"))
    with pytest.raises(services.shipped.DraftsInTheWay, match="notice@2"):
        take(library, newer, "notice", "publicity")
    row.refresh_from_db()
    assert (
        row.document["heading"]["ja"] == "連絡" and not ClauseVersion.objects.filter(clause__code="publicity").exists()
    )


def cast_text(said):
    return services.shipped.Text(said, said)


def test_a_clause_that_the_house_reworded_is_not_offered_again(library):
    held = next(version for version in selectors.clauses.library() if version.id == "notice")
    document = services.clauses.rules.document(held)
    document["heading"]["ja"] = "連絡"
    row = services.clauses.propose(document, rationale=cast_text("x"), **library.by("legal"))
    services.clauses.approve(row, valid_from=SOON, **library.by("second"))
    assert states(library, SHIPPED) == {"notice": "own"}


@pytest.mark.parametrize("username", ["robo", "tetsu", "finance", "auditor"])
def test_only_legal_takes_over(library, newer, username):
    with pytest.raises(NotAllowed):
        take(library, newer, "notice", by=username)


def test_a_library_that_is_not_whole_is_not_offered(tmp_path, newer):
    newer["clauses"][0]["paragraphs"][0]["ja"] += "99"
    path = tmp_path / "library.json"
    path.write_text(json.dumps(newer), encoding="utf-8")
    with pytest.raises(ClauseRefused, match="99"):
        selectors.shipped.document(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(selectors.shipped.Unreadable):
        selectors.shipped.document(path)


def test_the_command_compares_and_takes_over(library, newer, tmp_path, capsys):
    path = tmp_path / "library.json"
    path.write_text(json.dumps(newer), encoding="utf-8")
    call_command("compare_library", file=str(path), lang="en")
    assert "notice\tchanged" in capsys.readouterr().out
    call_command("compare_library", file=str(path), take=["notice"], lang="ja")
    assert "案を作成しました：notice@2" in capsys.readouterr().out
    assert ClauseVersion.objects.get(clause__code="notice", version=2).state == "draft"
