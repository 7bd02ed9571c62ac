"""Bundles: exactly the names that the manifest lists, and the log they carry, whoever signs the lie."""

from __future__ import annotations

import io
import zipfile

import pytest
from synthetic_log import (
    ADOPTED,
    FULL,
    KEY,
    LICENSEE,
    PARTS,
    PREPARED,
    REPORT,
    SERVER,
    WINDOW,
    allocated,
    founded,
    full_parts,
    leaf,
    licensee_parts,
    lines,
    resigned,
    run,
    statement,
    swapped,
    unsigned,
    world,
)

from contributions.core import canonical, merkle
from licensing.core import archives, bundles


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, parts in PARTS.items() for name in sorted(parts)])
def test_a_missing_name_is_refused(kind, name):
    good = archives.unpack(bundles.build(kind, PARTS[kind], KEY))
    rest = {each: content for each, content in good.items() if each != name}
    assert run(archives.pack(rest))[0] == 11
    assert run(resigned(kind, {each: content for each, content in rest.items() if each != "manifest"}))[0] == 11


def test_a_missing_manifest_is_refused():
    assert run(archives.pack(FULL))[0] == 11


@pytest.mark.parametrize("name", ["extra.txt", "proofs/999.tlog-proof", "Checkpoint", "report.json.bak"])
@pytest.mark.parametrize("kind", ["full", "licensee"])
def test_an_unlisted_name_is_refused(kind, name):
    assert run(unsigned(kind, {name: b"x"}))[0] == 12


def test_a_listed_name_that_no_such_bundle_has_is_refused():
    assert run(resigned("full", FULL | {"verify.py": b"print('trust me')"}))[0] == 12
    assert run(resigned("licensee", LICENSEE | {"rows.json": FULL["rows.json"]}))[0] == 12


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("content", [b"another", FULL["result.json"]])
def test_a_duplicate_name_is_refused(content):
    packed = io.BytesIO(bundles.build("full", FULL, KEY))
    with zipfile.ZipFile(packed, "a") as doubled:
        doubled.writestr("result.json", content)
    assert run(packed.getvalue())[0] == 13


@pytest.mark.parametrize("drop", [0, 5, SERVER.size - 1])
@pytest.mark.parametrize("signed", [True, False])
def test_fewer_entries_than_the_checkpoint_counts_are_refused(drop, signed):
    changed = {
        "leaves.jsonl": lines(data for seq, data in enumerate(SERVER.leaves) if seq != drop),
        "statements.jsonl": lines(data for seq, data in enumerate(SERVER.statements) if seq != drop),
    }
    assert run(resigned("full", FULL | changed) if signed else unsigned("full", changed))[0] == 14
    kept = {"leaves.jsonl": changed["leaves.jsonl"]}
    assert run(resigned("full", FULL | kept) if signed else unsigned("full", kept))[0] == 14
    kept = {"statements.jsonl": changed["statements.jsonl"]}
    assert run(resigned("full", FULL | kept) if signed else unsigned("full", kept))[0] == 14


def test_a_tail_cut_with_its_hashes_is_refused_too():
    changed = {
        "leaves.jsonl": lines(SERVER.leaves[:-1]),
        "statements.jsonl": lines(SERVER.statements[:-1]),
        "hashes.txt": lines(merkle.leaf_hash(data).hex().encode() for data in SERVER.leaves[:-1]),
    }
    assert run(resigned("full", FULL | changed))[0] == 14


@pytest.mark.parametrize(("i", "j"), [(0, 1), (3, 9), (4, 5), (12, 13)])
@pytest.mark.parametrize("signed", [True, False])
def test_two_swapped_entries_are_refused_by_name(i, j, signed):
    leaves = {"leaves.jsonl": lines(swapped(SERVER.leaves, i, j))}
    statements = {"statements.jsonl": lines(swapped(SERVER.statements, i, j))}
    for changed in (leaves, statements, leaves | statements):
        code, answer = run(resigned("full", FULL | changed) if signed else unsigned("full", changed))
        assert code == 15
        assert f"entry {i}" in answer["reason"]


def test_two_swapped_entries_with_their_hashes_are_refused():
    moved = swapped(SERVER.leaves, 3, 4)
    changed = {
        "leaves.jsonl": lines(moved),
        "statements.jsonl": lines(swapped(SERVER.statements, 3, 4)),
        "hashes.txt": lines(merkle.leaf_hash(data).hex().encode() for data in moved),
    }
    assert run(resigned("full", FULL | changed))[0] == 15


def test_two_swapped_entries_of_a_licensee_are_refused():
    for folder, ending in (("leaves", "json"), ("statements", "json"), ("proofs", "tlog-proof")):
        first, second = f"{folder}/{ADOPTED}.{ending}", f"{folder}/{PREPARED}.{ending}"
        changed = {first: LICENSEE[second], second: LICENSEE[first]}
        assert run(resigned("licensee", LICENSEE | changed))[0] == 15
        assert run(unsigned("licensee", changed))[0] == 15


def test_an_entry_that_was_never_logged_is_refused():
    forged = statement(99, "allocation.adopted", canonical.loads(SERVER.statements[ADOPTED])["facts"])
    changed = {f"statements/{ADOPTED}.json": forged}
    assert run(resigned("licensee", LICENSEE | changed))[0] == 10
    changed[f"leaves/{ADOPTED}.json"] = leaf(ADOPTED, forged)
    assert run(resigned("licensee", LICENSEE | changed))[0] == 10


