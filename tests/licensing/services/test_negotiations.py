"""A negotiation from the draft laid open to the text agreed: turns, proposals, approvals, and what nobody may see."""

import json
from pathlib import Path

import pytest

import world as cast
from contributions.models import Entry
from licensing import selectors, services
from licensing.core import agreements as agreement_rules
from licensing.core import approvals as route_rules
from licensing.core import rewordings
from licensing.models import Agreement, Approval, Deviation, Negotiation, Proposal

RULES = json.loads((Path(cast.LIBRARY).parent / "negotiation_rules.json").read_text(encoding="utf-8"))
RULES = RULES | {
    "posts": {
        "legal-head": {"ja": "法務責任者", "en": "Head of legal", "holders": ["second"]},
        "finance-head": {"ja": "経理責任者", "en": "Head of finance", "holders": ["finance"]},
    }
}


@pytest.fixture
def talks(allocated_world):
    """A draft for robo, laid before it, under adopted rules."""
    world = allocated_world
    world.library()
    world.schedule()
    licensee = world.apply("robo")
    world.screen(licensee)
    world.approve(licensee)
    services.approvals.adopt(
        RULES, valid_from=world.clock.date(), source_ja="規程", source_en="rules", **world.by("legal")
    )
    draft = world.draft("robo")
    world.talks = services.negotiations.open(draft, **world.by("legal"))
    return world


def typed(world, clause: str, *swaps: tuple[str, str]) -> dict:
    """A clause as a person would edit it, with those words swapped."""
    tree = services.agreements.assembled(cast.fresh(Agreement.objects.get())).tree
    article = next(one for one in tree.articles if one.clause == clause)
    texts = {language: rewordings.typed(article, language) for language in ("ja", "en")}
    for old, new in swaps:
        assert old in texts["ja"] + texts["en"]
        texts = {language: text.replace(old, new) for language, text in texts.items()}
    return texts


LOSS = (("通常かつ直接の損害", "通常の損害"), ("ordinary and direct loss", "ordinary loss"))


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
