"""One search over every noun of contributions, each as far as the reader may see it."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import services
from contributions.core.evidence import Evidence
from contributions.models import Organization
from contributions.services.journal import Attachment


@pytest.fixture
def told(contributed_world):
    world = contributed_world
    tetsu = Organization.objects.get(code="tetsu")
    source = services.funding.register(
        code="F-09", name_ja="物理AI補助", name_en="Physical AI grant", mode="subsidy", state_rate="1/2",
        programme="GX-2026", decision_number="N-77", decided_on=date(2026, 4, 1), recipient=tetsu,
        **world.by("finance"),
    )  # fmt: skip
    services.funding.acquire(
        source, name_ja="振動試験機", name_en="Vibration rig", acquired_on=date(2026, 5, 1), price=100,
        **world.by("finance"),
    )  # fmt: skip
    services.resources.record(
        member=world.of("tetsu"), kind="cash", title_ja="資金", title_en="Cash", quantity=1, nature="levy",
        period_from=date(2026, 5, 1), evidence=[Attachment("振込明細.pdf", "application/pdf", b"paid")],
        **world.by("tetsu"),
    )  # fmt: skip
    world.decide(world.dataset("tetsu", "圧延").reviews.get(kind="title"), evidence=Evidence("意見書.pdf", b"opinion"))
    return world


@pytest.mark.parametrize(
    ("query", "noun", "address"),
    [
        ("GX-2026", "Funding sources", "/funding/F-09/"),
        ("N-77", "Funding sources", "/funding/F-09/"),
        ("振動試験機", "Assets bought with a grant", "/funding/F-09/"),
        ("振込明細", "Files of evidence", "/log/entries/"),
        ("D-tetsu-0002", "Data reviews", "/reviews/"),
    ],
)
def test_what_a_member_put_in_is_found_by_it_and_by_legal_and_by_no_rival(told, reader, text, query, noun, address):
    for username in ("tetsu", "legal"):
        body = text(reader(username).get("/search/", {"q": query}))
        assert noun in body and address in body, username
    for username in ("hagane", "robo"):
        assert "Nothing that is open to you matches." in text(reader(username).get("/search/", {"q": query}))


def test_a_digest_leads_to_its_file_its_review_and_its_agreement(told, reader, text):
    opinion = (
        told.of("tetsu").datasets.get(number="D-tetsu-0002").versions.get().reviews.get(kind="title").opinions.get()
    )
    body = text(reader("tetsu").get("/search/", {"q": opinion.evidence_sha256[:12]}))
    assert f"/reviews/{opinion.review.number}/" in body and "Files of evidence" in body
    assert opinion.evidence_sha256[:8] not in text(reader("hagane").get("/search/", {"q": "zzzz"}))


def test_rate_cards_facilities_and_work_logs_are_found_by_what_they_say(told, reader, text):
    assert "Rate cards" in text(reader("hagane").get("/search/", {"q": "h100"}))
    assert "/facilities/austin/" in text(reader("legal").get("/search/", {"q": "Texas"}))
    assert "Work logs" not in text(reader("legal").get("/search/", {"q": "zzzz"}))


@pytest.mark.parametrize("query", ["1,234,500", "１２３万４５００", "１，２３４，５００円"])
def test_an_amount_is_found_as_people_write_it_in_the_search_and_in_the_list(contributed_world, reader, query):
    resource = contributed_world.cash("tetsu", 1_234_500)
    for path in ("/search/", "/resources/"):
        page = reader("tetsu").get(path, {"q": query}).content.decode()
        assert f"/resources/{resource.number}/" in page
    assert f"/resources/{resource.number}/" not in reader("hagane").get("/search/", {"q": query}).content.decode()


def test_control_characters_alone_look_for_nothing(contributed_world, reader, text):
    assert (
        "Datasets"
        not in text(reader("tetsu").get("/search/", {"q": "\x00"})).partition("<h1")[2].partition("</main>")[0]
    )
