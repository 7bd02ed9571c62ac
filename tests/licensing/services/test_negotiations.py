"""A negotiation from the draft laid open to the text agreed: turns, proposals, approvals, and what nobody may see."""

import json
import zipfile
from datetime import date
from io import BytesIO

import pytest
from negotiation_cases import LOSS, laid_open, typed

import world as cast
from contributions.models import Entry
from licensing import selectors, services
from licensing.adapters import tracked
from licensing.core import agreements as agreement_rules
from licensing.core import approvals as route_rules
from licensing.core import assembly
from licensing.core import deviations as deviation_rules
from licensing.core import negotiations as rules
from licensing.models import Agreement, Approval, Deviation, Negotiation, Proposal
from licensing.services.agreements import StillNegotiated


@pytest.fixture
def talks(db):
    return laid_open()


def propose(world, who: str, clause: str = "liability", swaps=LOSS, **more) -> Proposal:
    stated = {"kind": "wording", "subject": clause, "reason": "実務に合わせるため", **typed(world, clause, *swaps)}
    saved = services.proposals.save(world.talks, **(stated | more), **world.by(who))
    assert saved.stale is None
    return saved.proposal


def hand_over(world, who: str) -> None:
    world.talks = services.negotiations.hand_over(world.talks, **world.by(who))


def test_a_deviation_is_proposed_approved_by_another_person_and_accepted(talks):
    proposal = propose(talks, "robo")
    hand_over(talks, "robo")
    assert talks.talks.state == "with_licensor"
    accepted = services.proposals.accept(proposal, reason="損害の範囲は実損に近い", **talks.by("legal"))
    assert accepted.state == "in_approval"
    assert Negotiation.objects.get().state == "in_approval"

    deviation, approval = Deviation.objects.get(), Approval.objects.get()
    assert (deviation.state, deviation.tier, deviation.rung) == ("awaiting", "high", "approval")
    assert [row.number for row in selectors.approvals.waiting_for(talks.viewer("second"), on=talks.clock.date())] == [
        approval.number
    ]
    assert not selectors.approvals.waiting_for(talks.viewer("legal"), on=talks.clock.date())
    with pytest.raises(route_rules.NotYourStep):
        services.decisions.approve(approval, **talks.by("legal"))
    services.decisions.opine(approval, favourable=False, opinion="料金に響く", **talks.by("finance"))
    services.decisions.approve(approval, **talks.by("second"))

    proposal.refresh_from_db()
    deviation.refresh_from_db()
    assert (proposal.state, deviation.state) == ("accepted", "approved")
    assert deviation.approver == talks.user("second")
    assert Negotiation.objects.get().state == "with_licensor"
    agreement = cast.fresh(Agreement.objects.get())
    text = services.agreements.assembled(agreement)
    assert agreement_rules.digest(text.embedded) == agreement.terms_sha256
    assert "{liability_months}" in json.dumps(agreement.wordings, ensure_ascii=False)

    hand_over(talks, "legal")
    talks.talks = services.negotiations.agree(talks.talks, **talks.by("robo"))
    assert talks.talks.state == "agreed"
    services.agreements.approve(cast.fresh(agreement), **talks.by("second"))
    kinds = list(
        Entry.objects.filter(subject=f"agreement:{agreement.number}").order_by("seq").values_list("kind", flat=True)
    )
    assert kinds == [
        "agreement.drafted",
        "negotiation.opened",
        "negotiation.proposed",
        "negotiation.accepted",
        "negotiation.proposed",
        "negotiation.agreed",
        "agreement.approved",
    ]


