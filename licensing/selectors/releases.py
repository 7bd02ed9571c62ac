"""Model releases and the runs they came from, as far as a viewer may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from contributions.core import terms
from contributions.core.exclusions import Use
from contributions.core.periods import JST
from contributions.core.roles import LEGAL, LICENSEE, MEMBER, Viewer
from contributions.core.words import Text
from contributions.models import Breach, DatasetVersion, Facility
from contributions.selectors import datasets, facilities, organizations, residency
from licensing.core.lineage import Edge, Node, kin
from licensing.models import Agreement, Parent, Release, RunBreach, TrainingRun


def visible_to(viewer: Viewer | None) -> QuerySet[Release]:
    """The secretariat and members see every release; a licensee those it is licensed."""
    rows = Release.objects.all()
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace in {MEMBER, "system"}:
        return rows
    if viewer.workplace == LICENSEE:
        return rows.filter(agreements__licensee__organization__code=viewer.acting).distinct()
    return rows.none()


def runs_visible_to(viewer: Viewer | None) -> QuerySet[TrainingRun]:
    """Which dataset versions a run used is seen by legal, desk and auditor."""
    rows = TrainingRun.objects.select_related("facility")
    if viewer is None or not (viewer.workplace == LEGAL or viewer.sees_everything):
        return rows.none()
    return rows.prefetch_related(Prefetch("versions", datasets.versions_visible_to(viewer)))


def own_versions(viewer: Viewer | None, release: Release) -> list:
    """Of the dataset versions that a release was trained on, those of the viewing member."""
    if viewer is None or viewer.workplace != MEMBER:
        return []
    versions = {
        version
        for run in release.runs.all()
        for version in run.versions.filter(dataset__member__organization__code=viewer.acting).select_related("dataset")
    }
    return sorted(versions, key=str)


def versions_in(release: Release) -> QuerySet[DatasetVersion]:
    """The dataset versions that a release was trained on; for rules, not for readers."""
    rows = DatasetVersion.objects.filter(runs__release=release).select_related("dataset__member__organization")
    return rows.distinct()


def versions_behind(numbers: Iterable[str]) -> QuerySet[DatasetVersion]:
    """The dataset versions that any of these releases was trained on, each once; for rules, not for readers."""
    rows = DatasetVersion.objects.filter(runs__release__number__in=list(numbers))
    return rows.select_related("dataset__member__organization").distinct()


def countries_of(numbers: Iterable[str]) -> list[str]:
    """Where these releases were trained."""
    return countries_of_runs(TrainingRun.objects.filter(release__number__in=list(numbers)))


def countries_of_runs(runs: Iterable[TrainingRun]) -> list[str]:
    """Where these runs took place, as it was known when each was recorded; what was found later is a breach."""
    rows = list(runs)
    prefetch_related_objects(rows, "facility__editions")
    return sorted({country for run in rows for country in _countries(run)})


def placed(runs: Iterable[TrainingRun]) -> list[TrainingRun]:
    """The runs, each with the country in which it began."""
    rows = list(runs)
    prefetch_related_objects(rows, "facility__editions")
    for run in rows:
        run.country = _countries(run)[0]
    return rows


def _countries(run: TrainingRun) -> tuple[str, ...]:
    return facilities.countries_in(run.facility, run.started_on, run.ended_on, known_at=run.seq)


def ran(
    runs: QuerySet[TrainingRun], facility: Facility, since: date, until: date | None
) -> list[tuple[TrainingRun, date]]:
    """The runs at a facility between two days, with the first of its days among these; less what is in breach then."""
    rows = runs.filter(facility=facility).filter(Q(ended_on__gt=since) | Q(started_on__gte=since))
    rows = rows.filter(started_on__lt=until) if until else rows
    found = [(run, max(run.started_on, since)) for run in rows.prefetch_related("breaches")]
    return [
        (run, day)
        for run, day in found
        if not any(each.since <= day and (each.until is None or day < each.until) for each in run.breaches.all())
    ]


def touched(viewer: Viewer, facility: Facility, since: date, until: date | None) -> list[residency.Touched]:
    """The runs that a move of the facility abroad would put in breach, as far as the viewer may know of them."""
    return [
        residency.Touched(Text("学習実行", "Training run"), run.number, day, f"run:{run.number}", _purpose(run))
        for run, day in ran(runs_visible_to(viewer), facility, since, until)
    ]


def _purpose(run: TrainingRun) -> Text:
    return terms.PURPOSES.get(run.purpose, Text(run.purpose, run.purpose))


def versions_in_releases() -> QuerySet[DatasetVersion]:
    """The dataset versions behind every release that is still published; for rules, not for readers."""
    rows = DatasetVersion.objects.filter(runs__release__isnull=False, runs__release__withdrawn_on=None)
    return rows.select_related("dataset__member__organization").distinct()


def breaches_visible_to(viewer: Viewer | None, release: Release) -> QuerySet[Breach]:
    """Breaches of the data and of the compute behind a release, as far as the viewer may know whose they are."""
    return residency.visible_to(viewer).filter(version__in=versions_in(release))


def run_breaches_visible_to(viewer: Viewer | None) -> QuerySet[RunBreach]:
    """That a run behind a release broke residency is shown to whoever sees the release; it names no member."""
    rows = RunBreach.objects.select_related("run__facility", "run__release")
    if viewer is None:
        return rows.none()
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    return rows.filter(run__release__in=visible_to(viewer))


def lineage(viewer: Viewer, release: Release) -> tuple[list[Node], list[Edge]]:
    """The releases it descends from and that descend from it, with their weights, as far as the viewer sees them."""
    rows = {row.number: row for row in visible_to(viewer)}
    edges = [
        Edge(child, parent, Fraction(weight))
        for child, parent, weight in Parent.objects.values_list("release__number", "parent__number", "weight")
        if child in rows and parent in rows
    ]
    near = kin(release.number, edges)
    nodes = [
        Node(number, Text(row.name_ja, row.name_en), is_withdrawn=row.withdrawn_on is not None)
        for number, row in rows.items()
        if number in near
    ]
    return nodes, [edge for edge in edges if edge.child in near and edge.parent in near]


def uses_of(viewer: Viewer, version: DatasetVersion) -> Iterable[datasets.Use]:
    """What a dataset version went into: runs and licences for the secretariat, releases for its owner too."""
    runs = list(runs_visible_to(viewer).filter(versions=version))
    for run in runs:
        note = Text(run.facility.name_ja, run.facility.name_en)
        yield datasets.Use(Text("学習実行", "Training run"), run.number, run.started_on, f"run:{run.number}", note)
    if not runs and viewer.workplace != MEMBER:
        return
    for release in visible_to(viewer).filter(runs__versions=version).distinct():
        yield datasets.Use(
            Text("モデルリリース", "Release"), release.number, release.published_on, f"release:{release.number}",
            Text(release.name_ja, release.name_en),
        )  # fmt: skip
    if viewer.workplace == LEGAL:
        yield from _licences(version)


def uses_on_record() -> Iterator[tuple[Use, date]]:
    """Every use of data on record with its day, as an exclusion asks: runs, releases, and licences in force."""
    for run in TrainingRun.objects.prefetch_related("facility__editions__operator").select_related("release"):
        operators = facilities.operators_in(run.facility, run.started_on, run.ended_on)
        served = frozenset().union(*(organizations.group_of(code) for code in operators))
        for version in run.versions.select_related("dataset__member__organization"):
            member = version.dataset.member.code
            yield Use(version.dataset.number, member, run.purpose, served), run.started_on
            if run.release is not None:
                yield Use(version.dataset.number, member, run.purpose, frozenset()), run.release.published_on
    for agreement in Agreement.objects.filter(executed_at__isnull=False).select_related("licensee__organization"):
        served = organizations.group_of(agreement.licensee.organization.code)
        for version in versions_in(agreement.release):
            day = agreement.executed_at.astimezone(JST).date()
            yield Use(version.dataset.number, version.dataset.member.code, "licensing", served), day


def _licences(version: DatasetVersion) -> Iterator[datasets.Use]:
    rows = Agreement.objects.filter(release__runs__versions=version, executed_at__isnull=False).distinct()
    for row in rows.select_related("licensee__organization"):
        name = row.licensee.organization
        note = Text(name.short_ja, name.short_en)
        yield datasets.Use(Text("利用許諾契約", "Licence"), row.number, row.term_from, f"agreement:{row.number}", note)
