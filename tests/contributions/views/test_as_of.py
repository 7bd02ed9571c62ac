"""Pages as of another day: what stood then is shown, what came later is not, and the page says so."""

from __future__ import annotations

from datetime import date

import pytest

import world as cast
from contributions import services
from contributions.models import Breach, FundingSource, Review

LATER = "This is not how things stand today."
PAGES = (
    "/datasets/", "/terms/", "/exclusions/", "/residency/", "/funding/", "/ratecards/", "/requirements/", "/resources/",
    "/reviews/", "/contributions/timeline/", "/batches/", "/members/", "/stakes/", "/organizations/", "/people/",
    "/balances/", "/cleanteam/", "/members/tetsu/", "/organizations/tetsu/", "/datasets/D-tetsu-0001/",
    "/terms/T-tetsu-0001/", "/funding/F-02/", "/resources/C-ginko-0001/", "/compute/", "/compute/2026-05/",
    "/facilities/osaka/", "/batches/B-kuruma-0001/", "/terms/types/", "/log/witnesses/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_this_wing_can_be_read_as_of_a_day(contributed_world, reader, text, path):
    body = text(reader("legal").get(f"{path}?as_of=2026-06-15"))
    assert LATER in body and 'name="as_of"' in body
    assert "is no date" in text(reader("legal").get(f"{path}?as_of=yesterday"))


def test_a_dataset_is_shown_as_it_was_reviewed_then(contributed_world, reader, text):
    legal = reader("legal")
    before, after = (text(legal.get(f"/datasets/D-tetsu-0001/?as_of={day}")) for day in ("2026-04-25", "2026-06-15"))
    assert "Under review" in before and "A review is missing" in before and "確認しました。" not in before
    assert "Usable" in after and "確認しました。" in after
    unborn = text(legal.get("/datasets/D-tetsu-0001/?as_of=2026-04-01"))
    assert "On 2026-04-01 this was not on record yet." in unborn and "高炉" in unborn
    assert "D-tetsu-0001" not in text(legal.get("/datasets/?as_of=2026-04-01"))


def test_a_contribution_is_shown_in_the_state_in_which_it_then_stood(contributed_world, reader, text):
    world, legal = contributed_world, reader("legal")
    world.wait_until("2026-06-20 09:00")
    resource = world.of("hagane").resources.get(kind="cash")
    services.resources.refuse(resource, reason="証憑なし", **world.by("finance"))
    path = f"/resources/{resource.number}/"
    assert "証憑なし" in text(legal.get(path))
    then = text(legal.get(f"{path}?as_of=2026-06-10"))
    assert "To be accepted" in then and "証憑なし" not in then and 'name="confirm"' not in then
    listed = text(legal.get("/resources/?as_of=2026-06-10&state=submitted"))
    assert resource.number in listed and "C-ginko-0001" not in listed
    assert resource.number not in text(legal.get("/resources/?as_of=2026-05-31"))
    kept = text(legal.get("/resources/?as_of=2026-06-10&format=csv"))
    assert "To be accepted" in kept and "Refused" not in kept


def test_the_review_chain_is_drawn_as_of_the_day(contributed_world, reader, text):
    legal = reader("legal")
    assert "Passed" in text(legal.get("/reviews/?as_of=2026-06-15&q=D-tetsu-0001&format=csv"))
    early = text(legal.get("/reviews/?as_of=2026-06-01&q=D-tetsu-0001&format=csv"))
    assert "Passed" in early, "opened and decided on that day"
    assert "D-tetsu" not in text(legal.get("/reviews/?as_of=2026-05-31&q=D-tetsu-0001&format=csv"))


def test_funding_requirements_and_cards_are_those_of_the_day(contributed_world, reader, text):
    world, legal = contributed_world, reader("legal")
    services.funding.amend(
        FundingSource.objects.get(code="F-02"), valid_from=date(2026, 8, 1), state_rate="2/3", **world.by("finance")
    )
    services.ratecards.adopt(
        card="grade", lines={"senior": "2"}, valid_from=date(2026, 8, 1), source_ja="改定", source_en="revised",
        **world.by("legal"),
    )  # fmt: skip
    services.requirements.adopt(
        {"plant": {"title": 3}}, valid_from=date(2026, 8, 1), source_ja="改定", source_en="stricter rules",
        **world.by("legal"),
    )  # fmt: skip
    assert "1/2" in text(legal.get("/funding/?as_of=2026-07-31&format=csv"))
    assert "2/3" in text(legal.get("/funding/?as_of=2026-08-01&format=csv"))
    cards = text(legal.get("/ratecards/?as_of=2026-07-31&format=csv"))
    assert "senior,3/2" in cards and "senior,2" not in cards
    assert '<td class="num">3</td>' not in text(legal.get("/requirements/?as_of=2026-07-31"))
    assert '<td class="num">3</td>' in text(legal.get("/requirements/?as_of=2026-08-01"))


def test_agreements_and_exclusions_that_came_later_are_not_listed(contributed_world, reader, text):
    world, legal = contributed_world, reader("legal")
    exclusion = world.rivals("tetsu", "hagane", on=date(2026, 7, 1))
    world.narrow("kuruma", purposes=["evaluation"])
    assert exclusion.number not in text(legal.get("/exclusions/?as_of=2026-06-30&format=csv"))
    assert exclusion.number in text(legal.get("/exclusions/?as_of=2026-07-01&format=csv"))
    assert "T-kuruma-0001" not in text(legal.get("/terms/?as_of=2026-03-31"))
    facts = text(legal.get("/terms/T-kuruma-0001/?as_of=2026-05-31"))
    assert "<dt>Edition in force</dt><dd>1</dd>" in facts


def test_the_timeline_of_a_past_day_leaves_out_what_was_received_later(contributed_world, reader, text):
    world, legal = contributed_world, reader("legal")
    world.wait_until("2026-06-20 09:00")
    world.cash("tetsu", 7)
    world.batch("tetsu", cast.sacct((9, "2026-05-13", 1, 8)))
    past, now = (text(legal.get(f"/contributions/timeline/?format=csv{day}")) for day in ("&as_of=2026-06-10", ""))
    for number in ("C-tetsu-0002", "B-tetsu-0001"):
        assert number in now and number not in past
    assert "Attested" in past and "Usable" in past


def test_a_member_reads_its_own_past_and_nobody_elses(contributed_world, reader):
    hagane = reader("hagane")
    assert hagane.get("/datasets/D-hagane-0001/?as_of=2026-06-15").status_code == 200
    assert hagane.get("/datasets/D-tetsu-0001/?as_of=2026-06-15").status_code == 404
    assert hagane.get("/resources/C-tetsu-0001/?as_of=2026-06-15").status_code == 404


def test_compute_is_seen_as_of_any_date_by_the_day_of_use_without_what_was_reversed_later(
    contributed_world, reader, text
):
    world, legal = contributed_world, reader("legal")
    world.wait_until("2026-06-20 09:00")
    batch = world.of("kuruma").batches.get()
    services.batches.reverse(batch, reason="重複", **world.by("legal"))
    world.batch("tetsu", cast.sacct((9, "2026-05-13", 1, 8)))
    for path in ("/compute/", "/compute/2026-05/", "/facilities/osaka/"):
        after, before, part, none = (
            text(legal.get(f"{path}?as_of={day}")) for day in ("2026-06-20", "2026-06-19", "2026-05-12", "2026-05-09")
        )
        assert "20.00" in after and "B-tetsu-0001" in after, path
        assert "68.00" in before and "B-kuruma-0001" in before and "B-tetsu-0001" in before, path
        assert "12.00" in part and "B-tetsu-0001" not in part and "B-kuruma-0001" not in part, path
        assert "B-" not in none.split("<aside")[0], path
    page = f"/batches/{batch.number}/"
    assert "Reversed" in text(legal.get(page)) and "重複" in text(legal.get(page))
    then = text(legal.get(f"{page}?as_of=2026-06-19"))
    assert "Attested" in then and "重複" not in then and 'name="confirm"' not in then
    kept = text(legal.get("/compute/?as_of=2026-06-19&format=csv"))
    assert "68" in kept and "48" not in kept
    assert legal.get("/compute/2031-01/?as_of=2026-06-19").status_code == 404


def test_a_rivals_compute_of_a_past_day_stays_its_own(contributed_world, reader, text):
    for day in ("2026-06-05", "2026-12-31"):
        page = text(reader("tetsu").get(f"/compute/?as_of={day}"))
        assert "48.00" not in page and "12.00" not in page and "B-" not in page
        assert reader("hagane").get(f"/batches/B-kuruma-0001/?as_of={day}").status_code == 404
        assert reader("hagane").get(f"/residency/RB-kuruma-0001/?as_of={day}").status_code == 404


def test_a_review_is_read_with_the_opinions_of_the_day(contributed_world, reader, text):
    world, legal = contributed_world, reader("legal")
    review = Review.objects.filter(version__dataset__number="D-tetsu-0001").first()
    world.wait_until("2026-06-20 09:00")
    services.reviews.reopen(review, **world.by("legal"))
    world.decide(Review.objects.get(pk=review.pk), "refused", opinion="不足", valid_from=date(2026, 6, 20))
    now, then = (text(legal.get(f"/reviews/{review.number}/{day}")) for day in ("", "?as_of=2026-06-19"))
    assert "不足" in now and "Refused" in now and "round 2" in now
    assert "不足" not in then and "Passed" in then and "確認しました。" in then and "Begin a re-examination" not in then
    assert "On 2026-05-31 this was not on record yet." in text(legal.get(f"/reviews/{review.number}/?as_of=2026-05-31"))


def test_a_breach_and_an_exclusion_do_not_show_the_end_that_lay_ahead(contributed_world, reader, text):
    world, legal = contributed_world, reader("legal")
    exclusion = world.rivals("tetsu", "hagane", on=date(2026, 7, 1))
    services.exclusions.lift(exclusion, lifted_from=date(2026, 9, 1), **world.by("tetsu"))
    breach = Breach.objects.get()
    world.wait_until("2026-08-01 09:00")
    services.copies.remove(breach.version, breach.copy, on=date(2026, 8, 1), **world.by("kuruma"))
    then, after = (text(legal.get(f"/residency/{breach.number}/?as_of={day}")) for day in ("2026-07-31", "2026-08-01"))
    assert "It stands." in then and "2026-07-31</dd>" not in then and "It has ended." in after
    listed = text(legal.get("/residency/?as_of=2026-07-31&format=csv"))
    assert breach.number in listed and "2026-07-31" not in listed
    held, lifted = (
        text(legal.get(f"/exclusions/{exclusion.number}/?as_of={day}")) for day in ("2026-08-31", "2026-09-01")
    )
    assert "No longer from" not in held and "No longer from" in lifted and "Lift the exclusion" not in held
    assert "On 2026-06-30 this was not on record yet." in text(
        legal.get(f"/exclusions/{exclusion.number}/?as_of=2026-06-30")
    )
    dataset = f"/datasets/{breach.version.dataset.number}/"
    was, came = (text(legal.get(f"{dataset}?as_of={day}")) for day in ("2026-07-31", "2026-08-01"))
    assert "has lain in" in was and "has lain in" not in came


def test_a_member_that_leaves_later_was_a_member_of_its_class(contributed_world, reader, text):
    world, legal = contributed_world, reader("legal")
    services.members.withdraw(world.of("ginko"), withdrawn_on=date(2026, 10, 1), **world.by("legal"))
    before, after = (text(legal.get(f"/members/ginko/?as_of={day}")) for day in ("2026-09-30", "2026-10-01"))
    assert "left 2026-10-01" not in before and "left 2026-10-01" in after
    assert "left 2026-10-01" not in text(legal.get("/members/?as_of=2026-09-30"))
