"""The hostile suite: one bundle for each way of lying, and the exit code of its own with which it is refused.

`Server` lies with the log's key in hand, `unsigned` is anybody else. The table is the one that docs/log.md lists; the
other files of this folder try each class from more sides.
"""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from synthetic_log import (
    ADOPTED,
    DOCUMENTS,
    FULL,
    KEY,
    LICENSEE,
    ORIGIN,
    OTHER,
    PARTS,
    POLICY,
    REPORT,
    SERVER,
    VALUES,
    allocated,
    flipped,
    founded,
    full_parts,
    leaf,
    lines,
    resigned,
    run,
    several,
    statement,
    swapped,
    unsigned,
)

from contributions.core import canonical, cosignatures, merkle, notes, rotations, signed_statements
from licensing.core import archives, bundles
from licensing.core.verdicts import EXITS

WITNESS, STRANGER = (cosignatures.Cosigner(f"witness.example/w{n}", bytes([n]) * 32) for n in (1, 2))
GOOD = {kind: bundles.build(kind, parts, KEY) for kind, parts in PARTS.items()}
DOCS = Path(__file__).resolve().parents[3] / "docs" / "log.md"


def cosigned(parts, *lines_):
    """A bundle whose checkpoint bears these lines below the log's own signature."""
    return parts | {"checkpoint": parts["checkpoint"] + "".join(lines_).encode()}


def at_one_second():
    """A log whose entries were all recorded in one second: time tells nothing about their order."""
    server = founded()
    documents = allocated(server)
    server.leaves = [leaf(seq, said, at="2026-10-01T05:00:00Z") for seq, said in enumerate(server.statements)]
    size = documents["inputs"]["log"]["size"]
    server.statements, server.leaves = server.statements[:size], server.leaves[:size]
    documents = allocated(server)
    server.leaves[-1] = leaf(server.size - 1, server.statements[-1], at="2026-10-01T05:00:00Z")
    return server, documents


def swapped_within_a_second(*, with_hashes):
    server, documents = at_one_second()
    parts = full_parts(server, documents)
    assert run(bundles.build("full", parts, KEY))[0] == 0, "in their order they verify"
    moved = {
        "leaves.jsonl": lines(swapped(server.leaves, 4, 5)),
        "statements.jsonl": lines(swapped(server.statements, 4, 5)),
    }
    if with_hashes:
        moved["hashes.txt"] = lines(merkle.leaf_hash(data).hex().encode() for data in swapped(server.leaves, 4, 5))
    return resigned("full", parts | moved)


def policy_swapped():
    return resigned("full", FULL | {"policy.json": canonical.dumps(POLICY | {"cap": "75/100"})})


def share_rounded_up():
    result = canonical.loads(FULL["result.json"])
    result["members"][0]["grid"] += 1
    result["members"][1]["grid"] -= 1
    return resigned("full", FULL | {"result.json": canonical.dumps(result)})


def inputs_dressed_up():
    folded = canonical.loads(FULL["inputs.json"])
    folded["lines"][0]["counted"] = "1/2"
    return resigned("full", FULL | {"inputs.json": canonical.dumps(folded)})


def unknown_kind():
    server = founded()
    server.say("member.crowned", {"member": "akane"})
    return bundles.build("full", full_parts(server, allocated(server)), KEY)


BALLOT = {
    "ballot": 1,
    "policy_sha256": "09" * 32,
    "electorate": {"akane": "1", "beni": "1"},
    "rule": {"basis": "members", "quorum": "1/2", "threshold": "1/2", "strict": True, "of": "decided"},
}


def balloted(**changed):
    """A log in which a ballot of three carried, and the policy is adopted by it; some facts are told otherwise."""
    server = founded()
    for kind, facts in (
        ("ballot.opened", BALLOT),
        ("vote.cast", {"ballot": 1, "voter": "akane", "choice": "for"}),
        ("ballot.closed", {"ballot": 1, "for": "1", "against": "0", "abstain": "0", "carried": True}),
        ("policy.adopted", {"policy_sha256": BALLOT["policy_sha256"], "ballot": 1}),
    ):
        server.say(kind, facts | changed.get(kind.replace(".", "_"), {}))
    return bundles.build("full", full_parts(server, allocated(server)), KEY)


def written(old, new):
    """A log honestly hashed and signed, in whose fifth statement these bytes stand in the place of those."""
    server = founded()
    documents = allocated(server)
    raw = server.statements[4].replace(old, new, 1)
    assert raw != server.statements[4]
    server.statements[4], server.leaves[4] = raw, leaf(4, raw)
    return bundles.build("full", full_parts(server, documents), KEY)


def duplicate_name():
    packed = io.BytesIO(GOOD["full"])
    with zipfile.ZipFile(packed, "a") as doubled:
        doubled.writestr("rows.json", FULL["rows.json"])
    return packed.getvalue()


