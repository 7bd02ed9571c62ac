"""Registering facilities, and amending from a day on what they state of themselves.

A move abroad that reaches into what is on record makes breaches of it: whoever confirms it has been told which.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import available_timezones

from django.db import transaction

from contributions.core import countries
from contributions.core import facilities as rules
from contributions.core.codes import check_free
from contributions.core.datasets import check_country
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import Batch, Facility, FacilityEdition, Organization
from contributions.selectors import facilities
from contributions.selectors import residency as residing
from contributions.services import journal, residency

# What else than usage a move abroad makes a breach of: the licensing wing enters its training runs at start-up.
MOVED: list[Callable[..., None]] = []


@transaction.atomic
def register(
    *,
    code: str,
    name_ja: str,
    name_en: str,
    operator: Organization,
    country: str,
    region: str,
    default_accelerator: str,
    by: Viewer,
    at: datetime,
    zone: str = "Asia/Tokyo",
    accelerators: Sequence[str] = (),
    power_kw: int | None = None,
    pue: str | None = None,
    illustrative: bool = True,
    valid_from: date | None = None,
) -> Facility:
    """Enter a facility: its country, operator, power, the zone of its clock, and what an untyped GPU of it is."""
    check_may(by, "facility.register")
    stated = _stated(
        {
            "operator": operator,
            "country": country,
            "region": region,
            "default_accelerator": default_accelerator,
            "accelerators": accelerators,
            "power_kw": power_kw,
            "pue": pue,
        }
    )
    if zone not in available_timezones():
        raise rules.UnknownZone(zone=zone[:40])
    if Facility.objects.filter(code=check_free(code)).exists():
        raise rules.FacilityKnown(facility=code)
    valid_from = valid_from or jst_date(at)
    if valid_from > jst_date(at):
        raise rules.NotRegisteredAhead(today=jst_date(at), on=valid_from)
    entry = journal.append(
        "facility.registered",
        subject=f"facility:{code}",
        facts={"facility": code, **_facts(stated), "zone": zone, "from": valid_from.isoformat()},
        by=by,
        at=at,
    )
    facility = Facility.objects.create(
        seq=entry.seq, code=code, name_ja=name_ja, name_en=name_en, zone=zone, illustrative=illustrative, **stated
    )
    FacilityEdition.objects.create(seq=entry.seq, facility=facility, valid_from=valid_from, **stated)
    return facility


@transaction.atomic
def amend(
    facility: Facility,
    *,
    valid_from: date,
    by: Viewer,
    at: datetime,
    told: Collection[str] = (),
    **changes: object,
) -> Facility:
    """Record that something changed on a day; what is left out stays as it then stood, and what stood stays readable.

    `told`: the numbers of what becomes a breach of residency, as they were named to whoever confirms it.
    """
    check_may(by, "facility.amend")
    assert set(changes) <= set(rules.STATED)
    facility = Facility.objects.select_for_update(of=("self",)).get(pk=facility.pk)
    journal.lock()
    stood, stated, until = proposed(facility, valid_from, **changes)
    found = residing.touched(by, facility, stated["country"], valid_from, until)
    rules.check_told(
        facility.code,
        country=countries.name(stated["country"]),
        on=valid_from,
        found=[one.number for one in found],
        told=told,
    )
    abroad = residing.moves_abroad(facility, stated["country"], valid_from)
    facts = _facts(stated)
    entry = journal.append(
        "facility.amended",
        subject=f"facility:{facility.code}",
        facts={
            "facility": facility.code,
            "from": valid_from.isoformat(),
            **{name: facts[name] for name in rules.STATED if stated[name] != stood[name]},
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    FacilityEdition.objects.create(seq=entry.seq, facility=facility, valid_from=valid_from, **stated)
    if until is None:
        for name, value in (stated | {"seq": entry.seq}).items():
            setattr(facility, name, value)
        facility.save(update_fields=["seq", *stated])
    if abroad:
        _breach(facility, stated, valid_from, until, by, at)
    return facility


def proposed(facility: Facility, valid_from: date, **changes: object) -> tuple[dict, dict, date | None]:
    """What stood on the day, what the changes make of it, and until when that would hold; refused if it cannot be."""
    stood = _of(facilities.on(facility, valid_from))
    stated = _stated(stood | changes)
    rules.check_change(
        facility.code, first=facilities.begins(facility), valid_from=valid_from, stood=stood, stated=stated
    )
    return stood, stated, rules.next_after(facility.editions.all(), valid_from)


def _breach(facility: Facility, stated: dict, since: date, until: date | None, by: Viewer, at: datetime) -> None:
    """What is on record of these days ran abroad: a breach each, of the batches of every member.

    One that ends with a later edition is mended by that day, once the day has come.
    """
    until = until if until is not None and until <= jst_date(at) else None
    where = {"country": stated["country"], "region": stated["region"]}
    for batch, day in residing.ran(Batch.objects.select_related("member"), facility, since, until):
        breach = residency.post_breached(batch.member, batch=batch, since=day, found="record", by=by, at=at, **where)
        if until is not None:
            residency.post_mended(breach, on=until, by=by, at=at)
    for follow in MOVED:
        follow(facility, since=since, until=until, by=by, at=at, **where)


def _of(edition: FacilityEdition) -> dict:
    return {name: getattr(edition, name) for name in rules.STATED}


def _stated(values: dict) -> dict:
    """What an edition states, once it holds together."""
    check_country(values["country"])
    types = sorted({*values["accelerators"], values["default_accelerator"]})
    pue = None if values["pue"] is None else Decimal(values["pue"])
    rules.check(types=types, power_kw=values["power_kw"], pue=pue)
    return values | {"accelerators": types, "pue": pue}


def _facts(stated: dict) -> dict:
    """The same as a statement names it."""
    pue = stated["pue"]
    return stated | {"operator": stated["operator"].code, "pue": None if pue is None else str(pue)}
