"""Templates: proposed, approved by somebody else with every clause pinned, and what was drafted keeps what it has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contributions.core.independence import OwnDraft
from contributions.core.words import Text
from licensing import selectors, services
from licensing.core import clauses as rules
from licensing.core import samples, templates
from licensing.core.clauses import ClauseRefused
from licensing.models import Agreement, AgreementTemplate
from licensing.services.templates import LastOfItsKind, TemplateStale, TemplateStep

SOON, LATER = date(2026, 7, 1), date(2027, 4, 1)


def standard():
    return AgreementTemplate.objects.get(code="standard", state="approved")


def propose(world, by="legal", opened="", **changes):
    document = templates.unpinned(standard().document) | changes
    return services.templates.propose(document, opened=opened, **world.by(by))


def test_an_approved_template_pins_each_clause_and_the_next_version_takes_the_newest(licensed_world):
    world = licensed_world
    before = {entry.clause: entry.version for entry in templates.template(standard().document).entries}
    assert before["notice"] == 1 and None not in before.values()
    drafted = Agreement.objects.filter(template=standard()).first()
    digest = services.agreements.assembled(drafted).embedded

    notice = next(version for version in selectors.clauses.library() if version.id == "notice")
    document = rules.document(notice) | {"heading": {"ja": "通知等", "en": "Notices and the like"}}
    row = services.clauses.propose(document, rationale=Text("", ""), **world.by("legal"))
    services.clauses.approve(row, valid_from=SOON, **world.by("second"))
    assert services.agreements.assembled(drafted).embedded == digest

    row = propose(world)
    with pytest.raises(OwnDraft, match="second"):
        services.templates.approve(row, valid_from=SOON, **world.by("legal"))
    row = services.templates.approve(row, valid_from=SOON, **world.by("second"))
    after = {entry.clause: entry.version for entry in templates.template(row.document).entries}
    assert after["notice"] == 2 and str(row) == "standard@4"
    assert selectors.clauses.template("standard") == row
    assert selectors.clauses.template("standard", SOON - timedelta(days=1)).version == row.version - 1
    assert services.agreements.assembled(drafted).embedded == digest


def test_a_wording_to_come_stands_in_a_template_that_begins_no_earlier(licensed_world):
    """A template is drafted from as of its day, and made of what is in force on it."""
    world, source = licensed_world, templates.unpinned(standard().document)
    notice = next(version for version in selectors.clauses.library() if version.id == "notice")
    document = rules.document(notice) | {"heading": {"ja": "通知等", "en": "Notices and the like"}}
    row = services.clauses.propose(document, rationale=Text("", ""), **world.by("legal"))
    services.clauses.approve(row, valid_from=LATER, **world.by("second"))
    pins = []
    for day in (SOON, LATER):
        draft = services.templates.propose(source, **world.by("legal"))
        row = services.templates.approve(draft, valid_from=day, **world.by("second"))
        pins.append({entry.clause: entry.version for entry in templates.template(row.document).entries}["notice"])
    assert pins == [1, 2]
    assert selectors.clauses.template("standard", SOON).version == row.version - 1


def test_a_template_with_contradictions_is_saved_but_not_approved_and_every_one_is_named(licensed_world):
    twice = [*templates.unpinned(standard().document)["clauses"], "grant", {"clause": "mfn", "when": "not mfn"}]
    row = propose(licensed_world, clauses=twice)
    with pytest.raises(ClauseRefused) as refusal:
        services.templates.approve(row, valid_from=SOON, **licensed_world.by("second"))
    assert "「grant」" in refusal.value.text("ja") and "「mfn」" in refusal.value.text("ja")


def test_a_stale_draft_of_a_template_is_refused(licensed_world):
    first = propose(licensed_world)
    propose(licensed_world, opened=first.sha256, title={"ja": "改題", "en": "Retitled"})
    with pytest.raises(TemplateStale):
        propose(licensed_world, opened=first.sha256)


def test_a_template_is_retired_once_no_draft_needs_it(licensed_world):
    row = standard()
    licensed_world.draft("robo")
    with pytest.raises(LastOfItsKind):
        services.templates.retire(row, **licensed_world.by("legal"))
    nda = AgreementTemplate.objects.get(code="nda")
    assert services.templates.retire(nda, **licensed_world.by("legal")).state == "retired"
    with pytest.raises(TemplateStep):
        services.templates.retire(nda, **licensed_world.by("legal"))


def test_defaults_and_settings_of_the_template_are_frozen_with_the_agreement(licensed_world):
    variables = licensed_world.draft("robo").variables
    assert (variables["layout"], variables["numbering"], variables["mfn"]) == ("side", "house", False)


def test_an_evaluation_is_drafted_from_its_own_template_and_owes_no_usage_report(licensed_world):
    row = AgreementTemplate.objects.get(code="evaluation")
    values = samples.document(templates.template(row.document)) | {
        "release": "R-0.1",
        "fields": ["robot"],
        "regions": ["JP"],
    }
    term = (date(2026, 7, 1), date(2026, 10, 1))
    draft = licensed_world.draft("robo", template="evaluation", variables=values, term=term)
    text = services.agreements.assembled(draft)
    assert "step-up-evaluation" in {article.clause for article in text.tree.articles} and not text.tree.tiers
    Agreement.objects.filter(pk=draft.pk).update(state=Agreement.State.EXECUTED)
    owed = selectors.usage.owed(licensed_world.viewer("finance"), on=date(2027, 6, 1))
    assert draft not in {one.agreement for one in owed}
