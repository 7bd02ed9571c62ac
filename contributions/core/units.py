"""Units of what is put in. Each has one smallest part, fixed for ever, and every amount is an integer of it."""

from __future__ import annotations

from dataclasses import dataclass

from contributions.core.errors import Refused
from contributions.core.words import Text

# An account beyond this is refused rather than rounded: both databases hold 64-bit integers.
AMOUNT_MAX = 2**62


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its smallest part: `per` smallest parts make one of the unit people read."""

    code: str
    name: Text
    reads: Text
    per: int


UNITS = {
    unit.code: unit
    for unit in (
        Unit("byte", Text("バイト", "bytes"), Text("GB", "GB"), 10**9),
        Unit("token", Text("トークン", "tokens"), Text("百万トークン", "million tokens"), 10**6),
        Unit("record", Text("件", "records"), Text("件", "records"), 1),
        Unit("media_second", Text("秒（収録）", "seconds recorded"), Text("収録時間", "hours recorded"), 3600),
        Unit("cpu_s", Text("CPU秒", "CPU seconds"), Text("CPU時間", "CPU hours"), 3600),
        Unit("node_s", Text("ノード秒", "node seconds"), Text("ノード時間", "node hours"), 3600),
        Unit("gpu_s", Text("GPU秒", "GPU seconds"), Text("GPU時間", "GPU hours"), 3600),
        Unit("minute", Text("従事分", "minutes worked"), Text("従事時間", "hours worked"), 60),
        Unit("JPY", Text("円", "yen"), Text("円", "yen"), 1),
    )
}


class UnknownUnit(Refused):
    code = "unknown-unit"
    ja = "単位「{unit}」は登録されていません。{known}のいずれかを指定してください。"
    en = "There is no unit “{unit}”. Use one of {known}."


class AmountOutOfRange(Refused):
    code = "amount-out-of-range"
    ja = "数量 {amount} は扱える範囲（0 以上 2^62 未満）を超えています。"
    en = "The quantity {amount} is outside what can be held (0 up to 2^62)."


def unit(code: str) -> Unit:
    """The unit of that code, or a refusal that lists those there are."""
    if code not in UNITS:
        raise UnknownUnit(unit=code, known="、".join(UNITS))
    return UNITS[code]


def check_amount(amount: int) -> int:
    """The same amount, if a ledger account can hold it."""
    if not 0 <= amount < AMOUNT_MAX:
        raise AmountOutOfRange(amount=amount)
    return amount
