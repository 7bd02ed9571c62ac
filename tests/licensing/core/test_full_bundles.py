"""The adopted allocation in a full bundle: recomputed, and each way of changing it told apart."""

from __future__ import annotations

import json

import pytest
from synthetic_log import (
    DOCUMENTS,
    FULL,
    KEY,
    POLICY,
    REPORT,
    WINDOW,
    allocated,
    founded,
    full_parts,
    licensee_parts,
    resigned,
    run,
    several,
    unsigned,
)

from contributions.core import canonical, committed, rate_rows
from contributions.core.money import fraction
from licensing.core import allocations, bundles
from licensing.core.kinds import ALL


def result_with(**first):
    result = json.loads(FULL["result.json"])
    result["members"][0].update(first)
    return {"result.json": canonical.dumps(result)}


def test_the_synthetic_allocation_is_the_one_worked_by_hand():
    """Cash 30 : 10 at 2/3, compute 0 : 1 at 1/3, so 1/2 and 1/2."""
    first, second = DOCUMENTS["result"]["members"]
    assert (first["member"], first["grid"], second["grid"]) == ("akane", 500_000, 500_000)
    assert fraction(first["exact"]) == fraction("1/2")


@pytest.mark.parametrize("change", [{"grid": 500_016}, {"exact": "501/1000"}, {"member": "aoi"}, {"extra": 1}])
@pytest.mark.parametrize("signed", [True, False])
def test_a_changed_share_is_refused(change, signed):
    changed = result_with(**change)
    assert run(resigned("full", FULL | changed) if signed else unsigned("full", changed))[0] == 16


@pytest.mark.parametrize("signed", [True, False])
def test_a_changed_row_is_refused(signed):
    rows = [dict(row) for row in DOCUMENTS["rows"]]
    rows[-1]["share"] += 123_456
    changed = {"rows.json": canonical.dumps(rows)}
    assert run(resigned("full", FULL | changed) if signed else unsigned("full", changed))[0] == 16


def test_rows_under_other_salts_are_not_the_ones_adopted():
    rows = [row | {"salt": "00" * 32} for row in DOCUMENTS["rows"]]
    assert run(resigned("full", FULL | {"rows.json": canonical.dumps(rows)}))[0] == 10


@pytest.mark.parametrize("change", [{"cap": "75/100"}, {"number": "P-0002"}, {"floor": "0"}])
@pytest.mark.parametrize("signed", [True, False])
def test_a_changed_policy_is_refused(change, signed):
    changed = {"policy.json": canonical.dumps(POLICY | change)}
    assert run(resigned("full", FULL | changed) if signed else unsigned("full", changed))[0] == 17


def test_a_policy_that_was_never_adopted_is_refused():
    server = founded()
    documents = allocated(server, POLICY | {"cap": "80/100"})
    assert run(bundles.build("full", full_parts(server, documents), KEY))[0] == 17


def test_a_policy_adopted_only_afterwards_is_refused():
    server, policy = founded(), POLICY | {"cap": "80/100"}
    documents = allocated(server, policy)
    server.say("policy.adopted", {"policy": "P-0001", "policy_sha256": canonical.digest(policy)})
    assert run(bundles.build("full", full_parts(server, documents), KEY))[0] == 17


@pytest.mark.parametrize("signed", [True, False])
def test_changed_inputs_are_refused(signed):
    folded = json.loads(FULL["inputs.json"])
    folded["lines"][0]["quantity"] = "99000000"
    changed = {"inputs.json": canonical.dumps(folded)}
    assert run(resigned("full", FULL | changed) if signed else unsigned("full", changed))[0] == 18


def test_inputs_that_the_entries_do_not_give_are_refused_even_when_adopted():
    server = founded()
    documents = allocated(server)
    server.statements.pop(), server.leaves.pop()
    folded = json.loads(canonical.dumps(documents["inputs"]))
    folded["lines"][0]["quantity"] = "99000000"
    result = allocations.allocate(POLICY, folded)
    rows = allocations.rows(result, canonical.digest)
    facts = {
        "allocation": "A-0001",
        "release": "R-0.3",
        "policy_sha256": canonical.digest(POLICY),
        "inputs_sha256": canonical.digest(folded),
        "rows_root": committed.rows_root(rows),
        "sum": "1",
        "checkpoint": server.size,
        "window": WINDOW,
    }
    server.say("allocation.adopted", facts)
    documents = {"policy": POLICY, "inputs": folded, "result": result.document(), "rows": rows}
    assert run(bundles.build("full", full_parts(server, documents), KEY))[0] == 18


