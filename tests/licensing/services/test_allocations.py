"""Allocations: gathered from the journal alone, recomputed by two, adopted without a name or a share."""

from __future__ import annotations

import io
import json
from copy import deepcopy
from datetime import date
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

import world as cast
from contributions.core import canonical
from contributions.core.evidence import Evidence
from contributions.core.roles import NotAllowed
from contributions.models import Dataset, Entry
from contributions.services import journal
from licensing import selectors, services
from licensing.core import allocations as rules
from licensing.core import ballots, pools
from licensing.models import Allocation, Policy, Share


@pytest.fixture
def decided(contributed_world):
    """Contributions stand, a policy is adopted, a release is published; nothing is calculated yet."""
    contributed_world.wait_until("2026-06-13 09:00")
    contributed_world.policy()
    contributed_world.release()
    return contributed_world


def inputs(allocation: Allocation) -> dict:
    return canonical.loads(bytes(allocation.inputs))


def lines(allocation: Allocation, asset: str) -> list[dict]:
    return [line for line in inputs(allocation)["lines"] if line["asset"].startswith(asset)]


def number_of(name: str) -> str:
    return Dataset.objects.get(name_ja=name).number


def test_the_shares_sum_to_exactly_one_on_the_grid(decided):
    allocation = decided.run()
    shares = Share.objects.filter(allocation=allocation)
    assert {share.member.code for share in shares} == set(cast.MEMBERS)
    assert sum(share.grid_units for share in shares) == 1_000_000
    assert sum(Fraction(share.exact) for share in shares) == 1
    for share in shares:
        assert Fraction(share.grid_units, 1_000_000) - Fraction(share.exact) == Fraction(share.rounding_delta)


def test_the_floor_and_the_cap_hold(decided):
    for share in decided.run().shares.all():
        assert 10_000 <= share.grid_units <= 600_000


def test_an_uncleared_dataset_counts_nothing_and_says_why(decided):
    (line,) = lines(decided.run(), number_of("衝突"))
    assert (line["counted"], line["reasons"]) == ("0", ["review-missing"])


def test_a_dataset_with_a_copy_abroad_counts_nothing_and_says_why(decided):
    (line,) = lines(decided.run(), number_of("走行"))
    assert (line["counted"], line["reasons"]) == ("0", ["not-resident"])


def test_a_refused_dataset_counts_nothing_and_says_why(decided):
    version = decided.dataset("ginko", "取引")
    decided.decide(version.reviews.get(kind="privacy"), "refused", opinion="個人が分かります。")
    decided.clear(version)
    decided.rate_datasets()
    (line,) = lines(decided.run(), "D-ginko")
    assert (line["counted"], line["reasons"]) == ("0", ["review-refused"])


def test_the_part_that_the_state_paid_is_left_out(decided):
    """kuruma's compute came from a subsidy of one half."""
    assert {(line["counted"], tuple(line["reasons"])) for line in lines(decided.run(), "osaka")} == {
        ("1/2", ("state-paid",)),
        ("0", ("not-accepted",)),
    }


def test_equity_and_what_nobody_accepted_count_nothing(decided):
    cash = {line["member"] + line["quantity"]: line["reasons"] for line in lines(decided.run(), "C-")}
    assert cash["ginko90000000"] == ["equity"] and cash["hagane2000000"] == ["not-accepted"]
    assert cash["ginko5000000"] == cash["tetsu1000000"] == []


def test_who_contributed_more_that_counts_has_the_larger_share(decided):
    """tetsu's three million records against hagane's two; kuruma's nine million are not cleared or lie abroad."""
    result = canonical.loads(bytes(decided.run().result))
    data = {
        row["member"]: Fraction(next(part["points"] for part in row["parts"] if part["category"] == "data"))
        for row in result["members"]
    }
    assert data == {"ginko": 0, "hagane": 2, "kuruma": 0, "tetsu": 3}


def test_what_entered_the_log_after_the_checkpoint_changes_nothing(decided):
    checkpoint = decided.seal()
    before = decided.run(checkpoint=checkpoint)
    decided.cash("ginko", 900_000_000)
    after = decided.run(checkpoint=checkpoint)
    assert bytes(before.inputs) == bytes(after.inputs) and bytes(before.result) == bytes(after.result)
    assert bytes(decided.run().result) != bytes(before.result)


def test_the_window_decides_which_flows_count(decided):
    """Compute, cash and people are of May; the data of April stand at the end of June too."""
    june = decided.run(window=(date(2026, 6, 1), date(2026, 7, 1)))
    assert all("outside-window" in line["reasons"] for line in lines(june, "osaka") + lines(june, "C-"))
    assert lines(june, number_of("高炉"))[0]["counted"] == "1"


