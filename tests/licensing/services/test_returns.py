"""Signed papers that come back from outside, and the timestamps that keep papers checkable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_authority
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

import world as cast
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Entry, LogHead
from licensing import services
from licensing.adapters import authorities, seal, validation
from licensing.core import signatures as rules
from licensing.models import Licence
from licensing.services import papers, returns, signatures

pytestmark = pytest.mark.slow


@pytest.fixture
def offered(licensed_world):
    agreement = services.agreements.approve(licensed_world.draft("robo"), **licensed_world.by("second"))
    services.agreements.offer(cast.fresh(agreement), **licensed_world.by("legal"))
    licensed_world.offered = cast.fresh(agreement)
    return licensed_world


def elsewhere(folder, content: bytes, field: str, at) -> bytes:
    """What an outside service with an authority of its own makes of the file."""
    signer = authorities.test_signer(folder, field.lower(), f"外部サービス {field}")
    return seal.seal(content, field, signer, at, authority=authorities.test_authority(folder, at))


def send(world, content: bytes, username: str = "legal"):
    return returns.take_back(cast.fresh(world.offered), content, **world.by(username))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An outside authority; its keys are made once."""
    return tmp_path_factory.mktemp("outside")


@pytest.fixture
def outside(authority, tmp_path, settings, offered):
    """An authority that the trust list knows."""
    trusted = tmp_path / "trust"
    trusted.mkdir()
    (trusted / "outside.crt").write_bytes(authorities.test_root(authority))
    settings.SEAL_TRUST = str(trusted)
    return authority


