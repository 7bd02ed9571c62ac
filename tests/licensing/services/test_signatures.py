"""The act of signing: a fresh second factor, bound to the file that was shown, with evidence that can be erased."""

from __future__ import annotations

import hashlib
import json
import time

import pytest
import time_authority
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

import world as cast
from contributions.core import canonical
from contributions.models import Annex, Entry, LogHead
from contributions.services import journal
from licensing import services
from licensing.adapters.authorities import TimeAuthorityFailed
from licensing.core import signatures as rules
from licensing.core.signatures import Act
from licensing.models import Signature
from licensing.services import papers, signatures


@pytest.fixture
def offered(licensed_world):
    agreement = services.agreements.approve(licensed_world.draft("robo"), **licensed_world.by("second"))
    services.agreements.offer(cast.fresh(agreement), **licensed_world.by("legal"))
    licensed_world.offered = cast.fresh(agreement)
    return licensed_world


@pytest.fixture
def device(offered):
    """Legal has registered an authenticator app; its present code."""
    secret = generate_totp_secret()
    TOTP.activate(offered.user("legal"), secret)
    return lambda: format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def shown(world, code: str = "") -> Act:
    content = papers.stored(world.offered, "offered")
    return Act(hashlib.sha256(content).hexdigest(), code, "192.0.2.7", "test browser")


def sign(world, act):
    return services.agreements.sign(cast.fresh(world.offered), act=act, **world.by("legal"))


def unsigned(world) -> bool:
    return cast.fresh(world.offered).state == "offered" and not world.offered.signatures.exists()


def test_a_fresh_code_signs_once_and_its_evidence_stands_in_an_annex(offered, device):
    act = shown(offered, device())
    sign(offered, act)
    row = Signature.objects.get(agreement=offered.offered)
    assert (row.factor, row.identity, row.level, row.trial, row.outside) == ("totp", "test", "B-LTA", True, False)
    statement = canonical.loads(bytes(Entry.objects.get(seq=row.seq).statement.content))
    assert (statement["facts"]["factor"], statement["facts"]["level"]) == ("totp", "B-LTA")
    assert act.address not in str(statement) and "test browser" not in str(statement)
    annex = Annex.objects.get(entry_id=row.seq)
    assert [one["sha256"] for one in statement["annexes"]] == [annex.sha256]
    evidence = json.loads(journal.store().get(annex.sha256))
    assert (evidence["address"], evidence["agent"], evidence["document_before_sha256"]) == (
        "192.0.2.7", "test browser", act.digest,
    )  # fmt: skip
    assert evidence["time"] and evidence["document_after_sha256"] == offered.offered.documents.last().sha256


def test_a_wrong_code_an_old_one_or_none_signs_nothing(offered, device):
    entries = LogHead.objects.get().size
    for code in ("000000", "", "12345678"):
        with pytest.raises(rules.FactorWrong):
            sign(offered, shown(offered, code))
    with pytest.raises(rules.FactorWrong):  # who has a device cannot go past it
        sign(offered, None)
    assert unsigned(offered) and LogHead.objects.get().size == entries


def test_a_recovery_code_stands_in_for_a_lost_device_and_is_used_up(offered, device):
    RecoveryCodes.activate(offered.user("legal"))
    held = Authenticator.objects.get(user=offered.user("legal"), type="recovery_codes").wrap()
    code = held.get_unused_codes()[0]
    sign(offered, shown(offered, code))
    assert Signature.objects.get(agreement=offered.offered).factor == "recovery_codes"
    assert code not in Authenticator.objects.get(pk=held.instance.pk).wrap().get_unused_codes()


def test_where_a_factor_is_required_nobody_signs_without_a_device(offered, settings):
    settings.SIGNING_MFA = True
    with pytest.raises(rules.FactorNeeded) as refusal:
        sign(offered, shown(offered))
    assert "認証アプリ" in refusal.value.text("ja") and unsigned(offered)
    settings.SIGNING_MFA = None  # by default: asked everywhere but in a demo
    assert signatures.is_required()


def test_an_act_on_another_file_than_the_page_showed_is_refused(offered):
    with pytest.raises(rules.FileMoved):
        sign(offered, Act("ab" * 32))
    assert unsigned(offered)


def test_without_the_time_authority_nothing_is_written_and_with_it_its_time_counts(offered, settings):
    entries = LogHead.objects.get().size
    settings.TSA_SECONDS = 2
    with time_authority.running(settings.MOYAI_HOME / "keys", offered.clock, "error") as broken:
        settings.TSA_URLS = [broken.url]
        with pytest.raises(TimeAuthorityFailed):
            sign(offered, shown(offered))
    assert unsigned(offered) and LogHead.objects.get().size == entries
    assert not cast.fresh(offered.offered).documents.filter(stage="signed").exists()
    with time_authority.running(settings.MOYAI_HOME / "keys", offered.clock) as server:
        settings.TSA_URLS = [server.url]
        assert sign(offered, shown(offered)).state == "signed"
        assert server.asked == 3


def test_a_licensee_signs_outside_where_only_the_licensor_has_a_real_key(offered, settings):
    services.agreements.sign(cast.fresh(offered.offered), **offered.by("legal"))
    settings.SEAL_LICENSOR = {**settings.SEAL_LICENSOR, "p12": "/nowhere.p12"}
    with pytest.raises(signatures.SignOutside):
        services.agreements.countersign(cast.fresh(offered.offered), **offered.by("robo"))
    assert cast.fresh(offered.offered).state == "signed"
