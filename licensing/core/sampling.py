"""Shapley and Banzhaf by sample, for games too large to count out: seeded, with the standard error of each value.

A sampled value is not an exact one and never stands under the same identifier. The seed is given, and from it SHA-256
in counter mode makes every draw, so the same seed gives the same fractions on every machine. Values are the sample's
means, as fractions; Shapley's sum to v(N) also in a sample. Standard errors are decimals, rounded up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from contributions.core.errors import Refused

SAMPLES_MIN, SAMPLES_MAX = 2, 10_000_000
_PLACES = 6
_BLOCK_BITS = 256


class BadSample(Refused):
    code = "bad-sample"
    ja = "標本数 {samples} は使えません。{least} 以上 {most} 以下で指定してください。"
    en = "A sample of {samples} cannot be taken. Ask for {least} to {most}."


@dataclass(frozen=True, slots=True)
class Estimate:
    """Each player's mean over the sample, and its standard error as a decimal."""

    values: tuple[Fraction, ...]
    errors: tuple[str, ...]


def shapley(count: int, worth: Callable[[int], Fraction], *, seed: str, samples: int) -> Estimate:
    """The mean marginal worth over random orders of arrival. Method `shapley-sampled/1`."""
    draws = _draws(seed)
    sums, squares = [Fraction(0)] * count, [Fraction(0)] * count
    for _ in range(_checked(samples)):
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            place = _below(draws, last + 1)
            order[last], order[place] = order[place], order[last]
        coalition, before = 0, Fraction(0)
        for index in order:
            coalition |= 1 << index
            now = worth(coalition)
            sums[index] += now - before
            squares[index] += (now - before) ** 2
            before = now
    return _estimate(sums, squares, samples)


def banzhaf(count: int, worth: Callable[[int], Fraction], *, seed: str, samples: int) -> Estimate:
    """The mean marginal worth over random coalitions, the same for all. Method `banzhaf-absolute-sampled/1`."""
    draws = _draws(seed)
    sums, squares = [Fraction(0)] * count, [Fraction(0)] * count
    for _ in range(_checked(samples)):
        coalition = sum(next(draws) << index for index in range(count))
        here = worth(coalition)
        for index in range(count):
            other = worth(coalition ^ 1 << index)
            gain = here - other if coalition >> index & 1 else other - here
            sums[index] += gain
            squares[index] += gain**2
    return _estimate(sums, squares, samples)


def _checked(samples: int) -> int:
    if not SAMPLES_MIN <= samples <= SAMPLES_MAX:
        raise BadSample(samples=samples, least=SAMPLES_MIN, most=SAMPLES_MAX)
    return samples


def _draws(seed: str) -> Iterator[int]:
    """Bits without end: SHA-256 of the seed's own SHA-256 and a counter of 8 bytes, each digest from its low bit up."""
    key, counter = hashlib.sha256(seed.encode()).digest(), 0
    while True:
        block = int.from_bytes(hashlib.sha256(key + counter.to_bytes(8, "big")).digest(), "big")
        for place in range(_BLOCK_BITS):
            yield block >> place & 1
        counter += 1


def _below(draws: Iterator[int], limit: int) -> int:
    """A number below the limit, each as likely: bits are drawn again until they make one."""
    bits = (limit - 1).bit_length()
    while True:
        found = sum(next(draws) << place for place in range(bits))
        if found < limit:
            return found


def _estimate(sums: Sequence[Fraction], squares: Sequence[Fraction], samples: int) -> Estimate:
    means = tuple(total / samples for total in sums)
    spreads = (
        (square - total * mean) / (samples - 1) for square, total, mean in zip(squares, sums, means, strict=True)
    )
    return Estimate(means, tuple(_root(spread / samples) for spread in spreads))


def _root(value: Fraction) -> str:
    """The square root to six places, rounded up.

    >>> _root(Fraction(1, 4)), _root(Fraction(2))
    ('0.500000', '1.414214')
    """
    scaled = -(-value.numerator * 10 ** (2 * _PLACES) // value.denominator)
    root = isqrt(scaled)
    root += root * root < scaled
    return f"{root // 10**_PLACES}.{root % 10**_PLACES:0{_PLACES}d}"
