"""The clause library: taken in whole or not at all; proposed by one, approved by another, never changed."""

from __future__ import annotations

import copy
import json
from datetime import date

import pytest

import world as cast
from contributions.core.independence import OwnDraft
from contributions.core.roles import NotAllowed
from contributions.core.words import Text
from contributions.models import Entry
from licensing import selectors, services
from licensing.core import clauses as rules
from licensing.core.clauses import ClauseRefused
from licensing.models import AgreementTemplate, Clause, ClauseVersion
from licensing.services.clauses import NotADraft, OtherFamily, StaleDraft, StillUsed, WordingChanged

DOCUMENT = json.loads(cast.LIBRARY.read_text(encoding="utf-8"))
SOON = date(2026, 7, 1)


@pytest.fixture
def library(world):
    take_in(world, DOCUMENT)
    return world


def take_in(world, document, by="legal"):
    return services.clauses.take_in(document, valid_from=date(2026, 6, 1), **world.by(by))


def wording(name="notice", **changes):
    """The newest wording of a clause, with one more paragraph unless a test says otherwise."""
    document = rules.document(next(version for version in selectors.clauses.library() if version.id == name))
    more = {"ja": "通知は、日本語により行う。", "en": "Notices are given in Japanese.", "items": []}
    return {**document, "paragraphs": [*document["paragraphs"], more], **changes}


def propose(world, document, by="legal", **more):
    stated = {"rationale": Text("明確にする。", "For clarity.")} | more
    return services.clauses.propose(document, **stated, **world.by(by))


def approve(world, row, by="second"):
    return services.clauses.approve(row, valid_from=SOON, **world.by(by))


def test_the_shipped_library_is_approved_with_an_entry_for_each_clause_and_template(world):
    approved = take_in(world, DOCUMENT)
    assert len(approved) == len(DOCUMENT["clauses"]) == Entry.objects.filter(kind="clause.approved").count()
    assert [row.id for row in selectors.clauses.library()] == [row["id"] for row in DOCUMENT["clauses"]]
    assert Entry.objects.filter(kind="template.approved").count() == AgreementTemplate.objects.count() == 4
    assert Clause.objects.get(code="liability-floor").base.code == "liability"


def test_taking_it_in_again_adds_nothing(library):
    size = Entry.objects.count()
    take_in(library, DOCUMENT)
    assert Entry.objects.count() == size


def test_a_number_that_differs_between_the_languages_refuses_the_whole_library(world):
    document = copy.deepcopy(DOCUMENT)
    document["clauses"][0]["paragraphs"][0]["ja"] += "99"
    with pytest.raises(ClauseRefused, match="99"):
        take_in(world, document)
    assert not ClauseVersion.objects.exists() and not AgreementTemplate.objects.exists()


def test_another_wording_under_the_same_version_is_refused(library):
    document = copy.deepcopy(DOCUMENT)
    document["clauses"][0]["heading"]["ja"] += "（改）"
    with pytest.raises(WordingChanged):
        take_in(library, document)


def test_a_new_version_stands_beside_the_old_and_is_the_one_used(library):
    document = copy.deepcopy(DOCUMENT)
    clause = document["clauses"][0]
    clause["version"] += 1
    clause["heading"]["ja"] += "（改）"
    take_in(library, document)
    assert ClauseVersion.objects.filter(clause__code=clause["id"]).count() == 2
    assert selectors.clauses.library()[0].heading.ja.endswith("（改）")


@pytest.mark.parametrize("username", ["finance", "tetsu", "robo"])
def test_only_legal_approves_wording(world, username):
    with pytest.raises(NotAllowed):
        take_in(world, DOCUMENT, by=username)


def test_a_proposal_waits_for_second_eyes_and_then_is_the_newest(library):
    row = propose(library, wording())
    assert (row.state, row.version) == ("draft", 2)
    assert [str(one) for one in selectors.clauses.waiting_for(library.viewer("second"))] == ["notice@2"]
    assert not selectors.clauses.waiting_for(library.viewer("legal"))
    with pytest.raises(OwnDraft, match="second"):
        approve(library, row, by="legal")
    row = approve(library, row)
    assert (row.state, row.valid_from) == ("approved", SOON)
    assert {version.id: version.version for version in selectors.clauses.library()}["notice"] == 2
    assert {v.id: v.version for v in selectors.clauses.library(date(2026, 6, 20))}["notice"] == 1
    with pytest.raises(NotADraft):
        approve(library, row)


def test_a_stale_draft_is_not_saved_over_a_newer_one(library):
    opened = propose(library, wording())
    newer = propose(library, wording(condition="mfn"), opened=opened.sha256)
    assert newer.pk == opened.pk
    with pytest.raises(StaleDraft):
        propose(library, wording(), opened=opened.sha256)
    assert ClauseVersion.objects.get(pk=opened.pk).document["condition"] == "mfn"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"heading": {"ja": "通知", "en": ""}}, "language"),
        ({"condition": "mfn and not mfn"}, "never applies"),
        ({"condition": "further_training"}, "lead nowhere|never"),
        ({"paragraphs": [{"ja": "{ref:gone}", "en": "{ref:gone}", "items": []}]}, "leads nowhere"),
        ({"paragraphs": [{"ja": "3日", "en": "4 days", "items": []}]}, "differs"),
    ],
)
def test_a_draft_with_a_fault_is_saved_but_not_approved(library, changes, reason):
    name = "ownership" if changes.get("condition") == "further_training" else "notice"
    row = propose(library, wording(name, **changes))
    with pytest.raises(ClauseRefused, match=reason):
        approve(library, row)
    assert ClauseVersion.objects.get(pk=row.pk).state == "draft"


def test_an_alternative_takes_its_rung_and_keeps_its_family(library):
    row = propose(library, wording("liability", id="liability-half"), base="liability", rank="approval")
    approve(library, row)
    (half,) = [version for version in selectors.clauses.library() if version.id == "liability-half"]
    assert (half.of, half.rank) == ("liability", "approval")
    with pytest.raises(OtherFamily):
        propose(library, wording("notice", id="liability-half"))


def test_a_wording_that_a_template_uses_is_not_retired_one_that_none_uses_is(library):
    used = ClauseVersion.objects.get(clause__code="notice")
    with pytest.raises(StillUsed, match="standard@3"):
        services.clauses.retire(used, valid_until=SOON, **library.by("legal"))
    rung = ClauseVersion.objects.get(clause__code="law-foreign")
    retired = services.clauses.retire(rung, valid_until=SOON, **library.by("legal"))
    assert (retired.state, retired.valid_until) == ("retired", SOON)
    assert "law-foreign" not in {version.id for version in selectors.clauses.library()}


@pytest.mark.parametrize("username", ["finance", "auditor", "robo", "tetsu"])
def test_only_legal_proposes(library, username):
    with pytest.raises(NotAllowed):
        propose(library, wording(), by=username)
