"""The rules on how long records are kept, as the core reads them."""

from contributions.core.words import Text
from licensing.core.retention import Rule
from licensing.models import RetentionRule


def table() -> list[Rule]:
    """Every rule with its days and its source."""
    return [
        Rule(row.kind, row.years, row.valid_from, row.valid_until, Text(row.source_ja, row.source_en))
        for row in RetentionRule.objects.all()
    ]