def test_both_signatures_come_back_at_once(offered, outside):
    content = elsewhere(outside, papers.stored(offered.offered, "offered"), "Licensor", offered.clock)
    content = elsewhere(outside, content, "Licensee", offered.clock)
    agreement = send(offered, content)
    assert agreement.state == "executed" and agreement.signatures.filter(outside=True).count() == 2
    kinds = Entry.objects.filter(subject=f"agreement:{agreement.number}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-4:] == ["agreement.signed", "agreement.signed", "agreement.executed", "licence.issued"]


def test_each_bad_file_is_refused_with_its_own_sentence_and_then_the_good_one_is_taken(offered, outside, settings):
    entries, frozen = LogHead.objects.get().size, papers.stored(offered.offered, "offered")
    good = elsewhere(outside, frozen, "Licensor", offered.clock)
    for content, refusal in {
        b"not a pdf at all": rules.NotAPdf,
        papers.stored(offered.agreement("arm"), "executed"): rules.OtherDocument,
        frozen: rules.Unsigned,
        elsewhere(outside, frozen, "Licensee", offered.clock): rules.DifferentlySigned,
    }.items():
        with pytest.raises(refusal) as raised:
            send(offered, content)
        assert raised.type is refusal and raised.value.text("ja") != raised.value.text("en")
    signature, stamp = good.index(b"/ByteRange", len(frozen)), good.rindex(b"/ByteRange")
    for place in (len(frozen) // 2, signature - 40, signature + 20, stamp - 40):
        with pytest.raises(rules.Tampered):
            send(offered, good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
    late = {"by": offered.viewer("legal"), "at": datetime(2050, 6, 1, tzinfo=UTC)}
    with pytest.raises(rules.CertificateExpired):
        returns.take_back(cast.fresh(offered.offered), bare(outside, frozen), **late)
    known, settings.SEAL_TRUST = settings.SEAL_TRUST, ""
    with pytest.raises(rules.Untrusted):
        send(offered, good)
    settings.SEAL_TRUST = known
    for username, refusal in (("robo", returns.NotYoursToReturn), ("finance", NotAllowed)):
        with pytest.raises(refusal):
            send(offered, good, username)
    with pytest.raises(returns.NothingToReturn):
        returns.take_back(offered.agreement("arm"), good, **offered.by("legal"))
    assert LogHead.objects.get().size == entries and cast.fresh(offered.offered).state == "offered"

    assert send(offered, good).state == "signed"
    stored = papers.stored(cast.fresh(offered.offered), "signed")
    assert stored.startswith(good) and len(stored) > len(good)  # our own timestamp over theirs
    with pytest.raises(returns.NotYoursToReturn):
        send(offered, stored, "arm")
    services.agreements.countersign(cast.fresh(offered.offered), **offered.by("robo"))
    agreement = cast.fresh(offered.offered)
    assert agreement.state == "executed" and Licence.objects.filter(agreement=agreement).exists()
    told = [(row.party, row.factor, row.outside) for row in agreement.signatures.all()]
    assert told == [("licensor", "outside", True), ("licensee", "none", False)]
    found = validation.validate(papers.stored(agreement, "executed"), signatures.trust(offered.clock), offered.clock)
    assert [one.valid for one in found] == [True, True]


def bare(folder, content: bytes) -> bytes:
    """A signature without any time, as an old tool makes it."""
    metadata = signers.PdfSignatureMetadata("Licensor", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    signer, out = authorities.test_signer(folder, "bare", "外部").key, BytesIO()
    writer = seal._KeepMeta(BytesIO(content))
    signers.PdfSigner(metadata, signer).sign_pdf(writer, existing_fields_only=True, output=out)
    return out.getvalue()


def test_a_paper_gets_a_new_timestamp_before_the_old_one_ends_and_it_is_on_record(licensed_world):
    world = licensed_world
    soon, system = datetime(2030, 9, 1, tzinfo=UTC), Viewer.system("renew-timestamps")
    assert returns.due(world.clock) == []
    assert len(returns.due(soon)) == 2
    before = papers.store().get(world.agreement("robo").documents.last().sha256)
    assert returns.renew_all(by=system, at=soon) == 2
    assert returns.due(soon) == [] and returns.renew_all(by=system, at=soon) == 0
    newest = world.agreement("robo").documents.last()
    assert (newest.stage, newest.stamped_until.year) == ("renewed-1", 2034)
    content = papers.store().get(newest.sha256)
    assert content.startswith(before) and Entry.objects.filter(kind="agreement.restamped").count() == 2
    later = datetime(2030, 12, 1, tzinfo=UTC)
    found = validation.validate(content, signatures.trust(later), later)
    assert [(one.valid, one.ades) for one in found] == [(True, "OK")] * 2
    with pytest.raises(NotAllowed):
        returns.renew(world.agreement("robo"), **world.by("legal"))


def test_a_renewal_without_a_proper_time_changes_nothing_and_is_made_the_next_night(licensed_world, settings):
    keys, soon = settings.MOYAI_HOME / "keys", datetime(2030, 9, 1, tzinfo=UTC)
    system, entries = Viewer.system("renew-timestamps"), LogHead.objects.get().size
    for broken in ("error", "other nonce"):
        with time_authority.running(keys, soon, broken) as server:
            settings.TSA_URLS = [server.url]
            with pytest.raises(authorities.TimeAuthorityFailed):
                returns.renew_all(by=system, at=soon)
    assert LogHead.objects.get().size == entries and len(returns.due(soon)) == 2
    settings.TSA_URLS = []
    assert returns.renew_all(by=system, at=soon + timedelta(days=1)) == 2


def test_a_paper_whose_file_is_lost_keeps_no_other_from_its_timestamp(licensed_world, settings):
    soon, system = datetime(2030, 9, 1, tzinfo=UTC), Viewer.system("renew-timestamps")
    first = returns.due(soon)[0]
    digest = first.documents.last().sha256
    path = settings.MOYAI_HOME / "documents" / digest[:2] / digest
    aside = path.rename(path.with_suffix(".aside"))
    with pytest.raises(FileNotFoundError):
        returns.renew_all(by=system, at=soon)
    assert returns.due(soon) == [first]
    aside.rename(path)
    assert returns.renew_all(by=system, at=soon) == 1


def test_an_amendment_signed_elsewhere_by_both_is_taken_back_checked_and_kept_checkable(
    licensed_world, authority, tmp_path, settings
):
    world, agreement = licensed_world, licensed_world.agreement("robo")
    (trusted := tmp_path / "trust").mkdir()
    (trusted / "outside.crt").write_bytes(authorities.test_root(authority))
    settings.SEAL_TRUST = str(trusted)
    row = services.amendments.draft(
        agreement, changes={"report_days": 45}, effective_from=date(2027, 12, 1), reason="短縮", **world.by("legal")
    )
    row = services.amendments.approve(row, **world.by("second"))
    with pytest.raises(returns.NothingToReturn):
        returns.take_back_amendment(row, b"%PDF-", **world.by("legal"))
    row = services.amendments.offer(row, **world.by("legal"))
    frozen = papers.stored(row, "offered")
    both = elsewhere(authority, elsewhere(authority, frozen, "Licensor", world.clock), "Licensee", world.clock)
    size, place = LogHead.objects.get().size, len(frozen) // 2
    for content, refusal in {
        papers.stored(agreement, "executed"): rules.OtherDocument,
        frozen: rules.Unsigned,
        both[:place] + bytes([both[place] ^ 1]) + both[place + 1 :]: rules.Tampered,
    }.items():
        with pytest.raises(refusal):
            returns.take_back_amendment(row, content, **world.by("legal"))
    for username, refusal in (("robo", returns.NotYoursToReturn), ("finance", NotAllowed)):
        with pytest.raises(refusal):
            returns.take_back_amendment(row, both, **world.by(username))
    assert LogHead.objects.get().size == size, "nothing was taken"

    row = returns.take_back_amendment(row, both, **world.by("legal"))
    assert row.state == "executed" and row.signatures.filter(outside=True, factor="outside").count() == 2
    kept = row.documents.get(stage="executed")
    assert papers.stored(row, "executed").startswith(both) and kept.level == "B-LTA" and kept.stamped_until
    kinds = Entry.objects.filter(subject=f"amendment:{row.number}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-3:] == ["amendment.signed", "amendment.signed", "amendment.executed"]

    soon, system = kept.stamped_until - timedelta(days=30), Viewer.system("renew-timestamps")
    assert row.number in {paper.number for paper in returns.due(soon)}
    renewed = returns.renew(row, by=system, at=soon)
    assert renewed.stage == "renewed-1" and renewed.stamped_until > kept.stamped_until
    assert row.number not in {paper.number for paper in returns.due(soon)}
    found = validation.validate(papers.store().get(renewed.sha256), signatures.trust(soon), soon)
    assert [one.valid for one in found] == [True, True]
