"""What differs between two texts: by character in Japanese, by word in English, and row by row in a list of texts.

In Japanese figures and Latin words stay whole. Every difference can be applied (it gives the new text) and undone (it
gives the old one).

The comparison is Myers' greedy one (E. W. Myers, An O(ND) Difference Algorithm, Algorithmica 1, 1986), bounded by a
budget of steps that a whole redline shares: when it is used up, what is left reads as replaced whole. The budget counts
steps, not seconds, so that the same two texts always differ in the same way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SAME, REMOVED, ADDED = "same", "removed", "added"
STEPS_MAX, EDITS_MAX, PAIRS_MAX = 1_200_000, 600, 2_500
LIKE_ENOUGH, ALIKE_ROWS = 30, 35
_JAPANESE = re.compile(r"[0-9]+(?:[,.][0-9]+)*|[A-Za-z]+|.", re.DOTALL)
_ENGLISH = re.compile(r"\s+|\w+(?:[,.'’]\w+)*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stayed, went, or came."""

    kind: str
    text: str


@dataclass
class Budget:
    """How many steps of comparison are left."""

    steps: int = STEPS_MAX

    def spend(self, steps: int) -> bool:
        """Take steps off; false once there are none left."""
        self.steps -= steps
        return self.steps > 0


def tokens(text: str, language: str) -> list[str]:
    """What a comparison counts as one: a character in Japanese, a word or a space or a mark in English.

    >>> tokens("直前12か月間", "ja"), tokens("for 12 months", "en")
    (['直', '前', '12', 'か', '月', '間'], ['for', ' ', '12', ' ', 'months'])
    """
    return (_JAPANESE if language == "ja" else _ENGLISH).findall(text)


def diff(old: str, new: str, language: str, budget: Budget | None = None) -> tuple[Run, ...]:
    """What changed inside one text.

    >>> diff("直前12か月間", "直前24か月間", "ja")
    (Run(kind='same', text='直前'), Run(kind='removed', text='12'), Run(kind='added', text='24'), \
Run(kind='same', text='か月間'))
    """
    if old == new:
        return (Run(SAME, old),) if old else ()
    before, after = tokens(old, language), tokens(new, language)
    pairs = matched(before, after, budget or Budget())
    return _runs(before, after, _without_islands(before, after, pairs))


