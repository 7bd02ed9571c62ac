"""Standard price lists: proposed, adopted and so frozen; a signed licence stays on its version."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core import canonical
from contributions.core import terms as came_in
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.services import exclusions, journal
from licensing.core import origins as asking
from licensing.core import rates
from licensing.models import Release, Schedule
from licensing.selectors import origins, releases


class AlreadyAdopted(Refused):
    code = "schedule-adopted"
    ja = "料金表 {number} 第{version}版は採択済みで、変更できません。新しい版を提案してください。"
    en = "Schedule {number}, version {version}, is adopted and frozen. Propose a new version."


@transaction.atomic
def propose(
    *,
    number: str,
    name_ja: str,
    name_en: str,
    field_of_use: str,
    licensee_class: str,
    terms: dict,
    valid_from: date,
    by: Viewer,
    at: datetime,
    illustrative: bool = True,
) -> Schedule:
    """Enter the next version of a price list; terms that cannot be rated are refused."""
    check_may(by, "schedule.propose")
    rates.read(terms)
    check_covered(field_of_use, valid_from, by)
    journal.lock()
    version = Schedule.objects.filter(number=number).count() + 1
    sha256 = canonical.sha256_hex(canonical.dumps(terms))
    entry = journal.append(
        "schedule.proposed",
        subject=f"schedule:{number}@{version}",
        facts={"schedule": number, "version": version, "field": field_of_use, "terms_sha256": sha256},
        by=by,
        at=at,
    )
    return Schedule.objects.create(
        seq=entry.seq,
        number=number,
        version=version,
        name_ja=name_ja,
        name_en=name_en,
        field_of_use=field_of_use,
        licensee_class=licensee_class,
        terms=terms,
        sha256=sha256,
        valid_from=valid_from,
        illustrative=illustrative,
    )


@transaction.atomic
def adopt(schedule: Schedule, *, by: Viewer, at: datetime) -> Schedule:
    """Publish a price list: from here on its terms do not change."""
    check_may(by, "schedule.adopt")
    schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if schedule.state != Schedule.State.PROPOSED:
        raise AlreadyAdopted(number=schedule.number, version=schedule.version)
    used = releases.versions_in_releases()
    exclusions.check_use(used, purpose="licensing", served=[], on=schedule.valid_from, by=by)
    check_covered(schedule.field_of_use, schedule.valid_from, by)
    entry = journal.append(
        "schedule.adopted",
        subject=f"schedule:{schedule.number}@{schedule.version}",
        facts={
            "schedule": schedule.number,
            "version": schedule.version,
            "terms": schedule.terms,
            "terms_sha256": schedule.sha256,
            "from": schedule.valid_from.isoformat(),
        },
        effective=(schedule.valid_from, None),
        by=by,
        at=at,
    )
    schedule.state, schedule.seq = Schedule.State.ADOPTED, entry.seq
    schedule.save(update_fields=["state", "seq"])
    return schedule


def check_covered(field_of_use: str, valid_from: date, by: Viewer) -> None:
    """Refuse a price list for a field in which no published release could be licensed, by what came in behind it.

    Before the first release there is nothing to compare with; each licence is compared again with its own release.
    """
    asked = asking.of_schedule(field=field_of_use, valid_from=valid_from)
    refusal: came_in.WiderThanCameIn | None = None
    for release in Release.objects.filter(withdrawn_on=None).order_by("-published_on", "-pk"):
        try:
            came_in.check(origins.of_release(release, valid_from), asked, named=origins.may_name(by))
        except came_in.WiderThanCameIn as wider:
            refusal = refusal or wider
        else:
            return
    if refusal is not None:
        raise refusal
