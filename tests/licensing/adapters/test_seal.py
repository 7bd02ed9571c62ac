"""Signatures: both parties sign, each validates, any later change shows, and a test signature says that it is one."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import documents
import page as validator
import pikepdf
import pytest

from contributions.core import canonical
from licensing.adapters import authorities, pdf, seal, validation

AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return tmp_path_factory.mktemp("keys") / "sealing"


@pytest.fixture(scope="module")
def unsigned():
    attachment = pdf.Attachment("agreement.json", canonical.dumps(documents.agreement_json()), "契約データ")
    return seal.prepare(pdf.write(documents.invoice(), [attachment]))


@pytest.fixture(scope="module")
def signed(unsigned, keys):
    licensor = authorities.test_signer(keys, "licensor", "日本AI基盤モデル開発株式会社")
    return seal.seal(unsigned, seal.LICENSOR, licensor, AT, authority=authorities.test_authority(keys, AT))


@pytest.fixture(scope="module")
def countersigned(signed, keys):
    licensee = authorities.test_signer(keys, "shinonome", "株式会社東雲ロボティクス")
    return seal.seal(signed, seal.LICENSEE, licensee, LATER, authority=authorities.test_authority(keys, LATER))


def verdicts(data, keys, at=LATER):
    return validation.validate(data, authorities.test_trust(keys, at), at)


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_fields_for_signing_leave_the_file_conforming(unsigned, profile):
    assert "0 failed, " in str(validator.validate_pdf_bytes(unsigned, profile=profile))


def test_signatures_leave_the_file_conforming(unsigned, countersigned):
    """All of PDF/UA-1, and of PDF/A-3a all but what speaks of the last revision where others came after it.

    One certificate in 256 ends on a carriage return, which before the line feed of its stream's end reads as a part of
    it; no byte can be put behind a certificate.
    """
    assert "0 failed, " in str(validator.validate_pdf_bytes(countersigned, profile="ua1"))
    failures = validator.validate_pdf_bytes(countersigned, profile="3a").failures
    by_chance = b"\r\nendstream" in countersigned[len(unsigned) :]
    known = {"PDFA3A-SIGNATURE-BYTERANGE-001"} | ({"PDFA3A-STREAM-LENGTH-001"} if by_chance else set())
    assert {failure.rule_id for failure in failures} == known


def test_both_signatures_are_made_to_last_and_their_time_is_trusted(countersigned, keys):
    found = verdicts(countersigned, keys)
    assert [(one.level, one.ades, one.stamped_at) for one in found] == [("B-LTA", "OK", AT), ("B-LTA", "OK", LATER)]
    assert found[0].stamped_by == "試験用時刻認証局" and len(found[0].certificate_sha256) == 64


def test_a_new_timestamp_before_the_old_one_ends_keeps_both_signatures(countersigned, keys):
    then = datetime(2030, 9, 1, tzinfo=UTC)
    assert seal.stamped_until(countersigned) == datetime(2031, 1, 1, tzinfo=UTC)
    renewed = seal.stamp(countersigned, then, authority=authorities.test_authority(keys, then))
    assert renewed.startswith(countersigned)
    assert seal.stamped_until(renewed) == datetime(2034, 1, 1, tzinfo=UTC)
    after = verdicts(renewed, keys, datetime(2030, 12, 1, tzinfo=UTC))
    assert [(one.valid, one.level, one.ades) for one in after] == [(True, "B-LTA", "OK")] * 2


def test_structure_metadata_and_tags_survive_signing(countersigned, tmp_path):
    (tmp_path / "signed.pdf").write_bytes(countersigned)
    subprocess.run(["qpdf", "--check", str(tmp_path / "signed.pdf")], check=True, capture_output=True)
    with pikepdf.open(BytesIO(countersigned)) as document:
        metadata = document.Root.Metadata.read_bytes()
        assert b"<pdfaid:part>3" in metadata or b'pdfaid:part="3"' in metadata
        assert b'pdfuaid:part="1"' in metadata
        assert document.Root.MarkInfo.Marked and "agreement.json" in document.attachments


def test_preparing_gives_the_same_bytes_each_time_and_only_once(unsigned):
    again = pdf.write(documents.invoice())
    assert seal.prepare(again) == seal.prepare(again)
    with pytest.raises(seal.SealRefused):
        seal.prepare(unsigned)


def test_a_signature_adds_to_the_file_and_changes_none_of_it(unsigned, signed, countersigned):
    assert signed.startswith(unsigned) and countersigned.startswith(signed)


def test_both_signatures_validate_and_bear_the_given_instants(countersigned, keys):
    first, second = verdicts(countersigned, keys)
    assert first.valid and second.valid
    assert (first.field, first.signed_at) == (seal.LICENSOR, AT)
    assert (second.field, second.signed_at) == (seal.LICENSEE, LATER)


def test_a_test_signature_says_so_in_its_certificate_and_verdict(signed, keys):
    (verdict,) = verdicts(signed, keys)
    assert "試験用署名・法的効力なし" in verdict.signer and "試験用署名・法的効力なし" in verdict.text.ja


def test_an_unsigned_file_has_no_verdict(unsigned, keys):
    assert verdicts(unsigned, keys) == []


def test_a_changed_byte_shows_in_both_signatures(countersigned, keys):
    at = countersigned.index(b"stream") + 40
    changed = countersigned[:at] + bytes([countersigned[at] ^ 1]) + countersigned[at + 1 :]
    assert [verdict.intact for verdict in verdicts(changed, keys)] == [False, False]
    assert "変更" in verdicts(changed, keys)[0].text.ja


def test_a_later_change_of_a_page_shows(signed, keys):
    from pyhanko.pdf_utils import generic

    writer = seal._KeepMeta(BytesIO(signed))
    leaf = writer.root["/Pages"]["/Kids"][0]
    leaf["/Rotate"] = generic.NumberObject(90)
    writer.update_container(leaf)
    out = BytesIO()
    writer.write(out)
    (verdict,) = verdicts(out.getvalue(), keys)
    assert verdict.intact and not verdict.valid


def test_another_authoritys_signature_is_not_trusted(signed, tmp_path):
    (verdict,) = verdicts(signed, tmp_path / "other")
    assert verdict.intact and not verdict.trusted and not verdict.valid


def test_a_field_is_signed_once_and_must_exist(signed, keys):
    signer = authorities.test_signer(keys, "licensor", "日本AI基盤モデル開発株式会社")
    for field in (seal.LICENSOR, "Nobody"):
        with pytest.raises(seal.SealRefused):
            seal.seal(signed, field, signer, LATER, authority=authorities.test_authority(keys, LATER))


def test_what_is_no_pdf_is_refused(keys):
    with pytest.raises(validation.Unreadable):
        verdicts(b"no pdf at all", keys)


def test_keys_are_made_once_and_only_their_owner_reads_them(keys, signed):
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    authorities.test_signer(keys, "licensor", "日本AI基盤モデル開発株式会社")
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before
    assert {path.stat().st_mode & 0o777 for path in keys.iterdir()} == {0o600}


def pyhanko(tmp_path, content: bytes, keys, *verb: str) -> subprocess.CompletedProcess:
    """What pyHanko's own command line says of a file, told to trust the test authority alone."""
    (tmp_path / "signed.pdf").write_bytes(content)
    (tmp_path / "root.crt").write_bytes(authorities.test_root(keys))
    asked = [*verb, "--executive-summary", "--trust", str(tmp_path / "root.crt"), "--trust-replace"]
    command = [sys.executable, "-m", "pyhanko", "sign", *asked, str(tmp_path / "signed.pdf")]
    return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)