def matched(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[tuple[int, int]]:
    """The places that both sequences share, in order: a longest common subsequence, within the budget."""
    start, end_old, end_new = 0, len(old), len(new)
    while start < end_old and start < end_new and old[start] == new[start]:
        start += 1
    while end_old > start and end_new > start and old[end_old - 1] == new[end_new - 1]:
        end_old, end_new = end_old - 1, end_new - 1
    inner = _shortest(old[start:end_old], new[start:end_new], budget)
    return [
        *((at, at) for at in range(start)),
        *((start + one, start + two) for one, two in inner),
        *((end_old + at, end_new + at) for at in range(len(old) - end_old)),
    ]


def applied(runs: Sequence[Run]) -> str:
    """The new text."""
    return "".join(run.text for run in runs if run.kind != REMOVED)


def undone(runs: Sequence[Run]) -> str:
    """The old text."""
    return "".join(run.text for run in runs if run.kind != ADDED)


def align(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Which text of the new list stands for which of the old one: pairs alike enough, in order, the rest alone."""
    if len(old) * len(new) > PAIRS_MAX:
        return _by_equality(old, new)
    bags = [[Counter(tokens(text, "ja")) for text in texts] for texts in (old, new)]
    likeness = [[_alike(one, two) for two in bags[1]] for one in bags[0]]
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= ALIKE_ROWS else 0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        both = i < len(old) and j < len(new)
        if both and likeness[i][j] >= ALIKE_ROWS and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif i < len(old) and (j == len(new) or best[i][j] == best[i + 1][j]):
            found.append((i, None))
            i += 1
        else:
            found.append((None, j))
            j += 1
    return found


def alike(one: str, two: str) -> int:
    """How much two texts have in common, in per cent of what they hold together; order does not count.

    >>> alike("利用料", "利用料"), alike("利用料", "保証")
    (100, 0)
    """
    return _alike(Counter(tokens(one, "ja")), Counter(tokens(two, "ja")))


def _by_equality(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """For very long clauses: equal rows are anchors, rows between two anchors pair in their order."""
    found: list[tuple[int | None, int | None]] = []
    i = j = 0
    for one, two in [*matched(old, new, Budget()), (len(old), len(new))]:
        while i < one and j < two:
            found.append((i, j))
            i, j = i + 1, j + 1
        found += [(at, None) for at in range(i, one)] + [(None, at) for at in range(j, two)]
        if one < len(old):
            found.append((one, two))
        i, j = one + 1, two + 1
    return found


def _alike(one: Counter[str], two: Counter[str]) -> int:
    size = one.total() + two.total()
    if one.total() > two.total():
        one, two = two, one
    return 200 * sum(min(count, two[token]) for token, count in one.items()) // size if size else 100


def _shortest(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[tuple[int, int]]:
    """The matches of a shortest edit script; nothing in common where the texts are too unlike or the budget is out."""
    if not old or not new or _alike(Counter(old), Counter(new)) < LIKE_ENOUGH:
        return []
    wide, tall = len(old), len(new)
    most = min(wide + tall, EDITS_MAX)
    middle = most + 1
    reach, trace = [0] * (2 * most + 3), []
    for edits in range(most + 1):
        if not budget.spend(edits + 1):
            return []
        trace.append(reach[middle - edits - 1 : middle + edits + 2])
        for diagonal in range(-edits, edits + 1, 2):
            at = middle + diagonal
            if diagonal == -edits or (diagonal != edits and reach[at - 1] < reach[at + 1]):
                x = reach[at + 1]
            else:
                x = reach[at - 1] + 1
            y = x - diagonal
            while x < wide and y < tall and old[x] == new[y]:
                x, y = x + 1, y + 1
            reach[at] = x
            if x >= wide and y >= tall:
                return _back(trace, wide, tall)
    return []


def _back(trace: Sequence[Sequence[int]], x: int, y: int) -> list[tuple[int, int]]:
    """From the end to the beginning, along what each number of edits had reached before."""
    pairs = []
    for edits in range(len(trace) - 1, 0, -1):
        reach, diagonal = trace[edits], x - y
        at = diagonal + edits + 1
        down = diagonal == -edits or (diagonal != edits and reach[at - 1] < reach[at + 1])
        before = diagonal + 1 if down else diagonal - 1
        x_before = reach[before + edits + 1]
        y_before = x_before - before
        while x > x_before and y > y_before:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = x_before, y_before
    pairs += [(at, at) for at in range(x - 1, -1, -1)]
    return pairs[::-1]


def _without_islands(old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without single tokens that stayed by chance between two changes: a reader would stumble over them."""
    groups: list[list[tuple[int, int]]] = []
    for one, two in pairs:
        if groups and groups[-1][-1] == (one - 1, two - 1):
            groups[-1].append((one, two))
        else:
            groups.append([(one, two)])
    kept = []
    for group in groups:
        words = [old[one] for one, _ in group if not old[one].isspace()]
        edge = group[0] == (0, 0) or group[-1] == (len(old) - 1, len(new) - 1)
        if edge or len(words) > 1:
            kept += group
    return kept


def _runs(old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]]) -> tuple[Run, ...]:
    runs: list[Run] = []
    i = j = 0
    for one, two in [*pairs, (len(old), len(new))]:
        for kind, text in ((REMOVED, "".join(old[i:one])), (ADDED, "".join(new[j:two]))):
            if text:
                runs.append(Run(kind, text))
        if one < len(old):
            if runs and runs[-1].kind == SAME:
                runs[-1] = Run(SAME, runs[-1].text + old[one])
            else:
                runs.append(Run(SAME, old[one]))
        i, j = one + 1, two + 1
    return tuple(runs)
