"""How fast we are, beside the least work the machine can do and beside a named peer, measured in one run.

    python -m bench [NAME …] [--size N]     the modules of this folder; all of them without a name

Absolute times differ from machine to machine; the ratio of two things done in turn, round by round, differs little.
So each case runs five rounds, ours and the others interleaved, and what counts is the median of the paired ratios.
A module here has `cases()`, which yields `Case`; its data is made before the clock starts, from a fixed seed. Where its
`cases` takes a size, `--size` sets it, so that a quick run is possible. Peers that are packages of their own have a row
only where they are installed.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import platform
import resource
import statistics
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.case import Case

ROUNDS = 5
NO_CASES = {
    "__main__",
    "accounting",
    "case",
    "hordak_peer",
    "import_export_peer",
    "ledger",
    "ledger_home",
    "memory",
    "peers",
    "settings",
}


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Of the clock on the wall, and of the processor for this process and its children."""
    gc.collect()  # nobody pays for what the row before left behind
    begun, used = time.perf_counter(), processor()
    work()
    return time.perf_counter() - begun, processor() - used


def processor() -> float:
    """Seconds of the processor so far: what a busy machine does not lengthen. A database server's are not in it."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measure(case: Case, rounds: int) -> Iterator[tuple[str, float, float, float]]:
    """For each row of the case: its name, its median seconds, those of the processor, and the median ratio of ours."""
    rows = {"ours": case.ours, **case.others}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in rows}
    for name, work in rows.items():
        case.before()
        case.agree(name, work())  # a first run outside the clock, whose answer must be ours
    for _ in range(rounds):
        for name, work in rows.items():
            case.before()
            taken[name].append(seconds(work))
    for name, times in taken.items():
        ratio = statistics.median(ours[0] / other[0] for ours, other in zip(taken["ours"], times, strict=True))
        yield name, *(statistics.median(each) for each in zip(*times, strict=True)), ratio


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {platform.system()}"


def modules(names: list[str]) -> list[str]:
    here = Path(__file__).parent
    return names or sorted(path.stem for path in here.glob("*.py") if path.stem not in NO_CASES)


def cases_of(name: str, size: int | None) -> Iterator[Case]:
    made = importlib.import_module(f"bench.{name}").cases
    sized = size is not None and "size" in inspect.signature(made).parameters
    return made(size=size) if sized else made()


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--size", type=int, help="rows or entries, where a case has a size")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(arguments)
    print(f"{machine()}; {asked.rounds} rounds, interleaved; python -m bench {' '.join(arguments)}\n")
    for name in modules(asked.names):
        for case in cases_of(name, asked.size):
            print(f"{name}: {case.title}")
            for row, median, used, ratio in measure(case, asked.rounds):
                print(f"  {row:<40} {median:12.6f} s   processor {used:11.6f} s{_beside(case, row, ratio)}")
            print(flush=True)
    return 0


def _beside(case: Case, row: str, ratio: float) -> str:
    if row == "ours":
        return ""
    goal = case.goals.get(row)
    held = "" if goal is None else f"   goal {goal:g}: {'met' if ratio <= goal else 'NOT MET'}"
    return f"   ours takes {ratio:7.3f} × this{held}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
