"""The table of consumption tax, as the core reads it."""

from contributions.core.money import fraction
from contributions.core.words import Text
from licensing.core import taxes as rules
from licensing.models import TaxRate


def table() -> list[rules.TaxRate]:
    """Every rate with its days and its source."""
    return [
        rules.TaxRate(
            row.code,
            fraction(row.rate),
            row.valid_from,
            row.valid_until,
            Text(row.name_ja, row.name_en),
            row.source,
        )
        for row in TaxRate.objects.all()
    ]
