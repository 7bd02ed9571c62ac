"""Registering where money comes from."""

from datetime import date, datetime

from django.db import transaction

from contributions.core.money import fraction, fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import FundingSource
from contributions.services import journal


@transaction.atomic
def register(
    *,
    code: str,
    name_ja: str,
    name_en: str,
    mode: str,
    by: Viewer,
    at: datetime,
    programme: str = "",
    decision_number: str = "",
    decided_on: date | None = None,
    state_rate: str = "0",
    illustrative: bool = False,
) -> FundingSource:
    """Enter a source; `state_rate` is the part that the state pays."""
    check_may(by, "funding.register")
    state_rate = fraction_text(fraction(state_rate))
    entry = journal.append(
        "funding.registered",
        subject=f"funding:{code}",
        facts={
            "funding": code,
            "mode": str(mode),
            "rate": state_rate,
            "programme": programme,
            "decision": decision_number,
        },
        by=by,
        at=at,
    )
    return FundingSource.objects.create(
        seq=entry.seq,
        code=code,
        name_ja=name_ja,
        name_en=name_en,
        mode=mode,
        programme=programme,
        decision_number=decision_number,
        decided_on=decided_on,
        state_rate=state_rate,
        illustrative=illustrative,
    )