def test_what_the_ladder_allows_is_accepted_at_once_and_what_is_fixed_never(talks):
    days = {"kind": "variable", "subject": "audit_notice_days", "value": 30, "reason": "準備のため"}
    notice = services.proposals.save(talks.talks, **days, **talks.by("robo")).proposal
    forces = propose(
        talks, "robo", "antisocial", (("表明し", "表明及び確約し"), ("represents", "represents and warrants"))
    )
    hand_over(talks, "robo")
    accepted = services.proposals.accept(notice, reason="許容の範囲", answer="了承します。", **talks.by("legal"))
    assert accepted.state == "accepted"
    assert Deviation.objects.get().state == "allowed"
    assert Agreement.objects.get().variables["audit_notice_days"] == 30
    with pytest.raises(deviation_rules.DeviationForbidden):
        services.proposals.accept(forces, reason="認める", **talks.by("legal"))
    with pytest.raises(rules.Unanswered, match="P2"):
        hand_over(talks, "legal")
    services.proposals.reject(forces, reason="当社の統一文言です。", **talks.by("legal"))
    hand_over(talks, "legal")
    assert talks.talks.state == "with_licensee"


def test_a_stale_draft_is_refused_and_both_texts_are_kept(talks):
    proposal = propose(talks, "robo")
    first = typed(talks, "liability", ("現実に生じた", "実際に生じた"))
    stated = {"kind": "wording", "subject": "liability", "reason": "別の理由", "proposal": proposal}
    saved = services.proposals.save(
        talks.talks, **stated, **typed(talks, "liability", LOSS[0], LOSS[1]), edition=1, **talks.by("robo")
    )
    assert saved.stale is None and saved.proposal.edition == 2
    late = services.proposals.save(talks.talks, **stated, **first, edition=1, **talks.by("robo"))
    assert late.stale is not None and late.stale.edition == 3
    proposal.refresh_from_db()
    assert (proposal.edition, proposal.editions.count()) == (2, 3)
    assert proposal.editions.get(edition=3).ja == first["ja"]


def test_nobody_acts_out_of_turn_or_at_another_ones_table(talks):
    with pytest.raises(rules.NotYourTurn):
        propose(talks, "legal")
    with pytest.raises(services.proposals.NotANegotiation):
        services.negotiations.hand_over(talks.talks, **talks.by("arm"))
    with pytest.raises(services.negotiations.NothingToHandOver):
        hand_over(talks, "robo")
    with pytest.raises(StillNegotiated):
        services.agreements.approve(cast.fresh(Agreement.objects.get()), **talks.by("second"))


def test_a_licensee_never_sees_a_note_of_the_secretariat_nor_how_many(talks):
    for internal in (False, True):
        services.negotiations.comment(
            talks.talks, clause="audit", text=f"内部 {internal}", internal=internal, **talks.by("legal")
        )
    services.negotiations.comment(talks.talks, clause="audit", text="質問", internal=True, **talks.by("robo"))
    seen = selectors.negotiations.comments_visible_to(talks.licensee("robo"))
    assert [row.text for row in seen] == ["内部 False", "質問"]
    assert selectors.negotiations.comments_visible_to(talks.viewer("legal")).count() == 3
    assert not selectors.negotiations.comments_visible_to(talks.licensee("arm"))


def test_each_side_has_its_drafts_to_itself_until_it_hands_over(talks):
    propose(talks, "robo")
    assert not selectors.negotiations.proposals_visible_to(talks.viewer("legal"))
    hand_over(talks, "robo")
    assert selectors.negotiations.proposals_visible_to(talks.viewer("legal")).count() == 1
    assert not selectors.deviations.visible_to(talks.licensee("robo"))
    assert not selectors.approvals.visible_to(talks.licensee("robo"))


def test_the_licensor_tables_nothing_of_its_own_before_it_is_approved(talks):
    theirs = propose(talks, "robo")
    hand_over(talks, "robo")
    narrower = typed(talks, "liability", ("現実に生じた", "現に生じた"), ("actually suffered", "in fact suffered"))
    counter = services.proposals.counter(theirs, reason="範囲を絞る", **narrower, **talks.by("legal")).proposal
    with pytest.raises(rules.NotApprovedYet):
        hand_over(talks, "legal")
    services.proposals.submit(counter, reason="実損に限る", **talks.by("legal"))
    services.decisions.approve(Approval.objects.get(), **talks.by("second"))
    hand_over(talks, "legal")
    theirs.refresh_from_db()
    counter.refresh_from_db()
    assert (theirs.state, counter.state) == ("countered", "proposed")
    services.proposals.accept(counter, answer="了承します。", **talks.by("robo"))
    talks.talks = services.negotiations.agree(talks.talks, **talks.by("robo"))
    assert not selectors.deviations.uncovered(cast.fresh(Agreement.objects.get()), talks.clock.date())


