from __future__ import annotations

from typing import Any

import allocation_cases as cases
import pytest
from allocation_cases import policy

from contributions.core import canonical, committed, eligibility
from licensing.core import allocations, ancestry, inputs
from licensing.core.reasons import REASONS

WINDOW = ("2026-04-01", "2026-10-01")
LOG = {"size": 99, "root": "00" * 32}
PEOPLE = {"code": "people", "weight": "5/100", "units": {"minute": "1/9600"}, "factors": ["grade"]}
BACKGROUND = {"code": "background", "weight": "5/100", "units": {"JPY": "1/1000000"}}


def say(kind: str, /, **facts: Any) -> dict[str, Any]:
    facts = {name.rstrip("_"): value for name, value in facts.items()}
    return {"v": 1, "kind": kind, "facts": facts}


def five() -> dict[str, Any]:
    document = policy()
    rows = [
        {**row, "weight": weight} for row, weight in zip(document["categories"], ("4/10", "3/10", "2/10"), strict=True)
    ]
    return {**document, "categories": [*rows, PEOPLE, BACKGROUND]}


def revised(version: int = 1, on: str = "2026-05-20", **more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "dataset": "D-0001",
        "version": version,
        "member": "honda",
        "quantity": "7200000",
        "unit": "media_second",
        "agreement": "T-0001",
        "funding": "F-01",
        "on": on,
        "copies": [{"country": "JP", "region": "osaka"}],
        "required": ["title", "privacy"],
    }
    return say("dataset.revised", **{**facts, **more})


def decided(
    review: str, decision: str = "passed", version: int = 1, from_: str = "2026-06-01", until: str | None = None
) -> dict[str, Any]:
    return say(
        "review.decided", dataset="D-0001", version=version, review=review, decision=decision, from_=from_, until=until
    )


def metered(day: str = "2026-05-03", batch: str = "B-1", gpu: str = "7200", **more: Any) -> dict[str, Any]:
    facts = {"batch": batch, "member": "honda", "facility": "osaka", "accelerator": "a100", "day": day, "jobs": 1}
    amounts = {"cpu_s": "100", "node_s": "50", "gpu_s": gpu, "funding": "F-01", "country": "JP"}
    return say("compute.metered", **{**facts, **amounts, **more})


def resource(
    kind: str, code: str = "C-0001", start: str = "2026-05-01", until: str | None = None, **more: Any
) -> dict[str, Any]:
    unit = "minute" if kind == "people" else "JPY"
    facts = {"resource": code, "member": "honda", "kind": kind, "unit": unit, "quantity": "1000000"}
    return say(
        "resource.recorded", **{**facts, "period": [start, until], "funding": "F-01", "agreement": "T-0001", **more}
    )


def right(subject: str) -> dict[str, Any]:
    return {"subject": subject, "purposes": ["training"], "fields": [], "territory": ["JP"]}


FOUNDED = [
    say("installation.founded", installation="i", demo=False),
    say("member.admitted", member="honda", organization="honda", class_="anchor", from_="2026-04-01"),
    say("member.admitted", member="nec", organization="nec", class_="anchor", from_="2026-04-01"),
    say("funding.registered", funding="F-01", mode="own", rate="0"),
    say("funding.registered", funding="F-02", mode="subsidy", rate="2/3"),
    say(
        "terms.concluded",
        agreement="T-0001",
        organization="honda",
        rights=[right("data"), right("people"), right("background")],
        from_="2026-04-01",
        until=None,
    ),
    say("ratecard.adopted", card="accelerator", version=1, from_="2026-04-01", lines={"a100": "2/5"}),
    say("ratecard.adopted", card="grade", version=1, from_="2026-04-01", lines={"senior": "3/2"}),
    say(
        "ratecard.adopted",
        card="dataset",
        version=1,
        from_="2026-06-01",
        lines={f"D-0001@{v}/{f}": "9/10" for v in (1, 2) for f in ("quality", "uniqueness")},
    ),
]
CLEARED = [revised(), decided("title"), decided("privacy")]


