"""A random history of the journal, and beside it a model of what it must hold: lists and sums, nothing clever.

Each step appends, corrects, dates back, asks again under an old id, breaks off between two statements, erases, seals,
cosigns, or changes the log's key; what ought to have happened is then asked of the model. The seed decides everything:
print it, and the history can be told again. What stood in the log before is asked once, and belongs to every sum.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from django.db import connection, transaction

from contributions import selectors, services
from contributions.core import corrections, cosignatures, merkle, notes, statements
from contributions.core.balances import Balance
from contributions.core.roles import Viewer
from contributions.models import Annex, Checkpoint, Entry, LogHead, Witness
from contributions.services.journal import Attachment, Draft

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
NAMESPACE = UUID("4d1f0a0e-7f0b-4a53-9b52-0f6f5f0e3a11")
MEMBERS, KINDS, UNITS = ("tetsu", "hagane", "kuruma"), ("cash", "compute:osaka"), ("JPY", "gpu_s")
FAMILIES = {"resource.recorded": "resource.reversed", "member.withdrawn": "member.withdrawn"}
SYSTEM = Viewer.system("history")
WITNESS = cosignatures.Cosigner("witness.history.example/w1", bytes(range(32)))


class BrokenOff(Exception):
    """The machine that died between two statements."""


@dataclass
class Told:
    """An entry as the model remembers it."""

    seq: int
    draft: Draft
    day: date


@dataclass
class History:
    """The journal under test, and the model of it."""

    seed: int
    told: list[Told] = field(default_factory=list)
    besides: int = 0
    corrected: set[UUID] = field(default_factory=set)
    steps: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        head = LogHead.objects.get()
        self.start, self.clock = head.size, max(NOON, head.recorded_at)

    def step(self) -> str:
        """One random step; its name, for the report of a failure."""
        self.steps += 1
        self.clock += timedelta(seconds=self.random.choice([0, 1, 60, 86_400, -3600]))
        act = self.random.choice(
            [self.append] * 6
            + [self.batch, self.correct, self.retry, self.change, self.crash] * 2
            + [self.seal, self.cosign, self.erase, self.rotate]
        )
        act()
        return act.__name__

    # ---- the steps ----
    def append(self) -> None:
        self._post([self._draft()])

    def batch(self) -> None:
        self._post([self._draft() for _ in range(self.random.randint(2, 9))])

    def correct(self) -> None:
        """Correct an entry, or try to correct what may not be."""
        if not self.told:
            return
        target = self.random.choice(self.told).draft
        draft = self._draft(kind=FAMILIES.get(target.kind, target.kind), member=target.member, corrects=target.id)
        if target.id in self.corrected:
            with pytest.raises(corrections.AlreadyCorrected):
                self._append([draft])
        elif self.random.random() < 0.2:
            other = self._draft(kind="stake.declared", member=target.member, corrects=target.id)
            with pytest.raises(corrections.OtherFamily):
                self._append([other])
        else:
            self._post([draft])
            self.corrected.add(target.id)

    def retry(self) -> None:
        """The same id with the same body, alone or in a batch with what is new."""
        if not self.told:
            return
        again = self.random.choice(self.told)
        fresh = [self._draft() for _ in range(self.random.randint(0, 2))]
        entries = self._append([again.draft, *fresh])
        assert entries[0].seq == again.seq
        self._remember(fresh, entries[1:])

    def change(self) -> None:
        """The same id with another body: refused, and the field that differs is named."""
        if not self.told:
            return
        old = self.random.choice(self.told).draft
        name, changed = self.random.choice(
            [
                ("subject", {"subject": "resource:other"}),
                ("member", {"member": "nobody"}),
                ("facts.note", {"facts": old.facts | {"note": "other"}}),
                ("effective", {"effective": (date(2020, 1, 1), None)}),
            ]
        )
        with pytest.raises(statements.OtherBody) as refusal:
            self._append([_replaced(old, **changed), self._draft()])
        assert refusal.value.field == name

    def crash(self) -> None:
        """The machine dies between two statements of a batch: nothing of it is there."""
        drafts = [self._draft() for _ in range(self.random.randint(1, 5))]
        left = self.random.randint(0, 6)

        def die_after(execute, sql, parameters, many, context):
            nonlocal left
            left -= 1
            if left < 0:
                raise BrokenOff
            return execute(sql, parameters, many, context)

        try:
            with transaction.atomic(), connection.execute_wrapper(die_after):
                services.journal.append_many(drafts, by=SYSTEM, at=self.clock)
                raise BrokenOff
        except BrokenOff:
            pass

    def seal(self) -> None:
        services.log.seal(by=SYSTEM, at=self.clock)

    def cosign(self) -> None:
        """The witness signs the newest checkpoint, by a clock that is right; where none is enrolled, nobody does."""
        self.seal()
        checkpoint = Checkpoint.objects.latest("size")
        at = max(self.clock, checkpoint.sealed_at, LogHead.objects.get().recorded_at)
        if Witness.objects.filter(code=WITNESS.key.key_hash.hex()).exists():
            signed = WITNESS.cosign(notes.parse_note(checkpoint.note)[0], int(at.timestamp()))
            note = cosignatures.with_lines(checkpoint.note, [signed])
            services.witnesses.receive(note, by=SYSTEM, at=at)

    def erase(self) -> None:
        """What an entry names is erased; the entry, and one that says so, stay."""
        seqs = [entry.seq for entry in self.told if entry.draft.annexes]
        annex = Annex.objects.filter(entry_id__in=seqs, erased_at=None).order_by("entry_id").first()
        if annex is not None:
            services.annexes.erase(annex, ground="request", by=SYSTEM, at=self.clock)
            self.besides += 1

    def rotate(self) -> None:
        """The log's key changes: an entry, and a checkpoint by both keys."""
        services.log.rotate(by=SYSTEM, at=self.clock)
        self.besides += 1

    # ---- what must hold ----
    def check(self) -> None:
        """The whole log is sound in depth, holds what the model holds, and sums to what the model sums to."""
        checked = selectors.verification.check_log(services.log.ring(), deep=True)
        assert checked.is_sound, f"seed {self.seed}, step {self.steps}: {checked.fault}"
        size = self.start + len(self.told) + self.besides
        assert LogHead.objects.get().size == Entry.objects.count() == size
        hashes = [bytes(value) for value in Entry.objects.order_by("seq").values_list("leaf_hash", flat=True)]
        assert merkle.root(hashes) == checked.root
        day = date(2026, 1, 1) + timedelta(days=self.random.randint(-10, 200))
        known_at = self.random.randint(0, size)
        found = selectors.balances.visible_to(SYSTEM, as_of=day, known_at=known_at)
        assert found == self._balances(day, known_at) == selectors.balances.by_movements(as_of=day, known_at=known_at)

    def _balances(self, day: date, known_at: int) -> list[Balance]:
        totals: dict[tuple[str, str, str], int] = defaultdict(int)
        for line in selectors.balances.by_movements(as_of=day, known_at=min(known_at, self.start)):
            totals[line.member, line.kind, line.unit] += line.amount
        for entry in self.told:
            if entry.seq < known_at and entry.day <= day:
                for account, unit, amount in entry.draft.movements:
                    if account.startswith("member:"):
                        _, member, kind, *_ = account.split(":")
                        totals[member, kind, unit] += amount
        return sorted(Balance(*line, amount) for line, amount in totals.items() if amount)

    def _draft(self, *, kind: str | None = None, member: str | None = None, corrects: UUID | None = None) -> Draft:
        rng = self.random
        kind, member = kind or rng.choice(list(FAMILIES)), member or rng.choice(MEMBERS)
        facts = {"member": member, "from": "2026-05-01", "resource": f"C-{member}-{rng.randrange(10**6)}", "note": "𠮷"}
        facts |= dict.fromkeys(("kind", "unit", "quantity", "period", "funding", "agreement", "share"))
        movements = []
        for unit in rng.sample(UNITS, rng.randint(0, 2)):
            amount = rng.choice([1, -1]) * rng.randrange(1, 2**61)
            account = f"member:{member}:{rng.choice(KINDS)}"
            movements += [(account, unit, amount), ("source:cash", unit, -amount)]
        dated = rng.random() < 0.7
        effective = (date(2026, 1, 1) + timedelta(days=rng.randrange(180)), None) if dated else (None, None)
        annexes = [Attachment("意見.txt", "text/plain", rng.randbytes(9))] if rng.random() < 0.1 else []
        id_ = uuid5(NAMESPACE, f"{self.seed} {rng.getrandbits(64)}")
        return Draft(kind, f"resource:{member}", facts, member, effective, movements, annexes, corrects, id_)

    def _post(self, drafts: list[Draft]) -> None:
        self._remember(drafts, self._append(drafts))

    def _append(self, drafts: list[Draft]) -> list[Entry]:
        with transaction.atomic():
            return services.journal.append_many(drafts, by=SYSTEM, at=self.clock)

    def _remember(self, drafts: list[Draft], entries: list[Entry]) -> None:
        for draft, entry in zip(drafts, entries, strict=True):
            assert entry.seq == self.start + len(self.told) + self.besides, "the next index, without a gap"
            recorded = (entry.recorded_at + timedelta(hours=9)).date()
            self.told.append(Told(entry.seq, draft, draft.effective[0] or recorded))


def _replaced(draft: Draft, **changes) -> Draft:
    values = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    return Draft(**(values | changes))