def test_a_refused_approval_puts_the_proposal_back_and_sending_back_asks_again(talks):
    proposal = propose(talks, "robo")
    hand_over(talks, "robo")
    services.proposals.accept(proposal, reason="認めたい", **talks.by("legal"))
    approval = Approval.objects.get()
    services.decisions.send_back(approval, to="applicant", reason="根拠を補う", **talks.by("second"))
    assert selectors.approvals.waiting_for(talks.viewer("legal"), on=talks.clock.date())
    services.decisions.resubmit(approval, reason="他社の例を添える", **talks.by("legal"))
    services.decisions.refuse(approval, reason="認めない", **talks.by("second"))
    proposal.refresh_from_db()
    assert (proposal.state, Deviation.objects.get().state) == ("proposed", "refused")
    assert Negotiation.objects.get().state == "with_licensor"
    with pytest.raises(route_rules.NotOpen):
        services.decisions.approve(approval, **talks.by("second"))


def test_a_deputy_decides_within_its_dates(talks):
    proposal = propose(talks, "robo")
    hand_over(talks, "robo")
    services.proposals.accept(proposal, reason="認めたい", **talks.by("legal"))
    day = talks.clock.date()
    services.approvals.depute(
        talks.user("second"), talks.user("finance"), valid_from=day, valid_until=day.replace(year=2027), reason="出張",
        **talks.by("second"),
    )  # fmt: skip
    with pytest.raises(services.approvals.DeputyRefused):
        services.approvals.depute(
            talks.user("second"), talks.user("legal"), valid_from=day, valid_until=day.replace(year=2027), reason="x",
            **talks.by("legal"),
        )  # fmt: skip
    approval = Approval.objects.get()
    services.decisions.opine(approval, favourable=True, opinion="異議なし", **talks.by("finance"))
    services.decisions.approve(approval, **talks.by("finance"))
    assert approval.acts.last().principal == talks.user("second")
    assert Deviation.objects.get().state == "approved"


def test_an_edited_file_comes_back_as_the_licensees_proposals(talks):
    agreement = talks.talks.agreement
    version = agreement.versions.get()
    content = services.redlines.docx(agreement, version, version)
    edited = _edited(content, "通常かつ直接の損害", "通常の損害")
    edited = _edited(edited, "ordinary and direct loss", "ordinary loss")
    found = services.counterparts.read(talks.talks, edited, **talks.by("legal"))
    assert (found.unmatched, found.missing) == ((), ())
    (changed,) = found.changed
    assert changed.change.here.key == "liability"
    given = {"reason": "先方のファイル", "sha256": found.sha256}
    wordings = {"liability": (changed.ja, changed.en)}
    taken = services.counterparts.take(talks.talks, wordings, **given, **talks.by("legal"))
    talks.talks.refresh_from_db()
    assert (taken[0].side, talks.talks.state) == ("licensee", "with_licensor")
    row = Proposal.objects.get()
    assert row.state == "proposed" and "{liability_months}" in json.dumps(row.content, ensure_ascii=False)


def test_the_contract_s_own_file_may_come_back_edited_as_well(talks):
    """Whoever marks up the contract instead of the redline: untouched it says nothing, else what changed and where."""
    own = services.renderings.of_agreement(talks.talks.agreement, "docx")
    same = services.counterparts.read(talks.talks, own, **talks.by("legal"))
    assert (same.changed, same.unmatched, same.missing) == ((), (), ())
    edited = _edited(_edited(own, "14日以内", "21日以内"), "Within 14 days", "Within 21 days")
    found = services.counterparts.read(talks.talks, _edited(edited, "代表者　", "代理人　"), **talks.by("legal"))
    assert [one.change.here.key for one in found.changed] == ["delivery"]
    assert any("代理人" in line for line in found.unmatched), "what changed around the clauses is shown, not dropped"


