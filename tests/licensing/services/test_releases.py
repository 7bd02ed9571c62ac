"""Runs and releases: what may not be used is refused by name and rule; the public entry names no dataset."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors as contributed_selectors
from contributions import services as contributed
from contributions.core import canonical
from contributions.core.exclusions import NotPermitted
from contributions.core.facilities import MakesBreaches
from contributions.core.residency import MendedAlready, NotABreach
from contributions.core.terms import WiderThanCameIn
from contributions.models import DatasetVersion, Entry, Facility, Organization
from licensing import selectors, services
from licensing.core import releases as rules
from licensing.models import Release, TrainingRun


def record(world, *versions, facility="osaka", purpose="training", on=date(2026, 6, 1)) -> TrainingRun:
    return services.releases.record_run(
        facility=Facility.objects.get(code=facility), versions=versions, purpose=purpose, accelerator="h100",
        gpu_s=3600, started_on=on, ended_on=date(2026, 6, 10), **world.by("legal"),
    )  # fmt: skip


def publish(world, number="R-9", runs=(), **more) -> Release:
    return services.releases.publish(
        number=number, name_ja="x", name_en="x", weights_sha256="00" * 32, runs=runs,
        published_on=date(2026, 6, 13), **more, **world.by("legal"),
    )  # fmt: skip


def test_a_run_on_cleared_data_is_recorded_and_released(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    run = record(world, version)
    release = publish(world, runs=[run])
    assert list(release.runs.get().versions.all()) == [version]
    facts = canonical.loads(bytes(Entry.objects.get(seq=release.seq).statement.content))["facts"]
    assert facts["countries"] == ["JP"] and "D-tetsu" not in str(facts)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda world: world.dataset("tetsu", "未審査"), "review"),
        (lambda world: world.clear(world.dataset("tetsu", "国外", countries=("JP", "US"))), "country"),
    ],
)
def test_a_dataset_that_may_not_be_used_is_refused_by_name_and_rule(world, make, rule):
    version = make(world)
    with pytest.raises((rules.NotUsable, rules.RunRefused)) as refusal:
        record(world, version)
    assert str(version) in refusal.value.text("ja") and rule in refusal.value.text("en")
    assert not TrainingRun.objects.exists()


def test_a_review_that_expires_before_the_run_does_not_cover_it(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    with pytest.raises(rules.NotUsable):
        record(world, version, on=date(2028, 4, 1))


def test_a_run_wider_than_what_came_in_is_refused_with_every_excess_by_dataset_and_clause(world):
    good, without = (
        world.clear(world.dataset("tetsu", title, with_terms=terms))
        for title, terms in (("高炉", True), ("転炉", False))
    )
    with pytest.raises(WiderThanCameIn) as refusal:
        record(world, good, without, purpose="fine-tuning")
    told = [(excess.source, excess.clause) for excess in refusal.value.excesses]
    assert told == [(str(good), "purpose"), (str(without), "no-right")]
    assert not TrainingRun.objects.exists()


def test_a_release_is_refused_once_the_right_behind_it_has_gone(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    run = record(world, version)
    narrower = [{**right, "after_withdrawal": "ends"} for right in version.agreement.editions.get().rights]
    contributed.terms.amend(version.agreement, rights=narrower, valid_from=date(2026, 6, 11), **world.by("legal"))
    contributed.terms.end(version.agreement, ended_from=date(2026, 6, 12), **world.by("legal"))
    with pytest.raises(WiderThanCameIn, match="term"):
        publish(world, runs=[run])


def test_a_run_abroad_is_refused(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    with pytest.raises(rules.AbroadRun, match="austin"):
        record(world, version, facility="austin")


def test_a_withdrawn_version_is_refused(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    DatasetVersion.objects.filter(pk=version.pk).update(withdrawn_on=date(2026, 5, 30))
    with pytest.raises(rules.NotUsable, match="withdrawn"):
        record(world, DatasetVersion.objects.get(pk=version.pk))


def test_a_release_has_a_run(world):
    with pytest.raises(rules.NoRuns):
        publish(world)
    assert not Release.objects.exists()


def test_a_run_is_refused_with_every_reason_at_once(world):
    """Uncleared, withdrawn, abroad, in breach, outside its purpose, excluded, and the facility abroad too."""
    uncleared = world.dataset("tetsu", "未審査")
    abroad = world.clear(world.dataset("hagane", "国外", countries=("US",)))
    gone = world.clear(world.dataset("tetsu", "高炉"))
    DatasetVersion.objects.filter(pk=gone.pk).update(withdrawn_on=date(2026, 5, 30))
    exclude(world, "hagane", "kuruma")
    versions = [DatasetVersion.objects.get(pk=one.pk) for one in (uncleared, abroad, gone)]
    with pytest.raises(rules.RunRefused) as refusal:
        record(world, *versions, facility="austin", purpose="research")
    told = {
        (type(one).__name__, one.facts.get("dataset"), str(one.facts.get("rule", ""))) for one in refusal.value.refusals
    }
    assert {name for name, _, _ in told} == {"NotPermitted", "WiderThanCameIn", "AbroadRun", "NotUsable"}
    rules_told = {
        (dataset, rule.split("en='")[-1].split("'")[0]) for name, dataset, rule in told if name == "NotUsable"
    }
    assert {
        (str(uncleared), "A required data review has not passed."),
        (str(gone), "It has been withdrawn."),
    } <= rules_told
    assert sum(dataset == str(abroad) for dataset, _ in rules_told) == 2, "a copy abroad, and its breach"
    assert len(refusal.value.refusals) == 7 and "7 件" in refusal.value.text("ja")
    assert not TrainingRun.objects.exists()


# ---- lineage ----
def test_a_release_carries_its_parents_with_their_weights(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    first = publish(world, "R-1", [record(world, version)])
    second = publish(world, "R-2", [record(world, version)], parents={"R-1": "3/10"})
    facts = canonical.loads(bytes(Entry.objects.get(seq=second.seq).statement.content))["facts"]
    assert facts["parents"] == [{"release": "R-1", "weight": "3/10"}]
    nodes, edges = selectors.releases.lineage(world.viewer("tetsu"), first)
    assert [node.code for node in nodes] == ["R-2", "R-1"]
    assert [(edge.child, edge.parent, str(edge.weight)) for edge in edges] == [("R-2", "R-1", "3/10")]
    run = record(world, version)
    for parents, refusal in (
        ({"R-9": "1/2"}, rules.OwnAncestor),
        ({"R-7": "1/2"}, rules.UnknownParent),
        ({"R-1": "2/3", "R-2": "2/3"}, rules.BadParentWeight),
        ({"R-1": "0"}, rules.BadParentWeight),
    ):
        with pytest.raises(refusal):
            publish(world, "R-9", [run], parents=parents)
    assert not Release.objects.filter(number="R-9").exists()


def test_no_release_is_made_of_a_run_in_breach_until_it_is_mended(world):
    run = record(world, world.clear(world.dataset("tetsu", "高炉")))
    with pytest.raises(NotABreach):
        services.releases.record_breach(run, country="JP", since=date(2026, 6, 5), found="audit", **world.by("legal"))
    breach = services.releases.record_breach(
        run, country="SG", since=date(2026, 6, 5), found="audit", note="一部の計算", **world.by("auditor")
    )
    with pytest.raises(rules.RunInBreach, match=breach.number):
        publish(world, runs=[run])
    mended = services.releases.mend_breach(breach, on=date(2026, 6, 9), **world.by("legal"))
    with pytest.raises(MendedAlready):
        services.releases.mend_breach(mended, on=date(2026, 6, 9), **world.by("legal"))
    release = publish(world, runs=[run])
    for name in ("tetsu", "hagane", "legal", "auditor"):
        assert list(selectors.releases.run_breaches_visible_to(world.viewer(name))) == [breach]
    assert not selectors.releases.run_breaches_visible_to(world.viewer("robo")).exists()
    assert release.runs.get() == run


# ---- exclusions and breaches ----
def exclude(world, member, rival=None, purposes=(), on=date(2026, 5, 1)):
    found = Organization.objects.filter(code=rival or "").first()
    contributed.exclusions.declare(world.of(member), rival=found, purposes=purposes, valid_from=on, **world.by("legal"))


def test_a_run_at_a_rivals_facility_is_refused_without_a_word_of_whose(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    exclude(world, "tetsu", "kuruma")
    with pytest.raises(NotPermitted) as refusal:
        record(world, version)
    assert str(version) in refusal.value.text("en") and "kuruma" not in refusal.value.text("en")
    assert not TrainingRun.objects.exists()


def test_a_release_is_refused_once_its_data_is_excluded_from_its_purpose(world):
    run = record(world, world.clear(world.dataset("tetsu", "高炉")))
    exclude(world, "tetsu", purposes=["training"], on=date(2026, 6, 12))
    with pytest.raises(NotPermitted):
        publish(world, runs=[run])
    assert not Release.objects.filter(number="R-9").exists()


def test_a_breach_that_stands_keeps_a_version_from_a_run(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    world.wait_until("2026-06-01 09:00")
    breach = contributed.residency.record(
        version=version, country="SG", region="", since=date(2026, 5, 1), found="audit", **world.by("auditor")
    )
    with pytest.raises(rules.NotUsable, match="breach of residency"):
        record(world, DatasetVersion.objects.get(pk=version.pk))
    contributed.residency.mend(breach, on=date(2026, 5, 20), **world.by("auditor"))
    assert record(world, DatasetVersion.objects.get(pk=version.pk)).number == "TR-0001"


def test_a_condition_that_is_not_kept_keeps_a_version_from_a_run(world):
    version = world.dataset("tetsu", "高炉")
    world.decide(version.reviews.get(kind="title"), conditions=[("契約の写しを提出する", date(2026, 6, 1))])
    world.clear(version)
    with pytest.raises(rules.NotUsable, match="review"):
        record(world, version, on=date(2026, 6, 1))
    assert record(world, version, on=date(2026, 5, 31)).number == "TR-0001"


def test_where_a_version_was_used_is_told_to_its_owner_as_far_as_releases_go(licensed_world):
    version = DatasetVersion.objects.get(dataset__number="D-tetsu-0001")
    told = {
        name: [use.noun.en for use in contributed_selectors.datasets.uses_of(licensed_world.viewer(name), version)]
        for name in ("tetsu", "legal", "auditor", "reviewer")
    }
    assert told["tetsu"] == ["Release"] and told["reviewer"] == []
    assert sorted(set(told["legal"])) == ["Licence", "Release", "Training run"]
    assert sorted(set(told["auditor"])) == ["Release", "Training run"]


def test_what_descends_from_a_release_stands_under_the_rights_behind_it_as_well(world):
    """tetsu lets nobody train further from June on: then nothing may be made of a release that its data are in."""
    theirs, own = (world.clear(world.dataset(code, "高炉")) for code in ("tetsu", "hagane"))
    publish(world, "R-1", runs=[record(world, theirs)])
    child = publish(world, "R-2", runs=[record(world, own)], parents={"R-1": "1/2"})
    sources = [name for name, _ in selectors.origins.of_release(child, date(2026, 6, 20))]
    assert sources == [str(own), str(theirs)]
    world.narrow("tetsu", further_training=False)
    with pytest.raises(WiderThanCameIn, match=str(theirs)):
        publish(world, "R-3", runs=[record(world, own)], parents={"R-2": "1/2"})
    assert publish(world, "R-4", runs=[record(world, own)]).number == "R-4"


def test_a_facility_that_stood_abroad_puts_its_runs_in_breach_and_takes_no_new_one(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    run = record(world, version)
    release = publish(world, runs=[run])
    osaka, moved = Facility.objects.get(code="osaka"), {"country": "US", "region": "Texas"}
    with pytest.raises(MakesBreaches, match=run.number):
        contributed.facilities.amend(osaka, valid_from=date(2026, 6, 5), **moved, **world.by("legal"))
    contributed.facilities.amend(osaka, valid_from=date(2026, 6, 5), told=[run.number], **moved, **world.by("legal"))
    breach = run.breaches.get()
    assert (breach.since, breach.country, breach.until) == (date(2026, 6, 5), "US", None)
    assert selectors.releases.countries_of([release.number]) == ["JP"], "as its entry states; the breach stands beside"
    with pytest.raises(rules.AbroadRun, match="US"):
        record(world, version)
