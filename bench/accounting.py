"""Accounting of a cluster as `sacct --parsable2` prints it, made from a seed: 26 columns, one line in a hundred bad."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

FIRST = datetime.fromisoformat("2026-04-01T00:00:00")
STAMP = "%Y-%m-%dT%H:%M:%S"


def write(path: Path, lines: int, *, seed: int = 7) -> Path:
    """A file of that many lines over five months."""
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8") as out:
        out.writelines(_line(dice, number, lines) for number in range(lines))
    return path


def _line(dice: random.Random, number: int, lines: int) -> str:
    start = FIRST + timedelta(seconds=number * 150 * 86400 // lines + dice.randrange(3600))
    longest = dice.choice([600, 86400, 250000])
    elapsed = dice.randrange(1, longest)
    days, rest = divmod(elapsed, 86400)
    printed = (f"{days}-" if days else "") + f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    gpus = dice.choice([0, 1, 4, 8])
    nodes, cpus = 1 + gpus // 8, 12 * max(1, gpus)
    gres = f"gres/gpu={gpus},gres/gpu:h100={gpus}," if gpus else ""
    user, group = dice.randrange(300), dice.randrange(20)
    cells = (
        1_000_000 + number, 1_000_000 + number, "osaka", "gpu", "normal", f"acct{dice.randrange(40)}", f"grp{group}",
        5000 + group, f"user{user}", 10000 + user, (start - timedelta(seconds=dice.randrange(7200))).strftime(STAMP),
        start.strftime(STAMP), start.strftime(STAMP), (start + timedelta(seconds=elapsed)).strftime(STAMP),
        "9:99" if dice.random() < 0.01 else printed, "0:0", "COMPLETED", nodes, cpus, cpus,
        f"{dice.randrange(10, 900)}G", f"billing={cpus},cpu={cpus},mem=900G,node={nodes}",
        f"billing={cpus},cpu={cpus},{gres}mem={dice.randrange(10, 900)}G,node={nodes}", "3-00:00:00",
        f"node[{dice.randrange(100):03d}-{dice.randrange(100):03d}]", f"train-run-{dice.randrange(1000)}",
    )  # fmt: skip
    return "|".join(map(str, cells)) + "\n"
