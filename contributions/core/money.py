"""Exact division: the one place where a whole is split into integers, and the parts are proved to make the whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from contributions.core.errors import Refused


class NotAFraction(Refused):
    code = "not-a-fraction"
    ja = "「{text}」は分数（例 3/10）または整数として読めません。小数は使えません。"
    en = "“{text}” is neither a fraction (such as 3/10) nor an integer. Decimals are not used."


def fraction(text: str) -> Fraction:
    """Read "3/10" or "12" exactly; anything else is refused.

    >>> fraction("45/100")
    Fraction(9, 20)
    """
    numerator, slash, denominator = text.partition("/")
    parts = (numerator.removeprefix("-"), denominator) if slash else (numerator.removeprefix("-"),)
    if not all(part.isascii() and part.isdigit() for part in parts) or (slash and int(denominator) == 0):
        raise NotAFraction(text=text)
    return Fraction(int(numerator), int(denominator) if slash else 1)


def fraction_text(value: Fraction) -> str:
    """Write a fraction as documents do: lowest terms, no denominator 1."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def apportion(total: int, shares: Sequence[Fraction], keys: Sequence[str]) -> list[int]:
    """Split `total` by `shares` into integers: the largest remainder method.

    quota_i = total · share_i / Σ shares; each gets ⌊quota_i⌋; the units left go one each to the largest remainders,
    ties by key in code-point order. Source: domain.md T4; Hamilton's method.

    >>> apportion(1_000_001, [Fraction(1, 3)] * 3, ["a", "b", "c"])
    [333334, 333334, 333333]
    """
    assert total >= 0 and len(shares) == len(keys) == len(set(keys))
    whole = sum(shares, Fraction(0))
    assert whole > 0 and all(share >= 0 for share in shares)
    quotas = [total * share / whole for share in shares]
    floors = [quota.numerator // quota.denominator for quota in quotas]
    left = total - sum(floors)
    by_remainder = sorted(range(len(keys)), key=lambda i: (floors[i] - quotas[i], keys[i]))
    for index in by_remainder[:left]:
        floors[index] += 1
    assert sum(floors) == total
    return floors


def floor(value: Fraction) -> int:
    """Round down to an integer (切捨て)."""
    return value.numerator // value.denominator


def percent(share: Fraction) -> str:
    """A share to two decimals of a per cent, rounded half up.

    >>> percent(Fraction(1, 3))
    '33.33 %'
    """
    hundredths = floor(share * 10000 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