def test_two_runs_of_the_same_have_the_same_result_and_other_salts(decided):
    checkpoint = decided.seal()
    first, second = decided.run(checkpoint=checkpoint), decided.run(checkpoint=checkpoint)
    assert first.result_sha256 == second.result_sha256 and first.rows_root != second.rows_root
    assert (first.number, second.number) == ("A-2026-01", "A-2026-02")


def test_a_policy_that_is_not_adopted_calculates_nothing(decided):
    proposal = decided.propose(version=2)
    with pytest.raises(services.allocations.PolicyNotAdopted, match="version 2"):
        services.allocations.run(
            proposal, decided.release("R-0.2"), checkpoint=decided.seal(), window=cast.WINDOW, **decided.by("desk")
        )
    assert not Allocation.objects.exists()


def test_where_nothing_counts_there_is_nothing_to_allocate_by(world):
    world.policy()
    release = world.release(versions=[world.clear(world.dataset("tetsu", "高炉"))])
    policy = Policy.objects.get()
    with pytest.raises(rules.NothingCounts):
        services.allocations.run(
            policy, release, checkpoint=world.seal(), window=(date(2026, 4, 1), date(2026, 4, 2)), **world.by("desk")
        )


def test_an_allocation_is_adopted_after_the_desk_and_the_auditor_recomputed_it(decided):
    allocation = decided.run()
    for people, state in ((["desk"], "run"), (["desk"], "run"), (["auditor"], "attested")):
        assert allocation.state == "run"
        with pytest.raises(services.allocations.NotAttested, match=allocation.number):
            services.allocations.adopt(allocation, **decided.by("legal"))
        allocation = decided.attest(allocation, *people)
        assert allocation.state == state
    with pytest.raises(ballots.NotDecided, match=allocation.number):
        services.allocations.adopt(allocation, **decided.by("legal"))
    decided.carry(allocation)
    assert services.allocations.adopt(allocation, **decided.by("legal")).state == "adopted"
    with pytest.raises(services.allocations.NotAttested):
        services.allocations.adopt(allocation, **decided.by("legal"))


@pytest.mark.parametrize("username", ["legal", "finance", "tetsu", "robo", "reviewer"])
def test_only_the_desk_and_the_auditor_attest(decided, username):
    with pytest.raises(NotAllowed):
        decided.attest(decided.run(), username)


@pytest.mark.parametrize("username", ["legal", "auditor", "tetsu"])
def test_only_the_desk_calculates(decided, username):
    with pytest.raises(NotAllowed):
        services.allocations.run(
            Policy.objects.get(), decided.release("R-0.2"), checkpoint=decided.seal(), window=cast.WINDOW,
            **decided.by(username),
        )  # fmt: skip


@pytest.mark.parametrize("field", ["result", "inputs"])
def test_a_stored_document_that_was_tampered_with_is_not_attested(decided, field):
    """The table of allocations can be updated by its owner; what is attested is recomputed from the journal."""
    allocation = decided.run()
    document = canonical.loads(bytes(getattr(allocation, field)))
    changed = document["members"][0]
    changed["grid" if field == "result" else "from"] = 999_999 if field == "result" else "2026-04-02"
    Allocation.objects.filter(pk=allocation.pk).update(**{field: canonical.dumps(document)})
    with pytest.raises(services.allocations.NotRecomputed, match=field):
        decided.attest(Allocation.objects.get(), "desk")
    assert Allocation.objects.get().attestations == []


def test_a_share_that_was_posted_cannot_be_edited(decided):
    decided.run()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Share.objects.update(grid_units=1)


def test_the_adopted_statement_names_no_member_and_no_share(allocated_world):
    entry = Entry.objects.get(kind="allocation.adopted")
    text = bytes(entry.statement.content).decode()
    said = canonical.loads(text.encode())
    assert said["member"] is None and not any(code in text for code in cast.MEMBERS)
    assert set(said["facts"]) == {
        "allocation", "release", "policy_sha256", "inputs_sha256", "result_sha256", "rows_root", "sum", "ballot",
        "checkpoint", "window",
    }  # fmt: skip


def test_each_viewer_is_shown_what_the_level_allows(allocated_world):
    """The desk all, a member its own share and lines, legal the shares, a licensee that it exists."""
    allocation = Allocation.objects.get()

    def shown(username):
        return selectors.allocations.view(allocation, allocated_world.viewer(username))

    assert {len(shown(name).shares) for name in ("desk", "auditor", "legal", "finance")} == {4}
    own = shown("tetsu")
    assert [share.member for share in own.shares] == ["tetsu"] and own.own.lines
    assert {line.asset[:7] for line in own.own.lines if line.category == "data"} == {"D-tetsu"}
    assert not any(share.lines or share.parts for share in shown("legal").shares)
    assert shown("robo").shares == () and shown("robo").grid is None


