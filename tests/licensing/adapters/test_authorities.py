"""Time from an authority over HTTP: two addresses, and no signature without an answer; keys from files."""

from __future__ import annotations

from datetime import UTC, datetime

import documents
import pytest
import time_authority
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from licensing.adapters import authorities, pdf, seal, validation
from licensing.adapters.authorities import Authority, TimeAuthorityFailed

AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9/tsa"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def unsigned():
    return seal.prepare(pdf.write(documents.invoice()))


def signed(unsigned, keys, *urls, signer=None):
    authority = Authority(authorities.test_trust(keys, AT), authorities.http_time(urls, 2), True)
    signer = signer or authorities.test_signer(keys, "licensor", "見本開発株式会社")
    return seal.seal(unsigned, seal.LICENSOR, signer, AT, authority=authority)


def test_a_signature_bears_the_time_of_an_authority_asked_over_http(unsigned, keys):
    told = datetime(2026, 10, 31, 5, 0, 7, tzinfo=UTC)
    with time_authority.running(keys, told) as server:
        content = signed(unsigned, keys, server.url)
        assert server.asked == 3  # one to learn its size, one in the signature, one over the whole file
    (verdict,) = validation.validate(content, authorities.test_trust(keys, told), told)
    assert (verdict.valid, verdict.level, verdict.ades, verdict.stamped_at) == (True, "B-LTA", "OK", told)
    assert verdict.stamped_by == "試験用時刻認証局"


@pytest.mark.parametrize("broken", ["error", "garbage", "rejects", "other protocol", "cut off", "other nonce"])
def test_without_a_proper_answer_nothing_is_signed(unsigned, keys, broken):
    with time_authority.running(keys, AT, broken) as server, pytest.raises(TimeAuthorityFailed) as refusal:
        signed(unsigned, keys, server.url, NOWHERE)
    said = refusal.value.text("ja")
    assert "何も保存されていません" in said and refusal.value.text("en").count("127.0.0.1") == 2
    assert "接続できません" in said and "Errno" not in said, "each language says in its own words what went wrong"
    expected = {
        "error": "エラー（",
        "garbage": "応答がタイムスタンプではありません",
        "rejects": "応答がタイムスタンプではありません",
        "other protocol": "応答がタイムスタンプではありません",
        "cut off": "応答がタイムスタンプではありません",
        "other nonce": "応答がタイムスタンプではありません",
    }
    assert expected[broken] in said


def test_an_authority_whose_certificate_has_ended_gives_no_time_to_signature_or_renewal(unsigned, keys):
    signer = authorities.test_signer(keys, "licensor", "見本開発株式会社")
    good = seal.seal(unsigned, seal.LICENSOR, signer, AT, authority=authorities.test_authority(keys, AT))
    with time_authority.running(keys, datetime(2020, 6, 1, tzinfo=UTC)) as server:
        ended = Authority(authorities.test_trust(keys, AT), authorities.http_time([server.url], 2), True)
        for act in (
            lambda: seal.seal(unsigned, seal.LICENSOR, signer, AT, authority=ended),
            lambda: seal.stamp(good, AT, authority=ended),
        ):
            with pytest.raises(seal.SealRefused) as refusal:
                act()
            assert "有効期間外" in refusal.value.text("ja") and "out of its term" in refusal.value.text("en")


def test_the_second_authority_is_asked_when_the_first_is_down(unsigned, keys):
    with time_authority.running(keys, AT) as server:
        content = signed(unsigned, keys, NOWHERE, server.url)
    assert validation.validate(content, authorities.test_trust(keys, AT), AT)[0].level == "B-LTA"


@pytest.mark.parametrize("at", [datetime(2019, 12, 31, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)])
def test_nothing_is_signed_with_a_certificate_that_is_not_valid_that_day(unsigned, keys, at):
    signer = authorities.test_signer(keys, "licensor", "見本開発株式会社")
    with pytest.raises(seal.CertificateNotCurrent) as refusal:
        seal.seal(unsigned, seal.LICENSOR, signer, at, authority=authorities.test_authority(keys, AT))
    assert "2020-01-01 から 2049-12-31 まで" in refusal.value.text("ja")


def test_an_address_that_is_not_http_is_refused():
    with pytest.raises(TimeAuthorityFailed):
        authorities.http_time(["file:///etc/passwd"], 2)


def test_a_pkcs12_and_a_pem_pair_sign_as_well(unsigned, keys, tmp_path):
    authorities.test_signer(keys, "real", "見本電子署名株式会社")
    key_file, crt_file = keys / "test-real.key", keys / "test-real.crt"
    chain = x509.load_pem_x509_certificate(authorities.test_root(keys))
    packed = pkcs12.serialize_key_and_certificates(
        b"real",
        serialization.load_pem_private_key(key_file.read_bytes(), None),
        x509.load_pem_x509_certificate(crt_file.read_bytes()),
        [chain],
        serialization.BestAvailableEncryption(b"secret"),
    )
    (tmp_path / "real.p12").write_bytes(packed)
    (tmp_path / "chain.crt").write_bytes(crt_file.read_bytes() + authorities.test_root(keys))
    for signer in (
        authorities.file_signer(tmp_path / "real.p12", b"secret", "見本"),
        authorities.pem_signer(key_file, tmp_path / "chain.crt", None, "見本"),
    ):
        with time_authority.running(keys, AT) as server:
            content = signed(unsigned, keys, server.url, signer=signer)
        (verdict,) = validation.validate(content, authorities.test_trust(keys, AT), AT)
        assert verdict.valid and verdict.signer.startswith("見本電子署名株式会社")


def test_a_wrong_passphrase_or_a_missing_file_is_refused_by_name(keys, tmp_path):
    (tmp_path / "bad.p12").write_bytes(b"no key")
    for path in (tmp_path / "bad.p12", tmp_path / "none.p12"):
        with pytest.raises(authorities.KeyUnreadable, match=path.name):
            authorities.file_signer(path, b"x", "見本")
    with pytest.raises(authorities.KeyUnreadable, match=r"none\.crt"):
        authorities.pem_signer(tmp_path / "none.key", tmp_path / "none.crt", None, "見本")


def test_roots_and_revocations_are_read_from_a_folder(keys, tmp_path):
    (tmp_path / "root.crt").write_bytes(authorities.test_root(keys))
    (tmp_path / "list.crl").write_bytes(authorities.test_trust(keys, AT).crls[0].dump())
    (tmp_path / "readme.txt").write_text("not a certificate")
    found = authorities.trust_from(tmp_path)
    assert (len(found.roots), len(found.crls)) == (1, 1)
    assert authorities.trust_from(None).roots == () and authorities.trust_from(tmp_path / "none").roots == ()
