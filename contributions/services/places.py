"""Evidence of a country: attested for a facility or for a copy of a dataset, dated, with its file as an annex."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core import datasets as dataset_rules
from contributions.core import places as rules
from contributions.core.evidence import Evidence
from contributions.core.periods import jst_date
from contributions.core.roles import MEMBER, Viewer, check_may, check_own
from contributions.models import DatasetVersion, Entry, Facility, Organization, PlaceEvidence
from contributions.selectors import facilities
from contributions.services import copies, journal


@transaction.atomic
def attest_facility(
    facility: Facility,
    *,
    country: str,
    on: date,
    attested_by: Organization,
    evidence: Evidence | None,
    by: Viewer,
    at: datetime,
) -> PlaceEvidence:
    """Record what shows that a facility stands in its country, for which day, and who says so."""
    check_may(by, "place.attest")
    if by.workplace == MEMBER and facilities.on(facility, jst_date(at)).operator.code != by.acting:
        raise rules.NotYourFacility(facility=facility.code)
    held = facilities.on(facility, on).country
    rules.check(country=dataset_rules.check_country(country), held=held, on=on, today=jst_date(at))
    file = _given(evidence)
    entry = journal.append(
        "facility.evidenced",
        subject=f"facility:{facility.code}",
        facts={
            "facility": facility.code,
            "country": country,
            "on": on.isoformat(),
            "attested_by": attested_by.code,
        },
        annexes=journal.handed_in(file),
        by=by,
        at=at,
    )
    return _posted(entry, file, by, facility=facility, country=country, on=on, attested_by=attested_by)


@transaction.atomic
def attest_copy(
    version: DatasetVersion,
    copy: int,
    *,
    country: str,
    on: date,
    attested_by: Organization,
    evidence: Evidence | None,
    by: Viewer,
    at: datetime,
) -> PlaceEvidence:
    """Record what shows that a copy lies in its country, for which day, and who says so."""
    check_may(by, "place.attest")
    version = copies.locked(version)
    member = version.dataset.member.code
    check_own(by, member)
    held = next((each for each in version.copies if each.get("copy") == copy), None)
    if held is None:
        raise dataset_rules.NoSuchCopy(version=str(version), copy=copy)
    if held["until"] is not None and on.isoformat() >= held["until"]:
        raise dataset_rules.CopyGone(copy=copy, until=held["until"])
    rules.check(country=dataset_rules.check_country(country), held=held["country"], on=on, today=jst_date(at))
    file = _given(evidence)
    entry = journal.append(
        "copy.evidenced",
        subject=f"dataset:{version.dataset.number}",
        member=member,
        facts={
            "dataset": version.dataset.number,
            "version": version.version,
            "copy": copy,
            "country": country,
            "on": on.isoformat(),
            "attested_by": attested_by.code,
        },
        annexes=journal.handed_in(file),
        by=by,
        at=at,
    )
    return _posted(entry, file, by, version=version, copy=copy, country=country, on=on, attested_by=attested_by)


def _given(evidence: Evidence | None) -> Evidence:
    if evidence is None:
        raise rules.FileNeeded
    return evidence


def _posted(entry: Entry, file: Evidence, by: Viewer, **stated) -> PlaceEvidence:
    sealed = entry.annexes.get().sha256
    return PlaceEvidence.objects.create(
        seq=entry.seq, file_name=file.name, sha256=sealed, recorded_by_id=by.user, **stated
    )
