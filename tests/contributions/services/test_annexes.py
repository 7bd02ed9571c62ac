"""Annexes are erased for good and by name of a ground; what was counted and every proof stay as they were."""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.test import Client

import world as cast
from contributions import selectors, services
from contributions.adapters import columnar
from contributions.core import annexes as rules
from contributions.core import canonical, proofs
from contributions.core.imports import AlreadyHeld
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Annex, Batch, Entry, MeterDay, Opinion, Review
from contributions.services.annexes import BESIDE, COPIES


def erase(world, annex: Annex, ground: str = "request", *, who: str = "legal") -> Annex:
    return services.annexes.erase(annex, ground=ground, **world.by(who))


def batch_of(world, *jobs: tuple[int, str, int, int]) -> Batch:
    return world.batch("kuruma", cast.sacct(*jobs), attested=False)


def annex_of(entry: Entry, name: str) -> Annex:
    return entry.annexes.get(name=name)


@pytest.fixture
def opinion(world) -> Opinion:
    """A review decided with words and names of persons."""
    version = world.dataset("tetsu", "圧延")
    world.clear(version)
    found = Opinion.objects.filter(review__version=version).exclude(text="").first()
    assert found is not None
    return found


def test_what_is_erased_is_gone_everywhere_and_the_log_verifies_as_before(
    world, opinion, django_capture_on_commit_callbacks
):
    world.seal()
    entry, size = Entry.objects.get(seq=opinion.seq), Entry.objects.count()
    annex, checkpoint = annex_of(entry, "opinion.txt"), selectors.log.latest()
    proof = selectors.log.proof_for(entry.seq, checkpoint)
    kept = services.journal.store().get(annex.sha256)
    assert kept.decode() == opinion.text
    with django_capture_on_commit_callbacks(execute=True):
        erase(world, annex)
    assert not services.journal.store().holds(annex.sha256)
    annex.refresh_from_db()
    assert annex.salt is None and annex.erased_at is not None
    opinion.refresh_from_db()
    assert opinion.text == "" and not Review.objects.filter(opinion=kept.decode(), pk=opinion.review_id).exists()
    last = Entry.objects.get(seq=size)
    said = canonical.loads(bytes(last.statement.content))
    assert (last.kind, last.subject, last.member) == ("annex.erased", entry.subject, entry.member)
    assert said["facts"] == {"annex": annex.sha256, "entry": entry.seq, "ground": "request"}
    assert kept.decode() not in json.dumps(said, ensure_ascii=False)
    assert selectors.verification.check_log(services.log.ring(), deep=True).is_sound
    again = selectors.log.proof_for(entry.seq, checkpoint)
    assert again == proof
    signed = proofs.Proof.parse(again)
    assert signed.index == entry.seq


def test_an_erased_annex_is_not_erased_twice_nor_without_a_ground(world, opinion):
    annex = annex_of(Entry.objects.get(seq=opinion.seq), "opinion.txt")
    size = Entry.objects.count()
    with pytest.raises(rules.NoGround):
        erase(world, annex, "because")
    assert Entry.objects.count() == size
    erase(world, annex)
    with pytest.raises(rules.AlreadyErased):
        erase(world, annex)
    assert Entry.objects.count() == size + 1


@pytest.mark.parametrize("who", ["tetsu", "finance", "desk", "auditor", "reviewer"])
def test_only_legal_erases(world, opinion, who):
    annex = annex_of(Entry.objects.get(seq=opinion.seq), "opinion.txt")
    with pytest.raises(NotAllowed):
        erase(world, annex, who=who)
    assert services.journal.store().holds(annex.sha256)


def test_a_paper_that_is_kept_for_a_time_of_its_own_is_not_erased_here(world):
    """Such as a contract, whose time the tax and company law set: an entry of the other wing's kinds."""
    file = services.journal.Attachment("file", "text/plain", b"x")
    with transaction.atomic():
        entry = services.journal.append(
            "resource.withdrawn", subject="x:1", facts={"resource": "x", "from": None}, annexes=[file],
            by=Viewer.system("x"), at=world.clock,
        )  # fmt: skip
    annex = entry.annexes.get()
    with pytest.raises(rules.NotErasedHere):
        rules.check("request", kind="outside.taken", kinds={"resource.withdrawn"}, is_erased=False)
    erase(world, annex)


