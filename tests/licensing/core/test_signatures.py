"""Verdicts in plain words, what may come back from outside, and when a timestamp has to be renewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed

from licensing.core import signatures as rules
from licensing.core.ades import SAID
from licensing.core.signatures import Act, Verdict

AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)
HELD = b"%PDF-1.7\n" + bytes(range(256)) * 8
BOTH = (("licensor", "Licensor"), ("licensee", "Licensee"))


def verdict(field="Licensor", **changes) -> Verdict:
    stated = {"signer": "署名者", "signed_at": AT, "intact": True, "trusted": True, "unchanged": True, "test": False}
    return Verdict(field, **(stated | {"level": "B-LTA", "ades": "OK", "issuer": "認証局"} | changes))


def returned(found, *, before=0, expected=BOTH):
    return rules.check_new("L-1", found, before, expected=expected, at=AT)


@pytest.mark.parametrize(
    ("changes", "ja", "en"),
    [
        ({}, "有効な署名です。", "The signature is valid."),
        ({"intact": False}, "署名後に内容が変更されています。", "The content was changed after signing."),
        ({"unchanged": False}, "署名後に許されない追記があります。", "Something not permitted was added after"),
        ({"trusted": False}, "改ざんはありませんが、証明書が信頼できません。", "the certificate is not trusted."),
        ({"trusted": False, "certificate_until": AT - timedelta(1), "checked_at": AT},
         "改ざんはありませんが、署名者の証明書の有効期間が 2026-10-30 に終わっています。", "expired on"),
        ({"trusted": False, "ades": "REVOKED_NO_POE"},
         "改ざんはありませんが、署名者の証明書は失効しています。", "has been revoked."),
        ({"test": True}, "改ざんはありません（試験用署名・法的効力なし）。", "(test signature, no legal effect)."),
    ],
)  # fmt: skip
def test_integrity_is_one_sentence_in_both_languages(changes, ja, en):
    assert verdict(**changes).text.ja == ja and en in verdict(**changes).text.en


def test_the_level_is_a_second_verdict_and_every_code_has_its_sentence():
    assert verdict().lasting.ja == "長期署名（B-LTA）：検証に必要な情報がそろい、有効です。"
    assert verdict(level="B-B", ades="TRY_LATER").lasting.en.startswith("Signature only (B-B): Without revocation")
    codes = {code.standard_name for kind in (AdESPassed, AdESFailure, AdESIndeterminate) for code in kind}
    assert codes <= set(SAID) and not any(code in one.ja + one.en for code, one in SAID.items() if code != "OK")
    assert verdict(ades="SOMETHING_NEW").lasting.en.endswith("there is no verdict.")


def test_a_file_that_begins_with_the_frozen_bytes_is_the_same_document():
    rules.check_same("L-1", HELD, HELD + b"signature", "ab" * 32)


def test_a_changed_byte_is_tampering_and_counted_and_other_bytes_are_another_document():
    changed = HELD[:100] + bytes([HELD[100] ^ 1]) + HELD[101:]
    with pytest.raises(rules.Tampered) as refusal:
        rules.check_same("L-1", HELD, changed + b"signature", "ab" * 32)
    assert "1 バイト" in refusal.value.text("ja") and "1 bytes differ" in refusal.value.text("en")
    with pytest.raises(rules.OtherDocument):
        rules.check_same("L-1", HELD, b"%PDF-1.4\n" + b"x" * 3000, "ab" * 32)


@pytest.mark.parametrize(
    ("found", "before", "expected", "refusal"),
    [
        ([], 0, BOTH, rules.Unsigned),
        ([verdict()], 1, BOTH[1:], rules.Unsigned),
        ([verdict(intact=False)], 0, BOTH, rules.Tampered),
        ([verdict("Licensee")], 0, BOTH, rules.DifferentlySigned),
        ([verdict(), verdict("Licensee"), verdict("Third")], 0, BOTH, rules.DifferentlySigned),
        ([verdict(unchanged=False), verdict("Other")], 1, BOTH[1:], rules.DifferentlySigned),
        ([verdict(certificate_until=AT - timedelta(days=1), trusted=False)], 0, BOTH, rules.CertificateExpired),
        ([verdict(ades="REVOKED", trusted=False)], 0, BOTH, rules.CertificateRevoked),
        ([verdict(ades="REVOKED_NO_POE", trusted=False)], 0, BOTH, rules.CertificateRevoked),
        ([verdict(trusted=False)], 0, BOTH, rules.Untrusted),
    ],
)  # fmt: skip
def test_each_fault_of_a_returned_file_has_its_own_refusal(found, before, expected, refusal):
    with pytest.raises(refusal) as raised:
        returned(found, before=before, expected=expected)
    for language in ("ja", "en"):
        sentence = raised.value.text(language)
        assert sentence and "{" not in sentence
    assert raised.type is refusal


def test_one_party_both_parties_or_a_field_of_the_service_s_own_come_back():
    assert len(returned([verdict()])) == 1
    assert len(returned([verdict(), verdict("Licensee")])) == 2
    assert len(returned([verdict("Signature1")])) == 1
    assert [one.field for one in returned([verdict(), verdict("Licensee")], before=1, expected=BOTH[1:])] == [
        "Licensee"
    ]


def test_a_certificate_that_ended_after_its_trusted_time_is_no_fault():
    ended = verdict(certificate_until=AT - timedelta(days=1), stamped_at=AT - timedelta(days=30))
    assert returned([ended]) == (ended,)


def test_an_act_on_another_file_than_was_shown_is_refused():
    rules.check_shown("ab" * 32, "ab" * 32)
    with pytest.raises(rules.FileMoved) as refusal:
        rules.check_shown("ab" * 32, "cd" * 32)
    assert "abababab" in refusal.value.text("ja")


def test_a_timestamp_is_due_within_its_margin_and_a_paper_without_one_never():
    until = datetime(2031, 1, 1, tzinfo=UTC)
    assert not rules.due(until, datetime(2030, 1, 1, tzinfo=UTC), 180)
    assert rules.due(until, datetime(2030, 8, 1, tzinfo=UTC), 180)
    assert not rules.due(None, AT, 180)


@pytest.mark.parametrize(("keep", "address"), [(True, "192.0.2.7"), (False, "")])
def test_the_evidence_holds_factor_time_and_the_address_only_where_allowed(keep, address):
    told = rules.evidence(
        agreement="L-1", party="licensee", user="u", name="利用者の担当", before="ab" * 32, after="cd" * 32,
        act=Act("ab" * 32, "123456", "192.0.2.7", "agent"), factor="totp", identity="account",
        verdict=verdict(stamped_at=AT, stamped_by="時刻認証局"), at=AT, keep_address=keep,
    )  # fmt: skip
    assert (told["address"], told["factor"], told["time"]) == (address, "totp", "2026-10-31T05:00:00Z")
    assert "123456" not in str(told)
