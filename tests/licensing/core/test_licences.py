"""Licence files: what they say, on which day they allow use, and that nothing in them can be changed."""

from __future__ import annotations

import json
from datetime import date

import pytest

from contributions.core import canonical, merkle, notes, proofs, statements
from contributions.core.errors import Refused
from licensing.core import licences as rules

ORIGIN = "example.test/11111111-2222-4333-8444-555555555555/ledger"
KEY = notes.Signer.from_seed(ORIGIN, b"k" * 32)
TERMS = "ab" * 32
ENTRY = "00000000-0000-4000-8000-00000000000%d"


def file_of(**changes) -> bytes:
    """A licence file over a log of three entries, of which the second put the agreement in force."""
    facts = {"agreement": "L-2026-001", "terms_sha256": TERMS} | changes.pop("facts", {})
    said = [canonical.dumps({"kind": kind, "facts": facts}) for kind in ("a", "agreement.executed", "b")]
    leaves = [
        statements.leaf(ORIGIN, ENTRY % n, "2026-06-23T05:00:00Z", canonical.sha256_hex(one))
        for n, one in enumerate(said)
    ]
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    stored = {(level, index): value for level, index, value in merkle.grow(0, hashes, lambda level, index: b"")}
    checkpoint = notes.Checkpoint(ORIGIN, 3, merkle.root_from(3, lambda level, index: stored[level, index]))
    note = notes.sign_checkpoint(checkpoint, KEY)
    proof = proofs.prove(1, checkpoint.size, note, lambda level, index: stored[level, index]).text()
    certificate = {
        "v": 1, "licence": "L-2026-001/1", "agreement": "L-2026-001", "terms_sha256": TERMS,
        "document_sha256": "cd" * 32, "licensor": {"ja": "許諾者", "en": "Licensor"},
        "licensee": {"ja": "ロボ工業", "en": "Robo Industries"}, "release": "R-0.1", "weights_sha256": "9c" * 32,
        "fields": ["robot"], "territory": ["JP", "TH"], "from": "2026-06-24", "until": "2028-06-24",
        "limits": {"minimum": "6000000"}, "status": "in-force", "issued_at": "2026-06-23T05:00:00Z", "entry": 1,
        "test": True, "illustrative": False,
    } | changes  # fmt: skip
    return rules.compose(notes.sign(rules.certificate_text(certificate), KEY), leaves[1], said[1], proof)


def test_a_genuine_file_says_who_may_use_what_where_and_until_when():
    found = rules.check(file_of(), KEY.verifier)
    told = "\n".join(rules.lines(found, date(2026, 7, 1), "ja"))
    for part in (
        "ロボ工業",
        "R-0.1",
        "日本 (JP), タイ (TH)",
        "2026-06-24 – 2028-06-23",
        "6,000,000",
        "試験用署名・法的効力なし",
        "有効です",
    ):
        assert part in told
    assert (found.entry, found.size) == (1, 3)


def test_limits_are_told_in_words_and_two_issues_of_one_licence_compare_by_what_they_allow():
    limits = {"further_training": "False", "report_period": "quarter", "other": "x"}
    found = rules.check(file_of(limits=limits), KEY.verifier)
    told = rules.lines(found, date(2026, 7, 1), "en")
    assert {"further training: not permitted", "reporting period: quarter", "other: x"} <= set(told)
    again = rules.stated(json.loads(file_of(limits=limits, licence="L-2026-001/2"))["certificate"])
    assert rules.tells_the_same(again, found.certificate)
    assert not rules.tells_the_same(again | {"territory": ["JP"]}, found.certificate)


@pytest.mark.parametrize(
    ("status", "on", "usable", "word"),
    [
        ("in-force", date(2026, 6, 23), False, "まだ有効ではありません"),
        ("in-force", date(2026, 6, 24), True, "有効です"),
        ("in-force", date(2028, 6, 23), True, "有効です"),
        ("in-force", date(2028, 6, 24), False, "期間が終わっています"),
        ("suspended", date(2026, 7, 1), False, "停止中"),
        ("ended", date(2026, 7, 1), False, "終了"),
    ],
)
def test_it_allows_use_from_its_first_to_its_last_day_unless_it_was_stopped(status, on, usable, word):
    found = rules.check(file_of(status=status), KEY.verifier)
    assert found.standing(on)[0] is usable and word in found.standing(on)[1].ja


def test_every_changed_character_of_the_certificate_is_refused():
    data = file_of()
    document = json.loads(data)
    text = document["certificate"]
    for place in range(0, len(text), 7):
        changed = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
        with pytest.raises(Refused):
            rules.check(json.dumps(document | {"certificate": changed}).encode(), KEY.verifier)


@pytest.mark.parametrize("part", ["leaf", "statement", "proof"])
def test_another_entry_or_proof_is_refused(part):
    document = json.loads(file_of())
    other = json.loads(file_of(facts={"agreement": "L-2026-002"}))
    with pytest.raises(Refused):
        rules.check(json.dumps(document | {part: other[part]}).encode(), KEY.verifier)


def test_an_entry_of_another_agreement_and_another_log_s_key_are_refused():
    with pytest.raises(rules.LicenceForged):
        rules.check(file_of(facts={"agreement": "L-2026-002"}), KEY.verifier)
    with pytest.raises(notes.UnknownKey):
        rules.check(file_of(), notes.Signer.from_seed("other.test/ledger", b"x" * 32).verifier)


def test_a_file_of_before_or_after_a_change_of_keys_is_told_apart_from_a_forgery(tmp_path, capsys):
    other = notes.Signer.from_seed(ORIGIN, b"x" * 32).verifier
    with pytest.raises(rules.LicenceOfOtherKey):
        rules.check(file_of(), other)
    (tmp_path / "a.json").write_bytes(file_of())
    assert rules.main([str(tmp_path / "a.json"), "--key", other.vkey, "--on", "2026-07-01", "--lang", "ja"]) == 4
    assert "現在の検証鍵と最新の許諾証を取得して" in capsys.readouterr().out
    for ring, key in ((((0, KEY.verifier), (9, other)), KEY.verifier), (((0, KEY.verifier),), KEY.verifier)):
        assert rules.check(file_of(), notes.KeyRing(ring)).key == key
    with pytest.raises(notes.UnknownKey):  # the checkpoint of three entries is the first key's to sign
        rules.check(file_of(), notes.KeyRing(((0, other), (4, KEY.verifier))))


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"v": 1}'])
def test_what_is_no_licence_file_is_refused(data):
    with pytest.raises(rules.LicenceUnreadable):
        rules.check(data, KEY.verifier)


def test_the_command_ends_with_a_code_for_each_outcome(tmp_path, capsys):
    (tmp_path / "licence.json").write_bytes(file_of())
    (tmp_path / "log.vkey").write_text(KEY.verifier.vkey + "\n")
    given = [str(tmp_path / "licence.json"), "--key", str(tmp_path / "log.vkey"), "--lang", "en"]
    assert rules.main([*given, "--on", "2026-07-01"]) == rules.VALID
    assert "Robo Industries" in capsys.readouterr().out
    assert rules.main([*given, "--on", "2030-01-01"]) == rules.NOT_NOW
    assert rules.main(given, today=date(2026, 7, 1)) == rules.VALID
    (tmp_path / "licence.json").write_bytes(file_of().replace(b"Robo", b"Rob0"))
    assert rules.main([*given, "--on", "2026-07-01"]) == rules.REFUSED
    assert rules.main([given[0], "--key", "no key", "--on", "2026-07-01"]) in {rules.USAGE, rules.REFUSED}
