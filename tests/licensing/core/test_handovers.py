"""A bundle over a log that has changed its key: followed from either key, refused where the handover is not real."""

from __future__ import annotations

import pytest
from synthetic_log import KEY, LICENSEE, OTHER, PARTS, REPORT, Server, allocated, founded, full_parts, resigned, run

from contributions.core import canonical, notes, rotations
from licensing.core import archives, bundles

NEXT, THIRD = OTHER, notes.Signer(KEY.name, bytes(range(2, 34)))


def rotated(server: Server, old: notes.Signer, new: notes.Signer) -> dict[str, bytes]:
    """The log changes its key: an entry, and a checkpoint under both."""
    server.say("key.rotated", rotations.facts(server.size, old.verifier, new.verifier))
    note = server.checkpoint(signer=new) + server.checkpoint(signer=old).rpartition("\n\n")[2]
    return {bundles.handover(server.size): note.encode()}


def world(*, twice: bool = False):
    """A log that changed its key before its report, and the files of a full bundle under the last key."""
    server = founded()
    documents = allocated(server)
    handed = rotated(server, KEY, NEXT)
    server.say("report.prepared", {"report": "AR-0001", "report_sha256": canonical.sha256_hex(REPORT)})
    if twice:
        handed |= rotated(server, NEXT, THIRD)
        server.say("report.prepared", {"report": "AR-0002", "report_sha256": canonical.sha256_hex(REPORT)})
    last = THIRD if twice else NEXT
    parts = full_parts(server, documents) | {"checkpoint": server.checkpoint(signer=last).encode()} | handed
    return server, parts, last


SERVER, ROTATED, LAST = world()
(HANDOVER,) = (name for name in ROTATED if name.startswith("rotations/"))


def test_whoever_holds_the_new_key_has_nothing_to_follow():
    code, answer = run(resigned("full", ROTATED, NEXT), key=NEXT.verifier.vkey)
    assert (code, answer["key"]) == (0, NEXT.verifier.vkey)
    assert any("handed over" in line for line in answer["checked"])


def test_whoever_holds_the_old_key_is_led_to_the_new_one():
    code, answer = run(resigned("full", ROTATED, NEXT), key=KEY.verifier.vkey)
    assert (code, answer["verdict"]) == (0, "verified")


def test_two_changes_are_followed_from_any_of_the_three_keys():
    _, parts, last = world(twice=True)
    for signer in (KEY, NEXT, THIRD):
        assert run(resigned("full", parts, last), key=signer.verifier.vkey)[0] == 0


def test_a_checkpoint_kept_from_before_the_change_still_shows_its_history(tmp_path):
    wanted = tmp_path / "kept"
    wanted.write_text(SERVER.checkpoint(5))
    for key in (KEY, NEXT):
        code, answer = run(resigned("full", ROTATED, NEXT), "--at-least", wanted, key=key.verifier.vkey)
        assert code == 0 and any("history" in line for line in answer["checked"])


def test_without_a_key_the_handover_is_checked_all_the_same():
    assert run(resigned("full", ROTATED, NEXT), key=None)[0] == 3
    forged = ROTATED | {HANDOVER: SERVER.checkpoint(signer=NEXT).encode()}
    assert run(resigned("full", forged, NEXT), key=None)[0] == 25


@pytest.mark.parametrize("key", [KEY, NEXT], ids=["old", "new"])
def test_what_only_the_retired_key_has_signed_is_refused(key):
    parts = ROTATED | {"checkpoint": SERVER.checkpoint(signer=KEY).encode()}
    code, answer = run(resigned("full", parts, KEY), key=key.verifier.vkey)
    assert (code, answer["code"]) == (24, "retired-key")


def test_a_strangers_key_leads_nowhere():
    assert run(resigned("full", ROTATED, NEXT), key=THIRD.verifier.vkey)[0] == 19
    assert run(resigned("full", ROTATED, THIRD), key=KEY.verifier.vkey)[0] == 19


@pytest.mark.parametrize("key", [KEY, NEXT], ids=["old", "new"])
@pytest.mark.parametrize("signers", [[NEXT], [KEY], [NEXT, THIRD], [THIRD, KEY]], ids=len)
def test_a_handover_without_both_signatures_is_forged(signers, key):
    size = int(HANDOVER.removeprefix("rotations/").removesuffix(".checkpoint"))
    text = notes.Checkpoint(KEY.name, size, SERVER.root(size)).text()
    parts = ROTATED | {HANDOVER: notes.sign(text, *signers).encode()}
    code, answer = run(resigned("full", parts, NEXT), key=key.verifier.vkey)
    assert (code, answer["code"]) == (25, "rotation-forged")


def test_an_attackers_own_key_is_not_handed_over_by_an_entry_alone():
    """Whoever can write an entry but does not hold the old key cannot lead its holders away."""
    server = founded()
    documents = allocated(server)
    server.say("key.rotated", rotations.facts(server.size, KEY.verifier, THIRD.verifier))
    parts = full_parts(server, documents) | {"checkpoint": server.checkpoint(signer=THIRD).encode()}
    assert run(resigned("full", parts, THIRD), key=KEY.verifier.vkey)[0] == 11
    handed = {bundles.handover(server.size): server.checkpoint(signer=THIRD).encode()}
    assert run(resigned("full", parts | handed, THIRD), key=KEY.verifier.vkey)[0] == 25


def test_a_handover_over_other_entries_is_forged():
    other = founded()
    allocated(other)
    other.say("key.rotated", rotations.facts(other.size, KEY.verifier, NEXT.verifier) | {"more": 1})
    note = other.checkpoint(signer=NEXT) + other.checkpoint(signer=KEY).rpartition("\n\n")[2]
    for key in (KEY, NEXT):
        code, _ = run(resigned("full", ROTATED | {HANDOVER: note.encode()}, NEXT), key=key.verifier.vkey)
        assert code == 25


def test_a_handover_of_no_change_is_a_file_that_does_not_belong():
    assert run(resigned("full", ROTATED | {"rotations/3.checkpoint": b"x"}, NEXT), key=NEXT.verifier.vkey)[0] == 12
    assert run(resigned("full", PARTS["full"] | {"rotations/3.checkpoint": b"x"}))[0] == 12
    assert run(resigned("licensee", LICENSEE | {"rotations/3.checkpoint": b"x"}))[0] == 12


def test_a_bit_of_the_handover_is_a_changed_file():
    good = archives.unpack(resigned("full", ROTATED, NEXT))
    changed = bytearray(good[HANDOVER])
    changed[40] ^= 1
    assert run(archives.pack(good | {HANDOVER: bytes(changed)}), key=NEXT.verifier.vkey)[0] == 10