def test_a_changed_statement_of_a_full_bundle_is_named():
    statements = list(SERVER.statements)
    statements[4] = statements[4].replace(b"30000000", b"90000000")
    code, answer = run(resigned("full", FULL | {"statements.jsonl": lines(statements)}))
    assert (code, "entry 4" in answer["reason"]) == (10, True)
    leaves = swapped(SERVER.leaves, 0, 0)
    leaves[4] = leaf(4, statements[4])
    changed = {"statements.jsonl": lines(statements), "leaves.jsonl": lines(leaves)}
    code, answer = run(resigned("full", FULL | changed))
    assert (code, "entry 4" in answer["reason"]) == (10, True)


def test_more_entries_than_the_checkpoint_counts_are_refused():
    changed = {"leaves.jsonl": lines([*SERVER.leaves, SERVER.leaves[0]])}
    assert run(resigned("full", FULL | changed))[0] == 10


def rebuilt(kind, facts, **more):
    """A log honestly signed from the start that holds one such entry before its allocation."""
    server = founded()
    server.say(kind, facts, more)
    documents = allocated(server)
    server.say("report.prepared", {"report": "AR-0001", "report_sha256": canonical.sha256_hex(REPORT)})
    return server, documents


def test_an_unknown_kind_is_refused():
    server, documents = rebuilt("member.crowned", {"member": "akane"})
    assert run(bundles.build("full", full_parts(server, documents), KEY))[0] == 20
    seqs = (server.size - 3, server.size - 2, server.size - 1)
    code, answer = run(bundles.build("licensee", licensee_parts(server, seqs), KEY))
    assert (code, "member.crowned" in answer["reason"]) == (20, True)


def test_a_terminal_cannot_be_steered_by_a_kind():
    server, documents = rebuilt("\x1b[2J", {})
    code, answer = run(bundles.build("full", full_parts(server, documents), KEY))
    assert (code, "\x1b" in answer["reason"]) == (20, False)


@pytest.mark.parametrize(
    "movements",
    [
        [["a", "JPY", "1"]],
        [["a", "JPY", "1"], ["b", "byte", "-1"]],
        [["a", "JPY"]],
        [["a", "JPY", "01"]],
        [["a", "J", 0]],
        {},
    ],
)
def test_movements_that_do_not_balance_are_refused(movements):
    server = founded()
    said = canonical.loads(
        statement(server.size, "stake.declared", {"member": "akane", "share": "1/3", "from": WINDOW[0]})
    )
    said["movements"] = movements
    server.statements.append(canonical.dumps(said))
    server.leaves.append(leaf(server.size, server.statements[-1]))
    documents = allocated(server)
    assert run(bundles.build("full", full_parts(server, documents), KEY))[0] == 22


def test_a_statement_without_its_facts_is_refused():
    server, documents = rebuilt("stake.declared", {"member": "akane"})
    code, answer = run(bundles.build("full", full_parts(server, documents), KEY))
    assert (code, "share" in answer["reason"]) == (22, True)


@pytest.mark.parametrize("at", ["2025-01-01T00:00:00Z", "2026-10-01 05:00:00", 7])
def test_time_that_runs_backwards_is_refused_even_under_the_key(at):
    server = founded()
    server.leaves[5] = leaf(5, server.statements[5], at=at)
    documents = allocated(server)
    assert run(bundles.build("full", full_parts(server, documents), KEY))[0] == 22


def test_another_report_is_refused():
    assert run(resigned("licensee", LICENSEE | {"report.json": b"{}"}))[0] == 10
    assert run(resigned("licensee", LICENSEE | {"report.pdf": b"%PDF-1.7 other"}))[0] == 10
    server, _ = world()
    assert run(bundles.build("licensee", licensee_parts(server, (ADOPTED,)), KEY))[0] == 10


def reported(covered, seqs=None):
    """A licensee's bundle whose report says whose data it covers: R-0.4 comes from R-0.3, and that from R-0.2."""
    server, _ = world()
    for child, parents in (("R-0.2", []), ("R-0.3", ["R-0.2"]), ("R-0.4", ["R-0.3"])):
        rows = [{"release": parent, "weight": "1/4"} for parent in parents]
        server.say("release.published", {"release": child, "parents": rows})
    report = canonical.dumps({"v": 1, "release": {"number": "R-0.4"}, "training": {"releases": covered}})
    digests = {"report_sha256": canonical.sha256_hex(report), "pdf_sha256": None}
    server.say("report.prepared", {"report": "AR-9", "agreement": "L-0001", "checkpoint": 1, **digests})
    last = server.size - 1
    parts = licensee_parts(server, seqs or (ADOPTED, last - 3, last - 2, last - 1, last))
    return run(bundles.build("licensee", parts | {"report.json": report}, KEY))


def test_a_report_covers_the_data_of_all_that_the_release_descends_from():
    code, answer = reported(["R-0.4", "R-0.2", "R-0.3"])
    assert code == 0 and any("R-0.4, R-0.2, R-0.3" in said for said in answer["checked"])
    assert reported(["R-0.4", "R-0.3"])[0] == 10, "a grandparent is missing"
    assert reported(["R-0.4", "R-0.2", "R-0.3", "R-0.1"])[0] == 10
    assert reported(3)[0] == 22
    old = run(bundles.build("licensee", LICENSEE, KEY))
    assert old[0] == 0 and any("own release’s data alone" in said for said in old[1]["not_checked"])


def test_a_members_entry_never_goes_into_a_licensees_bundle():
    with pytest.raises(bundles.NotForLicensees):
        licensee_parts(SERVER, (4, ADOPTED, PREPARED))


def test_a_licensee_bundle_shows_no_member_and_no_share():
    shown = b"".join(LICENSEE.values())
    assert b"akane" not in shown and b"midori" not in shown and b"500000" not in shown
