"""Reading the fields of a policy document, one value at a time; a refusal names field, value and how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.money import NotAFraction, fraction
from contributions.core.words import Text


class BadPolicy(Refused):
    code = "bad-policy"
    ja = "配分規程の「{field}」が正しくありません（{value}）。{mend}"
    en = "The policy’s “{field}” is not right ({value}). {mend}"


class FloatInPolicy(Refused):
    code = "float-in-policy"
    ja = '配分規程の「{field}」に小数（浮動小数点数）{value} があります。分数の文字列（例 "45/100"）で書いてください。'
    en = 'The policy holds a floating-point number {value} at “{field}”. Write a fraction as text, such as "45/100".'


def bad(field: str, value: object, ja: str, en: str) -> BadPolicy:
    """The refusal of one field."""
    return BadPolicy(field=field, value=str(value)[:80], mend=Text(ja, en))


def known(row: Any, fields: Collection[str], where: str, optional: Collection[str] = ()) -> dict[str, Any]:
    """The row, which must be an object with exactly these fields; `optional` ones may be missing."""
    if not isinstance(row, dict):
        raise bad(where, row, "項目と値の組（{…}）で書いてください。", "Write it as an object.")
    unknown, missing = set(row) - set(fields), set(fields) - set(row) - set(optional)
    if unknown:
        raise bad(where, "、".join(sorted(map(str, unknown))), "知られていない項目です。", "Such a step is not known.")
    if missing:
        raise bad(where, "、".join(sorted(missing)), "この項目を補ってください。", "This is missing.")
    return row


def no_floats(value: Any, field: str) -> None:
    """Refuse a floating-point number anywhere below `value`."""
    if isinstance(value, float):
        raise FloatInPolicy(field=field, value=repr(value))
    if isinstance(value, dict):
        for name, item in value.items():
            no_floats(item, f"{field}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            no_floats(item, f"{field}[{index}]")


def of_type(row: Mapping[str, Any], field: str, kind: type, where: str = "") -> Any:
    """A value of exactly that type."""
    value = row.get(field)
    if type(value) is not kind:
        raise bad(f"{where}{field}", value, "型が違います。", "It is of the wrong type.")
    return value


def text(row: Mapping[str, Any], field: str, where: str = "") -> str:
    """A text that is not empty."""
    value = str(of_type(row, field, str, where))
    if not value.strip():
        raise bad(f"{where}{field}", value, "空にできません。", "It must not be empty.")
    return value


def count(row: Mapping[str, Any], field: str, most: int, where: str = "") -> int:
    """A whole number from 1 to `most`."""
    value = int(of_type(row, field, int, where))
    if not 1 <= value <= most:
        raise bad(f"{where}{field}", value, f"1 から {most:,} までにしてください。", f"It must be from 1 to {most:,}.")
    return value


def strings(row: Mapping[str, Any], field: str, where: str = "") -> list[str]:
    """A list of texts."""
    values = of_type(row, field, list, where)
    if not all(isinstance(value, str) for value in values):
        raise bad(f"{where}{field}", values, "文字列を並べてください。", "It must be a list of texts.")
    return [str(value) for value in values]


def choice(row: Mapping[str, Any], field: str, choices: Collection[str], where: str = "") -> str:
    """One of the texts listed."""
    value = of_type(row, field, str, where)
    if value not in choices:
        listed = "、".join(sorted(choices))
        raise bad(f"{where}{field}", value, f"{listed} のいずれかにしてください。", f"Use one of: {listed}.")
    return str(value)


def ratio(row: Mapping[str, Any], field: str, where: str = "") -> Fraction:
    """An exact fraction, written as text."""
    try:
        return fraction(of_type(row, field, str, where))
    except NotAFraction:
        raise bad(
            f"{where}{field}",
            row[field],
            "分数の文字列（例 3/10）にしてください。",
            "Write a fraction as text, such as 3/10.",
        ) from None


def above_zero(row: Mapping[str, Any], field: str, where: str = "") -> Fraction:
    """A fraction above 0."""
    value = ratio(row, field, where)
    if value <= 0:
        raise bad(f"{where}{field}", value, "0 より大きくしてください。", "It must be positive.")
    return value


def bound(row: Mapping[str, Any], field: str, grid: int, where: str = "") -> Fraction:
    """A share from 0 to 1 that lies on the grid."""
    value = ratio(row, field, where)
    if not 0 <= value <= 1 or (value * grid).denominator != 1:
        raise bad(
            f"{where}{field}",
            value,
            f"0 から 1 までの 1/{grid:,} の倍数にしてください。",
            f"It must be a multiple of 1/{grid:,} from 0 to 1.",
        )
    return value
