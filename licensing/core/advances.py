"""Advances (前払金): what is paid when a licence begins, and how it counts towards later fees.

    carried   credited against fees until it is used up; what is left goes on into the next licence year, and is not
              given back when the agreement ends
    year      credited against the fees of the first licence year; what is left at its end lapses
    none      credited against nothing: an initial payment (契約一時金) beside the fees

An advance never changes a fee. Tiers, caps and the minimum fee are reckoned on the fee in full; what is credited then
lowers what there is to pay of it. So a minimum fee of 5,000,000 with an advance of 2,000,000 costs 5,000,000, not
7,000,000 (T11 of the domain study: creditable advances as published running-royalty terms have them).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text

CARRIED, YEAR, NONE = "carried", "year", "none"
KINDS = {
    CARRIED: Text("以後の利用料に充当（翌年度以降に繰越し）", "credited against fees, carried over"),
    YEAR: Text("最初の許諾年度の利用料に充当", "credited against the first licence year’s fees"),
    NONE: Text("充当しない（契約一時金）", "not credited (initial payment)"),
}
# As the contract prints it beside the sum; the rating engine and these words stand on the same code.
PRINTED = {
    CARRIED: Text(
        "前払金（本契約の締結時に支払う。以後の利用料に充当し、残額は翌許諾年度以降に繰り越す。返還しない。）",
        "Advance (payable when this Agreement is concluded; credited against later Fees, the rest carried over to the"
        " following Licence Years; not refunded)",
    ),
    YEAR: Text(
        "前払金（本契約の締結時に支払う。最初の許諾年度の利用料に充当し、残額は同年度の末日に失効する。返還しない。）",
        "Advance (payable when this Agreement is concluded; credited against the Fees of the first Licence Year, the"
        " rest lapsing at its end; not refunded)",
    ),
    NONE: Text(
        "契約一時金（本契約の締結時に支払う。利用料に充当せず、返還しない。）",
        "Initial payment (payable when this Agreement is concluded; not credited against Fees, and not refunded)",
    ),
}


class NotInvoiced(Refused):
    code = "advance-not-invoiced"
    ja = "契約 {agreement} の前払金が未請求です。先に前払金を請求してから、利用実績報告を受理してください。"
    en = "The advance of agreement {agreement} is not invoiced yet. Invoice it first, then accept the usage report."


class NoAdvance(Refused):
    code = "no-advance"
    ja = "契約 {agreement} に、請求する前払金はありません。"
    en = "Agreement {agreement} has no advance to invoice."


@dataclass(frozen=True, slots=True)
class Credit:
    """What an advance does for one report, in whole yen: before = used + lapsed + after."""

    before: int
    used: int
    lapsed: int
    after: int


def credited(fee: int, balance: int) -> tuple[int, int]:
    """What is to be paid of a fee and what is left of the advance, in yen: the advance is used up first.

    Worked example (T11): an advance of 2,000,000 and a fee of 900,000 → pay 0, balance 1,100,000.
    """
    used = min(fee, balance)
    return fee - used, balance - used


def credit(fee: int, balance: int, *, kind: str, first_year: bool, closes_year: bool, ends: bool) -> Credit:
    """What is credited against a report's fee, and what of the advance lapses with it.

    `first_year`: whether the report is of the first licence year; `closes_year`: whether it is a licence year's last;
    `ends`: whether it is the agreement's last. What lapses is earned by the licensor then.

    >>> credit(900_000, 2_000_000, kind="carried", first_year=True, closes_year=True, ends=False)
    Credit(before=2000000, used=900000, lapsed=0, after=1100000)
    >>> credit(900_000, 2_000_000, kind="year", first_year=True, closes_year=True, ends=False)
    Credit(before=2000000, used=900000, lapsed=1100000, after=0)
    """
    counts = kind == CARRIED or (kind == YEAR and first_year)
    _, left = credited(fee if counts else 0, balance)
    over = ends or (kind == YEAR and (closes_year or not first_year))
    found = Credit(balance, balance - left, left if over else 0, 0 if over else left)
    assert found.before == found.used + found.lapsed + found.after, "an advance is neither lost nor made"
    return found


def document(found: Credit) -> dict[str, str]:
    """A credit as the fee it belongs to stores it."""
    return {name: str(getattr(found, name)) for name in ("before", "used", "lapsed", "after")}


def read(stored: Mapping[str, Any] | None, of: str = "advance") -> Credit:
    """The credit that a stored fee carries, of an advance or of an `evaluation`; nothing where there was none."""
    held = (stored or {}).get(of) or {}
    return Credit(*(int(held.get(name, "0")) for name in ("before", "used", "lapsed", "after")))
