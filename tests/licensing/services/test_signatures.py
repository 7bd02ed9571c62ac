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
from django.core.cache import cache

import world as cast
from contributions.core import canonical
from contributions.models import Annex, Entry, LogHead
from contributions.services import journal
from licensing import selectors, services
from licensing.adapters import factors
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
    cache.clear()  # of codes used and tries counted by tests before
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


def test_nothing_is_signed_without_factor_file_and_time_and_then_it_is_with_evidence(offered, device, settings):
    entries = LogHead.objects.get().size
    for act in (shown(offered, "000000"), shown(offered, "12345678"), None):  # who has a device cannot go past it
        with pytest.raises(rules.FactorWrong):
            sign(offered, act)
    with pytest.raises(rules.FileMoved):
        sign(offered, Act("ab" * 32, device()))
    Authenticator.objects.filter(type="totp").delete()
    settings.TSA_SECONDS = 2
    with time_authority.running(settings.MOYAI_HOME / "keys", offered.clock, "error") as broken:
        settings.TSA_URLS = [broken.url]
        with pytest.raises(TimeAuthorityFailed):
            sign(offered, shown(offered))
    assert unsigned(offered) and LogHead.objects.get().size == entries
    assert not cast.fresh(offered.offered).documents.filter(stage="signed").exists()

    secret = generate_totp_secret()
    TOTP.activate(offered.user("legal"), secret)
    act = shown(offered, format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    with time_authority.running(settings.MOYAI_HOME / "keys", offered.clock) as server:
        settings.TSA_URLS = [server.url]
        assert sign(offered, act).state == "signed" and server.asked == 3
    row = Signature.objects.get(agreement=offered.offered)
    assert (row.factor, row.identity, row.level, row.trial, row.outside) == ("totp", "test", "B-LTA", True, False)
    statement = canonical.loads(bytes(Entry.objects.get(seq=row.seq).statement.content))
    assert (statement["facts"]["factor"], statement["facts"]["level"]) == ("totp", "B-LTA")
    assert act.address not in str(statement) and "test browser" not in str(statement)
    annex = Annex.objects.get(entry_id=row.seq)
    assert [one["sha256"] for one in statement["annexes"]] == [annex.sha256]
    evidence = json.loads(journal.store().get(annex.sha256))
    seen = {name for name, viewer in offered.viewers().items() if selectors.signatures.evidence(viewer, row.seq)}
    assert seen == {"legal", "second", "auditor"}, (
        "who signed for the licensor, and from where, is no licensee's to know"
    )
    assert (evidence["address"], evidence["agent"]) == ("192.0.2.7", "test browser")
    assert evidence["document_before_sha256"] == act.digest and evidence["time"]
    assert evidence["document_after_sha256"] == offered.offered.documents.last().sha256
    with pytest.raises(rules.FactorWrong):  # the code is used up
        factors.confirm(offered.user("legal"), act.code)


def test_where_a_factor_is_required_a_recovery_code_signs_and_nobody_without_a_device(offered, settings):
    settings.SIGNING_MFA = None  # by default: asked everywhere but in a demo
    assert signatures.is_required()
    with pytest.raises(rules.FactorNeeded) as refusal:
        sign(offered, shown(offered))
    assert "認証アプリ" in refusal.value.text("ja") and unsigned(offered)
    cache.clear()
    RecoveryCodes.activate(offered.user("legal"))
    held = Authenticator.objects.get(user=offered.user("legal"), type="recovery_codes").wrap()
    code = held.get_unused_codes()[0]
    sign(offered, shown(offered, code))
    assert Signature.objects.get(agreement=offered.offered).factor == "recovery_codes"
    assert code not in Authenticator.objects.get(pk=held.instance.pk).wrap().get_unused_codes()

    settings.SIGNING_MFA = False
    settings.SEAL_LICENSOR = {**settings.SEAL_LICENSOR, "p12": "/nowhere.p12"}
    with pytest.raises(signatures.SignOutside):  # no test signature beside a real key
        services.agreements.countersign(cast.fresh(offered.offered), **offered.by("robo"))
    assert cast.fresh(offered.offered).state == "signed"