def test_an_allocation_waits_for_the_desk_then_the_auditor_then_legal(decided):
    allocation = decided.run()

    def waits() -> list[str]:
        return [
            name
            for name in ("desk", "auditor", "legal", "finance", "tetsu", "robo")
            if selectors.allocations.waiting_for(decided.viewer(name))
        ]

    assert waits() == ["desk", "auditor"]
    allocation = decided.attest(allocation, "desk")
    assert waits() == ["auditor"]
    allocation = decided.attest(allocation, "auditor")
    assert waits() == ["legal"]
    services.allocations.adopt(decided.carry(allocation), **decided.by("legal"))
    assert waits() == []


# ---- every right of one policy ----
def right(name: str, method: dict, **changes) -> dict:
    return {
        "right": name,
        "form": "claim",
        "ownership": "consortium",
        "use": "internal",
        "further_training": "licensed",
        "method": method,
        "bounds": {"step": "clip-lambda/1", "floor": "1/100", "cap": "60/100"},
        "rounding": cast.POLICY["rounding"],
    } | changes


WEIGHTED = {
    "name": "category-weighted/1",
    "weights": {row["code"]: row["weight"] for row in cast.POLICY["categories"]},
    "empty_category": "renormalise",
}
VALUES = {"players": ["hagane", "tetsu"], "values": {"hagane": "1", "tetsu": "2", "hagane,tetsu": "6"}}
SEVERAL = {
    "v": 2,
    "number": "P-0001",
    "version": 2,
    "eligibility": {
        "step": "eligibility/1",
        "reviewed": True,
        "residency": ["JP"],
        "state_paid": "excluded",
        "rewarded": "excluded",
        "equity_counts": False,
    },
    "points": {
        "step": "points/1",
        "categories": [{key: row[key] for key in ("code", "units", "factors")} for row in cast.POLICY["categories"]],
    },
    "rights": [
        right("revenue", WEIGHTED),
        right("votes", {"name": "stakes/1"}),
        right("weights", {"name": "time-weighted/1", "basis": {"of": "equal"}}),
        right("use", {"name": "shapley/1", "game": {"valuation": canonical.digest(VALUES)}}),
    ],
    "disclosure": "safe-totals/1",
    "coalitions": "desk",
}


def adopted(world, document: dict) -> Policy:
    policy = services.policies.propose(document, **world.by("legal"))
    ballot = world.ballot(policy)
    world.vote(ballot, **dict.fromkeys(cast.MEMBERS, "for"))
    world.close(ballot)
    return world.adopt(policy)


def valued(world) -> None:
    """A table of coalition values is submitted from a file, adopted by a second person, and named by its digest."""
    submitted = services.valuations.submit(
        file=Evidence("values.json", canonical.dumps(VALUES)), name_ja="除去実験", name_en="Ablation",
        method_ja="一社ずつ除いて学習", method_en="trained without each", **world.by("desk"),
    )  # fmt: skip
    services.valuations.adopt(submitted, adopted_on=date(2026, 4, 2), **world.by("auditor"))
    assert submitted.sha256 == canonical.digest(VALUES)


@pytest.fixture
def several(decided):
    """As above, and a second policy of four rights supersedes the first."""
    valued(decided)
    adopted(decided, SEVERAL)
    return decided


def test_one_run_shares_out_every_right_the_same_way_on_every_database(several):
    """Each right sums to its grid; the bytes of inputs and result, but for the log they name, are pinned here."""
    allocation = several.run()
    rows = Share.objects.filter(allocation=allocation)
    for code in ("revenue", "votes", "weights", "use"):
        held = {share.member.code: share.grid_units for share in rows.filter(right=code)}
        assert set(held) == set(cast.MEMBERS) and sum(held.values()) == 1_000_000
    assert {row.member.code: row.grid_units for row in rows.filter(right="weights")} == dict.fromkeys(
        cast.MEMBERS, 250_000
    )
    assert {row.member.code: row.exact for row in rows.filter(right="use")} == {
        "ginko": "1/100", "hagane": "49/120", "kuruma": "1/100", "tetsu": "343/600",
    }  # fmt: skip
    stored = inputs(allocation) | {"log": None}
    result = canonical.loads(bytes(allocation.result)) | {"inputs_sha256": None}
    assert canonical.digest({"inputs": stored, "result": result}) == PINNED
    services.allocations.recompute(allocation)
    assert not list(services.allocations.unrepeatable())


