"""Reports and bundles: a licensee takes home its own lines and proofs, the auditor the whole log; both verify."""

from __future__ import annotations

import io
import zipfile

import pytest

import world as cast
from contributions import selectors as contributed
from contributions import services as contributed_services
from contributions.core import canonical, merkle
from contributions.core.roles import NotAllowed
from contributions.core.witnesses import NotWitnessed
from contributions.core.words import Text
from contributions.models import Checkpoint, DatasetVersion, Entry
from licensing import services
from licensing.core import archives, bundles, verify
from licensing.models import Agreement, Allocation, AuditReport, Policy
from licensing.selectors import entries

pytestmark = pytest.mark.slow


@pytest.fixture
def reported(settled_world):
    """A report on robo's agreement, and the world it was made in."""
    report = services.reports.prepare(settled_world.agreement("robo"), **settled_world.by("legal"))
    return settled_world, report


@pytest.fixture
def folder(reported, tmp_path):
    """Both bundles on disk beside the key to trust, and a function that verifies one of them."""
    world, report = reported
    name, content = services.reports.licensee_bundle(report)
    (tmp_path / "log.vkey").write_text(contributed_services.log.signer().verifier.vkey)
    (tmp_path / name).write_bytes(content)
    full = services.reports.full_bundle(Allocation.objects.get(), **world.by("auditor"))
    (tmp_path / "full.zip").write_bytes(full)
    return tmp_path, name


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_both_bundles_verify_under_the_logs_key(folder, capsys):
    path, name = folder
    assert [verify.main([str(path / which), "--lang", "en"]) for which in (name, "full.zip")] == [0, 0]
    assert "Verified" in capsys.readouterr().out


def test_the_licensees_bundle_opens_nothing_of_a_member_and_nothing_of_a_rival(reported):
    _, report = reported
    held = files(services.reports.licensee_bundle(report)[1])
    readable = {name: content.decode() for name, content in held.items() if not name.endswith(".pdf")}
    for name, content in readable.items():
        for code in (*cast.MEMBERS, "tetsuken", "arm"):
            for word in (f'"{code}"', f"{code}-", f":{code}", *cast.ORGANIZATIONS[code][:2]):
                assert word not in content, (name, word)
    statements = [canonical.loads(content) for name, content in held.items() if name.startswith("statements/")]
    assert statements and all(said["member"] is None and said["movements"] == [] for said in statements)
    assert not any("share" in name or "contributor" in name for said in statements for name in said["facts"])


def test_the_licensees_bundle_holds_its_own_story(reported):
    _, report = reported
    held = files(services.reports.licensee_bundle(report)[1])
    kinds = {canonical.loads(content)["kind"] for name, content in held.items() if name.startswith("statements/")}
    assert {
        "licensee.approved", "agreement.executed", "usage.accepted", "invoice.issued", "receipt.recorded",
        "release.published", "schedule.adopted", "allocation.adopted", "report.prepared",
    } <= kinds  # fmt: skip
    assert not {"distribution.proposed", "allocation.run", "policy.adopted", "vote.cast"} & kinds


def test_an_entry_of_a_member_cannot_be_put_into_a_licensees_bundle(reported):
    entry = Entry.objects.filter(member="tetsu").first()
    disclosed = bundles.Disclosed(entry.seq, bytes(entry.leaf), bytes(entry.statement.content), "")
    with pytest.raises(bundles.NotForLicensees, match=str(entry.seq)):
        bundles.licensee_parts(entries=[disclosed], checkpoint="", report=b"", report_pdf=b"")


def test_the_report_says_what_was_paid_and_that_the_allocation_sums_to_one(reported):
    _, report = reported
    facts = canonical.loads(bytes(report.facts))
    assert facts["allocation"]["sum"] == "1" and facts["allocation"]["adopted"] is True
    assert facts["payments"] == [
        {"invoice": "INV-2026-0002", "period": ["2026-06-24", "2026-07-01"], "gross": "7788000", "received": "7788000"}
    ]
    assert facts["training"]["countries"] == ["JP"]
    assert canonical.sha256_hex(bytes(report.facts)) == report.facts_sha256


def test_a_volume_behind_which_two_contributors_stand_is_not_told(reported):
    """The release was trained on tetsu's and hagane's data alone: a band over two tells each the other's."""
    facts = canonical.loads(bytes(reported[1].facts))
    assert "開示しません" in facts["training"]["volume"]["ja"]
    assert all("開示しません" in row["extent"]["ja"] for row in facts["training"]["categories"])


