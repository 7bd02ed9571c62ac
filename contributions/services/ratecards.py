"""Adopting tables of factors, in force from a day on."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from contributions import selectors
from contributions.core import canonical, rate_rows
from contributions.core import ratecards as rules
from contributions.core.money import fraction, fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import Entry, RateCard
from contributions.services import journal


def examine(card: str, lines: Mapping[str, str], *, on: date) -> None:
    """Refuse a table that could not be adopted, with every fault; nothing is written."""
    members = {member.code for member in selectors.members.in_force(on)}
    others = {code for code in selectors.organizations.names() if code not in members}
    rules.check(card, lines, members=members, others=others)


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
    """Put the next version of a card in force; every factor is an exact fraction.

    A second entry, open to every member, states the root over its lines: a member can then be shown its own alone.
    """
    check_may(by, "ratecard.adopt")
    selectors.ratecards.check_open(by, card)
    lines = {key: fraction_text(fraction(value)) for key, value in sorted(lines.items())}
    examine(card, lines, on=valid_from)
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
    _state_roots(card, by=by, at=at)
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


def _state_roots(card: str, *, by: Viewer, at: datetime) -> None:
    """The root of this edition, and of those that were adopted before roots were stated: without them none is proof."""
    begins = f"ratecard:{card}@"
    before = Entry.objects.filter(kind=rate_rows.COMMITTED, subject__startswith=begins)
    adopted = Entry.objects.filter(kind=rate_rows.ADOPTED, subject__startswith=begins).select_related("statement")
    for entry in list(adopted.exclude(subject__in=before.values("subject")).order_by("seq")):
        said = canonical.loads(bytes(entry.statement.content))
        journal.append(
            rate_rows.COMMITTED,
            subject=entry.subject,
            facts=rate_rows.facts_of(said),
            effective=(date.fromisoformat(said["facts"]["from"]), None),
            by=by,
            at=at,
        )
