"""Floor and cap: the clip-λ rule, solved exactly.

Clipping once and renormalising is wrong: what is cut off pushes others over the cap again. The rule looks for the one
scale λ at which the clipped shares sum to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def clip(
    raw: Sequence[Fraction], *, floor: Fraction, cap: Fraction, whole: Fraction
) -> tuple[Fraction, list[Fraction]]:
    """λ with Σ clip(λ·r_i, floor, cap) = whole, and the clipped shares. The bounds must be feasible.

    Σ clip(λ·r_i) never falls as λ grows and is linear between the points where a share meets a bound, so the segment
    that holds the answer is found by sorting those points. Where several λ fit, λ = 1 if it does, else the smallest.

    Worked example (domain.md T5): r = 0.55, 0.25, 0.17, 0.03, floor 5 %, cap 40 % → λ = 55/42 and
    2/5, 55/168, 187/840, 1/20.
    """
    if _total(raw, Fraction(1), floor, cap) == whole:
        return Fraction(1), _clipped(raw, Fraction(1), floor, cap)
    earning = [share for share in raw if share > 0]
    low = Fraction(0)
    for high in sorted({bound / share for share in earning for bound in (floor, cap)}):
        if _total(raw, high, floor, cap) >= whole:
            scale = _on_segment(raw, low, high, floor, cap, whole)
            return scale, _clipped(raw, scale, floor, cap)
        low = high
    raise AssertionError("bounds that no scale can meet must be refused before")


def _on_segment(
    raw: Sequence[Fraction], low: Fraction, high: Fraction, floor: Fraction, cap: Fraction, whole: Fraction
) -> Fraction:
    """The scale on a linear piece: between its ends no share meets a bound."""
    start, end = _total(raw, low, floor, cap), _total(raw, high, floor, cap)
    return low if start == end else low + (high - low) * (whole - start) / (end - start)


def _clipped(raw: Sequence[Fraction], scale: Fraction, floor: Fraction, cap: Fraction) -> list[Fraction]:
    return [min(cap, max(floor, scale * share)) for share in raw]


def _total(raw: Sequence[Fraction], scale: Fraction, floor: Fraction, cap: Fraction) -> Fraction:
    return sum(_clipped(raw, scale, floor, cap), Fraction(0))
