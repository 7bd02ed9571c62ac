"""Decimals without floats: how prices, usage and percentages are read exactly and written for people.

A document writes a price as "0.05" or "1/3"; both are read into a `Fraction`. Nothing here rounds silently: `exact`
never rounds, `rounded` says to how many places.
"""

from __future__ import annotations

import re
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.money import fraction_text

_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?|-?[0-9]{1,30}/[0-9]{0,29}[1-9][0-9]{0,29}", re.ASCII)


class NotADecimal(Refused):
    code = "not-a-decimal"
    ja = "「{text}」は数として読めません。半角数字で「0.05」または「1/3」の形で書いてください。"
    en = "“{text}” does not read as a number. Write it as 0.05 or 1/3."


def decimal(text: object) -> Fraction:
    """Read "0.05", "12" or "1/3" exactly.

    >>> decimal("0.05")
    Fraction(1, 20)
    """
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise NotADecimal(text=str(text)[:40])
    return Fraction(text)


def exact(value: Fraction | int) -> str:
    """As a plain decimal where that is exact, else as a fraction.

    >>> exact(Fraction(1, 20)), exact(Fraction(55, 168))
    ('0.05', '55/168')
    """
    value = Fraction(value)
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    return rounded(value, places) if rest == 1 else fraction_text(value)


def rounded(value: Fraction | int, places: int) -> str:
    """With that many places, half away from zero, thousands grouped.

    >>> rounded(Fraction(2, 3) * 10_000, 2)
    '6,666.67'
    """
    value = Fraction(value)
    scaled = (abs(value) * 10**places * 2 + 1) // 2
    whole, part = divmod(int(scaled), 10**places)
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{whole:,}" + (f".{part:0{places}d}" if places else "")


def percent(value: Fraction, places: int | None = None) -> str:
    """A share as a percentage: exact where it ends, else a fraction of 100; or rounded to `places`.

    >>> percent(Fraction(9, 20)), percent(Fraction(1, 3), 4)
    ('45 %', '33.3333 %')
    """
    hundred = value * 100
    return f"{exact(hundred) if places is None else rounded(hundred, places)} %"
