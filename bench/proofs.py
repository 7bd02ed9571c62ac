"""P11: proofs from the database, made and checked, beside pymerkle's over SQLite where it is installed.

Ours read at most one hash a level, in one query, whatever the size; pymerkle reads leaves again, and keeps in its
process what it made of them. Each run asks for other entries than the run before, as readers do. Ours also checks the
signature of the checkpoint each time.
"""

from __future__ import annotations

import importlib.util
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import ledger
from bench.case import Case

PROOFS = 100


def cases(size: int = 100_000) -> Iterator[Case]:
    vendor = ledger.prepare()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from contributions import selectors, services
    from contributions.core import notes, proofs
    from contributions.core.roles import Viewer
    from contributions.models import Entry

    ledger.fill(size)
    checkpoint = services.log.seal(by=Viewer.system("bench"), at=ledger.AT)
    ledger.analyse()
    verifier, draw = services.log.signer().verifier, random.Random(11)
    leaves = [bytes(leaf) for leaf in Entry.objects.order_by("seq").values_list("leaf", flat=True).iterator()]
    with CaptureQueriesContext(connection) as queries:
        selectors.log.proof_for(draw.randrange(size), checkpoint)

    def ours() -> int:
        held = 0
        for seq in _asked(draw, size):
            proof = proofs.Proof.parse(selectors.log.proof_for(seq, checkpoint))
            held += proof.proves(leaves[seq], notes.open_checkpoint(proof.note, verifier))
        return held

    yield Case(
        f"{vendor}: {PROOFS} proofs made and checked at {size:,} entries, {len(queries)} query each",
        ours=ours,
        others=_peer(leaves),
        goals={"pymerkle over SQLite": 0.5},
    )


def _asked(draw: random.Random, size: int) -> list[int]:
    return [draw.randrange(size) for _ in range(PROOFS)]


def _peer(leaves: list[bytes]) -> dict[str, Callable[[], object]]:
    if not importlib.util.find_spec("pymerkle"):
        return {}
    from pymerkle import SqliteTree, verify_inclusion

    draw = random.Random(12)
    folder = tempfile.mkdtemp(prefix="moyai-bench-pymerkle-")
    tree = SqliteTree(str(Path(folder) / "tree.db"), algorithm="sha256")
    tree.append_entries(leaves, 10_000)

    def prove_all() -> int:
        for seq in _asked(draw, len(leaves)):
            verify_inclusion(tree.get_leaf(seq + 1), tree.get_state(), tree.prove_inclusion(seq + 1))
        return PROOFS

    return {"pymerkle over SQLite": prove_all}