def test_content_that_a_dead_machine_left_behind_is_swept_away(world, opinion):
    annex = annex_of(Entry.objects.get(seq=opinion.seq), "opinion.txt")
    erase(world, annex)  # the test's own transaction never commits, so the content is still there
    assert services.journal.store().holds(annex.sha256)
    assert services.annexes.sweep() == 1
    assert not services.journal.store().holds(annex.sha256) and services.annexes.sweep() == 0


def test_a_files_own_name_is_in_no_statement_and_goes_with_it(world):
    """Names of files name people: they stand beside the content, never in what is kept for good."""
    world.wait_until("2026-06-01 09:00")
    batch = batch_of(world, (1, "2026-05-10", 4, 8))
    entry = Entry.objects.get(seq=batch.seq)
    said = canonical.loads(bytes(entry.statement.content))
    assert [one["name"] for one in said["annexes"]] == ["original", "rows.parquet"]
    annex = Annex.objects.get(sha256=batch.evidence_sha256)
    assert annex.name == "jobs.log"
    erase(world, annex)
    annex.refresh_from_db()
    batch.refresh_from_db()
    assert (annex.name, batch.file_name) == ("original", "")


def test_days_whose_rows_are_erased_are_not_metered_again(world):
    """Nobody can tell the erased jobs from new ones, so the member's days stand as if it had stated them."""
    world.wait_until("2026-06-01 09:00")
    batch = batch_of(world, (1, "2026-05-10", 4, 8), (2, "2026-05-11", 4, 8))
    for sha256 in (batch.rows_sha256, batch.evidence_sha256):
        erase(world, Annex.objects.get(sha256=sha256))
        services.annexes.sweep()
    counted = list(MeterDay.objects.filter(batch=batch).values_list("day", "gpu_s"))
    again = batch_of(world, (1, "2026-05-10", 4, 8), (9, "2026-05-12", 4, 8))
    assert list(MeterDay.objects.filter(batch=batch).values_list("day", "gpu_s")) == counted
    assert [f"{day.day}" for day in MeterDay.objects.filter(batch=again)] == ["2026-05-12"]
    (finding,) = columnar.findings(services.batches.findings_path(again))
    assert (finding.line, finding.code) == (2, "day-held")
    with pytest.raises(AlreadyHeld):
        batch_of(world, (1, "2026-05-10", 4, 8), (2, "2026-05-11", 4, 8))


def test_every_column_that_shows_an_annex_is_blanked_with_it():
    """Each row of the two tables names columns there are."""
    for model, names, column in COPIES:
        assert {names, column} <= {field.name for field in model._meta.fields}
    for model, column, _ in BESIDE.values():
        assert column in {field.name for field in model._meta.fields}


def client(username: str) -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(cast.User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return made


def test_legal_erases_on_the_page_of_the_entry_by_typing_its_digest(world, opinion):
    entry = Entry.objects.get(seq=opinion.seq)
    annex, page = annex_of(entry, "opinion.txt"), f"/log/entries/{entry.seq}/"
    url = f"{page}annexes/{annex.sha256}/erase/"
    assert url in client("legal").get(page).content.decode()
    assert url not in client("auditor").get(page).content.decode()
    for username in ("auditor", "tetsu", "reviewer"):
        assert client(username).post(url, {"confirm": annex.sha256[:8], "ground": "order"}).status_code == 404
    for wrong in ({"confirm": "x", "ground": "order"}, {"confirm": annex.sha256[:8], "ground": "because"}):
        assert client("legal").post(url, wrong).status_code == 422
    assert not Annex.objects.exclude(erased_at=None).exists()
    assert client("legal").post(url, {"confirm": annex.sha256[:8], "ground": "order"}).status_code == 302
    shown = client("tetsu").get(page).content.decode()
    assert "law or an order asks for it" in shown and f"/log/entries/{Entry.objects.count() - 1}/" in shown


def test_the_api_lists_and_erases_the_same(world, opinion):
    annex = annex_of(Entry.objects.get(seq=opinion.seq), "opinion.txt")
    url = f"/api/v1/log/entries/{opinion.seq}/annexes/"
    assert annex.sha256 in {row["sha256"] for row in client("tetsu").get(url).json()["results"]}
    assert client("hagane").get(url).status_code == 404
    sent = {"content_type": "application/json"}
    assert client("tetsu").post(f"{url}{annex.sha256}/erase/", {"ground": "order"}, **sent).status_code == 403
    assert client("legal").post(f"{url}{annex.sha256}/erase/", {"ground": "because"}, **sent).status_code == 400
    done = client("legal").post(f"{url}{annex.sha256}/erase/", {"ground": "order"}, **sent)
    assert done.status_code == 200 and done.json()["erased_at"] is not None
