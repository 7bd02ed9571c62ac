"""P11: proofs from the database, made and checked, beside pymerkle's over SQLite where it is installed.

Ours read at most one hash a level, in two queries, whatever the size; pymerkle reads leaves again.
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
    asked = [draw.randrange(size) for _ in range(PROOFS)]
    rows = Entry.objects.filter(seq__in=asked).order_by("seq")
    leaves = {seq: bytes(leaf) for seq, leaf in rows.values_list("seq", "leaf")}
    with CaptureQueriesContext(connection) as queries:
        selectors.log.proof_for(asked[0], checkpoint)

    def ours() -> int:
        held = 0
        for seq in asked:
            proof = proofs.Proof.parse(selectors.log.proof_for(seq, checkpoint))
            held += proof.proves(leaves[seq], notes.open_checkpoint(proof.note, verifier))
        return held

    everything = [bytes(leaf) for leaf in Entry.objects.order_by("seq").values_list("leaf", flat=True).iterator()]
    yield Case(
        f"{vendor}: {PROOFS} proofs made and checked at {size:,} entries, {len(queries)} queries each",
        ours=ours,
        others=_peer(everything, asked),
        goals={"pymerkle over SQLite": 0.5},
    )


def _peer(leaves: list[bytes], asked: list[int]) -> dict[str, Callable[[], object]]:
    if not importlib.util.find_spec("pymerkle"):
        return {}
    from pymerkle import SqliteTree, verify_inclusion

    folder = tempfile.mkdtemp(prefix="moyai-bench-pymerkle-")
    tree = SqliteTree(str(Path(folder) / "tree.db"), algorithm="sha256")
    tree.append_entries(leaves, 10_000)

    def prove_all() -> int:
        for seq in asked:
            verify_inclusion(tree.get_leaf(seq + 1), tree.get_state(), tree.prove_inclusion(seq + 1))
        return len(asked)

    return {"pymerkle over SQLite": prove_all}
