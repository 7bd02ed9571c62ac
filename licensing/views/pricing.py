"""How a price list shows itself, wherever it stands: tiers, conditions, the line of fee against volume, sample sums."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from contributions.core.words import Text
from licensing.core import charts, cliffs, rates, tariffs
from licensing.core.decimals import decimal
from licensing.core.usage import UsageLine
from licensing.core.variables import REGIONS
from licensing.views import fees

SAMPLES = (2, 5, 10, 20, 50, 100)


def shown(terms: dict, *, language: str) -> dict:
    """What a page needs to show terms that can be rated."""
    tariff = tariffs.tariff(terms)
    samples, unit = _samples(terms, tariff), tariffs.UNITS[tariff.unit]
    return {
        "mode": tariffs.MODES[tariff.mode],
        "unit": fees.unit_name(terms),
        "minimum": int(tariff.minimum),
        "tiers": tariffs.rows(tariff),
        "conditions": tariffs.conditions(terms),
        "picture": charts.tiers(cliffs.sample(terms, samples), Text(unit.ja, unit.many), language=language),
        "caption": _("Fee against the number of units of one report, before tax."),
        "samples": [{"units": fees.counted(at, terms), "fee": fees.money(fee_of(terms, at).exact)} for at in samples],
        "warnings": cliffs.warnings(terms),
    }


def fee_of(terms: dict, units: Fraction) -> rates.Fee:
    """The fee of one report of that many units, all where the full rate applies."""
    return rates.rate(terms, [UsageLine(terms["unit"], full_region(terms), units)])


def full_region(terms: dict) -> str:
    """A region where the whole rate is due."""
    regions = terms.get("regions") or {}
    full = next((code for code, rate in regions.items() if decimal(rate) == 1), None)
    return full or next(iter(regions), next(iter(REGIONS)))


def _samples(terms: dict, tariff: tariffs.Tariff) -> list[Fraction]:
    """Numbers of units worth showing: the edges of the tiers and of the free units, between them, beyond the last."""
    free = rates.read(terms).free_units
    edges = [free + tier.start for tier in tariff.tiers[1:]]
    last = edges[-1] if edges else max(Fraction(100), 5 * free)
    return sorted({Fraction(0), *(last * part / 20 for part in SAMPLES), *edges, free} - {last * 5})[:12]