def bomb():
    """A member that inflates to a gigabyte from a megabyte, and says so."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b"".join(packer.compress(bytes(1 << 24)) for _ in range(64)) + packer.flush()
    return one_member(b"manifest", packed, size=1 << 30, method=8, crc=0)


def lying_bomb():
    """A member that says it is small and inflates without end."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(bytes(1 << 26)) + packer.flush()
    return one_member(b"manifest", packed, size=100, method=8, crc=0)


def one_member(name, packed, *, size, method=0, crc=None):
    shared = (20, 0, method, 0, 33, zlib.crc32(packed) if crc is None else crc, len(packed), size, len(name), 0)
    body = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", *shared) + name + packed
    directory = struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 0x0314, *shared, 0, 0, 0, 0o100644 << 16, 0) + name
    return body + directory + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(body), 0)


def too_many_members():
    count = archives.MEMBERS_MAX + 1
    return GOOD["full"][:-14] + struct.pack("<HHLLH", count & 0xFFFF, count & 0xFFFF, 10, 10, 0)


def other_padding():
    """Base64 whose last character hides bits that decoding drops."""
    note = FULL["checkpoint"].decode()
    head, _, last = note.rstrip("\n").rpartition(" ")
    loose = last[:-2] + chr(ord(last[-2]) + 1) + "=" if last.endswith("=") else last
    assert base64.b64decode(loose) == base64.b64decode(last) and loose != last
    return resigned("full", FULL | {"checkpoint": f"{head} {loose}\n".encode()})


def retired():
    server = founded()
    documents = allocated(server)
    server.say("key.rotated", rotations.facts(server.size, KEY.verifier, OTHER.verifier))
    both = notes.sign(notes.Checkpoint(ORIGIN, server.size, server.root(server.size)).text(), OTHER, KEY)
    handed = {bundles.handover(server.size): both.encode()}
    server.say("report.prepared", {"report": "AR-0001", "report_sha256": canonical.sha256_hex(REPORT)})
    return resigned("full", full_parts(server, documents) | handed)


def rotation_forged():
    server = founded()
    documents = allocated(server)
    server.say("key.rotated", rotations.facts(server.size, KEY.verifier, OTHER.verifier))
    handed = {bundles.handover(server.size): server.checkpoint(signer=OTHER).encode()}
    return resigned(
        "full", full_parts(server, documents) | {"checkpoint": server.checkpoint(signer=OTHER).encode()} | handed, OTHER
    )


def forged_cosignature():
    signed = WITNESS.cosign(SERVER.checkpoint(5).partition("\n\n")[0] + "\n", 1_800_000_000)
    return resigned("full", cosigned(FULL, signed.line))


TEXT = notes.parse_note(FULL["checkpoint"].decode())[0]
BY_WITNESS = ("--witness", WITNESS.key.vkey)
FORK = notes.sign_checkpoint(notes.Checkpoint(ORIGIN, 5, bytes(32)), KEY)

# class of lie → the bundle, what else the verifier is asked, and the exit code it must end with
HOSTILE = {}


def lie(name, wanted, *asked):
    """Enter a hostile bundle in the table."""

    def enter(make):
        HOSTILE[name] = (make, asked, wanted)
        return make

    return enter


def with_(kind="full", *, signer=KEY, **changed):
    """A bundle re-signed with these files exchanged; a double underscore in a name stands for a full stop."""
    return resigned(kind, PARTS[kind] | {name.replace("__", "."): content for name, content in changed.items()}, signer)


def zipped(name, **more):
    return lambda: one_member(name, b"x", **({"size": 1} | more))


