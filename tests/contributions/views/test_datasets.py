"""Dataset pages: the owner reads why a version counts or not; a rival finds nothing at all."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

import world as cast
from contributions import services
from contributions.models import Batch, Dataset, DatasetVersion, LogHead, Review

DEMO = Path(__file__).resolve().parents[3] / "demo" / "datasets" / "honda-vehicle-dynamics.json"


def bare(body: str) -> str:
    """The page less its token, which is another each time."""
    return re.sub(r'(value=|Token": )"[^"]+"', "", body)


def test_a_rival_sees_neither_the_dataset_nor_that_it_exists(contributed_world, reader, text):
    rival = reader("hagane")
    body = text(rival.get("/datasets/"))
    assert "D-hagane-0001" in body and "高炉" not in body and "Tetsuyama" not in body
    hidden, absent = rival.get("/datasets/D-tetsu-0001/"), rival.get("/datasets/D-tetsu-9999/")
    assert hidden.status_code == absent.status_code == 404
    assert bare(text(hidden)) == bare(text(absent))
    assert rival.get("/datasets/D-tetsu-0001/1/croissant.json").status_code == 404
    assert "tetsu" not in text(rival.get("/datasets/?format=csv"))


def test_a_size_that_nobody_stated_is_not_shown_as_nothing(world, reader, text):
    world.dataset("tetsu", "高炉", quantity=0)
    client = reader("tetsu")
    for page in ("/datasets/", "/datasets/D-tetsu-0001/", "/contributions/timeline/", "/terms/T-tetsu-0001/"):
        body = text(client.get(page)).split("One by one")[-1]  # what is on account is a figure, 0 or not
        assert '<span class="quiet">not stated</span>' in body and '"unbroken">0<' not in body, page
    assert ",0," not in text(client.get("/datasets/?format=csv"))


def test_a_licensee_finds_no_dataset(contributed_world, reader, text):
    assert "D-" not in text(reader("robo").get("/datasets/"))
    assert reader("robo").get("/datasets/D-tetsu-0001/").status_code == 404


@pytest.mark.parametrize(
    ("number", "state", "why"),
    [
        ("D-tetsu-0001", "Usable", "Reviewed and in force"),
        ("D-kuruma-0001", "Not counted", "A copy lies abroad: the United States"),
        ("D-kuruma-0002", "Under review", "A review is missing"),
    ],
)
def test_the_page_says_in_words_why_a_version_counts_or_not(contributed_world, reader, text, number, state, why):
    body = text(reader("legal").get(f"/datasets/{number}/"))
    assert state in body and why in body


def test_a_member_registers_a_dataset_from_its_croissant_file(world, reader):
    upload = SimpleUploadedFile("d.json", DEMO.read_bytes())
    answer = reader("kuruma").post("/datasets/new/", {"file": upload, "agreement": "T-kuruma-0001"})
    assert answer.status_code == 302 and answer.url == "/datasets/D-kuruma-0001/"
    version = DatasetVersion.objects.get()
    assert (version.agreement.number, version.copies[0]["country"]) == ("T-kuruma-0001", "JP")


def test_what_the_validator_refuses_is_refused_in_its_words_and_nothing_is_written(world, reader, text):
    size = LogHead.objects.get().size
    form = {"file": SimpleUploadedFile("d.json", b'{"@type": "sc:Thing"}'), "region": "Hyogo"}
    answer = reader("kuruma").post("/datasets/new/", form)
    assert answer.status_code == 200 and "mlcroissant" in text(answer)
    assert 'value="Hyogo"' in text(answer), "what was typed is kept"
    assert (Dataset.objects.count(), LogHead.objects.get().size) == (0, size)


def test_legal_records_a_copy_abroad_and_the_page_says_that_it_stops_counting(contributed_world, reader, text):
    legal = reader("legal")
    assert "Granted by T-tetsu-0001" in text(legal.get("/datasets/D-tetsu-0001/"))
    legal.post("/datasets/D-tetsu-0001/copies/", {"country": "sg", "region": "Jurong"})
    assert "A copy lies abroad: Singapore (Jurong)" in text(legal.get("/datasets/D-tetsu-0001/"))
    refused = legal.post("/datasets/D-tetsu-0001/copies/", {"country": "Japan", "region": "Hyogo"})
    assert refused.status_code == 422 and 'value="Hyogo"' in text(refused)


def test_only_legal_opens_reviews(contributed_world, reader, text):
    contributed_world.dataset("tetsu", "圧延", opened=False)
    refused = reader("tetsu").post("/datasets/D-tetsu-0002/reviews/")
    assert refused.status_code == 422 and "may not do this" in text(refused)
    assert reader("legal").post("/datasets/D-tetsu-0002/reviews/").status_code == 302
    assert Dataset.objects.get(number="D-tetsu-0002").versions.get().reviews.count() == 6


# ---- versions, gaps, withdrawal ----
def test_a_member_adds_a_version_and_withdraws_it_with_the_number_typed(contributed_world, reader, text):
    owner = reader("tetsu")
    upload = {"file": SimpleUploadedFile("d.json", DEMO.read_bytes()), "agreement": "T-tetsu-0001"}
    assert owner.post("/datasets/D-tetsu-0001/revise/", upload).status_code == 302
    page = text(owner.get("/datasets/D-tetsu-0001/"))
    assert "D-tetsu-0001@1" in page and "Other versions" in page
    assert (
        "高炉" in text(owner.get("/datasets/D-tetsu-0001/1/"))
        and owner.get("/datasets/D-tetsu-0001/9/").status_code == 404
    )
    form = {"version": "2", "on": localdate().isoformat(), "reason": "差替え"}
    refused = owner.post("/datasets/D-tetsu-0001/withdraw/", form | {"confirm": "D-tetsu-0002"})
    assert refused.status_code == 422 and "This is not the number." in text(refused)
    assert owner.post("/datasets/D-tetsu-0001/withdraw/", form | {"confirm": "D-tetsu-0001"}).status_code == 302
    assert DatasetVersion.objects.get(dataset__number="D-tetsu-0001", version=2).withdrawn_on == localdate()


@pytest.mark.parametrize("path", ["revise/", "withdraw/", "1/state/"])
def test_the_steps_of_an_owner_do_not_exist_for_others(contributed_world, reader, path):
    for username in ("legal", "hagane", "reviewer", "auditor", "robo"):
        assert reader(username).get(f"/datasets/D-tetsu-0001/{path}").status_code == 404, username


def test_before_a_withdrawal_its_owner_reads_which_releases_it_is_in(allocated_world, reader, text):
    page = text(reader("tetsu").get("/datasets/D-tetsu-0001/withdraw/"))
    assert "R-0.1" in page and "Use in releases already trained remains" in page
    assert "TR-" not in page, "runs are the secretariat's"


def test_gaps_are_stated_in_a_form_that_asks_only_for_them(world, reader, text):
    bare = cast.description("圧延", additions=(("tlp", "amber"),))
    services.datasets.register(
        bare, member=world.of("tetsu"), source=b"{}", copies=[{"country": "JP", "region": "兵庫"}],
        submitted_on=date(2026, 4, 20), modality="plant", **world.by("tetsu"),
    )  # fmt: skip
    owner = reader("tetsu")
    page = text(owner.get("/datasets/D-tetsu-0001/1/state/"))
    assert "Not stated: Rights holders." in page and 'name="tlp"' not in page
    form = {"site": "第一工場", "rights_holders": "当社、子会社", "collected_from": "令和7年4月1日",
            "collected_until": "2026-04-01", "personal": "none", "third_party_rights": "なし",
            "purposes": "training", "prohibited": "再提供", "marks": ["trade-secret"]}  # fmt: skip
    assert owner.post("/datasets/D-tetsu-0001/1/state/", form).status_code == 302
    version = DatasetVersion.objects.get()
    assert version.record["rights_holders"] == ["当社", "子会社"] and version.record["collected_from"] == "2025-04-01"
    assert "Trade secret" in text(owner.get("/datasets/D-tetsu-0001/"))
    assert reader("legal").post("/datasets/D-tetsu-0001/reviews/").status_code == 302


# ---- copies, columns, files ----
def test_a_copy_abroad_shows_as_a_breach_and_its_deletion_mends_it(contributed_world, reader, text):
    legal = reader("legal")
    legal.post("/datasets/D-tetsu-0001/copies/", {"country": "SG", "region": "Jurong", "on": "2026-05-01"})
    page = text(legal.get("/datasets/D-tetsu-0001/"))
    assert "RB-tetsu-0001" in page and "It does not count until this is mended" in page
    assert "RB-tetsu-0001" in text(reader("tetsu").get("/residency/"))
    assert "RB-tetsu-0001" not in text(reader("hagane").get("/residency/"))
    assert reader("hagane").get("/residency/RB-tetsu-0001/").status_code == 404
    for typed, said in (("2026-02-30", "Write a date"), ("2117-01-01", "is still to come")):
        assert said in text(legal.post("/datasets/D-tetsu-0001/1/copies/2/", {"on": typed}, follow=True))
    assert legal.post("/datasets/D-tetsu-0001/1/copies/2/", {"on": "2026-05-09"}).status_code == 302
    assert "from 2026-05-01 to 2026-05-08" in text(legal.get("/datasets/D-tetsu-0001/"))


def test_the_marks_travel_in_the_names_of_files_and_in_the_export(contributed_world, reader):
    owner = reader("tetsu")
    sent = owner.get("/datasets/D-tetsu-0001/1/croissant.json")
    assert 'filename="D-tetsu-0001@1.trade-secret.croissant.json"' in sent["Content-Disposition"]
    exported = json.loads(owner.get("/datasets/D-tetsu-0001/1/export.json").content)
    assert exported["moyai:marks"] == ["trade-secret"] and exported["moyai:number"] == "D-tetsu-0001"
    assert reader("hagane").get("/datasets/D-tetsu-0001/1/export.json").status_code == 404


def test_a_reviewer_finds_no_file_before_a_review_that_needs_it_is_assigned(contributed_world, reader, text):
    Review.objects.filter(version__dataset__number="D-tetsu-0001").update(body=None)
    reviewer = reader("reviewer")
    assert "shown to a reviewer once a review that needs them is assigned" in text(
        reviewer.get("/datasets/D-tetsu-0001/")
    )
    desk = reader("desk")
    assert desk.get("/datasets/D-tetsu-0001/").status_code == 200, "the desk counts it"
    for name in ("croissant.json", "export.json"):
        assert {who.get(f"/datasets/D-tetsu-0001/1/{name}").status_code for who in (reviewer, desk)} == {404}


# ---- exclusions and breaches ----
def test_a_member_declares_and_lifts_an_exclusion_and_the_other_side_finds_nothing(contributed_world, reader, text):
    owner, other = reader("tetsu"), reader("hagane")
    form = {"rival": "hagane", "purposes": ["training"], "valid_from": "2026-05-01"}
    assert owner.post("/exclusions/new/", form).url == "/exclusions/X-tetsu-0001/"
    assert "Hagano Iron" in text(owner.get("/exclusions/"))
    assert "X-tetsu" not in text(other.get("/exclusions/"))
    assert other.get("/exclusions/X-tetsu-0001/").status_code == 404
    assert "Robo Industries" not in text(owner.get("/exclusions/new/")), "who is a licensee is not told"
    assert reader("legal").post("/exclusions/check/").status_code == 302
    assert "Respected" in text(owner.get("/exclusions/X-tetsu-0001/"))
    lift = {"lifted_from": "2026-06-01", "confirm": "X-tetsu-0001"}
    assert owner.post("/exclusions/X-tetsu-0001/", lift).status_code == 302
    for username in ("finance", "reviewer", "robo"):
        assert reader(username).get("/exclusions/").status_code == 404


def test_a_breach_of_a_batch_is_recorded_and_mended_in_the_browser(contributed_world, reader, text):
    auditor = reader("auditor")
    form = {"country": "sg", "since": "2026-05-10", "found": "audit"}
    number = Batch.objects.filter(member__organization__code="kuruma").first().number
    answer = auditor.post("/residency/new/", form | {"what": number})
    assert answer.status_code == 302, text(answer)
    unknown = auditor.post("/residency/new/", form | {"what": "D-nobody-0001@1"})
    assert unknown.status_code == 200 and "nothing of this name" in text(unknown)
    mend = {"on": "2026-05-20", "confirm": answer.url.split("/")[2]}
    assert auditor.post(answer.url, mend).status_code == 302
    assert "It has ended" in text(auditor.get(answer.url))


def test_what_a_dataset_must_not_serve_stands_on_its_page_for_its_owner_and_the_office_alone(
    contributed_world, reader, text
):
    contributed_world.rivals("tetsu", "arm")
    path = "/datasets/D-tetsu-0001/"
    for username in ("tetsu", "legal", "auditor"):
        body = text(reader(username).get(path))
        assert "What it must not serve" in body and "X-tetsu-0001" in body and "Udegi Works" in body
    body = text(reader("reviewer").get(path))
    assert "What it must not serve" not in body and "X-tetsu" not in body and "Udegi" not in body
    past = text(reader("tetsu").get(f"{path}?as_of={cast.JOINED}"))
    assert "X-tetsu-0001" in past or "was not on record yet" in past


def test_the_page_says_line_by_line_what_counts_and_names_where_the_money_came_from(contributed_world, reader, text):
    version = contributed_world.clear(contributed_world.dataset("tetsu", "圧延", funding="F-02"))
    body = text(reader("tetsu").get(f"/datasets/{version.dataset.number}/"))
    assert "What of it can count, line by line" in body and "less 1/2 paid by the state" in body.lower()
    assert "/funding/F-02/" in body
    source = text(reader("tetsu").get("/funding/F-02/"))
    assert f"/datasets/{version.dataset.number}/1/" in source and "D-hagane" not in source


def test_the_list_says_of_a_breach_that_it_is_one_and_not_that_all_is_kept_at_home(contributed_world, reader, text):
    world = contributed_world
    version = world.of("tetsu").datasets.get().versions.get()
    assert "Kept in the country" in text(reader("tetsu").get("/datasets/"))
    breach = services.residency.record(
        version=version, country="CN", region="", since=date(2026, 5, 1), found="owner", **world.by("tetsu")
    )
    for username in ("tetsu", "legal"):
        page = text(reader(username).get("/datasets/?q=D-tetsu"))
        assert f"A breach stands: {breach.number} (China)" in page and "Kept in the country" not in page