def fold(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    facts = {"policy": five(), "release": "R-0.3", "window": WINDOW, "log": LOG}
    return inputs.fold([*FOUNDED, *statements], **{**facts, **more})


def only(document: dict[str, Any]) -> dict[str, Any]:
    (line,) = document["lines"]
    return line


def reasons(*statements: dict[str, Any]) -> list[str]:
    return only(fold(*statements))["reasons"]


def test_a_cleared_dataset_counts_with_its_factors() -> None:
    assert only(fold(*CLEARED)) == {
        "member": "honda",
        "category": "data",
        "asset": "D-0001@1",
        "unit": "media_second",
        "month": "2026-05",
        "quantity": "7200000",
        "factors": [["quality", "9/10"], ["uniqueness", "9/10"]],
        "counted": "1",
        "reasons": [],
    }


def test_a_review_that_is_missing_refused_or_expired_counts_nothing_and_says_which() -> None:
    assert reasons(revised(), decided("title")) == ["review-missing"]
    assert reasons(revised(), decided("title"), decided("privacy", "refused")) == ["review-refused"]
    assert reasons(revised(), decided("title"), decided("privacy", until="2026-09-30")) == ["review-expired"]
    assert reasons(revised(), decided("title"), decided("privacy", from_="2026-10-01")) == ["review-missing"]


def test_a_review_stands_if_it_runs_to_the_last_day_of_the_window() -> None:
    assert reasons(revised(), decided("title"), decided("privacy", until="2026-10-01")) == []


def test_a_later_decision_overrides_an_earlier_one() -> None:
    assert reasons(*CLEARED, decided("privacy", "refused", from_="2026-07-01")) == ["review-refused"]
    assert reasons(revised(), decided("title", "refused"), decided("privacy"), decided("title")) == []


def test_a_copy_abroad_shows_and_counts_nothing() -> None:
    copied = say("dataset.copied", dataset="D-0001", version=1, country="SG", region="sg", on="2026-09-30")
    assert reasons(*CLEARED, copied) == ["not-resident"]
    assert (
        reasons(
            *CLEARED, say("dataset.copied", dataset="D-0001", version=1, country="SG", region="sg", on="2026-10-01")
        )
        == []
    )


def test_residency_that_nobody_evidenced_is_not_residency() -> None:
    assert reasons(revised(copies=[]), decided("title"), decided("privacy")) == ["not-resident"]


def test_a_withdrawn_dataset_counts_nothing() -> None:
    withdrawn = say("dataset.withdrawn", dataset="D-0001", version=1, from_="2026-09-01")
    assert reasons(*CLEARED, withdrawn) == ["withdrawn"]


def test_only_the_last_version_that_counts_is_counted() -> None:
    second = [revised(2, on="2026-08-01"), decided("title", version=2), decided("privacy", version=2)]
    found = {line["asset"]: line["reasons"] for line in fold(*CLEARED, *second)["lines"]}
    assert found == {"D-0001@1": ["superseded"], "D-0001@2": []}


def test_an_uncleared_later_version_leaves_the_earlier_one_standing() -> None:
    found = {line["asset"]: line["reasons"] for line in fold(*CLEARED, revised(2, on="2026-08-01"))["lines"]}
    assert found == {"D-0001@1": [], "D-0001@2": ["review-missing"]}


def test_data_without_an_inbound_agreement_counts_nothing() -> None:
    reviews = [decided("title"), decided("privacy")]
    assert reasons(revised(agreement="T-9999"), *reviews) == ["no-terms"]
    other = say(
        "terms.concluded",
        agreement="T-0002",
        organization="nec",
        rights=[right("data")],
        from_="2026-04-01",
        until=None,
    )
    assert reasons(other, revised(agreement="T-0002"), *reviews) == ["no-terms"]
    ended = say(
        "terms.concluded",
        agreement="T-0003",
        organization="honda",
        rights=[right("data")],
        from_="2026-04-01",
        until="2026-09-01",
    )
    assert reasons(ended, revised(agreement="T-0003"), *reviews) == ["no-terms"]


def test_data_without_an_adopted_factor_counts_nothing() -> None:
    bare = [statement for statement in FOUNDED if statement["facts"].get("card") != "dataset"]
    document = inputs.fold([*bare, *CLEARED], policy=five(), release="R-0.3", window=WINDOW, log=LOG)
    assert only(document)["reasons"] == ["factor-missing"]


def test_a_stock_that_came_after_the_window_does_not_count() -> None:
    assert reasons(revised(on="2026-10-01"), decided("title"), decided("privacy")) == ["outside-window"]


def test_the_state_paid_part_is_left_out_exactly() -> None:
    line = only(fold(revised(funding="F-02"), decided("title"), decided("privacy")))
    assert (line["counted"], line["reasons"]) == ("1/3", ["state-paid"])


def test_attested_compute_counts_by_month_at_reference_hours() -> None:
    days = [metered("2026-05-03"), metered("2026-05-31"), metered("2026-06-01")]
    found = fold(*days, say("compute.attested", batch="B-1"))["lines"]
    assert [(line["month"], line["quantity"]) for line in found] == [("2026-05", "14400"), ("2026-06", "7200")]
    assert all(line["unit"] == "gpu_s" and line["asset"] == "osaka/a100" for line in found)
    assert found[0]["factors"] == [["accelerator", "2/5"]]


def test_compute_not_attested_abroad_or_out_of_time_counts_nothing_with_the_reason() -> None:
    attested = say("compute.attested", batch="B-1")
    assert reasons(metered()) == ["not-accepted"]
    assert reasons(metered(country="US"), attested) == ["not-resident"]
    assert reasons(metered("2026-10-01"), attested) == ["outside-window"]
    assert reasons(metered("2026-03-31"), attested) == ["factor-missing", "outside-membership", "outside-window"]
    assert reasons(metered(accelerator="unheard-of"), attested) == ["factor-missing"]


def test_reversed_compute_leaves_no_line() -> None:
    assert fold(metered(), say("compute.attested", batch="B-1"), say("compute.reversed", batch="B-1"))["lines"] == []


def test_compute_without_a_gpu_shows_that_its_units_are_not_counted() -> None:
    found = fold(metered(gpu="0", accelerator=""), say("compute.attested", batch="B-1"))["lines"]
    assert [(line["unit"], line["reasons"]) for line in found] == [
        ("cpu_s", ["unit-not-counted"]),
        ("node_s", ["unit-not-counted"]),
    ]


def test_the_rate_card_in_force_on_the_day_rates_the_day() -> None:
    card = say("ratecard.adopted", card="accelerator", version=2, from_="2026-05-10", lines={"a100": "1/2"})
    found = fold(metered("2026-05-09"), metered("2026-05-10"), card, say("compute.attested", batch="B-1"))["lines"]
    assert sorted(line["factors"][0][1] for line in found) == ["1/2", "2/5"]


def test_a_restated_rate_card_of_the_same_day_wins() -> None:
    card = say("ratecard.adopted", card="accelerator", version=2, from_="2026-04-01", lines={"a100": "1/4"})
    assert only(fold(metered(), card, say("compute.attested", batch="B-1")))["factors"] == [["accelerator", "1/4"]]


def test_equity_counts_in_the_stakes_only_unless_the_policy_says_otherwise() -> None:
    accepted = say("resource.accepted", resource="C-0001")
    assert reasons(resource("cash", nature="equity"), accepted) == ["equity"]
    assert reasons(resource("cash", nature="levy"), accepted) == []
    twice = fold(resource("cash", nature="equity"), accepted, policy={**five(), "equity_counts": True})
    assert only(twice)["counted"] == "1"


def test_people_count_by_grade_and_only_once_accepted() -> None:
    person = resource("people", grade="senior")
    assert reasons(person) == ["not-accepted"]
    line = only(fold(person, say("resource.accepted", resource="C-0001")))
    assert (line["factors"], line["counted"]) == ([["grade", "3/2"]], "1")
    assert fold(person, say("resource.reversed", resource="C-0001"))["lines"] == []


def test_background_is_a_stock_that_must_still_stand() -> None:
    accepted = say("resource.accepted", resource="C-0001")
    assert reasons(resource("background", start="2026-04-01"), accepted) == []
    assert reasons(resource("background", start="2026-04-01", until="2026-09-30"), accepted) == ["outside-window"]


def test_who_left_before_the_window_is_no_member_and_its_stock_does_not_count() -> None:
    left = say("member.withdrawn", member="honda", from_="2026-08-01")
    document = fold(*CLEARED, left)
    assert only(document)["reasons"] == ["outside-membership"]
    assert document["members"] == [
        {"member": "honda", "from": "2026-04-01", "until": "2026-08-01"},
        {"member": "nec", "from": "2026-04-01", "until": None},
    ]
    gone = fold(left, window=("2026-10-01", "2027-04-01"))
    assert [row["member"] for row in gone["members"]] == ["nec"]


def test_a_member_may_come_back() -> None:
    left = say("member.withdrawn", member="honda", from_="2026-05-01")
    back = say("member.admitted", member="honda", organization="honda", class_="anchor", from_="2026-07-01")
    assert reasons(*CLEARED, left, back) == []
    assert [row["from"] for row in fold(left, back)["members"] if row["member"] == "honda"] == [
        "2026-04-01",
        "2026-07-01",
    ]


def test_members_of_one_group_are_named_as_a_group() -> None:
    def affiliated(parent: str, child: str, control: str) -> dict[str, Any]:
        return say("organization.affiliated", parent=parent, child=child, control=control, from_="2026-04-01")

    assert fold(affiliated("holding", "honda", "51/100"), affiliated("holding", "nec", "1"))["groups"] == [
        ["honda", "nec"]
    ]
    assert fold(affiliated("honda", "nec", "1/2"))["groups"] == []
    sold = say("organization.affiliated", parent="honda", child="nec", control="0", from_="2026-06-01")
    assert fold(affiliated("honda", "nec", "1"), sold)["groups"] == []


def test_the_document_is_canonical_and_does_not_depend_on_unknown_kinds() -> None:
    noise = say("agreement.signed", agreement="A-1")
    assert canonical.dumps(fold(noise, *CLEARED, noise)) == canonical.dumps(fold(*CLEARED))


def test_the_folded_document_can_be_allocated() -> None:
    document = fold(*CLEARED, metered(member="nec"), say("compute.attested", batch="B-1"))
    result = allocations.allocate(five(), document)
    assert sum(share.grid for share in result.main.members) == 1_000_000


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    source = (inputs.__file__ or "", allocations.__file__ or "")
    assert all(text.ja and text.en for text in REASONS.values())
    assert source
    assert set(reasons(metered(country="US", accelerator="x", member="ghost"))) <= set(REASONS)


def test_a_statement_that_cannot_be_read_is_refused_by_its_kind() -> None:
    with pytest.raises(inputs.BadStatement, match=r"funding\.registered"):
        fold(say("funding.registered", funding="F-03", rate=0.5))
    with pytest.raises(inputs.BadStatement, match=r"dataset\.copied"):
        fold(say("dataset.copied", dataset="D-0009", version=1, country="JP", region="x", on="2026-05-01"))
    with pytest.raises(inputs.BadStatement):
        fold(metered(funding="F-99"))


@pytest.mark.parametrize(
    "window", [("2026-10-01", "2026-04-01"), ("2026-04-01", "2026-04-01"), ("20260401", "2026-10-01")]
)
def test_a_window_that_is_no_period_is_refused(window: tuple[str, str]) -> None:
    with pytest.raises(inputs.BadWindow):
        fold(window=window)


# ---- fold 2: the whole course, editions, recoveries, the day of a grant ----
CASH = resource("cash", "C-1", nature="levy")
TAKEN = say("resource.accepted", resource="C-1")
DISPUTED = say("resource.disputed", resource="C-1")


@pytest.mark.parametrize(
    ("steps", "counted", "why"),
    [
        ([TAKEN], "1", []),
        ([say("resource.refused", resource="C-1")], "0", ["refused"]),
        ([TAKEN, DISPUTED], "0", ["disputed"]),
        ([TAKEN, DISPUTED, say("resource.answered", resource="C-1", outcome="accepted")], "1", []),
        ([TAKEN, say("resource.recovered", resource="C-1", part="1/4", source="sale", on="2026-08-01")], "3/4",
         ["recovered"]),
        ([TAKEN, say("resource.recovered", resource="C-1", part="1/4", source="sale", on="2026-11-01")], "1", []),
        ([TAKEN, say("resource.withdrawn", resource="C-1", from_="2026-08-01")], "0", ["withdrawn"]),
    ],
)  # fmt: skip
def test_each_step_of_a_contribution_changes_what_of_it_counts(
    steps: list[dict[str, Any]], counted: str, why: list[str]
) -> None:
    line = only(fold(CASH, *steps))
    assert (line["counted"], line["reasons"]) == (counted, why)


@pytest.mark.parametrize(
    ("given", "recovered"),
    [
        (CLEARED, say("dataset.recovered", dataset="D-0001", version=1, part="1/4", source="sale", on="2026-08-01")),
        ([metered(), say("compute.attested", batch="B-1")],
         say("compute.recovered", batch="B-1", part="1/4", source="fee", on="2026-08-01")),
    ],
)  # fmt: skip
def test_what_came_back_of_data_and_of_compute_counts_no_more_from_that_day(
    given: list[dict[str, Any]], recovered: dict[str, Any]
) -> None:
    lines = fold(*given, recovered)["lines"]
    assert {(line["counted"], *line["reasons"]) for line in lines} == {("3/4", "recovered")}
    later = {**recovered, "facts": {**recovered["facts"], "on": "2026-10-01"}}
    assert fold(*given, later)["lines"] == fold(*given)["lines"]
    other = {**recovered, "facts": {**recovered["facts"], **({"version": 2} if given is CLEARED else {"batch": "B-2"})}}
    assert fold(*given, other)["lines"] == fold(*given)["lines"]


def test_a_pledge_is_shown_and_counts_nothing() -> None:
    pledge = {**CASH, "kind": "resource.pledged"}
    assert only(fold(pledge))["reasons"] == ["not-incurred"]


@pytest.mark.parametrize("kind", ["resource.reversed", "resource.superseded"])
def test_what_has_been_replaced_or_reversed_is_no_line(kind: str) -> None:
    assert fold(CASH, TAKEN, say(kind, resource="C-1"))["lines"] == []


def test_a_cost_before_the_grant_decision_is_ineligible_and_the_state_part_follows_the_edition_of_the_day() -> None:
    decided = say(
        "funding.awarded", funding="F-9", mode="subsidy", rate="1/2", decided_on="2026-05-01", recipient="honda"
    )
    raised = say("funding.amended", funding="F-9", edition=2, mode="subsidy", rate="2/3", decided_on="2026-05-01",
                 from_="2026-07-01")  # fmt: skip

    def line(start: str) -> tuple[str, list[str]]:
        cash = resource("cash", "C-1", start, nature="levy", funding="F-9")
        found = only(fold(decided, raised, cash, TAKEN))
        return found["counted"], found["reasons"]

    assert line("2026-04-30") == ("0", ["before-grant", "state-paid"])
    assert line("2026-05-01") == ("1/2", ["state-paid"])
    assert line("2026-07-01") == ("1/3", ["state-paid"])


def test_an_edition_of_terms_stands_from_its_day_and_an_end_leaves_only_what_stays() -> None:
    people = resource("people", "C-1", "2026-07-01", grade="senior")
    gone = {"agreement": "T-0001", "organization": "honda", "edition": 2, "until": None}

    def why(*more: dict[str, Any]) -> list[str]:
        return list(only(fold(*more, people, TAKEN))["reasons"])

    assert why(say("terms.amended", **gone, rights=[right("data")], from_="2026-08-01")) == []
    assert why(say("terms.amended", **gone, rights=[right("data")], from_="2026-07-01")) == ["no-terms"]
    assert why(say("terms.ended", agreement="T-0001", from_="2026-07-01")) == ["no-terms"]
    stays = [{**right("people"), "after_withdrawal": "stays"}]
    ended = say("terms.ended", agreement="T-0001", from_="2026-07-01")
    assert why(say("terms.amended", **gone, rights=stays, from_="2026-06-01"), ended) == []


def test_every_reason_of_the_fold_has_its_words() -> None:
    codes = {code for _, against in eligibility.LINES.values() for code in against}
    assert codes - {"reversed"} <= set(REASONS)


# ---- rounds, quotas, conditions; copies; breaches: folded from statements alone ----
def opinion(review: str, round_: int = 1, decision: str = "passed", from_: str = "2026-06-01", **more: Any) -> dict:
    facts = {"dataset": "D-0001", "version": 1, "review": review, "round": round_, "decision": decision}
    return say("review.decided", **{**facts, "from_": from_, "until": None, **more})


def test_a_review_that_needs_two_opinions_counts_with_the_second() -> None:
    needs = revised(quotas={"title": 2, "privacy": 1})
    once = (needs, opinion("title"), opinion("privacy"))
    assert reasons(*once) == ["review-missing"]
    assert reasons(*once, opinion("title")) == []
    assert reasons(*once, opinion("title", decision="refused")) == ["review-refused"]


def test_a_pass_on_a_condition_counts_until_it_is_due_and_once_it_is_fulfilled() -> None:
    def on(due: str) -> tuple[dict, ...]:
        return revised(), opinion("privacy"), opinion("title", conditions=[{"condition": 1, "due": due}])

    named = {"dataset": "D-0001", "version": 1, "review": "title", "round": 1, "opinion": 1, "condition": 1}
    assert reasons(*on("2026-10-01")) == []
    assert reasons(*on("2026-09-30")) == ["review-condition"]
    assert reasons(*on("2026-09-30"), say("condition.fulfilled", **named, on="2026-09-30")) == []
    assert reasons(*on("2026-09-30"), say("condition.fulfilled", **named, on="2026-10-01")) == ["review-condition"]


def test_a_re_examination_speaks_from_its_own_day() -> None:
    first = (revised(), opinion("privacy"), opinion("title", decision="refused"))
    assert reasons(*first, opinion("title", 2, from_="2026-09-30")) == []
    assert reasons(*first, opinion("title", 2, from_="2026-10-01")) == ["review-refused"]


def breach(what: str = "dataset:D-0001@1", since: str = "2026-05-01", country: str = "SG") -> dict[str, Any]:
    facts = {"breach": "RB-honda-0001", "member": "honda", "what": what, "country": country, "found": "audit"}
    return say("residency.breached", **facts, since=since)


MENDED = say("residency.mended", breach="RB-honda-0001", member="honda", from_="2026-06-01")


def test_a_breach_that_stands_counts_nothing_and_one_that_was_mended_costs_its_days() -> None:
    assert reasons(*CLEARED, breach()) == ["residency-breach"]
    line = only(fold(*CLEARED, breach(), MENDED))
    assert (line["counted"], line["reasons"]) == ("152/183", ["residency-breach"]), "31 of 183 days are left out"


def test_a_policy_that_names_no_country_knows_no_breach() -> None:
    document = fold(*CLEARED, breach(), policy=five() | {"residency": []})
    assert only(document)["reasons"] == []
    assert reasons(*CLEARED, breach(country="JP")) == []


def test_a_day_of_compute_in_a_breach_does_not_count_and_the_days_around_it_do() -> None:
    days = [metered(day) for day in ("2026-04-30", "2026-05-01", "2026-06-01")]
    document = fold(*days, say("compute.attested", batch="B-1"), breach("batch:B-1"), MENDED)
    assert [(line["month"], line["counted"], line["reasons"]) for line in document["lines"]] == [
        ("2026-04", "1", []), ("2026-05", "0", ["residency-breach"]), ("2026-06", "1", []),
    ]  # fmt: skip


def test_a_copy_that_is_gone_no_longer_lies_abroad() -> None:
    here = [{"copy": 1, "country": "JP", "region": "osaka", "on": "2026-05-20"}]
    abroad = say("dataset.copied", dataset="D-0001", version=1, copy=2, country="SG", region="", on="2026-06-01")
    gone = say("copy.removed", dataset="D-0001", version=1, copy=2, country="SG", on="2026-09-01")
    judged = (revised(copies=here), *CLEARED[1:], abroad)
    assert reasons(*judged) == ["not-resident"]
    assert reasons(*judged, gone) == []


def test_withdrawing_one_version_brings_back_the_one_before() -> None:
    both = (*CLEARED, revised(2), decided("title", version=2), decided("privacy", version=2))
    gone = say("dataset.withdrawn", dataset="D-0001", version=2, from_="2026-09-01")
    found = {line["asset"]: line["reasons"] for line in fold(*both, gone)["lines"]}
    assert found == {"D-0001@1": [], "D-0001@2": ["withdrawn"]}


# ---- version 2: what the methods of several rights look at ----
def folded(
    *more: dict[str, Any], rights: list[dict[str, Any]] | None = None, opened: Any = None, **changes: Any
) -> Any:
    document = cases.second(*(rights or [cases.right("votes", {"name": "stakes/1"})]), **changes)
    return inputs.fold([*FOUNDED, *more], policy=document, release="R-0.3", window=WINDOW, log=LOG, opened=opened)


def test_stakes_and_days_are_those_of_the_window_and_corrections_stand() -> None:
    found = folded(
        say("stake.declared", member="honda", share="1/10", from_="2026-04-01"),
        say("stake.declared", member="honda", share="1/5", from_="2026-09-30"),
        say("stake.declared", member="honda", share="1/2", from_="2026-10-01"),
        say("stake.declared", member="nec", share="1/4", from_="2026-05-01"),
        say("stake.restated", member="nec", share="1/8", from_="2026-06-01",
            restates={"entry": 1, "share": "1/4", "from": "2026-05-01"}),
        say("member.withdrawn", member="nec", from_="2026-07-01"),
    )  # fmt: skip
    assert found["stakes"] == {"honda": "1/5", "nec": "1/8"}
    assert found["days"] == {"honda": 183, "nec": 91}
    assert (found["v"], found["tables"], found["valuations"]) == (2, {}, {})
    assert "lineage" not in found


def test_only_the_tables_and_valuations_that_the_policy_names_are_carried() -> None:
    methods = [
        cases.right("revenue", {"name": "proportional/1", "basis": {"of": "table", "table": "table-needs"}}),
        cases.right("use", {"name": "shapley/1", "game": {"valuation": "ab" * 32}}),
    ]
    table = {"players": ["honda"], "values": {"honda": "1"}}
    found = folded(
        say("ratecard.adopted", card="table-needs", version=1, from_="2026-04-01", lines={"honda": "1"}),
        say("ratecard.adopted", card="table-needs", version=2, from_="2026-09-01", lines={"honda": "2"}),
        say("ratecard.adopted", card="table-other", version=1, from_="2026-04-01", lines={"honda": "9"}),
        say("valuation.adopted", valuation="V-1", valuation_sha256="ab" * 32, **table),
        say("valuation.adopted", valuation="V-2", valuation_sha256="cd" * 32, **table),
        rights=methods,
    )
    assert found["tables"] == {"table-needs": {"honda": "2"}}
    assert found["valuations"] == {"ab" * 32: table}


def test_a_line_carries_its_vintage_and_without_one_it_counts_nothing() -> None:
    def aged(rule: dict[str, str], *more: dict[str, Any]) -> Any:
        points = cases.second(cases.right())["points"]
        points["categories"][2]["vintage"] = rule
        cash = resource("cash", nature="levy", agreement=None)
        return folded(cash, say("resource.accepted", resource="C-0001"), *more, points=points)["lines"]

    (line,) = aged({"rule": "fades/1", "per": "month", "factor": "9/10"})
    assert (line["factors"], line["counted"]) == ([["vintage", "6561/10000"]], "1")
    (line,) = aged({"rule": "table/1"})
    assert (line["counted"], line["reasons"]) == ("0", ["factor-missing"])
    card = say("ratecard.adopted", card="vintage", version=1, from_="2026-04-01", lines={"cash/FY2026": "6/5"})
    (line,) = aged({"rule": "table/1"}, card)
    assert line["factors"] == [["vintage", "6/5"]]


def test_a_parents_shares_must_lead_to_the_root_that_its_adoption_stated() -> None:
    rows = [
        {"v": 1, "row": f"right:votes:member:{code}", "salt": code, "share": 1, "of": 2} for code in ("honda", "nec")
    ]
    said = [
        say(
            "release.published", release="R-0.3", parents=[{"release": "R-0.2", "weight": "6/10"}, {"release": "R-0.1"}]
        ),
        say("allocation.adopted", allocation="A-1", release="R-0.2", rows_root=committed.rows_root(rows)),
    ]
    inheriting = [cases.right("votes", {"name": "inherited/1", "own": {"name": "equal/1"}})]
    found = folded(*said, rights=inheriting, opened={"A-1": rows})
    assert found["lineage"] == [{"release": "R-0.2", "weight": "3/5"}]
    assert found["parents"] == {"R-0.2": {"votes": {"honda": "1/2", "nec": "1/2"}}}
    assert ancestry.allocations(said, "R-0.3") == ["A-1"]
    for opened in ({}, {"A-1": [rows[0] | {"share": 2}, rows[1]]}, {"A-1": [{"row": "x"}]}):
        with pytest.raises(ancestry.ParentNotOpened):
            folded(*said, rights=inheriting, opened=opened)
    with pytest.raises(ancestry.ParentNotOpened):
        folded(said[0], rights=inheriting, opened={"A-1": rows})
