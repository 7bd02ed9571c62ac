"""Recording training runs, and publishing releases made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from contributions.core import datasets as dataset_rules
from contributions.core import residency as residency_rules
from contributions.core import terms
from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import DatasetVersion, Facility
from contributions.selectors import datasets, facilities, residency
from contributions.services import exclusions, journal, numbers
from licensing.core import origins as asking
from licensing.core import releases as rules
from licensing.models import Parent, Release, RunBreach, TrainingRun
from licensing.selectors import origins, releases


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
    """Record a run; refused with every reason at once, by dataset and rule, if it used what it might not."""
    check_may(by, "run.record")
    rules.refuse(_faults_of_run(facility, versions, purpose=purpose, started_on=started_on, ended_on=ended_on, by=by))
    number = numbers.take(TrainingRun, "TR")
    entry = journal.append(
        "run.recorded",
        subject=f"run:{number}",
        facts={
            "run": number,
            "facility": facility.code,
            "country": facilities.countries_in(facility, started_on, ended_on)[0],
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


def _faults_of_run(
    facility: Facility,
    versions: Sequence[DatasetVersion],
    *,
    purpose: str,
    started_on: date,
    ended_on: date,
    by: Viewer,
) -> list[Refused]:
    """Exclusions, the rights that came in, then reviews, withdrawal and residency."""
    found: list[Refused] = []
    places = facilities.countries_in(facility, started_on, ended_on)
    operators = sorted(facilities.operators_in(facility, started_on, ended_on))
    asked = asking.of_run(purpose=purpose, country=places[0], started_on=started_on, ended_on=ended_on)
    for check in (
        lambda: exclusions.check_use(versions, purpose=purpose, served=operators, on=started_on, by=by),
        lambda: terms.check(
            origins.of_versions(sorted(versions, key=str), started_on), asked, named=origins.may_name(by)
        ),
    ):
        try:
            check()
        except Refused as refusal:
            found.append(refusal)
    standings = [standing(version, started_on) for version in versions]
    if found and any(isinstance(one, terms.WiderThanCameIn) for one in found):
        standings = [replace(one, purposes=frozenset({purpose})) for one in standings]  # told already, by clause
    return found + rules.faults_of_run(
        standings,
        purpose=purpose,
        on=started_on,
        residency=frozenset(settings.RESIDENCY),
        facilities=[(facility.code, country) for country in places],
    )


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
    parents: Mapping[str, str] | None = None,
) -> Release:
    """Publish a version of weights with the runs it came from. The entry names no dataset and no member.

    `parents`: number → weight, the part of its worth that this release owes to each it descends from.
    """
    check_may(by, "release.publish")
    for run in runs:
        exclusions.check_use(run.versions.all(), purpose=run.purpose, served=[], on=published_on, by=by)
    weights = rules.check_parents(parents or {})
    rules.check_publishable(number, [run.number for run in runs], parents_of_all() | {number: list(weights)})
    for breach in RunBreach.objects.filter(run__in=[run.pk for run in runs], until=None).select_related("run"):
        raise rules.RunInBreach(run=breach.run.number, breach=breach.number)
    rows = {row.number: row for row in Release.objects.filter(number__in=weights)}
    for parent in weights:
        if parent not in rows:
            raise rules.UnknownParent(parent=parent)
    versions = {version for run in runs for version in run.versions.select_related("dataset", "agreement")}
    purposes = {run.purpose for run in runs}
    asked = asking.of_release(purposes=purposes, published_on=published_on)
    terms.check(origins.of_versions(sorted(versions, key=str), published_on), asked, named=origins.may_name(by))
    inherited = [source for row in rows.values() for source in origins.of_release(row, published_on)]
    further = asking.of_parents(purposes=purposes, published_on=published_on)
    terms.check(sorted(dict(inherited).items()), further, named=origins.may_name(by))
    entry = journal.append(
        "release.published",
        subject=f"release:{number}",
        facts={
            "release": number,
            "name": {"ja": name_ja, "en": name_en},
            "weights_sha256": weights_sha256,
            "countries": releases.countries_of_runs(runs),
            "on": published_on.isoformat(),
            "parents": [{"release": code, "weight": fraction_text(weight)} for code, weight in weights.items()],
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
    Parent.objects.bulk_create(
        Parent(release=release, parent=rows[code], weight=fraction_text(weight)) for code, weight in weights.items()
    )
    return release


def parents_of_all() -> dict[str, list[str]]:
    """Every release with those it descends from directly."""
    found: dict[str, list[str]] = {}
    for child, parent in Parent.objects.values_list("release__number", "parent__number"):
        found.setdefault(child, []).append(parent)
    return found


@transaction.atomic
def record_breach(
    run: TrainingRun,
    *,
    country: str,
    since: date,
    found: str,
    by: Viewer,
    at: datetime,
    region: str = "",
    note: str = "",
) -> RunBreach:
    """Record that a run, or a part of it, ran where it must not. Until it is mended no release is made of it."""
    check_may(by, "run.breach")
    dataset_rules.check_country(country)
    if country in settings.RESIDENCY:
        raise residency_rules.NotABreach(country=country)
    return _breached(run, country=country, region=region, since=since, found=found, note=note, by=by, at=at)


def moved(
    facility: Facility,
    *,
    country: str,
    region: str,
    since: date,
    until: date | None,
    by: Viewer,
    at: datetime,
) -> None:
    """A facility is found to have stood abroad between two days: each run of these days is in breach."""
    for run, day in releases.ran(TrainingRun.objects.all(), facility, since, until):
        breach = _breached(run, country=country, region=region, since=day, found="record", note="", by=by, at=at)
        if until is not None:
            _mended(breach, on=until, by=by, at=at)


def _breached(
    run: TrainingRun, *, country: str, region: str, since: date, found: str, note: str, by: Viewer, at: datetime
) -> RunBreach:
    number = numbers.take(RunBreach, "RB-RUN")
    entry = journal.append(
        "run.breached",
        subject=f"run:{run.number}",
        facts={
            "breach": number,
            "run": run.number,
            "country": country,
            "region": region,
            "since": since.isoformat(),
            "found": residency_rules.check_finder(found),
        },
        effective=(since, None),
        annexes=[journal.Attachment("note.txt", "text/plain; charset=utf-8", note.encode())] if note else [],
        by=by,
        at=at,
    )
    return RunBreach.objects.create(
        seq=entry.seq, number=number, run=run, country=country, region=region, since=since, found=found, note=note
    )


@transaction.atomic
def mend_breach(breach: RunBreach, *, on: date, by: Viewer, at: datetime) -> RunBreach:
    """Record the day on which a run's breach ended. The breach itself stays on record."""
    check_may(by, "run.breach")
    breach = RunBreach.objects.select_for_update(of=("self",)).select_related("run").get(pk=breach.pk)
    return _mended(breach, on=on, by=by, at=at)


def _mended(breach: RunBreach, *, on: date, by: Viewer, at: datetime) -> RunBreach:
    known = residency_rules.Breach(
        breach.number, f"run:{breach.run.number}", breach.country, breach.since, breach.until
    )
    residency_rules.check_mended(known, on)
    entry = journal.append(
        "run.mended",
        subject=f"run:{breach.run.number}",
        facts={"breach": breach.number, "run": breach.run.number, "from": on.isoformat()},
        effective=(on, None),
        by=by,
        at=at,
    )
    breach.until, breach.mended_seq = on, entry.seq
    breach.save(update_fields=["until", "mended_seq"])
    return breach
