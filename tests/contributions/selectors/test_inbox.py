"""What of the contributions waits for whom, and that it waits no longer once it is done."""

from __future__ import annotations

from datetime import date

import world as cast
from contributions import selectors, services
from contributions.core import records
from contributions.core.evidence import Evidence
from contributions.models import DatasetVersion, Organization

JUNE = date(2026, 6, 1)


def todos(world, username: str, on: date = JUNE) -> list[str]:
    rows = selectors.inbox.waiting_for(world.viewer(username), on=on)
    return [row.todo.en for row in rows if "evidence of" not in row.todo.en and row.page != "contributions:person"]


def test_what_the_record_leaves_out_waits_for_the_owner_and_no_review_waits_for_legal(world):
    made = services.datasets.register(
        cast.description("記載なし", additions=()), member=world.of("tetsu"), source=b"{}",
        copies=[{"country": "JP", "region": "兵庫"}], submitted_on=date(2026, 4, 20), modality="plant",
        agreement=world.of("tetsu").organization.inbound_agreements.get(), **world.by("tetsu"),
    )  # fmt: skip
    assert made.gaps == [] and selectors.datasets.gaps_of(made)
    assert todos(world, "tetsu") == [selectors.inbox.COMPLETE.en] and todos(world, "legal") == []
    services.datasets.state(made, record=records.read(cast.RECORD), **world.by("tetsu"))
    assert todos(world, "tetsu") == [] and todos(world, "legal") == ["Open the data reviews"]


def test_a_refused_review_waits_for_the_owner_and_an_expired_one_for_legal(world):
    version = world.dataset("tetsu", "高炉")
    world.decide(version.reviews.get(kind="privacy"), "refused", opinion="顔が写っています。")
    assert todos(world, "tetsu") == ["Respond to a review’s refusal (Privacy)"]
    assert todos(world, "legal") == todos(world, "hagane") == []
    other = world.clear(world.dataset("hagane", "転炉"))
    late = date(2028, 4, 1)
    (again,) = todos(world, "legal", late)
    assert again.startswith("Re-examine what has expired (Title and legality")
    for review in other.reviews.all():
        services.reviews.reopen(review, **world.by("legal"))
    assert todos(world, "legal", late) == [], "what is being examined again waits for the review body"


def test_a_condition_waits_for_the_owner_and_then_for_the_review_body(world):
    version = world.dataset("tetsu", "高炉")
    review = version.reviews.get(kind="title")
    world.decide(review, conditions=[("契約の写しを出す", date(2026, 9, 1))])
    world.clear(version)
    assert todos(world, "tetsu") == ["Answer a review’s condition, due 2026-09-01"]
    (condition,) = review.opinions.get().conditions.all()
    services.reviews.reply(review, text="提出しました。", condition=condition, **world.by("tetsu"))
    assert todos(world, "tetsu") == []
    assert todos(world, "reviewer") == ["Confirm a review’s condition, due 2026-09-01"]


def test_a_copy_waits_for_what_shows_where_it_lies(world):
    version = world.dataset("tetsu", "高炉")

    def waits() -> list[str]:
        rows = selectors.inbox.waiting_for(world.viewer("tetsu"), on=JUNE)
        return [row.number for row in rows if row.todo.en.endswith("a copy lies")]

    assert waits() == ["D-tetsu-0001@1"]
    version = DatasetVersion.objects.get(pk=version.pk)
    services.places.attest_copy(
        version, version.copies[0]["copy"], country="JP", on=date(2026, 4, 1), evidence=Evidence("証明.txt", b"JP"),
        attested_by=Organization.objects.get(code="kansa"), **world.by("tetsu"),
    )  # fmt: skip
    assert waits() == []


def test_a_secondee_under_no_agreement_waits_for_legal(world):
    world.second("lent")

    def lent(on: date) -> list[str]:
        rows = selectors.inbox.waiting_for(world.viewer("second"), on=on)
        return [row.number for row in rows if row.page == "contributions:person"]

    assert lent(JUNE) == ["seconded"], "the laboratory has no agreement; the steelmaker has one that speaks of people"
    agreement = world.of("hagane").organization.inbound_agreements.get()
    services.terms.end(agreement, ended_from=date(2026, 7, 1), **world.by("legal"))
    assert lent(date(2026, 7, 1)) == ["lent", "seconded"]
