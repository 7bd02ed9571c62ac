"""Adopting tables of factors, in force from a day on."""

from datetime import date, datetime

from django.db import transaction

from contributions.core.money import fraction, fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import RateCard
from contributions.services import journal


@transaction.atomic
def adopt(
    *,
    card: str,
    lines: dict[str, str],
    valid_from: date,
    source_ja: str,
    source_en: str,
    by: Viewer,
    at: datetime,
    illustrative: bool = True,
) -> RateCard:
    """Put the next version of a card in force; every factor is an exact fraction."""
    check_may(by, "ratecard.adopt")
    lines = {key: fraction_text(fraction(value)) for key, value in sorted(lines.items())}
    journal.lock()
    version = RateCard.objects.filter(card=card).count() + 1
    entry = journal.append(
        "ratecard.adopted",
        subject=f"ratecard:{card}@{version}",
        facts={"card": str(card), "version": version, "from": valid_from.isoformat(), "lines": lines},
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return RateCard.objects.create(
        seq=entry.seq,
        card=card,
        version=version,
        valid_from=valid_from,
        lines=lines,
        source_ja=source_ja,
        source_en=source_en,
        illustrative=illustrative,
    )
