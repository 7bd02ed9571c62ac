"""The last chapters: a next step for each role, a witness, and the first audit report."""

from __future__ import annotations

import hashlib
from datetime import date

from contributions import services as contributed
from contributions.core import canonical, cosignatures, notes, signed_statements
from contributions.core.cosignatures import Cosigner
from contributions.core.roles import Viewer
from contributions.models import Checkpoint, Entry, Organization
from licensing.models import Agreement, Policy, Release
from licensing.services import agreements, allocations, reports
from licensing.services.story import rights
from licensing.services.story.cast import act, act_of, fresh, moment, read, seal
from licensing.services.story.contracts import draft


def leave_work() -> None:
    """One thing for each role: a draft to approve, a signature to add, an allocation to attest, a ballot to vote on."""
    term = (date(2026, 12, 1), date(2028, 12, 1))
    draft("hayama", "S-IMAGE", "imaging", ["JP"], term, "2026-10-31 10:00", by="bucho")
    row = draft("aoba", "S-IMAGE", "imaging", ["JP"], term, "2026-10-31 10:10")
    agreements.approve(row, **act("bucho", "2026-10-31 10:20", "approve second"))
    row = agreements.offer(fresh(row), **act("homu", "2026-10-31 10:30", "offer second"))
    agreements.sign(fresh(row), **act("homu", "2026-10-31 10:40", "sign second"))
    rights.leave_ballots(read("policies.json")["proposed"], act, act_of, moment("2027-03-31 17:00"))
    allocations.run(
        Policy.objects.get(state=Policy.State.ADOPTED),
        Release.objects.get(number="R-0.3"),
        checkpoint=seal("2026-10-31 11:20"),
        window=(date(2026, 7, 1), date(2026, 10, 1)),
        **act("haibun", "2026-10-31 11:30", "second run"),
    )


WITNESS = Cosigner("witness.mihon-kansa.example/w1", hashlib.sha256(b"moyai demo witness, specimen").digest())
"""A specimen: whoever reads this can make the key. It shows what a cosignature looks like, and proves nothing."""


def witness() -> None:
    """A member signs what it stated; the audit firm's neutral witness is enrolled, and cosigns."""
    sign_statement()
    contributed.witnesses.enroll(
        Organization.objects.get(code="kansahojin"),
        kind="neutral",
        vkey=WITNESS.key.vkey,
        valid_from=date(2026, 10, 31),
        **act("homu", "2026-10-31 13:00", "witness"),
    )
    cosign(seal("2026-10-31 13:10"), "2026-10-31 13:20")


SITE = Cosigner("witness-3.example/w1", hashlib.sha256(b"moyai demo member, specimen").digest())
"""A specimen, too, of a key on a member’s own machine. Its name, which everybody may read, does not tell whose."""


def sign_statement() -> None:
    """The invented member enrols its own machine's key, and signs with it what it stated of its first dataset."""
    member = Organization.objects.get(code="minato")
    given = act_of("minato", "2026-10-31 12:50", "own key")
    contributed.witnesses.enroll(member, kind="site", vkey=SITE.key.vkey, valid_from=date(2026, 10, 31), **given)
    entry = Entry.objects.filter(kind="dataset.revised", member="minato").earliest("seq")
    digest, at = canonical.sha256_hex(bytes(entry.statement.content)), moment("2026-10-31 12:55")
    text = signed_statements.text(contributed.log.signer().name, entry.seq, digest)
    line = signed_statements.sign(SITE, text, int(at.timestamp())).line
    contributed.signed_statements.receive(entry, line, **act_of("minato", "2026-10-31 12:55", "own signature"))


def cosign(checkpoint: Checkpoint, when: str) -> None:
    text, _ = notes.parse_note(checkpoint.note)
    signed = WITNESS.cosign(text, int(moment(when).timestamp()))
    note = cosignatures.with_lines(checkpoint.note, [signed])
    contributed.witnesses.receive(note, by=Viewer.system("witness"), at=moment(when))


def report():
    """The audit report of the first licensee, with its proofs, under a checkpoint that the witness cosigned."""
    agreement = Agreement.objects.get(licensee__organization__code="shinonome", state=Agreement.State.EXECUTED)
    made = reports.prepare(agreement, **act("homu", "2026-10-31 14:00", "report"))
    cosign(Checkpoint.objects.latest("size"), "2026-10-31 14:10")
    return made
