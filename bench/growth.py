"""How cost grows: the same work at two sizes, as a ratio. What costs the same at any size must not grow with the log.

Posting a batch: ten times the rows, at most twelve times the time. One entry at 100 times the log: at most 1.3 times
the time; a proof and balances at ten times the log: at most 1.4 and 1.5 times. The larger ledger is made after the
smaller was measured, since both live in the one database; so these rows are not interleaved.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bench import ledger
from bench.case import Case

TIMES, ROUNDS = 60, 5


def cases(size: int = 100_000) -> Iterator[Case]:
    vendor = ledger.prepare()
    batch, tenth = list(ledger.drafts(size)), list(ledger.drafts(size // 10))
    yield Case(
        f"{vendor}: a batch of {size:,} entries, beside one of a tenth",
        ours=lambda: len(ledger.append(batch)),
        others={"limit: a tenth of the entries": lambda: len(ledger.append(tenth))},
        before=ledger.empty,
        goals={"limit: a tenth of the entries": 12.0},
    )
    taken = {part: measured(size // part) for part in (100, 10, 1)}
    for name, part, most in (("post one entry", 100, 1.3), ("prove one entry", 10, 1.4), ("balances", 10, 1.5)):
        small, large = taken[part][name], taken[1][name]
        held = "met" if large / small <= most else "NOT MET"
        yield Case(
            f"{vendor}: {name}: {small * 1000:.3f} ms at {size // part:,} entries, {large * 1000:.3f} ms at {size:,}: "
            f"{large / small:.2f} times; goal {most:g}: {held}",
            ours=lambda: None,
            others={},
        )


def measured(size: int) -> dict[str, float]:
    """Median seconds of the processor for one of each, in a ledger of that size."""
    from contributions import selectors, services
    from contributions.core.roles import Viewer

    ledger.fill(size)
    services.balances.extend()
    checkpoint = services.log.seal(by=Viewer.system("bench"), at=ledger.AT)
    ledger.analyse()
    viewer, draw = Viewer.system("bench"), random.Random(ledger.SEED)
    singles = iter(list(ledger.drafts(TIMES * ROUNDS + TIMES, seed=ledger.SEED + 1)))

    def balances() -> None:
        day = date(2024, 4, 1) + timedelta(days=draw.randrange(1096))
        selectors.balances.visible_to(viewer, as_of=day, known_at=size // 1024 * 1024)

    return {
        "prove one entry": _each(lambda: selectors.log.proof_for(draw.randrange(size), checkpoint)),
        "balances": _each(balances),
        "post one entry": _each(lambda: ledger.append([next(singles)])),
    }


def _each(work: Callable[[], object]) -> float:
    """Of the wall's clock: a database's own work counts. The least of the rounds' medians is the least disturbed."""
    work()
    medians = []
    for _ in range(ROUNDS):
        taken = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begun)
        medians.append(statistics.median(taken))
    return min(medians)
