"""Witnesses: enrolled by whom they belong to, cosigning one history only, and counted before a paper is made."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from contributions import selectors, services
from contributions.core import cosignatures, notes, rotations, witnesses, witnessing
from contributions.core.notes import BadKey
from contributions.core.periods import jst_date
from contributions.core.roles import NotAllowed, Viewer
from contributions.core.words import Text
from contributions.models import Checkpoint, Cosignature, Entry, KeyRotation, Organization, Witness, guards

SITE = cosignatures.Cosigner("witness.tetsu.example/w1", bytes(32))
NEUTRAL = cosignatures.Cosigner("witness.kansa.example/w1", bytes(range(32)))
SOURCE = Text("運営委員会 第3号議決", "Steering committee, ballot 3")


def enroll(world, code, kind, *, by=None, signer=None):
    organization = Organization.objects.get(code=code)
    return services.witnesses.enroll(
        organization,
        kind=kind,
        vkey=signer.key.vkey if signer else "",
        valid_from=jst_date(world.clock),
        **world.by(by or code),
    )


def threshold(world, number, *, kinds=witnesses.KINDS):
    return services.witnesses.adopt_threshold(
        threshold=number, kinds=kinds, valid_from=jst_date(world.clock), source=SOURCE, **world.by("legal")
    )


def handed_in(world, checkpoint, signer, *, late=0):
    text = notes.parse_note(checkpoint.note)[0]
    signed = signer.cosign(text, int(world.clock.timestamp()) + late)
    note = cosignatures.with_lines(checkpoint.note, [signed])
    return services.witnesses.receive(note, by=Viewer.system("witness"), at=world.clock)


def tampered(checkpoint, **columns):
    """What whoever owns the database can do."""
    guards.disarm(connection)
    Checkpoint.objects.filter(pk=checkpoint.pk).update(**columns)
    connection.check_constraints()  # PostgreSQL alters no table while deferred checks wait
    guards.arm(connection)


# ---- enrolling -------------------------------------------------------------------------------------------------------
def test_a_member_enrols_its_own_site_and_the_journal_says_which_key(world):
    witness = enroll(world, "tetsu", "site", signer=SITE)
    said = selectors.journal.readable(Entry.objects.select_related("statement").get(seq=witness.seq)).statement
    assert said["facts"]["vkey"] == SITE.key.vkey and said["facts"]["organization"] == "tetsu"
    assert witness.code == SITE.key.key_hash.hex() and said["member"] is None


def test_nobody_enrols_for_another(world):
    for code, kind, by in (("hagane", "site", "tetsu"), ("tetsu", "site", "legal"), ("kansa", "neutral", "tetsu")):
        with pytest.raises(witnesses.NotForYou):
            enroll(world, code, kind, by=by, signer=SITE)
    with pytest.raises(NotAllowed):
        enroll(world, "kansa", "neutral", by="auditor", signer=NEUTRAL)
    assert not Witness.objects.exists()


def test_a_member_is_no_neutral_witness(world):
    with pytest.raises(witnesses.NotNeutral, match="Tetsuyama"):
        enroll(world, "tetsu", "neutral", by="legal", signer=NEUTRAL)


def test_a_key_is_enrolled_once_for_good(world):
    witness = enroll(world, "tetsu", "site", signer=SITE)
    with pytest.raises(witnesses.AlreadyEnrolled):
        enroll(world, "hagane", "site", signer=SITE)
    services.witnesses.retire(witness, retired_from=jst_date(world.clock), **world.by("tetsu"))
    with pytest.raises(witnesses.AlreadyEnrolled):
        enroll(world, "tetsu", "site", signer=SITE)
    with pytest.raises(witnesses.AlreadyRetired):
        services.witnesses.retire(witness, retired_from=jst_date(world.clock), **world.by("tetsu"))


def test_a_log_key_is_no_witness_key(world):
    with pytest.raises(BadKey):
        services.witnesses.enroll(
            Organization.objects.get(code="tetsu"),
            kind="site",
            vkey=services.log.signer().verifier.vkey,
            valid_from=jst_date(world.clock),
            **world.by("tetsu"),
        )


# ---- cosigning -------------------------------------------------------------------------------------------------------
def test_an_officer_confirms_with_a_key_held_here_whose_name_tells_nothing(world, moyai_home):
    checkpoint = world.seal()
    cosigned = services.witnesses.confirm(checkpoint, **world.by("tetsu"))
    witness = cosigned.witness
    assert witness.kind == "officer" and "tetsu" not in witness.name
    (path,) = (Path(moyai_home) / "keys").glob(f"*.{witness.code}.witness.key")
    assert path.stat().st_mode & 0o777 == 0o600
    note = selectors.witnesses.note_of(checkpoint)
    found = cosignatures.found_on(note, [cosignatures.WitnessKey.parse(witness.vkey)])
    assert [one.time for one in found] == [int(world.clock.timestamp())]
    assert notes.open_checkpoint(note, services.log.signer().verifier).size == checkpoint.size


def test_confirming_twice_gives_the_same_cosignature_and_one_key(world):
    checkpoint = world.seal()
    first = services.witnesses.confirm(checkpoint, **world.by("tetsu"))
    assert services.witnesses.confirm(checkpoint, **world.by("tetsu")) == first
    world.cash("tetsu", 5)
    services.witnesses.confirm(world.seal(), **world.by("tetsu"))
    assert (Witness.objects.count(), Cosignature.objects.count()) == (1, 2)


def test_only_a_members_officer_confirms(world):
    checkpoint = world.seal()
    for username in ("legal", "auditor", "desk", "operator"):
        with pytest.raises(NotAllowed):
            services.witnesses.confirm(checkpoint, **world.by(username))


def test_an_older_checkpoint_than_the_one_confirmed_is_refused(world):
    older = world.seal()
    world.cash("tetsu", 5)
    services.witnesses.confirm(world.seal(), **world.by("tetsu"))
    with pytest.raises(witnessing.Shrunk):
        services.witnesses.confirm(older, **world.by("tetsu"))


def test_a_log_that_shows_another_history_is_not_confirmed(world):
    """The old checkpoint was exchanged, or the new one does not continue it: either way the officer learns it."""
    first = world.seal()
    services.witnesses.confirm(first, **world.by("tetsu"))
    world.cash("tetsu", 5)
    second = world.seal()
    root = bytes(first.root)
    tampered(first, root=bytes(32))
    with pytest.raises(witnessing.AnotherHistory):
        services.witnesses.confirm(second, **world.by("tetsu"))
    tampered(first, root=root)
    forged = notes.sign(notes.Checkpoint(world_origin(), second.size, bytes(32)).text(), services.log.signer())
    tampered(second, root=bytes(32), note=forged)
    second.refresh_from_db()
    with pytest.raises(witnessing.AnotherHistory):
        services.witnesses.confirm(second, **world.by("tetsu"))
    assert Cosignature.objects.count() == 1


def world_origin():
    return selectors.log.head().origin


def test_a_site_hands_in_its_cosignature_and_needs_no_login(world):
    enroll(world, "tetsu", "site", signer=SITE)
    checkpoint = world.seal()
    (kept,) = handed_in(world, checkpoint, SITE)
    assert handed_in(world, checkpoint, SITE, late=60) == [kept], "the first one stays"
    assert SITE.name in selectors.witnesses.note_of(checkpoint)


def test_a_stranger_and_an_officers_key_are_not_taken_from_outside(world):
    checkpoint = world.seal()
    with pytest.raises(witnesses.NoWitness):
        handed_in(world, checkpoint, SITE)
    services.witnesses.confirm(checkpoint, **world.by("tetsu"))
    with pytest.raises(witnesses.NoWitness):
        services.witnesses.receive(selectors.witnesses.note_of(checkpoint), by=Viewer.system("witness"), at=world.clock)


def test_a_cosignature_that_does_not_fit_is_refused_whole(world):
    enroll(world, "tetsu", "site", signer=SITE)
    checkpoint = world.seal()
    forged = cosignatures.Cosigned(SITE.name, SITE.key.key_hash, int(world.clock.timestamp()), bytes(64))
    note = cosignatures.with_lines(checkpoint.note, [forged])
    with pytest.raises(cosignatures.BadCosignature):
        services.witnesses.receive(note, by=Viewer.system("witness"), at=world.clock)
    assert not Cosignature.objects.exists()


def test_a_checkpoint_of_another_history_is_not_on_record(world):
    enroll(world, "tetsu", "site", signer=SITE)
    size = world.seal().size
    note = notes.sign(notes.Checkpoint(world_origin(), size, bytes(32)).text(), services.log.signer())
    with pytest.raises(witnesses.NotOnRecord):
        services.witnesses.receive(note, by=Viewer.system("witness"), at=world.clock)


def test_a_clock_that_is_wrong_and_a_retired_witness_are_refused(world):
    witness = enroll(world, "tetsu", "site", signer=SITE)
    checkpoint = world.seal()
    for late in (3_600, -10 * 86_400):
        with pytest.raises(witnesses.OutOfTime):
            handed_in(world, checkpoint, SITE, late=late)
    services.witnesses.retire(witness, retired_from=jst_date(world.clock), **world.by("tetsu"))
    with pytest.raises(witnesses.OutOfTime):
        handed_in(world, checkpoint, SITE)


def test_a_cosignature_is_never_changed(world):
    services.witnesses.confirm(world.seal(), **world.by("tetsu"))
    assert "contributions_cosignature" in [model._meta.db_table for model in guards.guarded()]
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        Cosignature.objects.update(time=1)


# ---- the threshold ---------------------------------------------------------------------------------------------------
def test_without_a_threshold_every_checkpoint_carries_papers(world):
    checkpoint = world.seal()
    assert selectors.witnesses.for_papers() == checkpoint
    assert selectors.witnesses.standing(checkpoint, world.viewer("legal")).is_witnessed


def test_a_threshold_keeps_papers_to_witnessed_checkpoints(world):
    before = world.seal()
    world.clock += timedelta(days=2)
    threshold(world, 2)
    enroll(world, "kansa", "neutral", by="legal", signer=NEUTRAL)
    checkpoint = world.seal()
    assert not selectors.witnesses.standing(checkpoint, world.viewer("legal")).is_witnessed
    assert selectors.witnesses.for_papers() == before, "sealed before the threshold began"
    services.witnesses.confirm(checkpoint, **world.by("tetsu"))
    assert selectors.witnesses.paper_of(before.size) is None
    with pytest.raises(witnesses.NotWitnessed, match="2"):
        selectors.witnesses.for_papers(seq=before.size)
    handed_in(world, checkpoint, NEUTRAL)
    assert selectors.witnesses.for_papers() == checkpoint
    standing = selectors.witnesses.standing(checkpoint, world.viewer("legal"))
    assert (standing.counted, standing.threshold, standing.is_witnessed) == (2, 2, True)


def test_two_witnesses_of_one_member_count_once_and_a_kind_left_out_not_at_all(world):
    threshold(world, 2)
    enroll(world, "tetsu", "site", signer=SITE)
    checkpoint = world.seal()
    services.witnesses.confirm(checkpoint, **world.by("tetsu"))
    handed_in(world, checkpoint, SITE)
    assert selectors.witnesses.standing(checkpoint, None).counted == 1
    threshold(world, 1, kinds=["neutral"])
    assert selectors.witnesses.standing(checkpoint, None).counted == 0


def test_a_threshold_switched_off_again_asks_for_none(world):
    threshold(world, 3)
    threshold(world, 0)
    assert selectors.witnesses.for_papers() is not None if Checkpoint.objects.exists() else True
    checkpoint = world.seal()
    assert selectors.witnesses.for_papers() == checkpoint


def test_what_was_known_at_an_earlier_size_is_what_was_known_then(world):
    first = threshold(world, 1)
    second = threshold(world, 2)
    day = date(2027, 1, 1)
    assert selectors.witnesses.rule_at(day).threshold == 2
    assert selectors.witnesses.rule_at(day, known_at=second.seq).threshold == 1
    assert selectors.witnesses.rule_at(day, known_at=first.seq) is None


def test_only_legal_sets_the_threshold(world):
    with pytest.raises(NotAllowed):
        services.witnesses.adopt_threshold(
            threshold=1, kinds=["site"], valid_from=date(2026, 4, 1), source=SOURCE, **world.by("tetsu")
        )


# ---- who may know ----------------------------------------------------------------------------------------------------
def test_whose_key_it_is_members_know_of_each_other_and_outsiders_do_not(world):
    checkpoint = world.seal()
    services.witnesses.confirm(checkpoint, **world.by("tetsu"))
    for username in ("hagane", "legal", "auditor"):
        (seen,) = selectors.witnesses.standing(checkpoint, world.viewer(username)).seen
        assert seen.organization.code == "tetsu"
    for username in ("robo", "reviewer"):
        (seen,) = selectors.witnesses.standing(checkpoint, world.viewer(username)).seen
        assert seen.organization is None and "tetsu" not in seen.line


# ---- the log's own key -----------------------------------------------------------------------------------------------
def rotate(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return services.log.rotate(**world.by("operator"))


def test_a_new_key_takes_over_under_both_signatures(world, moyai_home, django_capture_on_commit_callbacks):
    before = world.seal()
    old = services.log.signer()
    handover = rotate(world, django_capture_on_commit_callbacks)
    new = services.log.signer()
    assert new.verifier != old.verifier
    for signer in (old, new):
        assert notes.open_checkpoint(handover.note, signer.verifier).size == handover.size == before.size + 1
    (change,) = selectors.log.key_changes()
    assert rotations.ring(new.verifier, [change]) == services.log.ring()
    world.cash("tetsu", 1)
    later = world.seal()
    with pytest.raises(notes.UnknownKey):
        notes.open_checkpoint(later.note, old.verifier)
    assert notes.open_checkpoint(later.note, services.log.ring()).size == later.size
    assert notes.open_checkpoint(before.note, services.log.ring()).size == before.size
    kept = {path.name for path in (Path(moyai_home) / "keys").glob("*.log.key")}
    assert not any(old.seed.hex() in (Path(moyai_home) / "keys" / name).read_text() for name in kept)


def test_papers_and_proofs_stand_on_checkpoints_of_the_present_key(world, django_capture_on_commit_callbacks):
    before = world.seal()
    handover = rotate(world, django_capture_on_commit_callbacks)
    assert selectors.log.covering(0) == selectors.witnesses.for_papers(seq=0, newest=False) == handover != before
    again = rotate(world, django_capture_on_commit_callbacks)
    assert selectors.log.covering(0) == again
    assert set(selectors.log.handovers()) == {handover.size, again.size}


def test_only_the_operator_changes_the_key_and_an_empty_hand_changes_nothing(world):
    with pytest.raises(NotAllowed):
        services.log.rotate(**world.by("legal"))
    assert not KeyRotation.objects.exists()


def test_a_witness_follows_the_log_across_a_change_of_keys(world, django_capture_on_commit_callbacks):
    services.witnesses.confirm(world.seal(), **world.by("tetsu"))
    handover = rotate(world, django_capture_on_commit_callbacks)
    services.witnesses.confirm(handover, **world.by("tetsu"))
    world.cash("tetsu", 1)
    services.witnesses.confirm(world.seal(), **world.by("tetsu"))
    assert Cosignature.objects.count() == 3
