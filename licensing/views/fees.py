"""How a fee came about, as rows of the derivation that every page prints alike."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from contributions.core.money import fraction
from contributions.core.words import Text
from contributions.templatetags.moyai import text, yen
from licensing.core import advances, tariffs
from licensing.core.decimals import exact, percent, rounded


def derived(document: dict, terms: dict, *, links=()) -> dict:
    """A stored fee as components/why.html takes it: units × price, line by line, to the whole yen."""
    return {
        "title": _("How the fee came about"),
        "rows": [_row(line, terms, first=index == 0) for index, line in enumerate(document["lines"])],
        "advance": advanced(document),
        "evaluation": evaluated(document),
        "sum_label": _("Fee before tax, rounded down to the yen once"),
        "sum": yen(int(document["yen"]), "unit"),
        "exact": fraction(document["exact"]),
        "links": links,
    }


def advanced(document: dict) -> dict | None:
    """What the advance does for a stored fee: before, credited, lapsed, left; and what is to pay."""
    taken = advances.read(document)
    if not taken.before:
        return None
    fee = int(document["yen"]) - advances.read(document, "evaluation").used
    return {"taken": taken, "fee": fee, "to_pay": fee - taken.used}


def evaluated(document: dict) -> dict | None:
    """The same of the fee of the evaluation that went before."""
    taken, fee = advances.read(document, "evaluation"), int(document["yen"])
    return {"taken": taken, "fee": fee, "to_pay": fee - taken.used} if taken.before else None


def counted(units: Fraction, terms: dict) -> str:
    """Units with their counter: 800台, 800 robots."""
    words, said = tariffs.UNITS[terms["unit"]], exact(units)
    return text(Text(f"{said}{words.ja}", f"{said} {words.one if units == 1 else words.many}"))


def unit_name(terms: dict) -> str:
    """What is counted, as a column's head says it."""
    words = tariffs.UNITS[terms["unit"]]
    return text(Text(words.ja, words.many))


def money(amount: Fraction) -> str:
    """Yen that may have a fraction, as a line shows them."""
    if amount.denominator == 1:
        return str(yen(amount.numerator, "unit"))
    said = rounded(amount, 2)
    return text(Text(f"{said}円", f"¥{said}"))


def _row(line: dict, terms: dict, *, first: bool) -> dict:
    amount = fraction(line["amount"])
    return {
        "op": "" if first else "−" if amount < 0 else "＋",
        "label": Text(line["ja"].partition("：")[0], line["en"].partition(": ")[0]),
        "factor": counted(fraction(line["units"]), terms) if line["units"] else "",
        "rule": _price(line["price"], terms),
        "figure": money(amount),
        "quiet": amount == 0,
    }


def _price(price: str | None, terms: dict) -> str:
    if price is None:
        return ""
    value = fraction(price)
    return f"× {percent(value) if tariffs.is_rate(terms['unit'], terms['mode']) else exact_yen(value)}"


def exact_yen(value: Fraction) -> str:
    """A price per unit, never rounded."""
    return text(Text(f"{exact(value)}円", f"¥{exact(value)}"))