def test_a_report_on_a_descendant_speaks_of_its_parents_data_and_opens_their_publication(settled_world):
    world = settled_world
    own = DatasetVersion.objects.filter(dataset__member__organization__code="hagane", runs__isnull=False).first()
    child = world.release("R-0.2", versions=[own], parents={"R-0.1": "1/2"})
    policy = Policy.objects.get(state=Policy.State.ADOPTED)
    run = services.allocations.run(policy, child, checkpoint=world.seal(), window=cast.WINDOW, **world.by("desk"))
    services.allocations.adopt(world.carry(world.attest(run)), **world.by("legal"))
    agreement = world.agreement("robo")
    before = services.reports.facts_of(agreement, "R", world.seal(), at=world.clock)
    agreement.release = child
    facts = services.reports.facts_of(agreement, "R", world.seal(), at=world.clock)
    assert facts["training"]["releases"] == ["R-0.2", "R-0.1"]
    assert facts["training"]["categories"] == before["training"]["categories"], "what it adds its parent has already"
    published = Entry.objects.filter(kind="release.published").values_list("seq", flat=True)
    assert set(published) <= set(facts["entries"]) and not set(published) <= set(before["entries"])


def test_the_full_bundle_is_the_whole_log_under_a_checkpoint_that_counts_it(reported):
    world, _ = reported
    held = files(services.reports.full_bundle(Allocation.objects.get(), **world.by("desk")))
    leaves = held["leaves.jsonl"].splitlines()
    checkpoint = Checkpoint.objects.latest("size")
    assert len(leaves) == Entry.objects.count() == checkpoint.size
    assert merkle.root([merkle.leaf_hash(leaf) for leaf in leaves]) == bytes(checkpoint.root)


def test_a_bundle_carries_neither_a_verifier_nor_a_key(reported):
    world, report = reported
    for content in (
        services.reports.licensee_bundle(report)[1],
        services.reports.full_bundle(Allocation.objects.get(), **world.by("desk")),
    ):
        assert not any(name.endswith((".py", ".pyz", ".vkey", ".key")) for name in files(content))


def test_the_same_report_makes_the_same_bundle_again(reported):
    _, report = reported
    assert services.reports.licensee_bundle(report) == services.reports.licensee_bundle(report)


def test_an_older_bundle_verifies_as_what_it_is_and_not_as_newer(folder, reported):
    path, name = folder
    world, _ = reported
    world.cash("tetsu", 1)
    newer = world.seal()
    (path / "newer").write_text(newer.note)
    assert verify.main([str(path / name)]) == 0
    assert verify.main([str(path / name), "--at-least", str(path / "newer")]) == 21
    older = Checkpoint.objects.order_by("size").first()
    (path / "older").write_text(older.note)
    assert verify.main([str(path / "full.zip"), "--at-least", str(path / "older")]) == 0


def test_without_the_key_it_is_self_consistent_only(folder):
    path, name = folder
    (path / "log.vkey").unlink()
    assert verify.main([str(path / name)]) == 3


@pytest.mark.parametrize("document", ["result.json", "policy.json", "inputs.json"])
def test_a_changed_document_is_refused_even_where_the_log_key_signed_it(reported, tmp_path, document):
    """A server that lies about its own allocation is caught, since everything is recomputed."""
    world, _ = reported
    held = files(services.reports.full_bundle(Allocation.objects.get(), **world.by("desk")))
    parts = {name: content for name, content in held.items() if name != "manifest"}
    changed = {"result.json": b'"grid":', "policy.json": b'"cap":"60/100"', "inputs.json": b'"counted":"1/2"'}[document]
    swapped = {"result.json": b'"grib":', "policy.json": b'"cap":"59/100"', "inputs.json": b'"counted":"1/3"'}[document]
    assert changed in parts[document]
    parts[document] = parts[document].replace(changed, swapped, 1)
    signer = contributed_services.log.signer()
    (tmp_path / "full.zip").write_bytes(bundles.build(bundles.FULL, parts, signer))
    code = verify.main([str(tmp_path / "full.zip"), "--key", signer.verifier.vkey])
    assert code == {"result.json": 16, "policy.json": 17, "inputs.json": 18}[document]


