"""Totals of metered compute by month and by day: what an allocation needs of a million entries.

Each entry of kind compute.metered speaks of one batch, member, facility, accelerator and day. What it adds to an
allocation's inputs depends on its batch only in two ways: whether the batch was attested and not reversed, and whether
it lay or ran where it must not. So the days of all batches that stand add up, under everything else that the inputs
look at: member, facility, accelerator, funding source, country, and which units the entry holds any of. That last one
matters since units which a policy does not count speak only where the entry holds none that it does.

A day is added twice, once to its month as a whole and once by itself: where nothing changes within a month, the month
is read; where something does, its days are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

UNITS = ("cpu_s", "gpu_s", "node_s")
METERED, ATTESTED, REVERSED = "compute.metered", "compute.attested", "compute.reversed"
KINDS = (METERED, ATTESTED, REVERSED)


class Key(NamedTuple):
    """What a total is of. `day` is blank for a whole month; `held` names the units in which its entries hold any."""

    day: str
    month: str
    member: str
    facility: str
    accelerator: str
    funding: str
    country: str
    held: str
    unit: str


def parts(facts: Mapping[str, Any]) -> Iterator[tuple[Key, int]]:
    """What one entry adds: for each unit that it holds any of, to the total of its month and to that of its day.

    7,200 gpu_s and no other unit on 2026-05-03 add 7,200 to the month 2026-05 and 7,200 to that day, held “gpu_s”.
    """
    amounts = {unit: int(facts.get(unit) or 0) for unit in UNITS}
    held = [unit for unit in UNITS if amounts[unit]]
    day, told = facts["day"], " ".join(held)
    accelerator, funding, country = (facts.get(name) or "" for name in ("accelerator", "funding", "country"))
    for unit in held:
        of_month = Key("", day[:7], facts["member"], facts["facility"], accelerator, funding, country, told, unit)
        yield of_month, amounts[unit]
        yield of_month._replace(day=day), amounts[unit]


def totals(metered: Iterable[Mapping[str, Any]]) -> Counter[Key]:
    """The totals of these entries' facts."""
    found: Counter[Key] = Counter()
    for facts in metered:
        for key, amount in parts(facts):
            found[key] += amount
    return found


def subject(batch: str) -> str:
    """What the entries of a batch stand under."""
    return f"batch:{batch}"
