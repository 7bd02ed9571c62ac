"""The negotiation and approval rules: proposed by one, adopted by another, from a later day, and diffed in words."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
from django.urls import reverse
from negotiation_cases import RULES

from contributions.core.independence import OwnDraft
from contributions.core.roles import NotAllowed
from licensing import selectors, services
from licensing.core.approvals import RulesRefused
from licensing.core.mandates import NothingNew, NotProposed
from licensing.models import NegotiationRules, RulesProposal
from licensing.services.mandates import RulesTooEarly, UnknownPerson

LATER = date(2026, 9, 1)


def propose(world, document: dict | None = None, *, on: date = LATER, by: str = "legal"):
    stated = {"valid_from": on, "source_ja": "規程", "source_en": "rules", "reason": "見直し"}
    return services.mandates.propose(document or RULES, **stated, **world.by(by))


def longer() -> dict:
    return deepcopy(RULES) | {"approval_valid_days": 90}


def test_two_people_make_a_version_and_a_third_text_changes_nothing_before(world):
    first = services.mandates.adopt(propose(world, on=date(2026, 5, 1)), **world.by("second"))
    with pytest.raises(NothingNew):
        propose(world)
    row = propose(world, longer())
    with pytest.raises(OwnDraft, match=row.number):
        services.mandates.adopt(row, **world.by("legal"))
    assert [one.number for one in selectors.mandates.waiting_for(world.viewer("second"))] == [row.number]
    assert selectors.mandates.waiting_for(world.viewer("legal")) == []
    assert [one.after.ja for one in selectors.mandates.changes_of(row)] == ["90日"]
    second = services.mandates.adopt(row, **world.by("second"))
    assert (first.version, second.version, second.proposal) == (1, 2, RulesProposal.objects.get(pk=row.pk))
    assert selectors.approvals.in_force(date(2026, 8, 31)) == first
    assert selectors.approvals.in_force(LATER) == second


def test_rules_that_cannot_be_read_begin_too_early_or_name_nobody_are_refused(world):
    services.mandates.adopt(propose(world), **world.by("second"))
    with pytest.raises(RulesTooEarly):
        propose(world, longer())
    with pytest.raises(RulesRefused, match="approval_valid_days"):
        propose(world, RULES | {"approval_valid_days": 0}, on=date(2026, 10, 1))
    nobody = deepcopy(RULES)
    next(iter(nobody["posts"].values()))["holders"] = ["nobody-of-that-name"]
    with pytest.raises(UnknownPerson, match="nobody-of-that-name"):
        propose(world, nobody, on=date(2026, 10, 1))
    with pytest.raises(NotAllowed):
        propose(world, longer(), on=date(2026, 10, 1), by="finance")
    assert NegotiationRules.objects.count() == 1


def test_a_proposal_taken_back_is_not_adopted(world):
    row = services.mandates.withdraw(propose(world), **world.by("legal"))
    with pytest.raises(NotProposed):
        services.mandates.adopt(row, **world.by("second"))


def test_the_pages_propose_by_fields_show_the_change_and_say_why_a_button_is_missing(world, client):
    services.mandates.adopt(propose(world, on=date(2026, 5, 1)), **world.by("second"))
    client.force_login(world.user("legal"))
    shown = client.get(reverse("licensing:mandate_new"))
    form = shown.context["given"]
    sent = {name: value for name, value in form.items() if isinstance(value, str)}
    for prefix, rows in (("post", "posts"), ("figure", "figures"), ("clause", "clauses"), ("route", "routes")):
        sent |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(form[rows], 1) for name, value in row.items()}
    sent |= {"valid_from": "2030-04-01", "reason": "見直し", "valid_days": "1年"}
    refused = client.post(reverse("licensing:mandate_new"), sent)
    assert refused.status_code == 422 and 'value="1年"' in refused.content.decode(), "what was typed is kept"
    answer = client.post(reverse("licensing:mandate_new"), sent | {"valid_days": "９０"})
    row = RulesProposal.objects.get(state="proposed")
    assert answer["Location"] == reverse("licensing:mandate_proposal", args=[row.number])
    page = client.get(answer["Location"]).content.decode()
    assert "90日" in page and 'id="adopt"' not in page and world.user("second").name_ja in page
    client.force_login(world.user("second"))
    assert 'id="adopt"' in client.get(answer["Location"]).content.decode()
    client.post(reverse("licensing:mandate_adopt", args=[row.number]), {"confirm": row.number})
    listed = client.get("/api/v1/approval-rules/").json()
    assert (listed["results"][0]["version"], listed["results"][0]["proposal"]) == (2, row.number)
