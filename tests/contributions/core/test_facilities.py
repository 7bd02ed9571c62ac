"""What may be stated of a facility."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contributions.core import facilities
from contributions.core.words import Text


@pytest.mark.parametrize("name", ["H100", "h 100", "", "=h100", "x" * 33])
def test_a_type_is_what_an_accounting_line_could_name(name: str) -> None:
    with pytest.raises(facilities.NotAType):
        facilities.check(types=[name], power_kw=None, pue=None)


@pytest.mark.parametrize(("power_kw", "pue"), [(0, None), (10_000_001, None), (5, "0.99"), (5, "10.01")])
def test_no_site_has_such_a_power(power_kw: int, pue: str | None) -> None:
    with pytest.raises(facilities.BadPower):
        facilities.check(types=["h100"], power_kw=power_kw, pue=Decimal(pue) if pue else None)


def test_a_word_that_stands_alone_begins_with_a_capital() -> None:
    word = Text("資金", "cash")
    assert (word.alone("en"), word.alone("ja"), word.of("en"), Text("", "").alone("en")) == ("Cash", "資金", "cash", "")
