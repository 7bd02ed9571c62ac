"""Each owner reads who opened its material: pages, files and evidence alike; its own people leave no line."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contributions import services
from contributions.core.evidence import Evidence
from contributions.models import Entry, Opening, Organization

GRANT = {"mode": "subsidy", "state_rate": "1/2", "decision_number": "N-1", "decided_on": date(2026, 4, 1)}


def subjects() -> set[str]:
    return set(Opening.objects.values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("/members/tetsu/", "member:tetsu"),
        ("/datasets/D-tetsu-0001/", "dataset:D-tetsu-0001"),
        ("/resources/C-tetsu-0001/", "resource:C-tetsu-0001"),
        ("/terms/T-tetsu-0001/", "terms:T-tetsu-0001"),
        ("/exclusions/X-tetsu-0001/", "exclusion:X-tetsu-0001"),
        ("/residency/RB-tetsu-0001/", "breach:RB-tetsu-0001"),
        ("/funding/F-09/", "funding:F-09"),
    ],
)
def test_a_page_of_a_members_material_leaves_a_line(contributed_world, reader, text, path, subject):
    world = contributed_world
    world.rivals("tetsu", "arm")
    services.residency.record(
        version=world.of("tetsu").datasets.get().versions.get(), country="SG", region="", since=date(2026, 5, 1),
        found="secretariat", **world.by("legal"),
    )  # fmt: skip
    tetsu = Organization.objects.get(code="tetsu")
    services.funding.register(
        code="F-09", name_ja="補助", name_en="Grant", recipient=tetsu, **GRANT, **world.by("finance")
    )
    assert reader("tetsu").get(path).status_code == 200 and subjects() == set()
    assert reader("legal").get(path).status_code == 200 and subjects() == {subject}
    own = text(reader("tetsu").get("/openings/"))
    assert subject.partition(":")[2] in own and "legal" in own
    assert subject.partition(":")[2] not in text(reader("hagane").get("/openings/"))


def test_a_file_taken_by_its_address_leaves_the_line_of_its_page(contributed_world, reader):
    world = contributed_world
    file = SimpleUploadedFile("契約.pdf", b"%PDF-1.7", "application/pdf")
    amended = {
        "valid_from": "2026-09-01",
        "data_purposes": ["evaluation"],
        "data_after_withdrawal": "ends",
        "file": file,
    }
    assert reader("legal").post("/terms/T-tetsu-0001/amend/", amended).status_code == 302
    version = world.of("tetsu").datasets.get().versions.get()
    place = services.places.attest_copy(
        version, version.copies[0]["copy"], country="JP", on=date(2026, 4, 1), evidence=Evidence("証明.txt", b"JP"),
        attested_by=Organization.objects.get(code="kansa"), **world.by("tetsu"),
    )  # fmt: skip
    auditor = reader("auditor")
    assert auditor.get("/terms/T-tetsu-0001/editions/2/file").status_code == 200
    taken = auditor.get(f"/places/{place.sha256}")
    assert taken.content == b"JP" and "%E5%96%B6%E6%A5%AD%E7%A7%98%E5%AF%86" in taken["Content-Disposition"], "marked"
    assert subjects() == {"terms:T-tetsu-0001", "dataset:D-tetsu-0001"}


def test_a_statement_in_the_log_leaves_the_line_of_its_subject(contributed_world, reader):
    entry = Entry.objects.filter(kind="resource.recorded", member="tetsu").first()
    assert reader("auditor").get(f"/log/entries/{entry.seq}/").status_code == 200
    assert subjects() == {"resource:C-tetsu-0001"}
    common = Entry.objects.filter(kind="ratecard.adopted", member="").first()
    assert reader("auditor").get(f"/log/entries/{common.seq}/").status_code == 200
    assert reader("tetsu").get(f"/log/entries/{entry.seq}/").status_code == 200
    assert Opening.objects.count() == 1
