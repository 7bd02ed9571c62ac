"""A member's signature on its statement: the bytes signed, the file that carries them, and every way of lying."""

from __future__ import annotations

import pytest

from contributions.core import canonical, notes, proofs
from contributions.core import signed_statements as rules
from contributions.core.cosignatures import Cosigner, NoCosignature
from contributions.core.notes import BadNote

ORIGIN = "ledger.example/0f0e/ledger"
OWN, OTHER = (Cosigner(f"witness.example/w{n}", bytes([n]) * 32) for n in (1, 2))
CONTENT = canonical.dumps({"kind": "dataset.revised", "facts": {"note": "𠮷"}})
DIGEST = canonical.sha256_hex(CONTENT)
TEXT = rules.text(ORIGIN, 4, DIGEST)
AT = 1_800_000_000


def test_it_fits_its_key_its_text_and_its_time_alone():
    signed = rules.read_line(rules.sign(OWN, TEXT, AT).line)
    assert rules.fits(signed, TEXT, OWN.key)
    assert not rules.fits(signed, TEXT, OTHER.key)
    for changed in (rules.text(ORIGIN, 5, DIGEST), rules.text("else", 4, DIGEST), rules.text(ORIGIN, 4, "0" * 64)):
        assert not rules.fits(signed, changed, OWN.key)


def test_it_passes_for_no_cosignature_and_none_passes_for_it():
    assert not OWN.key.verifies(TEXT, AT, rules.sign(OWN, TEXT, AT).signature)
    assert not rules.fits(OWN.cosign(TEXT, AT), TEXT, OWN.key)


@pytest.mark.parametrize("line", ["", "abc", "— x", "— witness.example/w1 AAAA", OWN.cosign(TEXT, AT).line[:-20]])
def test_what_is_no_line_is_refused(line):
    with pytest.raises((BadNote, NoCosignature)):
        rules.read_line(line)


def test_the_file_to_be_signed_reads_back_and_nothing_else_does():
    file = rules.request(ORIGIN, 4, CONTENT)
    assert rules.read_request(file) == (ORIGIN, 4, CONTENT)
    for wrong in ("", file + "more", file.replace("entry 4", "entry 04"), file.replace(rules.HEADER, "x"),
                  file.replace('{"', '{ "'), file.replace("entry", "row")):  # fmt: skip
        with pytest.raises(rules.NotARequest):
            rules.read_request(wrong)


def said(kind: str = "dataset.revised", member: str | None = "tetsu", **by) -> dict:
    stated = {"user": None, "workplace": "member", "organization": "tetsu"} | by
    return {"kind": kind, "member": member, "by": stated, "facts": {}}


def test_a_member_signs_what_it_stated_itself_or_through_a_command_and_nothing_else():
    assert rules.is_of(said(), "tetsu")
    assert rules.is_of(said(workplace="system", organization=None), "tetsu")
    assert not rules.is_of(said(), "hagane")
    assert not rules.is_of(said(organization="hagane"), "tetsu")
    assert not rules.is_of(said(workplace="legal", organization=None), "tetsu"), "what others say of it is theirs"
    assert not rules.is_of(said(rules.SIGNED), "tetsu")
    assert not rules.is_of(said(member=None), None)


def enrolled(key=OWN, organization: str = "tetsu") -> dict:
    facts = {"witness": key.key.key_hash.hex(), "vkey": key.key.vkey, "organization": organization}
    return {"kind": rules.ENROLLED, "member": None, "facts": facts}


def signed(**changed) -> dict:
    facts = rules.facts(4, DIGEST, rules.sign(OWN, TEXT, AT))
    return {"kind": rules.SIGNED, "member": "tetsu", "facts": facts | changed}


def read(*statements: dict) -> int:
    keys = rules.Keys(ORIGIN)
    for seq, one in enumerate(statements, 10):
        keys.read(seq, one, {4: DIGEST, 5: DIGEST, 12: DIGEST}.get, what=proofs.entry_name(seq))
    return keys.count


def test_a_log_with_a_true_signature_is_read_to_its_end():
    assert read(enrolled(), said(), signed()) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"entry": 5},
        {"entry": 12},
        {"entry": -1},
        {"entry": "4"},
        {"entry": 9},
        {"time": AT + 1},
        {"time": "x"},
        {"statement_sha256": "0" * 64},
        {"signature": "AAAA"},
        {"signature": None},
        {"witness": "00000000"},
        {"witness": OTHER.key.key_hash.hex()},
    ],
    ids=str,
)
def test_a_signature_that_says_anything_else_is_forged(changed):
    with pytest.raises(rules.SignatureForged, match="entry 11"):
        read(enrolled(), signed(**changed))


def test_a_key_enrolled_later_or_by_another_member_proves_nothing():
    with pytest.raises(rules.SignatureForged):
        read(signed(), enrolled())
    with pytest.raises(rules.SignatureForged):
        read(enrolled(organization="hagane"), signed())
    broken = enrolled()
    broken["facts"]["vkey"] = notes.Signer("x", bytes(32)).verifier.vkey
    with pytest.raises(rules.SignatureForged):
        read(broken)