def test_an_agreement_that_is_not_executed_gets_no_report(settled_world):
    draft = settled_world.draft("robo")
    with pytest.raises(services.reports.NotInForce, match=draft.number):
        services.reports.prepare(draft, **settled_world.by("legal"))
    assert not AuditReport.objects.exists()


def test_without_an_adopted_allocation_there_is_no_report(settled_world):
    Allocation.objects.update(state="attested")
    with pytest.raises(services.reports.NotAdoptedYet, match=r"R-0\.1"):
        services.reports.prepare(settled_world.agreement("robo"), **settled_world.by("legal"))


def test_a_licensee_has_a_report_made_on_its_own_agreement_only(settled_world):
    with pytest.raises(services.reports.NotYourAgreement):
        services.reports.prepare(settled_world.agreement("robo"), **settled_world.by("arm"))
    with pytest.raises(NotAllowed):
        services.reports.prepare(settled_world.agreement("robo"), **settled_world.by("tetsu"))
    report = services.reports.prepare(settled_world.agreement("robo"), **settled_world.by("robo"))
    assert report.number == f"{settled_world.agreement('robo').number}-R1"


@pytest.mark.parametrize("username", ["legal", "finance", "tetsu", "robo"])
def test_the_whole_log_goes_to_the_desk_and_the_auditor_only(settled_world, username):
    with pytest.raises(NotAllowed):
        services.reports.full_bundle(Allocation.objects.get(), **settled_world.by(username))


def test_what_a_bundle_discloses_is_sealed_by_one_checkpoint(reported):
    _, report = reported
    checkpoint = contributed.log.covering(report.seq)
    agreement = Agreement.objects.get(pk=report.agreement_id)
    assert all(entry.seq < checkpoint.size for entry in entries.disclosed_with(agreement))
    assert archives.unpack(services.reports.licensee_bundle(report)[1])["checkpoint"].decode() == checkpoint.note


def required(world, number: int) -> None:
    """The members decide that so many organizations must cosign."""
    contributed_services.witnesses.adopt_threshold(
        threshold=number,
        kinds=["officer"],
        valid_from=world.clock.date(),
        source=Text("運営委員会 第3号議決", "Steering committee, ballot 3"),
        **world.by("legal"),
    )


def test_under_a_threshold_reports_and_bundles_wait_for_their_witnesses(settled_world, tmp_path):
    world, robo = settled_world, settled_world.agreement("robo")
    required(world, 2)
    checkpoint = world.seal()
    for code in ("tetsu", "ginko"):
        contributed_services.witnesses.confirm(checkpoint, **world.by(code))
    report = services.reports.prepare(robo, **world.by("legal"))
    assert report.checkpoint_size == checkpoint.size, "the newest that enough have cosigned, not the newest"
    with pytest.raises(NotWitnessed, match="2"):
        services.reports.licensee_bundle(report)
    with pytest.raises(NotWitnessed):
        contributed.witnesses.for_papers(seq=report.seq)
    newest = Checkpoint.objects.latest("size")
    for code in ("tetsu", "ginko"):
        contributed_services.witnesses.confirm(newest, **world.by(code))
    name, content = services.reports.licensee_bundle(report)
    (tmp_path / name).write_bytes(content)
    (tmp_path / "log.vkey").write_text(contributed_services.log.signer().verifier.vkey)
    keys = [row.vkey for row in contributed.witnesses.visible_to(world.viewer("robo"))]
    assert len(keys) == 2 and b"tetsu" not in b"".join(files(content).values())
    asked = [argument for key in keys for argument in ("--witness", key)]
    assert verify.main([str(tmp_path / name), *asked]) == 0


def test_after_a_change_of_key_the_full_bundle_verifies_from_either_key(
    reported, tmp_path, django_capture_on_commit_callbacks
):
    world, report = reported
    old = contributed_services.log.signer().verifier
    with django_capture_on_commit_callbacks(execute=True):
        contributed_services.log.rotate(**world.by("operator"))
    new = contributed_services.log.signer().verifier
    world.cash("tetsu", 7)
    path = tmp_path / "full.zip"
    path.write_bytes(services.reports.full_bundle(Allocation.objects.get(), **world.by("auditor")))
    for key in (old, new):
        assert verify.main([str(path), "--key", key.vkey]) == 0
    name, content = services.reports.licensee_bundle(report)
    (tmp_path / name).write_bytes(content)
    assert verify.main([str(tmp_path / name), "--key", new.vkey]) == 0
    assert verify.main([str(tmp_path / name), "--key", old.vkey]) == 19
