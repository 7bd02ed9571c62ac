"""Renewals by agreement: proposed by one side in time, accepted by the other, and signed by both as an amendment."""

from datetime import date

import pytest

import world as cast
from contributions.core import independence
from contributions.models import Entry
from licensing import selectors, services
from licensing.core import renewals as rules
from licensing.core.variables import VariableRefused
from licensing.models import Agreement, Amendment
from licensing.selectors import inbox
from licensing.services import renewal_proposals as proposals
from licensing.services.agreements import NotYourAgreement

UNTIL = date(2029, 6, 24)


@pytest.fixture
def signed(licensed_world):
    """Robo's agreement does not renew by itself; each side may propose until three months before its end."""
    row = Agreement.objects.get(licensee__organization__code="robo", state="executed")
    text = services.agreements.assembled(row)
    pins = [
        one if one["id"] != "term-renewing" else {"id": "term-fixed", "version": 1} for one in text.embedded["clauses"]
    ]
    Agreement.objects.filter(pk=row.pk).update(variables=row.variables | {"renewal": "none"}, clauses=pins)
    return licensed_world


@pytest.fixture
def fixed(signed):
    signed.wait_until("2028-03-01 09:00")
    return signed


def propose(world, by: str, **more):
    given = {"until": UNTIL, "reason": "量産を継続するため"} | more
    return proposals.propose(world.agreement("robo"), **given, **world.by(by))


def waits(world, code: str) -> list[str]:
    viewer = world.viewer("legal") if code == "legal" else world.licensee(code)
    rows = inbox.waiting_for(viewer, on=world.clock.date(), at=world.clock)
    return [row.number for row in rows if row.todo.en == "Answer a proposed renewal"]


