"""Members, agreements and rate cards: common lists, whose figures stay with their owners."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from contributions.selectors import people


def test_a_member_sees_every_member_and_its_own_stake_only(contributed_world, reader, text):
    body = text(reader("tetsu").get("/members/"))
    assert "Hagano Iron" in body and body.count("25.00") == 1
    assert "100.00" in text(reader("legal").get("/members/")), "the secretariat sees that the stakes sum to one"


def test_a_licensee_does_not_learn_who_the_members_are(contributed_world, reader, text):
    for path in (
        "/members/",
        "/members/?format=csv",
        "/terms/",
        "/funding/",
        "/ratecards/",
        "/resources/",
        "/compute/",
    ):
        body = text(reader("robo").get(path))
        assert not any(name in body for name in ("Tetsuyama", "Hagano", "Kurumada", "Ginga"))
    assert reader("robo").get("/members/tetsu/").status_code == 404


def test_an_inbound_agreement_shows_its_rights_to_its_own_side_only(contributed_world, reader, text):
    body = text(reader("tetsu").get("/terms/T-tetsu-0001/"))
    assert "Use in releases already trained remains" in body and "D-tetsu-0001@1" in body
    assert reader("hagane").get("/terms/T-tetsu-0001/").status_code == 404


def test_factors_of_datasets_are_shown_to_their_owner(contributed_world, reader, text):
    body = text(reader("tetsu").get("/ratecards/"))
    assert "D-tetsu-0001@1 quality" in body and "hagane" not in body and "H100" in body


SHARED = {"members", "funding", "ratecards"}
FIGURES = {"terms", "compute", "batches"}
REVIEWED = {"datasets", "reviews"}
OPEN = {
    "legal": SHARED | FIGURES | REVIEWED | {"resources"},
    "finance": SHARED | {"resources"},
    "desk": SHARED | FIGURES | REVIEWED | {"resources"},
    "auditor": SHARED | FIGURES | REVIEWED | {"resources"},
    "reviewer": REVIEWED | {"members"},
    "tetsu": SHARED | FIGURES | REVIEWED | {"resources"},
    "robo": set(),
    "operator": set(),
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("who", sorted(OPEN))
def test_a_list_opens_for_whom_it_concerns_and_does_not_exist_for_others(contributed_world, reader, who, language):
    opened = reader(who, language)
    for noun in SHARED | FIGURES | REVIEWED | {"resources"}:
        expected = 200 if noun in OPEN[who] else 404
        assert opened.get(f"/{noun}/").status_code == expected, noun
        assert opened.get(f"/{noun}/?format=csv").status_code == expected, noun
    for path in ("/log/", "/log/entries/", "/search/?q=1"):
        assert opened.get(path).status_code == 200


def test_whoever_is_named_a_rival_cannot_tell_it_from_any_page(contributed_world, reader, text):
    """The declaration says that the other side is not told: what all members see must not go missing for one."""
    world = contributed_world

    def seen() -> list[str]:
        officer = reader("hagane")
        answers = [officer.get(path) for path in ("/members/tetsu/", "/search/?q=tetsu", "/api/v1/log/entries/")]
        answers += [officer.get("/api/v1/books/trial-balance/")]
        return [re.sub(r"[A-Za-z0-9]{64}", "", text(answer)) for answer in answers]

    before = seen()
    assert "Member admitted" in before[0]
    world.rivals("tetsu", "hagane")
    assert seen() == before
    seconded = people.standing(
        world.user("hagane"), workplace="member", acting="kuruma", on=world.clock.date(), request=uuid4()
    )
    assert "tetsu" in seconded.barred, "at another company the employer still counts"