@pytest.mark.parametrize("verb", ["validate", "adesverify"])
def test_pyhanko_s_own_command_line_finds_both_signatures_valid_and_a_changed_byte_none(
    verb, unsigned, countersigned, keys, tmp_path
):
    content, asked = countersigned, (verb, "--validation-time", LATER.isoformat())
    if verb == "adesverify":  # it asks as of now, and offline knows no newer list of revocations than the file's own
        content, asked, now = unsigned, (verb,), datetime.now(UTC).replace(microsecond=0)
        for field, code in ((seal.LICENSOR, "licensor"), (seal.LICENSEE, "shinonome")):
            signer, authority = authorities.test_signer(keys, code, "見本"), authorities.test_authority(keys, now)
            content = seal.seal(content, field, signer, now, authority=authority)
    run = pyhanko(tmp_path, content, keys, *asked)
    assert run.returncode == 0 and run.stdout.count(":VALID") == 2, run.stdout + run.stderr
    at = content.index(b"stream") + 40
    broken = pyhanko(tmp_path, content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :], keys, *asked)
    assert broken.returncode != 0 and ":VALID" not in broken.stdout, broken.stdout + broken.stderr


def test_a_signed_file_passes_qpdf_and_lacks_nothing_of_its_structure(countersigned, tmp_path):
    (tmp_path / "x.pdf").write_bytes(countersigned)
    run = subprocess.run(["qpdf", "--check", str(tmp_path / "x.pdf")], capture_output=True, check=False)
    assert run.returncode == 0 and documents.structural_faults(countersigned) == []


def test_an_independent_program_finds_both_signatures_valid(countersigned, tmp_path):
    (tmp_path / "x.pdf").write_bytes(countersigned)
    run = subprocess.run(
        ["pdfsig", str(tmp_path / "x.pdf")], capture_output=True, text=True, env={"HOME": str(tmp_path)}, check=True
    )
    assert run.stdout.count("Signature is Valid") == 2, run.stdout + run.stderr