def test_a_proposed_renewal_is_accepted_by_the_other_side_and_signed_by_both(fixed):
    world, number = fixed, fixed.agreement("robo").number
    row = propose(world, "robo")
    assert (row.party, row.term_until, row.until) == ("licensee", date(2028, 6, 24), UNTIL)
    assert waits(world, "legal") == [number] and waits(world, "robo") == []
    with pytest.raises(rules.NotOpenToYou):
        proposals.accept(row, **world.by("robo"))
    with pytest.raises(rules.ProposedAlready, match=row.number):
        propose(world, "legal")
    amendment = proposals.accept(row, **world.by("legal"))
    assert amendment.effective_from == date(2028, 6, 24) and amendment.changes["term"]["until"] == "2029-06-24"
    assert selectors.lives.until(world.agreement("robo"), world.clock.date()) == date(2028, 6, 24), "not yet signed"
    with pytest.raises(rules.ProposedAlready):
        propose(world, "legal")
    for step, who in ((services.amendments.approve, "second"), (services.amendments.offer, "legal"),
                      (services.amendments.sign, "legal"), (services.amendments.countersign, "robo")):  # fmt: skip
        amendment = step(Amendment.objects.get(pk=amendment.pk), **world.by(who))
    agreement = world.agreement("robo")
    assert selectors.lives.until(agreement, world.clock.date()) == UNTIL
    assert [(one.mode, one.term_until) for one in agreement.renewals.all()] == [("agreed", UNTIL)]
    kinds = Entry.objects.filter(subject=f"agreement:{number}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-4:] == ["renewal.proposed", "renewal.accepted", "agreement.renewed", "licence.issued"]
    world.wait_until("2028-06-24 09:00")
    assert selectors.lives.standing(world.agreement("robo"), world.clock) == "in_force"


def test_who_proposed_a_longer_term_for_the_licensor_does_not_approve_its_amendment(fixed):
    amendment = proposals.accept(propose(fixed, "legal"), **fixed.by("robo"))
    with pytest.raises(independence.OwnDraft):
        services.amendments.approve(amendment, **fixed.by("legal"))
    assert services.amendments.approve(amendment, **fixed.by("second")).state == "approved"


def test_what_cannot_be_proposed_or_answered_is_refused_and_a_declined_one_may_be_proposed_again(fixed):
    world = fixed
    with pytest.raises(rules.NotLonger):
        propose(world, "robo", until=date(2028, 6, 24))
    with pytest.raises(NotYourAgreement):
        propose(world, "arm")
    with pytest.raises(rules.ComesBySilence):
        proposals.propose(world.agreement("arm"), until=UNTIL, reason="x", **world.by("legal"))
    row = propose(world, "legal")
    assert waits(world, "robo") == [row.agreement.number]
    with pytest.raises(rules.NotOpenToYou):
        proposals.withdraw(row, reason="x", **world.by("robo"))
    proposals.decline(row, reason="条件を見直したい。", **world.by("robo"))
    with pytest.raises(rules.NotOpenToYou):
        proposals.accept(row, **world.by("robo"))
    again = propose(world, "legal")
    proposals.withdraw(again, reason="条件を改めて提示する。", **world.by("legal"))
    assert [one.state for one in cast.fresh(row.agreement).renewal_proposals.all()] == ["declined", "withdrawn"]
    world.wait_until("2028-03-24 09:00")
    with pytest.raises(rules.TooLate):
        propose(world, "robo")


def test_a_proposal_is_countered_to_and_fro_until_one_is_accepted_and_nobody_who_wrote_it_approves(fixed):
    world, number = fixed, fixed.agreement("robo").number
    first = propose(world, "legal")
    with pytest.raises(rules.NotOpenToYou):
        proposals.counter(first, until=date(2030, 6, 24), reason="x", **world.by("legal"))
    with pytest.raises(rules.SameAgain, match=first.number):
        proposals.counter(first, until=UNTIL, reason="x", **world.by("robo"))
    with pytest.raises(rules.NotNegotiable, match="audit_threshold"):
        proposals.counter(first, until=UNTIL, reason="x", changes={"audit_threshold": "1/10"}, **world.by("robo"))
    with pytest.raises(VariableRefused):
        proposals.counter(first, until=UNTIL, reason="x", changes={"report_days": "soon"}, **world.by("robo"))
    asked = {"until": date(2030, 6, 24), "reason": "二年で、報告は45日以内に。", "changes": {"report_days": 45}}
    second = proposals.counter(first, **asked, **world.by("robo"))
    first.refresh_from_db()
    assert (first.state, first.counter, second.counters, second.party) == ("countered", second, first, "licensee")
    assert (waits(world, "legal"), waits(world, "robo")) == ([number], [])
    for gone in (proposals.accept, lambda row, **by: proposals.decline(row, reason="x", **by)):
        with pytest.raises(rules.NotOpenToYou, match=first.number):
            gone(first, **world.by("robo"))
    agreement = world.agreement("robo")
    assert selectors.lives.until(agreement, world.clock.date()) == date(2028, 6, 24), "the end of the term holds on"

    third = proposals.counter(
        second, until=UNTIL, reason="一年なら可。", changes={"report_days": 45}, **world.by("legal")
    )
    amendment = proposals.accept(third, **world.by("robo"))
    assert (amendment.changes["report_days"], amendment.changes["term"]["until"]) == (45, "2029-06-24")
    with pytest.raises(independence.OwnDraft):
        services.amendments.approve(amendment, **world.by("legal"))
    kinds = Entry.objects.filter(subject=f"agreement:{number}").order_by("seq").values_list("kind", flat=True)
    turns = ["renewal.proposed", "renewal.countered", "renewal.proposed", "renewal.countered", "renewal.proposed"]
    assert list(kinds)[-6:] == [*turns, "renewal.accepted"]


def test_a_counter_proposal_comes_by_the_notice_day_and_the_first_may_still_be_answered_after_it(fixed):
    world = fixed
    row = propose(world, "robo")
    world.wait_until("2028-03-25 09:00")
    with pytest.raises(rules.TooLate):
        proposals.counter(row, until=date(2030, 6, 24), reason="x", **world.by("legal"))
    assert proposals.accept(row, **world.by("legal")).changes["term"]["until"] == "2029-06-24"
    world.wait_until("2028-06-24 09:00")
    standing = selectors.lives.standing(world.agreement("robo"), world.clock)
    assert standing == "winding_down", "nothing was signed in time"


def test_both_sides_see_the_counter_proposal_on_the_page_and_answer_it_there(signed, client):
    world, number = signed, signed.agreement("robo").number
    world.wait_until("2026-09-01 09:00")
    propose(world, "legal")
    page = f"/agreements/{number}/life/"
    client.force_login(world.user("robo"))
    assert 'id="act-counter-renewal"' in client.get(page).content.decode()
    typed = {"confirm": number, "last": "2030-06-23", "reason": "二年を希望します。", "var_report_days": "45"}
    typed |= {"var_notice_months": "3", "var_regions": ["JP"], "var_renewal": "none", "var_report_period": "quarter"}
    late = client.post(f"{page}counter-renewal/", typed | {"last": "2028-06-23", "var_liability_months": "12"})
    assert late.status_code == 422 and "現在の満了日" in late.content.decode()
    done = client.post(f"{page}counter-renewal/", typed | {"var_liability_months": "12"})
    assert done.status_code == 302, done.content.decode()
    client.force_login(world.user("legal"))
    shown = client.get(page).content.decode()
    assert 'id="act-accept-renewal"' in shown and "2030-06-23" in shown and "45" in shown
    client.force_login(world.user("robo"))
    shown = client.get(page).content.decode()
    assert 'id="act-withdraw-renewal"' in shown and "act-accept-renewal" not in shown
