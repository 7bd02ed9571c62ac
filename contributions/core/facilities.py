"""Facilities that give compute: what may be stated of one before anything is metered there."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from contributions.core.errors import Refused

POWER_MAX = 10_000_000
"""In kW: ten gigawatts, above all that is planned anywhere."""
PUE_MAX = Decimal(10)
_TYPE = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


class FacilityKnown(Refused):
    code = "facility-exists"
    ja = "計算施設「{facility}」は登録済みです。別のコードを指定してください。"
    en = "The facility “{facility}” is registered already. Choose another code."


class UnknownZone(Refused):
    code = "unknown-zone"
    ja = "時間帯「{zone}」はありません。IANA の名称（例 Asia/Tokyo）で指定してください。"
    en = "There is no time zone “{zone}”. Use a name of the IANA list, such as Asia/Tokyo."


class NotAType(Refused):
    code = "not-an-accelerator"
    ja = "演算装置の型「{name}」は、英小文字・数字・「-」「.」「_」の 32 文字以内で指定してください（例 h100）。"
    en = "Write the accelerator type “{name}” in lower-case letters, digits, “-”, “.” and “_”, at most 32: h100."


class BadPower(Refused):
    code = "bad-power"
    ja = "受電容量（kW）は 1 から {most}、PUE は 1 から {most_pue} までで指定してください（指定：{power}、{pue}）。"
    en = "Power is 1 to {most} kW and PUE a number from 1 to {most_pue}; this would be {power} and {pue}."


def is_type(name: str) -> bool:
    """Whether an accelerator may be called that: what the ledger keeps days under, the rate card factors, pages a name.

    >>> is_type("h100"), is_type(""), is_type("NVIDIA H100")
    (True, False, False)
    """
    return _TYPE.fullmatch(name) is not None


def check(*, types: Collection[str], power_kw: int | None, pue: Decimal | None) -> None:
    """Refuse types that no accounting line could name, and power that no site has; what is not stated is not judged.

    Power in kW; PUE is the power of the site over that of its computers, so never below 1.

    >>> check(types=["h100"], power_kw=25_000, pue=Decimal("1.15"))
    """
    for name in types:
        if not is_type(name):
            raise NotAType(name=name[:40])
    is_power = power_kw is None or 1 <= power_kw <= POWER_MAX
    is_pue = pue is None or 1 <= pue <= PUE_MAX
    if not (is_power and is_pue):
        raise BadPower(most=POWER_MAX, most_pue=PUE_MAX, power=power_kw or "–", pue=pue or "–")