def _edited(content: bytes, old: str, new: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    assert old in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(old, new)
    return tracked.packed(parts)


def test_a_price_is_approved_and_then_proved_against_what_was_agreed(talks):
    tiers = [row | {"price": price} for row, price in zip(cast.TERMS["tiers"], ("11000", "8500"), strict=True)]
    terms = cast.TERMS | {"tiers": tiers}
    asked = {"kind": "price", "subject": "terms", "value": terms, "reason": "台数の増加"}
    proposal = services.proposals.save(talks.talks, **asked, **talks.by("robo")).proposal
    hand_over(talks, "robo")
    services.proposals.accept(proposal, reason="量の確約", **talks.by("legal"))
    services.decisions.approve(Approval.objects.get(), **talks.by("second"))
    agreement = cast.fresh(Agreement.objects.get())
    assert agreement.agreed_terms == terms and agreement.variables["terms"] == terms
    assert any("11000" in proof.value for proof in services.agreements.assembled(agreement).proofs)
    agreement.agreed_terms = None
    with pytest.raises(agreement_rules.Unequal):
        services.agreements.assembled(agreement)


@pytest.mark.slow
def test_what_was_negotiated_stands_in_every_edition_and_is_amended_as_any_text_is(talks):
    tiers = [row | {"price": price} for row, price in zip(cast.TERMS["tiers"], ("11000", "8500"), strict=True)]
    asked = {"kind": "price", "subject": "terms", "value": cast.TERMS | {"tiers": tiers}, "reason": "台数の増加"}
    proposals = [propose(talks, "robo"), services.proposals.save(talks.talks, **asked, **talks.by("robo")).proposal]
    hand_over(talks, "robo")
    for proposal in proposals:
        services.proposals.accept(proposal, reason="実務に即した変更", **talks.by("legal"))
        services.decisions.approve(Approval.objects.latest("pk"), **talks.by("second"))
    hand_over(talks, "legal")
    services.negotiations.agree(talks.talks, **talks.by("robo"))
    agreement = talks.execute(Agreement.objects.get())
    first = services.editions.text_of(agreement, selectors.lives.editions_of(agreement, talks.clock.date())[0])
    assert agreement_rules.digest(first.embedded) == agreement.terms_sha256, "what was signed, to the letter"
    change = {"changes": {"report_days": 45}, "effective_from": date(2027, 1, 1), "reason": "報告期限の短縮"}
    row = services.amendments.draft(cast.fresh(agreement), **change, **talks.by("legal"))
    after = services.amendments.compared(row).after
    lines = [line.text.ja for _, line in assembly.lines(after.tree)]
    assert any("通常の損害" in line for line in lines) and not any("通常かつ直接の損害" in line for line in lines)
    assert any("11000" in proof.value for proof in after.proofs)


def test_a_deviation_lapses_when_its_approval_ends_or_the_rules_find_another(talks):
    proposal = propose(talks, "robo")
    hand_over(talks, "robo")
    services.proposals.accept(proposal, reason="認める", **talks.by("legal"))
    services.decisions.approve(Approval.objects.get(), **talks.by("second"))
    row, agreement = Deviation.objects.get(), cast.fresh(Agreement.objects.get())
    assert selectors.deviations.is_current(row, talks.clock.date())
    assert not selectors.deviations.is_current(row, row.expires_on)
    assert [one.subject for one in selectors.deviations.uncovered(agreement, row.expires_on)] == ["liability"]
    assert selectors.deviations.live_from(talks.viewer("legal"), "liability", talks.clock.date()) == [row]
    assert not selectors.deviations.live_from(talks.viewer("legal"), "liability", row.expires_on)
