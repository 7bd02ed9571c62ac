"""A licensee prepares its audit report, takes the bundle home, and checks it without the server."""

from __future__ import annotations

import subprocess
import sys
import zipfile

from journeys.stage import ROOT

AGREEMENT = """SELECT a.number FROM licensing_agreement a JOIN licensing_licensee l ON a.licensee_id = l.id
    JOIN contributions_organization o ON l.organization_id = o.id WHERE o.code = 'shinonome' AND a.state = 'executed'"""


def verify(bundle, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "licensing.core.verify", str(bundle), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_report_is_prepared_and_its_bundle_verifies_until_a_bit_flips(person, site, tmp_path):
    licensee, number = person("shinonome"), site.value(AGREEMENT)
    licensee.open(f"/agreements/{number}/")
    licensee.page.locator(f'form[action="/agreements/{number}/report/"] button').focus()
    licensee.page.keyboard.press("Enter")
    licensee.page.wait_for_url("**/reports/*/")
    report = licensee.page.url.rstrip("/").rsplit("/", 1)[-1]
    bundle, key = tmp_path / f"licensee-{report}.zip", tmp_path / "log.vkey"
    bundle.write_bytes(licensee.fetch(f"/reports/{report}/bundle.zip").body())
    key.write_bytes(licensee.fetch("/log/log.vkey").body())

    told = verify(bundle, "--key", str(key))
    assert told.returncode == 0, told.stdout + told.stderr
    assert verify(bundle).returncode == 0, "the key beside the bundle is found"
    flipped = flip_a_bit(bundle, tmp_path / "flipped" / bundle.name)
    refused = verify(flipped, "--key", str(key))
    assert refused.returncode not in {0, 2, 3, 4}, refused.stdout
    assert_names_no_member(bundle, site)
    assert licensee.complaints == []


def test_without_the_key_a_bundle_is_only_consistent_with_itself(person, site, tmp_path):
    licensee = person("shinonome")
    report = site.value("SELECT number FROM licensing_auditreport ORDER BY seq DESC LIMIT 1")
    (tmp_path / "alone").mkdir()
    bundle = tmp_path / "alone" / "bundle.zip"
    bundle.write_bytes(licensee.fetch(f"/reports/{report}/bundle.zip").body())
    assert verify(bundle).returncode == 3


def flip_a_bit(bundle, target):
    """One bit of the content of the report, packed again as a whole zip."""
    target.parent.mkdir()
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            content = bytearray(old.read(item))
            if item.filename.endswith(".json") and "report" in item.filename:
                content[len(content) // 2] ^= 1
            new.writestr(item, bytes(content))
    return target


def assert_names_no_member(bundle, site) -> None:
    names = {name for row in site.rows(
        "SELECT o.code, o.name_ja, o.name_en FROM contributions_member m "
        "JOIN contributions_organization o ON m.organization_id = o.id") for name in row}  # fmt: skip
    with zipfile.ZipFile(bundle) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if not name.endswith(".pdf")]
    assert not [name for name in names for text in texts if f'"{name}"' in text]
