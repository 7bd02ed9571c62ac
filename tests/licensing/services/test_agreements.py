"""Agreements: drafted with an approved licensee only, offered as a real PDF, signed by both, frozen from the offer."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from datetime import date

import pikepdf
import pytest
from django.conf import settings

import world as cast
from contributions import services as contributed
from contributions.core import canonical
from contributions.core.exclusions import NotPermitted
from contributions.core.independence import OwnDraft
from contributions.core.roles import NotAllowed
from contributions.core.terms import WiderThanCameIn
from contributions.models import Entry, LogHead, Organization
from licensing import selectors, services
from licensing.adapters import validation
from licensing.core.agreements import ReasonNeeded, StepRefused, Unequal
from licensing.core.variables import VariableRefused
from licensing.models import Agreement, Licensee, Schedule
from licensing.services import papers, signatures


@pytest.fixture
def ready(allocated_world):
    """The library, the schedule and an approved licensee stand; nothing is drafted."""
    world = allocated_world
    world.wait_until("2026-06-20 09:00")
    world.library()
    world.schedule()
    licensee = world.apply("robo")
    world.screen(licensee)
    world.approve(licensee)
    return world


def step(world, verb: str, agreement: Agreement, by: str = "") -> Agreement:
    by = by or ("second" if verb == "approve" else "legal")
    return getattr(services.agreements, verb)(cast.fresh(agreement), **world.by(by))


def test_a_draft_is_whole_and_names_the_wording_it_is_made_of(ready):
    agreement = ready.draft("robo")
    assert (agreement.number, agreement.state) == ("L-2026-001", "drafted")
    text = services.agreements.assembled(agreement)
    assert agreement.terms_sha256 == canonical.digest(text.embedded) and agreement.clauses == text.embedded["clauses"]
    assert text.proofs and all(proof.place.ja for proof in text.proofs)
    facts = canonical.loads(bytes(Entry.objects.get(seq=agreement.seq).statement.content))["facts"]
    assert facts["terms_sha256"] == agreement.terms_sha256 and facts["schedule"] == "S-ROBOT@1"


def test_an_applicant_that_is_not_approved_gets_no_draft(ready):
    ready.apply("arm")
    size = LogHead.objects.get().size
    with pytest.raises(services.agreements.LicenseeNotApproved, match="arm"):
        ready.draft("arm")
    assert not Agreement.objects.exists() and LogHead.objects.get().size == size


def test_a_schedule_that_is_not_adopted_is_not_contracted(ready):
    proposed = ready.schedule(minimum="7000000", adopted=False)
    with pytest.raises(services.agreements.ScheduleNotAdopted, match="S-ROBOT@2"):
        ready.draft("robo", schedule=proposed)


@pytest.mark.parametrize(
    "changes",
    [{"minimum": "7000000"}, {"terms": cast.TERMS | {"minimum": "5000000"}}],
)
def test_a_draft_whose_money_is_not_the_schedules_is_refused(ready, changes):
    stated = cast.variables("robo", Schedule.objects.get()) | changes
    with pytest.raises(Unequal):
        ready.draft("robo", variables=stated)
    assert not Agreement.objects.exists()


def test_a_draft_that_leaves_a_variable_out_is_refused(ready):
    stated = cast.variables("robo", Schedule.objects.get())
    del stated["report_days"]
    with pytest.raises(VariableRefused, match="report_days"):
        ready.draft("robo", variables=stated)
    assert not Agreement.objects.exists()


def test_the_states_follow_one_another_and_no_other_way(ready):
    """Each verb before its turn is refused with the reason; the state does not move."""
    agreement = ready.draft("robo")
    order = [("approve", "second"), ("offer", "legal"), ("sign", "legal"), ("countersign", "robo")]
    for place, (verb, by) in enumerate(order[:1]):
        for later, who in order[place + 1 :]:
            with pytest.raises(StepRefused):
                step(ready, later, agreement, who)
        step(ready, verb, agreement, by)
    with pytest.raises(StepRefused):
        step(ready, "approve", agreement)
    assert cast.fresh(agreement).state == "approved"


def test_a_check_that_fails_after_the_draft_keeps_it_from_being_offered_and_signed(ready):
    agreement, licensee = ready.draft("robo"), Licensee.objects.get(organization__code="robo")
    step(ready, "approve", agreement)
    ready.screen(licensee, "antisocial", passed=False)
    with pytest.raises(services.licensees.CheckFailed, match="Antisocial"):
        step(ready, "offer", agreement)
    ready.screen(licensee, "antisocial")
    step(ready, "offer", agreement)
    services.licensees.suspend(licensee, text="確認中", decided_on=ready.clock.date(), **ready.by("legal"))
    with pytest.raises(services.agreements.LicenseeNotApproved):
        step(ready, "sign", agreement)
    assert cast.fresh(agreement).state == "offered"


@pytest.mark.parametrize("verb", ["approve", "offer", "sign"])
@pytest.mark.parametrize("username", ["finance", "tetsu", "robo", "auditor"])
def test_the_licensors_steps_are_legals(ready, verb, username):
    agreement = ready.draft("robo")
    with pytest.raises(NotAllowed):
        step(ready, verb, agreement, username)


# ---- with its real papers ----
def test_an_executed_agreement_has_a_file_for_each_stage_and_two_signatures(licensed_world):
    agreement = licensed_world.agreement("robo")
    stages = [row.stage for row in agreement.documents.order_by("pk")]
    assert (agreement.state, stages) == ("executed", ["offered", "signed", "executed"])
    assert [row.party for row in agreement.signatures.order_by("pk")] == ["licensor", "licensee"]
    assert all(row.trial for row in agreement.signatures.all())
    for row in agreement.documents.all():
        assert hashlib.sha256(papers.store().get(row.sha256)).hexdigest() == row.sha256
        facts = canonical.loads(bytes(Entry.objects.get(seq=row.seq).statement.content))["facts"]
        assert facts["document_sha256"] == row.sha256


def test_signing_appends_to_the_offered_bytes_and_changes_none(licensed_world):
    agreement = licensed_world.agreement("robo")
    offered, signed, executed = (papers.stored(agreement, stage) for stage in ("offered", "signed", "executed"))
    assert signed.startswith(offered) and executed.startswith(signed)
    assert len(offered) < len(signed) < len(executed)


def test_the_file_carries_its_terms_as_data(licensed_world):
    agreement = licensed_world.agreement("robo")
    with pikepdf.open(io.BytesIO(papers.stored(agreement, "executed"))) as document:
        embedded = document.attachments["agreement.json"].get_file().read_bytes()
    assert canonical.digest(canonical.loads(embedded)) == agreement.terms_sha256


def test_both_signatures_hold_and_a_changed_byte_breaks_them(licensed_world):
    agreement = licensed_world.agreement("robo")
    content, trust = papers.stored(agreement, "executed"), signatures.trust(licensed_world.clock)
    verdicts = validation.validate(content, trust, licensed_world.clock)
    assert [(found.valid, found.test) for found in verdicts] == [(True, True)] * 2
    assert [(found.level, found.ades) for found in verdicts] == [("B-LTA", "OK")] * 2
    assert [found.signer.partition("（")[0] for found in verdicts] == ["もやい事務局", "ロボ工業"]
    place = len(papers.stored(agreement, "offered")) // 2
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert not any(found.intact for found in validation.validate(changed, trust, licensed_world.clock))


def test_a_stored_file_that_was_changed_is_not_served(licensed_world):
    row = licensed_world.agreement("robo").documents.get(stage="offered")
    path = settings.MOYAI_HOME / "documents" / row.sha256[:2] / row.sha256
    content = path.read_bytes()
    try:
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(AssertionError, match="altered"):
            papers.store().get(row.sha256)
    finally:
        path.write_bytes(content)
    assert papers.store().get(row.sha256) == content


def test_a_signature_field_takes_one_signature(licensed_world):
    with pytest.raises(StepRefused):
        step(licensed_world, "countersign", licensed_world.agreement("robo"), "robo")
    with pytest.raises(StepRefused):
        step(licensed_world, "sign", licensed_world.agreement("robo"))


@pytest.mark.slow
def test_a_rival_does_not_countersign(ready):
    agreement = ready.draft("robo")
    for verb, by in (("approve", "second"), ("offer", "legal"), ("sign", "legal")):
        step(ready, verb, agreement, by)
    with pytest.raises(services.agreements.NotYourAgreement):
        step(ready, "countersign", agreement, "arm")
    with pytest.raises(NotAllowed):
        step(ready, "countersign", agreement, "tetsu")
    assert cast.fresh(agreement).state == "signed" and Licensee.objects.count() == 1


# ---- not going ahead ----
def turn(world, verb: str, agreement: Agreement, by: str, reason: str = "価格の条件が合いません。") -> Agreement:
    return getattr(services.agreements, verb)(cast.fresh(agreement), reason=reason, **world.by(by))


def test_a_draft_sent_back_loses_its_approval_and_keeps_the_reason(ready):
    agreement = step(ready, "approve", ready.draft("robo"))
    sent = turn(ready, "send_back", agreement, "legal", "別紙1の地域が足りません。")
    assert (sent.state, sent.approved_at, sent.turned_down_reason) == ("drafted", None, "別紙1の地域が足りません。")
    entry = Entry.objects.get(seq=sent.seq)
    assert entry.kind == "agreement.sent_back" and entry.annexes.count() == 1
    assert step(ready, "approve", sent).state == "approved"


def test_a_draft_withdrawn_before_its_offer_is_never_seen_by_the_licensee(ready):
    agreement = turn(ready, "withdraw", ready.draft("robo"), "legal")
    assert agreement.state == "withdrawn"
    assert not selectors.agreements.visible_to(ready.licensee("robo")).filter(pk=agreement.pk).exists()
    with pytest.raises(StepRefused):
        step(ready, "approve", agreement)


def test_turning_down_needs_a_reason_and_the_right_side(ready):
    agreement = step(ready, "approve", ready.draft("robo"))
    with pytest.raises(ReasonNeeded):
        turn(ready, "withdraw", agreement, "legal", "  ")
    for verb, person in (("withdraw", "robo"), ("send_back", "finance"), ("decline", "legal")):
        with pytest.raises(NotAllowed):
            turn(ready, verb, agreement, person)
    with pytest.raises(StepRefused):
        turn(ready, "decline", agreement, "robo")


def test_the_licensee_declines_what_it_was_offered_and_another_cannot(licensed_world):
    world = licensed_world
    offered = step(world, "offer", step(world, "approve", world.draft("robo")))
    with pytest.raises(services.agreements.NotYourAgreement):
        turn(world, "decline", offered, "arm")
    declined = turn(world, "decline", offered, "robo")
    assert declined.state == "declined"
    with pytest.raises(StepRefused):
        step(world, "sign", declined)


def test_an_offer_taken_back_stays_readable_to_its_licensee(licensed_world):
    world = licensed_world
    offered = step(world, "offer", step(world, "approve", world.draft("robo")))
    withdrawn = turn(world, "withdraw", offered, "legal")
    assert selectors.agreements.visible_to(world.licensee("robo")).filter(pk=withdrawn.pk).exists()
    assert not selectors.agreements.visible_to(world.licensee("arm")).filter(pk=withdrawn.pk).exists()


# ---- no wider than what came in ----
def test_a_licence_wider_than_what_came_in_is_refused_with_every_excess(licensed_world):
    licensed_world.narrow("tetsu", territory=["JP"], further_training=False)
    with pytest.raises(WiderThanCameIn) as refusal:
        licensed_world.draft("robo")
    assert {excess.clause for excess in refusal.value.excesses} == {"territory", "further-training"}
    assert "D-tetsu-0001@1" in refusal.value.text("ja")


def test_a_licence_names_only_background_that_is_listed(licensed_world):
    listed = licensed_world.resource("tetsu", "background", 10)
    assert licensed_world.draft("robo", background=[listed.number]).background == [listed.number]
    waiting = licensed_world.resource("tetsu", "background", 10, accepted=False)
    with pytest.raises(WiderThanCameIn) as refusal:
        licensed_world.draft("robo", background=[waiting.number])
    assert [excess.clause for excess in refusal.value.excesses] == ["unlisted"]


def test_a_licence_to_an_excluded_company_is_refused_and_the_reason_names_nobody(ready):
    named = Organization.objects.get(code="robo")
    contributed.exclusions.declare(ready.of("tetsu"), rival=named, valid_from=date(2026, 5, 1), **ready.by("legal"))
    with pytest.raises(NotPermitted) as refusal:
        ready.draft("robo")
    assert not Agreement.objects.exists() and "robo" not in refusal.value.text("en")


def test_whoever_drafted_an_agreement_does_not_approve_it_and_it_waits_for_the_others(ready):
    draft = ready.draft("robo")
    with pytest.raises(OwnDraft, match=draft.number):
        services.agreements.approve(draft, **ready.by("legal"))
    waits = {who: selectors.agreements.waiting_for(ready.viewer(who)).count() for who in ("legal", "second")}
    assert waits == {"legal": 0, "second": 1}
    assert services.agreements.approve(draft, **ready.by("second")).state == "approved"


def test_only_colleagues_who_really_may_are_named_in_the_refusal_of_an_author(ready):
    draft, lent = ready.draft("robo"), ready.second("lent")
    with pytest.raises(OwnDraft) as refusal:
        services.agreements.approve(draft, **ready.by("legal"))
    assert {"second", "lent"} <= set(str(refusal.value.facts["others"].en).split(", "))
    home = Organization.objects.get(code=lent.home)
    contributed.exclusions.declare(
        ready.of(home.code),
        rival=Organization.objects.get(code="robo"),
        valid_from=ready.clock.date(),
        **ready.by("legal"),
    )
    Agreement.objects.filter(pk=draft.pk).update(authors=[str(ready.user(who).pk) for who in ("legal", "second")])
    with pytest.raises(OwnDraft) as refusal:
        services.agreements.approve(cast.fresh(draft), **ready.by("legal"))
    named = str(refusal.value.facts["others"].en)
    assert "lent" not in named and "second" not in named, "one is barred from the licensee, one wrote it too"


def test_an_exclusion_declared_after_the_draft_stops_the_offer(ready):
    agreement = ready.draft("robo")
    services.agreements.approve(cast.fresh(agreement), **ready.by("second"))
    named = Organization.objects.get(code="robo")
    contributed.exclusions.declare(ready.of("tetsu"), rival=named, valid_from=date(2026, 6, 1), **ready.by("legal"))
    with pytest.raises(NotPermitted):
        step(ready, "offer", agreement)
    assert cast.fresh(agreement).state == "approved"


def test_the_prices_of_another_class_of_licensee_are_refused(ready):
    of_others = services.schedules.propose(
        number="S-OTHER", name_ja="x", name_en="x", field_of_use="robotics", licensee_class="other", terms=cast.TERMS,
        valid_from=date(2026, 6, 1), **ready.by("legal"),
    )  # fmt: skip
    services.schedules.adopt(of_others, **ready.by("second"))
    with pytest.raises(services.agreements.OtherClass, match="S-OTHER@1"):
        ready.draft("robo", schedule=Schedule.objects.get(number="S-OTHER"))


def test_whom_the_licensee_or_its_competitor_lent_to_the_consortium_has_no_part_in_the_contract(ready):
    draft, lent = ready.draft("robo"), ready.second("lent")
    subject = f"agreement:{draft.number}"
    assert selectors.agreements.visible_to(lent).filter(pk=draft.pk).exists(), "its employer is a stranger to it"
    licensee, competitor = Licensee.objects.get(organization__code="robo"), Organization.objects.get(code=lent.home)
    services.screenings.declare_conflict(licensee, competitor, on=ready.clock.date(), **ready.by("second"))
    robo = dataclasses.replace(lent, home="robo", barred=frozenset())
    for viewer in (lent, robo):
        assert not selectors.agreements.visible_to(viewer).filter(pk=draft.pk).exists()
        assert not selectors.licensees.visible_to(viewer).filter(pk=licensee.pk).exists()
        assert not selectors.entries.visible_to(viewer).filter(subject=subject).exists()
    with pytest.raises(OwnDraft) as refusal:
        services.agreements.approve(draft, **ready.by("legal"))
    assert "lent" not in str(refusal.value.facts["others"].en).split(", ")
