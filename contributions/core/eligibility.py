"""Which part of a contribution counts, line by line: each line met or not, and what it takes away.

A cost counts if it was incurred, is on record, lies in its period and in the membership, was accepted by a second pair
of eyes, stands where it must and under terms. Of what counts, the part that the state paid and the part that was
recovered elsewhere are taken off. The fold of an allocation, the verifier and the contribution's own page read this
one rule; only the words beside the lines differ.

    counted = 0                               where a line is not met
            = max(0, 1 − state − recovered)   otherwise
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.words import Text

STATE_PAID, RECOVERED = "state-paid", "recovered"
BREACHED = "residency-breach"
NOTHING, WHOLE = Fraction(0), Fraction(1)
BY_THE_STATE = Text("国の負担", "paid by the state")
ELSEWHERE = Text("他からの回収", "recovered elsewhere")

# In the order an accountant asks. Line: its name, and the codes that speak against it.
LINES: dict[str, tuple[Text, frozenset[str]]] = {
    "incurred": (Text("発生", "incurred"), frozenset({"not-incurred"})),
    "recorded": (Text("記録", "recorded"), frozenset({"superseded", "reversed", "withdrawn"})),
    "period": (Text("対象期間", "in period"), frozenset({"outside-window"})),
    "membership": (Text("会員期間", "within membership"), frozenset({"outside-membership"})),
    "accepted": (Text("受入れ", "accepted"), frozenset({"not-accepted", "refused", "disputed"})),
    "terms": (Text("受入契約", "under terms"), frozenset({"no-terms"})),
    "resident": (Text("国内の所在", "resident"), frozenset({"not-resident", BREACHED})),
    "granted": (Text("交付決定・契約日", "after the grant decision"), frozenset({"before-grant"})),
    "nature": (Text("資金の性質", "nature of the cash"), frozenset({"equity"})),
    "state": (Text("国の負担", "not paid by the state"), frozenset({STATE_PAID})),
    "recovered": (Text("他からの回収", "not recovered already"), frozenset({RECOVERED})),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """The part that counts, 0 to 1, and the codes of what took the rest away, in code-point order."""

    part: Fraction
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the test: its code and name, whether it is met, what it takes away, and how it stands in words."""

    code: str
    name: Text
    is_met: bool
    excluded: Fraction
    text: Text


def counted(
    faults: Collection[str], *, state: Fraction = NOTHING, recovered: Fraction = NOTHING, kept: Fraction = WHOLE
) -> Counted:
    """What counts of a contribution with those faults, of which the state paid one part and another was recovered.

    `kept` is the part of the time in which it stayed in the country; the rest of what would count falls away.

    >>> counted(set(), state=Fraction(1, 2)).part, counted({"no-terms"}).part
    (Fraction(1, 2), Fraction(0, 1))
    """
    reasons = set(faults) | ({STATE_PAID} if state else set()) | ({RECOVERED} if recovered else set())
    reasons |= {BREACHED} if kept < WHOLE else set()
    part = NOTHING if faults else max(NOTHING, WHOLE - state - recovered) * kept
    return Counted(part, tuple(sorted(reasons)))


def lines(
    faults: Collection[str],
    *,
    state: Fraction = NOTHING,
    recovered: Fraction = NOTHING,
    said: Mapping[str, Text],
    asked: Collection[str] = tuple(LINES),
) -> tuple[Line, ...]:
    """Every line asked, each with what it takes away; `said` gives the words beside a line by its code.

    The parts excluded add up to 1 − counted: a line that is not met takes the whole, unless one before it did.
    """
    found, left = [], WHOLE
    for code in asked:
        name, against = LINES[code]
        taken = {"state": state, "recovered": recovered}.get(code, WHOLE if set(faults) & against else NOTHING)
        excluded = min(taken, left)
        left -= excluded
        found.append(Line(code, name, not taken, excluded, said.get(code, name)))
    return tuple(found)


def together(parts: Sequence[tuple[int, tuple[Line, ...]]]) -> tuple[Line, ...]:
    """The lines of a contribution that was made in parts, each with its weight (a day's seconds): one line for each.

    excluded = Σ weight · excluded of the part ÷ Σ weight; a line is met where every part meets it, and speaks in the
    words of the first part that does not. Parts that weigh nothing count alike.

    >>> met, unmet = lines(set(), said={}, asked=("accepted",)), lines({"refused"}, said={}, asked=("accepted",))
    >>> [str(line.excluded) for line in together([(3, met), (1, unmet)])]
    ['1/4']
    """
    whole = sum(weight for weight, _lines in parts)
    weights = [weight if whole else 1 for weight, _lines in parts]
    found = []
    for alike in zip(*(lines for _weight, lines in parts), strict=True):
        excluded = sum((weight * line.excluded for weight, line in zip(weights, alike, strict=True)), NOTHING)
        first = next((line for line in alike if not line.is_met), alike[0])
        found.append(Line(first.code, first.name, first.is_met, excluded / sum(weights), first.text))
    return tuple(found)


def left(found: Collection[Line]) -> Fraction:
    """What the lines leave to count: 1 less all that they take away."""
    return WHOLE - sum((line.excluded for line in found), NOTHING)


def less(part: Fraction, name: Text) -> Text:
    """How a part that is taken off stands on its line.

    >>> less(Fraction(1, 4), ELSEWHERE).en, less(Fraction(0), ELSEWHERE).en
    ('less 1/4 recovered elsewhere', 'nothing')
    """
    if not part:
        return Text("なし", "nothing")
    return Text(f"{name.ja} {part} を除く", f"less {part} {name.en}")
