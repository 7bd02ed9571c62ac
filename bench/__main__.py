"""How fast we are, beside the least work the machine can do and beside a named peer, measured in one run.

    python -m bench [NAME …] [--size N]     the modules of this folder; all of them without a name

Absolute times differ from machine to machine; the ratio of two things done in turn, round by round, differs little.
So each case runs five rounds, ours and the others interleaved, and what counts is the median of the paired ratios.
A module here has `cases()`, which yields `Case`; its data is made before the clock starts, from a fixed seed. Where its
`cases` takes a size, `--size` sets it, so that a quick run is possible. Peers that are packages of their own have a row
only where they are installed.
"""

from __future__ import annotations

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
NO_CASES = {"__main__", "case", "ledger", "peers"}


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the wall, and seconds of CPU of this process and of those it waited for."""
    begun, spent = time.perf_counter(), cpu()
    work()
    return time.perf_counter() - begun, cpu() - spent


def cpu() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def measure(case: Case, rounds: int) -> Iterator[tuple[str, float, float, float]]:
    """For each row of the case: its name, its median seconds, and the median ratios of ours to it, by wall and CPU."""
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
        pairs = list(zip(taken["ours"], times, strict=True))
        wall, spent = (statistics.median(ours[n] / max(other[n], 1e-9) for ours, other in pairs) for n in (0, 1))
        yield name, statistics.median(time for time, _ in times), wall, spent


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
            for row, median, ratio, spent in measure(case, asked.rounds):
                print(f"  {row:<40} {median:12.6f} s{_beside(case, row, ratio, spent)}")
            print(flush=True)
    return 0


def _beside(case: Case, row: str, ratio: float, spent: float) -> str:
    if row == "ours":
        return ""
    goal = case.goals.get(row)
    held = "" if goal is None else f"   goal {goal:g}: {'met' if ratio <= goal else 'NOT MET'}"
    return f"   ours takes {ratio:7.3f} × this (CPU {spent:.3f} ×){held}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
