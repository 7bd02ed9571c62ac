"""Registering datasets: by their own member, once, under terms, with what is not stated held back from review."""

from __future__ import annotations

from datetime import date

import pytest

import world as cast
from contributions import services
from contributions.core import records
from contributions.core.datasets import NotReadyForReview, WithdrawnAlready, WithdrawnBackwards
from contributions.core.descriptions import DatasetDescription, DescribedFile
from contributions.core.roles import NotAllowed
from contributions.core.units import AmountOutOfRange, UnknownUnit
from contributions.core.words import Text
from contributions.models import Dataset, DatasetVersion, Entry, InboundAgreement, LogHead, Movement, Review


def register(world, description: DatasetDescription, *, member="tetsu", by=None, source=b"{}", **changes):
    stated = {
        "copies": [{"country": "JP", "region": "兵庫"}],
        "submitted_on": date(2026, 4, 20),
        "modality": "plant",
        "agreement": InboundAgreement.objects.get(organization__code=member),
    }
    return services.datasets.register(
        description, member=world.of(member), source=source, **(stated | changes), **world.by(by or member)
    )


def test_a_dataset_enters_with_its_first_version_its_evidence_and_its_movement(world):
    version = register(world, cast.description("高炉"), quantity=500, unit_code="record", source="原本".encode())
    assert str(version) == "D-tetsu-0001@1"
    assert (version.quantity, version.unit, version.required) == (500, "record", list(cast.REVIEWS))
    assert services.journal.store().get(version.evidence_sha256) == "原本".encode()
    moved = Movement.objects.filter(entry_id=version.seq).values_list("account", "unit", "amount")
    assert sorted(moved) == [("member:tetsu:data:submitted", "record", 500), ("source:data", "record", -500)]
    kinds = Entry.objects.filter(subject="dataset:D-tetsu-0001").values_list("kind", "member").order_by("seq")
    assert list(kinds) == [("dataset.registered", "tetsu"), ("dataset.revised", "tetsu")]


def test_without_a_quantity_the_bytes_of_the_files_count(world):
    files = tuple(DescribedFile(n, n, "x", "ab" * 32, size) for n, size in (("a", 1000), ("b", 24)))
    version = register(world, cast.description("高炉", files=files))
    assert (version.quantity, version.unit) == (1024, "byte")


def test_a_size_that_is_not_stated_moves_nothing(world):
    version = register(world, cast.description("高炉", files=(DescribedFile("a", "a", "x", None, None),)))
    assert version.quantity == 0 and not Movement.objects.filter(entry_id=version.seq).exists()


def test_the_same_description_again_is_refused_and_names_what_holds_it(world):
    version = register(world, cast.description("高炉"))
    size = LogHead.objects.get().size
    with pytest.raises(services.datasets.AlreadyRegistered, match=str(version)):
        register(world, cast.description("別名"))
    assert (Dataset.objects.count(), LogHead.objects.get().size) == (1, size)


def test_the_same_files_under_another_description_are_refused_and_name_what_holds_them(world):
    first = register(world, cast.description("高炉"), source=b"{}")
    files = cast.description("高炉").files
    again = {"description": cast.description("別名", files=files), "source": b"[]"}
    with pytest.raises(services.datasets.SameFiles, match="D-tetsu-0001@1"):
        register(world, **again)
    held = register(world, cast.description("別名"), source=b"[1]")
    with pytest.raises(services.datasets.SameFiles, match="D-tetsu-0001@1"):
        revise(world, held.dataset, source=b"[2]", title="高炉")
    assert str(revise(world, first.dataset, source=b"[3]", title="高炉")) == "D-tetsu-0001@2", (
        "a version may repeat its own"
    )
    services.datasets.withdraw(first.dataset, on=world.clock.date(), **world.by("tetsu"))
    assert str(register(world, **again)) == "D-tetsu-0003@1", "what was withdrawn holds nothing any more"


def test_a_digest_stated_later_is_held_against_the_other_datasets_too(world):
    register(world, cast.description("高炉"), source=b"{}")
    later = register(world, cast.description("別", files=(DescribedFile("a", "a", "x", None, 1),)), source=b"[]")
    (file,) = cast.description("高炉").files
    with pytest.raises(services.datasets.SameFiles):
        services.datasets.state(later, files={"a": (file.sha256, None)}, **world.by("tetsu"))


def test_another_member_may_hold_the_same_file_and_neither_learns_of_it(world):
    register(world, cast.description("高炉"))
    assert str(register(world, cast.description("高炉"), member="hagane")) == "D-hagane-0001@1"


def test_a_member_registers_only_its_own(world):
    with pytest.raises(services.datasets.NotYours):
        register(world, cast.description("高炉"), member="tetsu", by="hagane")
    assert not Dataset.objects.exists()


@pytest.mark.parametrize("username", ["legal", "reviewer", "robo", "auditor", "finance"])
def test_nobody_but_a_member_registers(world, username):
    with pytest.raises(NotAllowed):
        register(world, cast.description("高炉"), by=username)


def test_terms_of_another_member_are_refused(world):
    terms = InboundAgreement.objects.get(organization__code="hagane")
    with pytest.raises(services.datasets.WrongMember, match=terms.number):
        register(world, cast.description("高炉"), agreement=terms)
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"quantity": -1}, AmountOutOfRange), ({"quantity": 2**62}, AmountOutOfRange),
     ({"quantity": 1, "unit_code": "bushel"}, UnknownUnit)],
)  # fmt: skip
def test_a_quantity_no_account_can_hold_is_refused_whole(world, changes, refusal):
    size = LogHead.objects.get().size
    with pytest.raises(refusal):
        register(world, cast.description("高炉"), **changes)
    assert LogHead.objects.get().size == size and not Dataset.objects.exists()