@pytest.mark.parametrize(
    "change",
    [
        {"checkpoint": 999},
        {"checkpoint": "11"},
        {"checkpoint": 0},
        {"window": "2026"},
        {"window": [None, None]},
        {"window": [[], {}]},
        {"release": None},
        {"sum": "2"},
        {"policy_sha256": None},
        {"rows_root": 7},
        {"inputs_sha256": {}},
        {"result_sha256": "00"},
    ],
    ids=str,
)
def test_a_nonsensical_adoption_is_refused(change):
    server = founded()
    documents = allocated(server)
    said = canonical.loads(server.statements.pop())
    server.leaves.pop()
    server.say("allocation.adopted", said["facts"] | change)
    assert run(bundles.build("full", full_parts(server, documents), KEY))[0] in {10, 16, 17, 18, 22}


def test_nonsensical_facts_are_refused_without_a_traceback():
    server = founded()
    documents = allocated(server)
    server.statements.pop(), server.leaves.pop()
    server.say("resource.recorded", dict.fromkeys(ALL["resource.recorded"].required))
    size = server.size
    said = {
        "checkpoint": size,
        "policy_sha256": canonical.digest(POLICY),
        "rows_root": "",
        "allocation": "A",
        "sum": "1",
    }
    said |= {"inputs_sha256": "", "release": "R", "window": WINDOW}
    server.say("allocation.adopted", said)
    assert run(bundles.build("full", full_parts(server, documents), KEY))[0] in {18, 22}


def test_a_log_without_an_adopted_allocation_is_refused():
    server = founded()
    assert run(bundles.build("full", full_parts(server, DOCUMENTS), KEY))[0] == 22
    server.say("report.prepared", {"report": "AR-0001", "report_sha256": canonical.sha256_hex(REPORT)})
    assert run(bundles.build("licensee", licensee_parts(server, (server.size - 1,)), KEY))[0] == 22


@pytest.mark.parametrize("name", ["policy.json", "inputs.json", "result.json", "rows.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b"1.5", b'[{"row":1}]', b"[" * 9999, b"\xff"])
def test_documents_that_are_none_are_refused(name, content):
    assert run(resigned("full", FULL | {name: content}))[0] in {16, 17, 18, 22}


# ---- several rights ----
def test_a_bundle_of_several_rights_is_recomputed_whole():
    """Inherited from a parent whose rows lie in the bundle, by stakes, and by an adopted valuation."""
    server, documents = several()
    shares = {
        right["right"]: {row["member"]: row["exact"] for row in right["members"]}
        for right in documents["result"]["rights"]
    }
    assert shares == {
        "revenue": {"akane": "1/2", "midori": "1/2"},
        "votes": {"akane": "3/4", "midori": "1/4"},
        "use": {"akane": "5/12", "midori": "7/12"},
    }
    code, answer = run(bundles.build("full", full_parts(server, documents), KEY))
    assert (code, answer["verdict"]) == (0, "verified"), answer


def changed_in(name, change):
    server, documents = several()
    parts = full_parts(server, documents)
    document = canonical.loads(parts[name])
    change(document)
    return run(resigned("full", parts | {name: canonical.dumps(document)}))[0]


def test_each_right_is_checked_and_so_are_the_parents_rows():
    def votes(document):
        document["rights"][1]["members"][0]["grid"] += 1

    def law(document):
        document["rights"][1]["method"] = {"name": "equal/1"}

    def stake(document):
        document["stakes"]["akane"] = "4/5"

    def parent(document):
        document["A-0000"][0]["salt"] = "00"

    def row(document):
        next(one for one in document if one["row"] == "right:votes:member:akane")["share"] += 1

    assert changed_in("result.json", votes) == 16
    assert changed_in("rows.json", row) == 16
    assert changed_in("policy.json", law) == 17
    assert changed_in("inputs.json", stake) == 18
    assert changed_in("parents.json", parent) == 22


def test_without_the_parents_rows_nothing_inherited_can_be_recomputed():
    server, documents = several()
    parts = full_parts(server, {name: value for name, value in documents.items() if name != "parents"})
    assert run(bundles.build("full", parts, KEY))[0] == 22


def test_the_root_of_a_rate_card_is_worked_out_from_the_adopted_lines():
    def bundle(change):
        server = founded()
        lines = {"D-1@1/quality": "1/2"}
        server.say("ratecard.adopted", {"card": "dataset", "version": 1, "from": "2026-04-01", "lines": lines})
        said = canonical.loads(server.statements[-1])
        server.say("ratecard.committed", rate_rows.facts_of(said) | change)
        return run(bundles.build("full", full_parts(server, allocated(server)), KEY))

    code, answer = bundle({})
    assert code == 0 and any("the roots of rate cards (1 editions)" in one for one in answer["checked"])
    for change in ({"rows_root": "00" * 32}, {"version": 2}, {"from": "2026-05-01"}):
        assert bundle(change)[0] == 22