PINNED = "e77aff43ac64262492cdd5ca95b7b4405d263fe763a0b0bc403daa20c5dc2ffd"


def test_money_goes_by_the_revenue_right_and_a_policy_without_it_pays_nobody(several):
    allocation = services.allocations.adopt(several.carry(several.attest(several.run())), **several.by("legal"))
    shared = selectors.allocations.stored(allocation, "revenue")
    assert {row["member"]: row["grid"] for row in shared["members"]} == {
        row.member.code: row.grid_units for row in allocation.shares.filter(right="revenue")
    }
    assert selectors.allocations.stored(allocation, "know-how") == {}


def test_a_member_sees_each_right_as_the_level_allows(several):
    allocation = services.allocations.adopt(several.carry(several.attest(several.run())), **several.by("legal"))

    def seen(username, code):
        return selectors.allocations.view(allocation, several.viewer(username), code)

    use = seen("tetsu", "use")
    assert [share.member for share in use.shares] == ["tetsu"]
    assert use.own.parts[0].points is None and use.leaving == ()
    assert [row.right for row in use.rights] == ["revenue", "votes", "weights", "use"]
    assert seen("desk", "use").shares[0].parts[0].points is not None
    assert seen("robo", "votes").shares == ()
    assert seen("tetsu", "know-how").audience == "existence"


def test_a_later_allocation_of_the_release_supersedes_the_one_before(several):
    first = services.allocations.adopt(several.carry(several.attest(several.run())), **several.by("legal"))
    apart = several.run(window=(date(2026, 10, 1), date(2026, 11, 1)))
    services.allocations.adopt(several.carry(several.attest(apart)), **several.by("legal"))
    first.refresh_from_db()
    assert first.state == "adopted", "another period leaves it alone"
    services.allocations.adopt(several.carry(several.attest(several.run())), **several.by("legal"))
    first.refresh_from_db()
    assert first.state == "superseded"
    assert first in selectors.allocations.visible_to(several.viewer("tetsu"))


def test_a_release_inherits_from_its_parents_adopted_allocation(several):
    services.allocations.adopt(several.carry(several.attest(several.run())), **several.by("legal"))
    inheriting = deepcopy(SEVERAL) | {"version": 3}
    inheriting["rights"] = [right("revenue", {"name": "inherited/1", "own": {"name": "equal/1"}})]
    policy, child = adopted(several, inheriting), several.release("R-0.2")
    facts = {"release": "R-0.2", "parents": [{"release": "R-0.1", "weight": "1/2"}]}
    journal.append("release.published", subject="release:R-0.2", facts=facts, **several.by("legal"))
    found = services.allocations.run(policy, child, checkpoint=several.seal(), window=cast.WINDOW, **several.by("desk"))
    parent = Allocation.objects.get(number="A-2026-01").shares.filter(right="revenue")
    expected = {row.member.code: Fraction(row.grid_units, 2_000_000) + Fraction(1, 8) for row in parent}
    raw = {row["member"]: Fraction(row["raw"]) for row in selectors.allocations.stored(found, "revenue")["members"]}
    assert raw == expected
    services.allocations.recompute(found)


def test_what_cannot_be_run_leaves_nothing_behind(decided):
    """The valuation that the policy names was never adopted."""
    adopted(decided, SEVERAL)
    checkpoint, size = decided.seal(), Entry.objects.count()
    with pytest.raises(pools.NotAdopted):
        decided.run(checkpoint=checkpoint)
    assert not Allocation.objects.exists() and Entry.objects.count() == size


def test_the_command_calculates_as_the_desk_does(several):
    size = several.seal().size
    out = io.StringIO()
    call_command(
        "allocate", "--release", "R-0.1", "--policy", "P-0001", "--from", "2026-04-01", "--to", "2026-06-30",
        "--known-at", str(size), "--json", stdout=out,
    )  # fmt: skip
    said = json.loads(out.getvalue())
    assert {row["right"] for row in said["result"]["rights"]} == {"revenue", "votes", "weights", "use"}
    for wrong in (["--policy", "P-9"], ["--release", "R-9"], ["--known-at", "999999"], ["--to", "2020-01-01"]):
        asked = {"--release": "R-0.1", "--policy": "P-0001", "--from": "2026-04-01", "--known-at": str(size)}
        with pytest.raises(CommandError):
            call_command("allocate", *(part for pair in (asked | dict([wrong])).items() for part in pair))
    assert Allocation.objects.count() == 1