def test_a_description_that_leaves_something_out_is_accepted_and_held_back_from_review(world):
    gap = Text("利用許諾の記載がありません。", "No licence is stated.")
    version = register(world, cast.description("高炉", gaps=(gap,)))
    with pytest.raises(NotReadyForReview, match="No licence is stated"):
        services.reviews.open_all(version, **world.by("legal"))
    assert not Review.objects.exists()


def test_reviews_open_once_for_each_that_is_required(world):
    version = register(world, cast.description("高炉"))
    opened = services.reviews.open_all(version, **world.by("legal"))
    assert sorted(review.kind for review in opened) == sorted(cast.REVIEWS)
    assert services.reviews.open_all(version, **world.by("legal")) == []


def test_simulated_data_needs_no_privacy_review(world):
    version = register(world, cast.description("模擬"), modality="simulation")
    assert "privacy" not in version.required and "title" in version.required


def test_a_member_does_not_open_its_own_reviews(world):
    version = register(world, cast.description("高炉"))
    with pytest.raises(NotAllowed):
        services.reviews.open_all(version, **world.by("tetsu"))


def test_another_copy_is_recorded_where_it_lies(world):
    version = register(world, cast.description("高炉"))
    version = services.copies.record(version, country="US", region="Texas", **world.by("tetsu"))
    assert [copy["country"] for copy in DatasetVersion.objects.get(pk=version.pk).copies] == ["JP", "US"]
    assert Entry.objects.get(seq=version.seq).kind == "dataset.copied"


def test_a_rival_cannot_send_a_dataset_abroad(world):
    version = register(world, cast.description("高炉"))
    with pytest.raises(services.datasets.NotYours):
        services.copies.record(version, country="US", region="Texas", **world.by("hagane"))
    assert len(DatasetVersion.objects.get().copies) == 1


# ---- versions ----
def revise(world, dataset, title="第二版", *, by="tetsu", source=b"second", **changes):
    stated = {"copies": [{"country": "JP", "region": "兵庫"}], "submitted_on": date(2026, 5, 20)}
    return services.datasets.revise(
        dataset, cast.description(title), source=source, **(stated | changes), **world.by(by)
    )


def test_a_further_version_is_numbered_and_keeps_the_first(world):
    first = register(world, cast.description("高炉"))
    second = revise(world, first.dataset)
    assert (str(second), second.required) == ("D-tetsu-0001@2", list(cast.REVIEWS))
    assert [row.version for row in first.dataset.versions.all()] == [1, 2]
    with pytest.raises(services.datasets.AlreadyRegistered, match="D-tetsu-0001@2"):
        revise(world, first.dataset)


def test_only_the_owner_revises_and_withdraws(world):
    first = register(world, cast.description("高炉"))
    with pytest.raises(services.datasets.NotYours):
        revise(world, first.dataset, by="hagane")
    with pytest.raises(services.datasets.NotYours):
        services.datasets.withdraw(first.dataset, on=date(2026, 7, 1), **world.by("hagane"))
    for username in ("legal", "reviewer", "robo"):
        with pytest.raises(NotAllowed):
            services.datasets.withdraw(first.dataset, on=date(2026, 7, 1), **world.by(username))


def test_a_withdrawal_is_dated_forward_keeps_its_reason_apart_and_happens_once(world):
    first = register(world, cast.description("高炉"))
    second = revise(world, first.dataset)
    with pytest.raises(WithdrawnBackwards):
        services.datasets.withdraw(first.dataset, on=date(2026, 1, 1), **world.by("tetsu"))
    (row,) = services.datasets.withdraw(
        first.dataset, version=first, on=date(2026, 7, 1), reason="権利者の申出", **world.by("tetsu")
    )
    entry = Entry.objects.get(seq=row.withdrawn_seq)
    assert "権利者" not in bytes(entry.statement.content).decode() and entry.kind == "dataset.withdrawn"
    with pytest.raises(WithdrawnAlready):
        services.datasets.withdraw(first.dataset, version=first, on=date(2026, 8, 1), **world.by("tetsu"))
    rest = services.datasets.withdraw(first.dataset, on=date(2026, 8, 1), **world.by("tetsu"))
    assert [str(row) for row in rest] == [str(second)], "what is withdrawn already keeps its day"


# ---- what is stated later ----
def test_the_owner_completes_the_record_and_reviews_begin(world):
    bare = cast.description("高炉", additions=(("tlp", "amber"),), licences=())
    version = register(world, bare)
    with pytest.raises(NotReadyForReview, match="Rights holders"):
        services.reviews.open_all(version, **world.by("legal"))
    stated = records.read(cast.RECORD)
    version = services.datasets.state(version, record=stated, licence="契約による", **world.by("tetsu"))
    assert version.record == stated and version.licence == "契約による"
    assert len(services.reviews.open_all(version, **world.by("legal"))) == 6
    with pytest.raises(records.StatedUnderReview):
        services.datasets.state(version, record={"site": "別"}, **world.by("tetsu"))


def test_a_digest_that_was_not_stated_can_be_and_one_that_was_is_not_overwritten(world):
    files = (DescribedFile("a", "a", "x", None, None), DescribedFile("b", "b", "x", "ab" * 32, 5))
    version = register(world, cast.description("高炉", files=files, gaps=(Text("要約値", "digest"),)))
    stated = {"a": ("cd" * 32, 7), "b": ("ef" * 32, 9)}
    version = services.datasets.state(version, files=stated, **world.by("tetsu"))
    assert [(file["sha256"], file["bytes"]) for file in version.files] == [("cd" * 32, "7"), ("ab" * 32, "5")]
    assert version.gaps == []
    with pytest.raises(services.datasets.NothingStated):
        services.datasets.state(version, files=stated, **world.by("tetsu"))
