"""Evidence of a country: for a facility and for a copy, dated, by whom, and never of another country than recorded."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import places as rules
from contributions.core.datasets import NoSuchCopy
from contributions.core.evidence import Evidence
from contributions.core.roles import NotAllowed, NotYours
from contributions.models import Entry, Facility, Organization

DEED = Evidence("登記.pdf", b"%PDF deed")


def attest(world, by: str, **changes):
    stated = {"country": "JP", "on": date(2026, 5, 1), "evidence": DEED, **changes}
    office = Organization.objects.filter(kind="office").first()
    return services.places.attest_facility(
        Facility.objects.get(country="JP"), **{"attested_by": office} | stated, **world.by(by)
    )


def test_a_facility_shows_that_nothing_evidences_its_country_until_something_does(contributed_world):
    world = contributed_world
    assert [row.number for row in selectors.inbox.waiting_for(world.viewer("legal")) if row.kind == "gap"]
    made = attest(world, "legal")
    entry = Entry.objects.get(seq=made.seq)
    assert (entry.kind, entry.annexes.get().sha256) == ("facility.evidenced", made.sha256)
    assert made.facility not in selectors.places.unevidenced(world.viewer("legal"), made.on)
    row, annex = selectors.places.file(world.viewer("auditor"), made.sha256)
    assert (row.file_name, services.journal.store().get(annex.sha256)) == ("登記.pdf", DEED.content)
    assert selectors.places.file(world.viewer("robo"), made.sha256) is None


def test_another_country_a_day_to_come_and_a_missing_file_are_refused(contributed_world):
    for wrong, refusal in [
        ({"country": "SG"}, rules.OtherCountry),
        ({"on": date(2199, 1, 1)}, rules.NotYet),
        ({"evidence": None}, rules.FileNeeded),
    ]:
        with pytest.raises(refusal):
            attest(contributed_world, "legal", **wrong)


def test_a_member_attests_its_own_facility_alone_and_finance_none(contributed_world):
    operator = Facility.objects.get(country="JP").operator.code
    stranger = next(code for code in ("tetsu", "hagane", "ginko") if code != operator)
    with pytest.raises(rules.NotYourFacility):
        attest(contributed_world, stranger)
    with pytest.raises(NotAllowed):
        attest(contributed_world, "finance")


def test_a_copy_is_attested_by_its_owner(contributed_world):
    world = contributed_world
    version = _version(world)
    owner, copy = version.dataset.member.code, version.copies[0]["copy"]
    stated = {"country": version.copies[0]["country"], "on": date(2026, 5, 1), "evidence": DEED,
              "attested_by": Organization.objects.get(code=owner)}  # fmt: skip
    made = services.places.attest_copy(version, copy, **stated, **world.by(owner))
    assert selectors.places.of_version(version) == {copy: [made]}
    with pytest.raises(NoSuchCopy):
        services.places.attest_copy(version, 99, **stated, **world.by(owner))
    with pytest.raises(NotYours):
        services.places.attest_copy(version, copy, **stated, **world.by("hagane" if owner != "hagane" else "tetsu"))


def _version(world):
    return next(
        row for row in selectors.datasets.versions_visible_to(world.viewer("auditor")) if row.copies and row.copies[0]
    )