lie("a name twice", 13)(duplicate_name)
lie("two of one second swapped", 15)(lambda: swapped_within_a_second(with_hashes=False))
lie("rounding upwards", 16)(share_rounded_up)
lie("another policy", 17)(policy_swapped)
lie("other inputs", 18)(inputs_dressed_up)
lie("a foreign key", 19)(lambda: bundles.build("full", FULL, OTHER))
lie("a foreign checkpoint", 19)(lambda: with_(checkpoint=SERVER.checkpoint(signer=OTHER).encode()))
lie("an unknown kind", 20)(unknown_kind)
lie("an older log", 21, "--at-least", str(SERVER.size + 1))(lambda: GOOD["full"])
lie("NaN", 22)(lambda: written(b'"30000000"', b"NaN"))
lie("a float", 22)(lambda: written(b'"30000000"', b"3e7"))
lie("a key twice", 22)(lambda: written(b'{"annexes":[]', b'{"annexes":[],"annexes":[]'))
lie("spaces in JSON", 22)(lambda: written(b":", b": "))
lie("movements out of balance", 22)(lambda: written(b'"-30000000"', b'"-20000000"'))
lie("base64 that does not re-encode", 22)(other_padding)
lie("a bomb", 22)(bomb)
lie("a bomb that lies about its size", 10)(lying_bomb)
lie("a size beyond all measure", 22)(zipped(b"manifest", size=0xFFFFFFFF))
lie("members without number", 22)(too_many_members)
lie("a path upwards", 22)(zipped(b"../manifest"))
lie("an absolute path", 22)(zipped(b"/etc/passwd"))
lie("a path with backslashes", 22)(zipped(b"a\\b"))
lie("data before the zip", 22)(lambda: b"#!/bin/sh\n" + GOOD["full"])
lie("data after the zip", 22)(lambda: GOOD["full"] + b"more")
lie("a fork", 23, "--at-least", FORK)(lambda: GOOD["full"])
lie("a retired key", 24)(retired)
lie("a forged change of keys", 25)(rotation_forged)
lie("a ballot counted otherwise", 28)(lambda: balloted(ballot_closed={"for": "2"}))
lie("an adoption without its ballot", 29)(lambda: balloted(policy_adopted={"ballot": 2}))
lie("no witness", 26, *BY_WITNESS)(lambda: GOOD["full"])
lie("a cosignature from another checkpoint", 27, *BY_WITNESS)(forged_cosignature)


@lie("a bit flipped", 10)
def _():
    good = archives.unpack(GOOD["full"])
    return archives.pack(good | {"rows.json": flipped(good["rows.json"], 99)})


@lie("evidence replaced", 10)
def _():
    return with_("licensee", report__pdf=b"%PDF-1.7 another")


@lie("a statement exchanged", 10)
def _():
    said = statement(99, "allocation.adopted", canonical.loads(SERVER.statements[ADOPTED])["facts"])
    return resigned("licensee", LICENSEE | {f"statements/{ADOPTED}.json": said})


@lie("other salts", 10)
def _():
    return with_(rows__json=canonical.dumps([row | {"salt": "00" * 32} for row in DOCUMENTS["rows"]]))


@lie("a second signature on the manifest", 10)
def _():
    good = archives.unpack(GOOD["full"])
    text = notes.parse_note(good["manifest"].decode())[0]
    return archives.pack(good | {"manifest": notes.sign(text, KEY, notes.Signer("other.example", bytes(32))).encode()})


@lie("a name missing", 11)
def _():
    return resigned("full", {name: content for name, content in FULL.items() if name != "rows.json"})


@lie("a name unlisted", 12)
def _():
    return unsigned("full", {"extra.txt": b"x"})


@lie("its own verifier", 12)
def _():
    return with_(verify__py=b"print('trust me')")


@lie("a key inside", 12)
def _():
    return with_(log__vkey=KEY.verifier.vkey.encode())


@lie("a tail cut", 14)
def _():
    kept = SERVER.leaves[:-1]
    return with_(
        leaves__jsonl=lines(kept),
        statements__jsonl=lines(SERVER.statements[:-1]),
        hashes__txt=lines(merkle.leaf_hash(data).hex().encode() for data in kept),
    )


@lie("two entries swapped", 15)
def _():
    return with_(leaves__jsonl=lines(swapped(SERVER.leaves, 3, 9)))


@lie("other coalition values", 30)
def _():
    server, documents = several()
    dressed = canonical.loads(canonical.dumps(documents["inputs"]))
    dressed["valuations"][canonical.digest(VALUES)]["values"]["akane"] = "5"
    return resigned("full", full_parts(server, documents) | {"inputs.json": canonical.dumps(dressed)})


@lie("a stranger as witness", 26, *BY_WITNESS)
def _():
    return resigned("full", cosigned(FULL, STRANGER.cosign(TEXT, 1_800_000_000).line))


@lie("one witness twice", 26, *BY_WITNESS, "--witness", STRANGER.key.vkey)
def _():
    return resigned("full", cosigned(FULL, WITNESS.cosign(TEXT, 7).line, WITNESS.cosign(TEXT, 8).line))


@lie("a cosignature moved in time", 27, *BY_WITNESS)
def _():
    moved = cosignatures.Cosigned(WITNESS.name, WITNESS.key.key_hash, 1, WITNESS.cosign(TEXT, 2).signature)
    return resigned("full", cosigned(FULL, moved.line))


