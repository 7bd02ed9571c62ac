"""Cash, people and background IP: recorded by their member, accepted by another pair of eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import world as cast
from contributions import selectors, services
from contributions.core import canonical, completeness, courses, independence
from contributions.core import resources as rules
from contributions.core import terms as term_rules
from contributions.core.roles import NotAllowed, NotYours
from contributions.core.units import AmountOutOfRange
from contributions.models import Entry, InboundAgreement, Movement, Organization, Resource


def said(resource: Resource) -> dict:
    return canonical.loads(bytes(Entry.objects.get(seq=resource.seq).statement.content))["facts"]


def balance(member: str, kind: str = "cash") -> int:
    return sum(Movement.objects.filter(account=f"member:{member}:{kind}").values_list("amount", flat=True))


def test_cash_enters_in_yen_and_waits_to_be_accepted(world):
    resource = world.cash("tetsu", 1_000_000, accepted=False)
    assert (resource.number, resource.unit, resource.state) == ("C-tetsu-0001", "JPY", "submitted")
    moved = Movement.objects.filter(entry_id=resource.seq).values_list("account", "amount")
    assert sorted(moved) == [("member:tetsu:cash", 1_000_000), ("source:cash", -1_000_000)]


def test_people_enter_in_minutes_with_their_grade(world):
    resource = world.people("tetsu", 9_600)
    assert (resource.unit, resource.grade, resource.state) == ("minute", "senior", "accepted")
    assert Entry.objects.get(seq=resource.seq).kind == "resource.accepted"


DOLLARS = rules.foreign_cash("10000", "USD", rate="150.25", source="TTM", on=date(2026, 4, 1))


def test_foreign_cash_keeps_its_currency_beside_the_yen_that_its_rate_fixed(world):
    stated = {
        "member": world.of("tetsu"), "kind": "cash", "title_ja": "米ドル", "title_en": "dollars", "nature": "levy",
        "period_from": world.clock.date(), "foreign": DOLLARS,
    }  # fmt: skip
    resource = services.resources.record(**stated, **world.by("tetsu"))
    assert (resource.currency, resource.foreign_amount, resource.quantity) == ("USD", "1000000", 1_502_500)
    assert said(resource)["foreign"] == {
        "currency": "USD", "minor": "1000000", "rate": "601/4", "source": "TTM", "on": "2026-04-01",
    }  # fmt: skip
    with pytest.raises(rules.WrongYen):
        services.resources.record(**stated, quantity=1_502_501, **world.by("tetsu"))


def test_the_journal_says_whose_money_it_was(world):
    resource = world.cash("tetsu", 1, funding="F-02", accepted=False)
    facts = said(resource)
    assert (facts["funding"], facts["nature"], facts["quantity"]) == ("F-02", "levy", "1")


def test_a_member_records_only_its_own(world):
    with pytest.raises(services.datasets.NotYours):
        services.resources.record(
            member=world.of("tetsu"), kind="cash", title_ja="x", title_en="x", quantity=1,
            period_from=world.clock.date(), **world.by("hagane"),
        )  # fmt: skip
    assert not Resource.objects.exists()


@pytest.mark.parametrize("quantity", [-1, 2**62])
def test_an_amount_no_account_can_hold_is_refused(world, quantity):
    with pytest.raises(AmountOutOfRange):
        world.cash("tetsu", quantity)
    assert not Resource.objects.exists()


def test_a_contribution_is_accepted_once_and_not_by_its_member(world):
    resource = world.cash("tetsu", 1, accepted=False)
    with pytest.raises(NotAllowed):
        services.resources.accept(resource, **world.by("tetsu"))
    assert services.resources.accept(resource, **world.by("legal")).state == "accepted"
    with pytest.raises(courses.StepRefused, match=resource.number):
        services.resources.accept(resource, **world.by("finance"))


def test_numbers_do_not_tell_how_much_the_others_put_in(world):
    for _ in range(3):
        world.cash("tetsu", 1)
    assert world.cash("hagane", 1).number == "C-hagane-0001"


# ---- the course ----
def test_a_pledge_stands_on_no_account_until_it_is_made(world):
    stated = {"member": world.of("tetsu"), "kind": "cash", "title_ja": "x", "title_en": "x", "quantity": 5}
    stated |= {"nature": "levy"}
    pledged = services.resources.pledge(**stated, period_from=date(2026, 9, 1), **world.by("tetsu"))
    assert (pledged.state, balance("tetsu")) == ("pledged", 0)
    with pytest.raises(courses.StepRefused):
        services.resources.accept(pledged, **world.by("legal"))
    made = services.resources.submit(pledged, **world.by("tetsu"))
    assert (made.state, balance("tetsu")) == ("submitted", 5)
    assert [step.step for step in made.steps.all()] == ["pledge", "submit"]


def test_a_refusal_with_its_reason_is_disputed_and_answered_by_another_person(world):
    resource = services.resources.take_up(world.cash("tetsu", 7, accepted=False), **world.by("finance"))
    refused = services.resources.refuse(resource, reason="入金の証憑がありません。", **world.by("finance"))
    assert (refused.state, balance("tetsu")) == ("refused", 0)
    disputed = services.resources.dispute(refused, reason="4月30日に送金済みです。", **world.by("tetsu"))
    with pytest.raises(independence.SamePerson):
        services.resources.answer(disputed, outcome="accepted", reason="確認しました。", **world.by("finance"))
    answered = services.resources.answer(disputed, outcome="accepted", reason="確認しました。", **world.by("legal"))
    assert (answered.state, balance("tetsu")) == ("accepted", 7)
    kinds = Entry.objects.filter(subject=f"resource:{resource.number}").order_by("seq").values_list("kind", flat=True)
    assert [kind.partition(".")[2] for kind in kinds] == ["recorded", "examined", "refused", "disputed", "answered"]


def test_the_reason_is_an_annex_and_not_in_the_statement(world):
    refused = services.resources.refuse(world.cash("tetsu", 7, accepted=False), reason="秘密", **world.by("legal"))
    entry = Entry.objects.get(seq=refused.seq)
    assert "秘密" not in bytes(entry.statement.content).decode() and entry.annexes.get().name == "reason.txt"
    with pytest.raises(courses.ReasonNeeded):
        services.resources.refuse(world.cash("tetsu", 7, accepted=False), reason=" ", **world.by("legal"))


def test_what_was_accepted_counts_until_its_replacement_is(world):
    old = world.cash("tetsu", 10)
    new = services.resources.supersede(old, quantity=12, **world.by("tetsu"))
    old.refresh_from_db()
    assert (old.state, new.state) == ("accepted", "submitted")
    services.resources.accept(new, **world.by("finance"))
    old.refresh_from_db()
    assert (old.state, balance("tetsu")) == ("superseded", 12)
    assert Entry.objects.get(seq=old.seq).kind == "resource.superseded"


def test_two_replacements_of_one_contribution_never_count_together(world):
    old = world.cash("tetsu", 10)
    first = services.resources.supersede(old, quantity=12, **world.by("tetsu"))
    with pytest.raises(courses.BeingReplaced, match=first.number):
        services.resources.supersede(old, quantity=13, **world.by("tetsu"))
    first = services.resources.refuse(first, reason="証憑がありません。", **world.by("legal"))
    second = services.resources.supersede(old, quantity=13, **world.by("tetsu"))
    first = services.resources.dispute(first, reason="添付しました。", **world.by("tetsu"))
    answered = services.resources.answer(first, outcome="accepted", reason="確認しました。", **world.by("finance"))
    old.refresh_from_db()
    assert (answered.state, old.state) == ("accepted", "superseded"), "a won dispute replaces like an acceptance"
    with pytest.raises(courses.BeingReplaced, match=first.number):
        services.resources.accept(second, **world.by("finance"))


def test_a_replacement_waits_for_the_dispute_on_what_it_replaces(world):
    old = world.cash("tetsu", 10)
    new = services.resources.supersede(old, quantity=12, **world.by("tetsu"))
    old.refresh_from_db()
    old = services.resources.dispute(old, reason="金額が違います。", **world.by("tetsu"))
    with pytest.raises(courses.PlaceInDispute, match=old.number):
        services.resources.accept(new, **world.by("legal"))
    services.resources.answer(old, outcome="accepted", reason="差替えをお待ちください。", **world.by("legal"))
    services.resources.accept(new, **world.by("legal"))
    old.refresh_from_db()
    assert (old.state, balance("tetsu")) == ("superseded", 12)


USE = services.resources.Appraisal("評価", date(2026, 4, 1), "社内限り", ("vehicles",), ("consortium",))


def test_a_replacement_keeps_what_is_not_stated_anew(world):
    stated = {"member": world.of("tetsu"), "title_ja": "x", "title_en": "x", "period_from": date(2026, 5, 1)}
    patent = services.resources.record(**stated, kind="background", quantity=5, appraisal=USE, **world.by("tetsu"))
    new = services.resources.supersede(patent, quantity=7, **world.by("tetsu"))
    assert (new.limits, new.use_fields, new.use_by, new.appraiser) == ("社内限り", ["vehicles"], ["consortium"], "評価")
    dollars = services.resources.record(**stated, kind="cash", nature="levy", foreign=DOLLARS, **world.by("tetsu"))
    with pytest.raises(rules.StaysForeign, match="USD"):
        services.resources.supersede(dollars, quantity=7, **world.by("tetsu"))
    new = services.resources.supersede(dollars, foreign_amount="20000", **world.by("tetsu"))
    assert (new.currency, new.foreign_amount, new.quantity) == ("USD", "2000000", 3_005_000)


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [
        ({"kind": "cash", "nature": "levy", "quantity": 0}, completeness.QuantityNeeded),
        ({"kind": "cash", "nature": "levy"}, completeness.QuantityNeeded),
        ({"kind": "cash", "quantity": 1}, completeness.NatureNeeded),
        ({"kind": "people", "quantity": 1}, completeness.GradeNeeded),
        ({"kind": "people", "quantity": 1, "grade": "chief"}, rules.UnknownGrade),
        ({"kind": "people", "quantity": 1, "grade": "senior", "nature": "levy"}, completeness.OfAnotherKind),
        ({"kind": "people", "foreign": DOLLARS, "grade": "senior"}, completeness.OfAnotherKind),
        ({"kind": "cash", "quantity": 1, "nature": "levy", "grade": "senior"}, completeness.OfAnotherKind),
        ({"kind": "cash", "quantity": 1, "nature": "levy", "appraisal": USE}, completeness.OfAnotherKind),
        ({"kind": "background", "quantity": 1, "appraisal": replace(USE, use_by=("aliens",))}, term_rules.UnknownWord),
        ({"kind": "background", "quantity": 1, "appraisal": replace(USE, use_fields=("zz",))}, term_rules.UnknownWord),
        ({"kind": "background", "quantity": 1, "appraisal": replace(USE, on=date(2030, 1, 1))}, completeness.NotYet),
        ({"kind": "cash", "nature": "levy", "foreign": replace(DOLLARS, on=date(2030, 1, 1))}, completeness.NotYet),
    ],
)
def test_every_door_refuses_what_says_too_little_or_what_another_kind_has(world, stated, refusal):
    """An unnamed nature would let equity count as a levy does."""
    common = {"member": world.of("tetsu"), "title_ja": "x", "title_en": "x", "period_from": date(2026, 5, 1)}
    for verb in (services.resources.record, services.resources.pledge):
        with pytest.raises(refusal):
            verb(**common, **stated, **world.by("tetsu"))
    assert not Resource.objects.exists()


def test_a_reversal_takes_it_off_the_books_and_links_what_it_corrects(world):
    accepted = world.cash("tetsu", 10)
    before = Entry.objects.get(seq=accepted.seq)
    reversed_ = services.resources.reverse(accepted, reason="二重の登録です。", **world.by("legal"))
    statement = canonical.loads(bytes(Entry.objects.get(seq=reversed_.seq).statement.content))
    assert balance("tetsu") == 0 and statement["corrects"] == str(before.id)


def test_accepted_cash_is_not_withdrawn_and_background_is_from_a_day_on(world):
    with pytest.raises(rules.NotWithdrawable):
        services.resources.withdraw(world.cash("tetsu", 10), **world.by("tetsu"))
    background = world.resource("tetsu", "background", 10)
    gone = services.resources.withdraw(background, withdrawn_from=date(2026, 8, 1), **world.by("tetsu"))
    assert (gone.state, said(gone)["from"]) == ("withdrawn", "2026-08-01")


@pytest.mark.parametrize("step", ["dispute", "supersede", "withdraw"])
def test_nobody_takes_a_members_steps_for_it(world, step):
    resource = world.cash("tetsu", 10)
    more = {"reason": "x"} if step == "dispute" else {}
    with pytest.raises(services.datasets.NotYours):
        getattr(services.resources, step)(resource, **more, **world.by("hagane"))
    with pytest.raises(NotAllowed):
        getattr(services.resources, step)(resource, **more, **world.by("legal"))


def test_a_secondee_of_the_members_group_or_of_a_rival_judges_nothing_of_it(world):
    resource = world.cash("tetsu", 10, accepted=False)
    seconded = replace(world.viewer("legal"), home="tetsuken")
    with pytest.raises(independence.InConflict):
        services.resources.accept(resource, by=seconded, at=world.clock)
    services.exclusions.declare(
        world.of("tetsu"), rival=Organization.objects.get(code="hagane"), valid_from=date(2026, 4, 1),
        **world.by("tetsu"),
    )  # fmt: skip
    rival = replace(world.viewer("legal"), home="hagane")
    with pytest.raises(independence.InConflict):
        services.resources.refuse(resource, reason="x", by=rival, at=world.clock)


def test_what_came_back_from_elsewhere_is_declared_once_and_never_beyond_the_whole(world):
    resource = world.cash("tetsu", 10)
    declared = {"source": "insurance", "recovered_on": date(2026, 8, 1)}
    with pytest.raises(completeness.NotYet):
        services.recoveries.declare(resource, part="2/3", **declared, **world.by("tetsu"))
    world.wait_until("2026-08-01 09:00")
    services.recoveries.declare(resource, part="2/3", **declared, **world.by("tetsu"))
    with pytest.raises(rules.MoreThanWhole):
        services.recoveries.declare(resource, part="1/2", **declared, **world.by("tetsu"))
    with pytest.raises(rules.NotAPart):
        services.recoveries.declare(resource, part="0", **declared, **world.by("tetsu"))
    assert resource.recoveries.get().part == "2/3"


def test_a_contribution_stands_under_an_agreement_its_member_is_a_party_to(world):
    other = InboundAgreement.objects.get(organization__code="hagane")
    with pytest.raises(term_rules.NotAParty):
        services.resources.record(
            member=world.of("tetsu"), kind="cash", nature="levy", title_ja="x", title_en="x", quantity=1,
            agreement=other, period_from=world.clock.date(), **world.by("tetsu"),
        )  # fmt: skip


def promise(world, kind: str, unit: str, quantity: int = 3600) -> Resource:
    return services.resources.pledge(
        member=world.of("tetsu"), kind=kind, unit=unit, quantity=quantity, title_ja="予定", title_en="Pledge",
        period_from=date(2026, 12, 1), **world.by("tetsu"),
    )  # fmt: skip


def test_data_and_compute_can_be_pledged_and_are_fulfilled_by_what_is_given(world):
    world.wait_until("2026-06-01 09:00")
    video, hours = promise(world, "data", "record"), promise(world, "compute", "gpu_s")
    other = promise(world, "data", "media_second")
    assert (video.state, video.unit, balance("tetsu", "data")) == ("pledged", "record", 0)
    version, batch = world.dataset("tetsu", "映像"), world.batch("tetsu", cast.sacct((1, "2026-05-10", 4, 8)))
    foreign = world.dataset("hagane", "転炉")
    for resource, made in (
        (video, batch.number),
        (video, str(foreign)),
        (hours, "B-tetsu-0009"),
        (hours, str(version)),
    ):
        with pytest.raises(rules.NotFulfilledBy):
            services.pledges.fulfil(resource, made=made, **world.by("tetsu"))
    with pytest.raises(NotYours):
        services.pledges.fulfil(video, made=str(version), **world.by("hagane"))
    with pytest.raises(courses.OtherUnit, match="withdraw the pledge"):
        services.pledges.fulfil(other, made=str(version), **world.by("tetsu"))
    kept = services.pledges.fulfil(video, made=str(version), **world.by("tetsu"))
    assert kept.state == "fulfilled" and kept.steps.last().reason == str(version)
    assert services.pledges.fulfil(hours, made=batch.number, **world.by("tetsu")).state == "fulfilled"
    services.datasets.withdraw(version.dataset, on=world.clock.date(), **world.by("tetsu"))
    with pytest.raises(rules.NotFulfilledBy):
        services.pledges.fulfil(promise(world, "data", "record"), made=str(version), **world.by("tetsu"))
    with pytest.raises(courses.StepRefused):
        services.resources.withdraw(video, **world.by("tetsu"))
    assert selectors.resources.eligibility_of(video, date(2026, 12, 1)) == ()


def test_what_is_given_of_data_and_compute_is_no_resource(world):
    stated = {"member": world.of("tetsu"), "title_ja": "x", "title_en": "x", "period_from": date(2026, 5, 1)}
    with pytest.raises(rules.OnlyPledged):
        services.resources.record(**stated, kind="data", unit="byte", quantity=1, **world.by("tetsu"))
    with pytest.raises(rules.NotMeasuredSo):
        promise(world, "compute", "byte")
    with pytest.raises(rules.OnlyPledged):
        services.resources.submit(promise(world, "data", "byte"), **world.by("tetsu"))
    cash = services.resources.pledge(**stated, kind="cash", nature="levy", quantity=1, **world.by("tetsu"))
    with pytest.raises(rules.NotFulfilledBy):
        services.pledges.fulfil(cash, made="D-tetsu-0001@1", **world.by("tetsu"))
