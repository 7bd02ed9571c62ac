"""How fast we are, beside the least work the machine can do and beside a named peer, measured in one run.

    python -m bench [NAME …]        the modules of this folder; all of them without a name

Absolute times differ from machine to machine; the ratio of two things done in turn, round by round, differs little.
So each case runs five rounds, ours and the others interleaved, and what counts is the median of the paired ratios.
A module here has `cases()`, which yields `Case`; its data is made before the clock starts, from a fixed seed.
"""

from __future__ import annotations

import importlib
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.case import Case

ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure(case: Case) -> Iterator[tuple[str, float, float]]:
    """For each row of the case: its name, its median seconds, and the median ratio of ours to it."""
    rows = {"ours": case.ours, **case.others}
    taken: dict[str, list[float]] = {name: [] for name in rows}
    for name, work in rows.items():
        case.agree(name, work())  # a first run outside the clock, whose answer must be ours
    for _ in range(ROUNDS):
        for name, work in rows.items():
            taken[name].append(seconds(work))
    for name, times in taken.items():
        ratio = statistics.median(ours / other for ours, other in zip(taken["ours"], times, strict=True))
        yield name, statistics.median(times), ratio


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {platform.system()}"


def modules(names: list[str]) -> list[str]:
    here = Path(__file__).parent
    beside = {"__main__", "case", "accounting", "ledger_home"}
    return names or sorted(path.stem for path in here.glob("*.py") if path.stem not in beside)


def main(names: list[str]) -> int:
    print(f"{machine()}; {ROUNDS} rounds, interleaved; python -m bench {' '.join(names)}\n")
    for name in modules(names):
        for case in importlib.import_module(f"bench.{name}").cases():
            print(f"{name}: {case.title}")
            for row, median, ratio in measure(case):
                beside = "" if row == "ours" else f"ours takes {ratio:6.2f} × this"
                print(f"  {row:<34} {median:10.4f} s   {beside}")
            print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