def signed_by_a_member(signer=WITNESS, *, enrolled=WITNESS, owner="akane", **changed):
    """A log in which a member has enrolled a key and signed what the fourth entry says of it; some facts are false."""
    server = founded()
    documents = allocated(server)
    code = enrolled.key.key_hash.hex()
    facts = {"witness": code, "name": enrolled.name, "vkey": enrolled.key.vkey, "organization": owner}
    server.say("witness.enrolled", facts | {"kind": "site", "from": "2026-10-01"})
    digest = canonical.sha256_hex(server.statements[4])
    signed = signed_statements.sign(signer, signed_statements.text(ORIGIN, 4, digest), 1_800_000_000)
    stated = signed_statements.facts(4, digest, signed) | {"witness": code} | changed
    server.say("statement.signed", stated, {"member": "akane"})
    return bundles.build("full", full_parts(server, documents), KEY)


lie("a member's signature by another key", 31)(lambda: signed_by_a_member(STRANGER))
lie("a member's signature by another's key", 31)(lambda: signed_by_a_member(owner="beni"))
lie("a member's signature moved to another entry", 31)(lambda: signed_by_a_member(entry=5))
lie("a member's signature moved in time", 31)(lambda: signed_by_a_member(time=1_800_000_001))


def test_a_members_own_signature_verifies_and_is_told():
    code, answer = run(signed_by_a_member())
    assert code == 0 and any("signatures on 1 statements" in said for said in answer["checked"]), answer


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_each_lie_is_refused_with_its_own_exit_code(name, tmp_path):
    make, asked, wanted = HOSTILE[name]
    kept = tmp_path / "kept"
    if asked and asked[0] == "--at-least" and "\n" in asked[1]:
        kept.write_text(asked[1])
        asked = ("--at-least", kept)
    code, answer = run(make(), *asked)
    assert code == wanted, answer
    assert answer["verdict"] == "refused" and answer["reason"]


def test_the_suite_has_a_bundle_for_every_exit_code_and_the_paper_lists_every_lie():
    assert {wanted for *_, wanted in HOSTILE.values()} == set(EXITS.values())
    text = DOCS.read_text(encoding="utf-8")
    for name, (*_, wanted) in HOSTILE.items():
        assert f"| {name} | {wanted} |" in text, name


def test_a_swap_within_a_second_is_told_even_with_its_hashes_moved_along():
    """Nothing in the bundle tells the order of two entries of one second but the signed root."""
    assert run(swapped_within_a_second(with_hashes=True))[0] == 15


# ---- what honest cosignatures are worth ------------------------------------------------------------------------------
def test_the_witnesses_that_are_named_are_checked_and_told_with_their_time():
    data = resigned("full", cosigned(FULL, WITNESS.cosign(TEXT, 1_792_000_000).line))
    code, answer = run(data, *BY_WITNESS)
    assert code == 0
    assert answer["cosigned"] == [{"name": WITNESS.name, "at": "2026-10-14T17:46:40Z"}]
    assert any(WITNESS.name in line for line in answer["checked"])


def test_without_witness_keys_cosignatures_are_ignored_and_said_to_be_unchecked():
    data = resigned("full", cosigned(FULL, STRANGER.cosign(TEXT, 7).line))
    code, answer = run(data)
    assert code == 0 and any("--witness" in line for line in answer["not_checked"])


def test_a_threshold_below_the_number_of_witnesses_is_enough():
    data = resigned("full", cosigned(FULL, WITNESS.cosign(TEXT, 7).line))
    both = (*BY_WITNESS, "--witness", STRANGER.key.vkey)
    assert run(data, *both)[0] == 26
    assert run(data, *both, "--threshold", 1)[0] == 0
    assert run(GOOD["full"], *both, "--threshold", 0)[0] == 0


def test_a_witness_named_twice_counts_once():
    data = resigned("full", cosigned(FULL, WITNESS.cosign(TEXT, 7).line))
    assert run(data, *BY_WITNESS, *BY_WITNESS, "--threshold", 2)[0] == 26


def test_a_witness_key_may_be_a_file_and_a_log_key_is_none(tmp_path):
    (tmp_path / "w.vkey").write_text(WITNESS.key.vkey + "\n")
    data = resigned("full", cosigned(FULL, WITNESS.cosign(TEXT, 7).line))
    assert run(data, "--witness", tmp_path / "w.vkey")[0] == 0
    assert run(data, "--witness", tmp_path / "absent")[0] == 4
    (tmp_path / "w.vkey").write_text(KEY.verifier.vkey + "\n")
    assert run(data, "--witness", tmp_path / "w.vkey")[0] == 2


def test_a_cosigned_licensee_bundle_carries_the_same_note_everywhere():
    line = WITNESS.cosign(TEXT, 7).line.encode()
    parts = {
        name: content + line if name == "checkpoint" or name.startswith("proofs/") else content
        for name, content in LICENSEE.items()
    }
    assert run(resigned("licensee", parts), *BY_WITNESS)[0] == 0
    assert run(resigned("licensee", cosigned(LICENSEE, line.decode())), *BY_WITNESS)[0] == 10
