"""Recording training runs, and publishing releases made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from contributions.core import terms
from contributions.core.roles import Viewer, check_may
from contributions.models import DatasetVersion, Facility
from contributions.selectors import datasets, residency
from contributions.services import exclusions, journal, numbers
from licensing.core import origins as asking
from licensing.core import releases as rules
from licensing.models import Release, TrainingRun
from licensing.selectors import origins


@transaction.atomic
def record_run(
    *,
    facility: Facility,
    versions: Sequence[DatasetVersion],
    purpose: str,
    accelerator: str,
    gpu_s: int,
    started_on: date,
    ended_on: date,
    by: Viewer,
    at: datetime,
) -> TrainingRun:
    """Record a run; refused, naming dataset and rule, if it used what it might not."""
    check_may(by, "run.record")
    exclusions.check_use(versions, purpose=purpose, served=[facility.operator.code], on=started_on, by=by)
    asked = asking.of_run(purpose=purpose, country=facility.country, started_on=started_on, ended_on=ended_on)
    named = origins.may_name(by)
    terms.check(origins.of_versions(sorted(versions, key=str), started_on), asked, named=named)
    rules.check_run(
        [standing(version, started_on) for version in versions],
        purpose=purpose,
        on=started_on,
        residency=frozenset(settings.RESIDENCY),
        facilities={facility.code: facility.country},
    )
    number = numbers.take(TrainingRun, "TR")
    entry = journal.append(
        "run.recorded",
        subject=f"run:{number}",
        facts={
            "run": number,
            "facility": facility.code,
            "country": facility.country,
            "versions": sorted(str(version) for version in versions),
            "purpose": purpose,
            "accelerator": accelerator,
            "gpu_s": str(gpu_s),
            "period": [started_on.isoformat(), ended_on.isoformat()],
        },
        effective=(started_on, ended_on),
        by=by,
        at=at,
    )
    run = TrainingRun.objects.create(
        seq=entry.seq,
        number=number,
        facility=facility,
        purpose=purpose,
        accelerator=accelerator,
        gpu_s=gpu_s,
        started_on=started_on,
        ended_on=ended_on,
    )
    run.versions.set(versions)
    return run


def standing(version: DatasetVersion, on: date) -> rules.Standing:
    """How a dataset version stands on a day, as a run asks."""
    right = version.agreement.rights.filter(subject="data").first() if version.agreement else None
    return rules.Standing(
        dataset=str(version),
        cleared=datasets.chain_of(version, on).is_complete,
        countries=frozenset(copy.country for copy in datasets.copies_of(version) if copy.lies_at(on)),
        withdrawn=version.withdrawn_on,
        purposes=frozenset(right.purposes) if right else frozenset(),
        breached=any(residency.rule_of(row).covers(on) for row in version.breaches.all()),
    )


@transaction.atomic
def publish(
    *,
    number: str,
    name_ja: str,
    name_en: str,
    weights_sha256: str,
    runs: Sequence[TrainingRun],
    published_on: date,
    by: Viewer,
    at: datetime,
    illustrative: bool = True,
) -> Release:
    """Publish a version of weights with the runs it came from. The entry names no dataset and no member."""
    check_may(by, "release.publish")
    for run in runs:
        exclusions.check_use(run.versions.all(), purpose=run.purpose, served=[], on=published_on, by=by)
    rules.check_publishable(number, [run.number for run in runs], {})
    versions = {version for run in runs for version in run.versions.select_related("dataset", "agreement")}
    asked = asking.of_release(purposes={run.purpose for run in runs}, published_on=published_on)
    terms.check(origins.of_versions(sorted(versions, key=str), published_on), asked, named=origins.may_name(by))
    entry = journal.append(
        "release.published",
        subject=f"release:{number}",
        facts={
            "release": number,
            "name": {"ja": name_ja, "en": name_en},
            "weights_sha256": weights_sha256,
            "countries": sorted({run.facility.country for run in runs}),
            "on": published_on.isoformat(),
        },
        effective=(published_on, None),
        by=by,
        at=at,
    )
    release = Release.objects.create(
        seq=entry.seq,
        number=number,
        name_ja=name_ja,
        name_en=name_en,
        weights_sha256=weights_sha256,
        published_on=published_on,
        illustrative=illustrative,
    )
    TrainingRun.objects.filter(pk__in=[run.pk for run in runs]).update(release=release)
    return release
