"""Licence files come with an executed agreement and from nothing else; each change issues the next."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

import world as cast
from contributions.core import notes
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Entry
from contributions.services import log
from licensing import selectors, services
from licensing.core import licences as rules
from licensing.models import Licensee
from licensing.services.licences import NotExecuted, NotSealedYet
from licensing.services.usage import NotInForce


def test_execution_issues_a_file_that_is_checked_with_the_log_s_key_alone(licensed_world, tmp_path):
    agreement = licensed_world.agreement("robo")
    licence = agreement.licences.get()
    licensed_world.seal()
    content = services.licences.file_of(licence)
    found = rules.check(content, log.signer().verifier)
    assert found.certificate["terms_sha256"] == agreement.terms_sha256
    assert Entry.objects.get(seq=found.entry).kind == "agreement.executed"
    assert found.standing(date(2026, 7, 1))[0] and not found.standing(date(2028, 6, 24))[0]
    (tmp_path / "robo.licence.json").write_bytes(content)
    out = io.StringIO()
    call_command(
        "verify_licence", str(tmp_path / "robo.licence.json"), "--on", "2026-07-01", "--lang", "ja", stdout=out
    )
    assert "ロボ工業" in out.getvalue() and "有効です" in out.getvalue()
    (tmp_path / "robo.licence.json").write_bytes(content.replace(b"JP", b"US"))
    with pytest.raises(CommandError):
        call_command("verify_licence", str(tmp_path / "robo.licence.json"), "--lang", "ja", stdout=out)


def test_the_proof_waits_for_a_checkpoint(licensed_world):
    licensed_world.seal()
    agreement = licensed_world.agreement("robo")
    renewed = services.licences.reissue(agreement, **licensed_world.by("legal"))
    assert json.loads(services.licences.file_of(renewed))["v"] == 1  # its entry is the execution, sealed already
    agreement.licences.model.objects.filter(pk=renewed.pk).update(executed_seq=renewed.seq)
    renewed.refresh_from_db()
    with pytest.raises(NotSealedYet):
        services.licences.file_of(renewed)


def test_a_suspension_known_at_issue_stands_in_the_next_file(licensed_world):
    agreement = licensed_world.agreement("robo")
    Licensee.objects.filter(pk=agreement.licensee_id).update(state=Licensee.State.SUSPENDED)
    licence = services.licences.reissue(cast.fresh(agreement), **licensed_world.by("legal"))
    assert (licence.serial, licence.status) == (2, "suspended")
    facts = json.loads(bytes(Entry.objects.get(seq=licence.seq).statement.content))["facts"]
    assert facts["status"] == "suspended" and facts["licence_sha256"] == licence.sha256
    with pytest.raises(NotAllowed):
        services.licences.reissue(agreement, **licensed_world.by("robo"))


def test_the_day_on_which_an_amendment_takes_effect_brings_the_next_file(licensed_world):
    world, nightly = licensed_world, Viewer.system("nightly")
    row = services.amendments.draft(
        world.agreement("robo"), changes={"regions": ["JP"]}, effective_from=date(2026, 12, 1), reason="国内に限る",
        **world.by("legal"),
    )  # fmt: skip
    for verb, by in (("approve", "second"), ("offer", "legal"), ("sign", "legal"), ("countersign", "robo")):
        row = getattr(services.amendments, verb)(row, **world.by(by))
    world.wait_until("2026-11-30 23:59")
    assert services.licences.keep_current(by=nightly, at=world.clock) == []
    world.wait_until("2026-12-01 00:05")
    (made,) = services.licences.keep_current(by=nightly, at=world.clock)
    assert rules.stated(made.note)["territory"] == ["JP"] and made.serial == 2
    assert services.licences.keep_current(by=nightly, at=world.clock) == []


def test_after_a_change_of_the_log_s_key_old_files_still_verify_and_the_night_brings_new_ones(
    licensed_world, tmp_path, django_capture_on_commit_callbacks
):
    world, nightly = licensed_world, Viewer.system("nightly")
    held = world.agreement("robo").licences.get()
    world.seal()
    before, old = services.licences.file_of(held), log.signer()
    with django_capture_on_commit_callbacks(execute=True):
        log.rotate(**world.by("operator"))
    new = log.signer().verifier

    def told(content: bytes, *more: str) -> str:
        (tmp_path / "file.json").write_bytes(content)
        out = io.StringIO()
        asked = ("--on", "2026-07-01", "--lang", "ja", *more)
        call_command("verify_licence", str(tmp_path / "file.json"), *asked, stdout=out)
        return out.getvalue()

    assert services.licences.file_of(held) == before
    assert rules.check(before, old.verifier).key == old.verifier
    for more in ((), ("--key", old.verifier.vkey), ("--key", new.vkey)):
        assert "有効です" in told(before, *more)

    made = {row.agreement.number: row for row in services.licences.keep_current(by=nightly, at=world.clock)}
    assert services.licences.keep_current(by=nightly, at=world.clock) == []
    after = services.licences.file_of(made[held.agreement.number])
    assert rules.check(after, new).certificate["licence"] == f"{held.agreement.number}/2"
    assert "有効です" in told(after)

    stolen = json.loads(before)
    certificate = rules.stated(stolen["certificate"]) | {"territory": ["JP", "US"]}
    stolen["certificate"] = notes.sign(rules.certificate_text(certificate), old)
    with pytest.raises(CommandError, match="発行の記録がありません"):
        told(json.dumps(stolen).encode())


def test_only_a_signed_agreement_is_a_source_of_rights(licensed_world):
    world = licensed_world
    agreement = services.agreements.approve(world.draft("robo"), **world.by("second"))
    for verb, by in (("offer", "legal"), ("sign", "legal")):
        getattr(services.agreements, verb)(cast.fresh(agreement), **world.by(by))
        unsigned = cast.fresh(agreement)
        with pytest.raises(NotExecuted):
            services.licences.reissue(unsigned, **world.by("legal"))
        with pytest.raises(NotInForce):
            services.usage.submit(
                unsigned, period_from=date(2026, 7, 1), rows=[{"metric": "robot", "region": "JP", "units": "1"}],
                on=date(2026, 10, 2), **world.by("robo"),
            )  # fmt: skip
    assert not selectors.licences.visible_to(world.viewer("legal")).filter(agreement=agreement).exists()


def test_a_licensee_sees_its_own_files_alone(licensed_world):
    seen = selectors.licences.visible_to(licensed_world.licensee("robo"))
    assert {row.agreement.licensee.organization.code for row in seen} == {"robo"}
    assert not selectors.licences.visible_to(licensed_world.member("tetsu")).exists()
