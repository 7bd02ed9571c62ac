"""One member against its rivals, through several runs: it collects every number that any door gives it, and computes.

The reader has put in compute alone, so that totals of cash are nothing its own share could give away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from django.urls import reverse

from licensing import selectors
from licensing import services as licensed
from licensing.core import archives
from licensing.models import Allocation
from world import MEMBERS

pytestmark = pytest.mark.django_db
# What the rivals pay in, in figures that nothing else comes to by chance; and what one of them adds later.
PAID = {"hagane": 20_123_457, "tetsu": 20_345_679, "ginko": 16_567_891}
ADDED = 7_654_321
READER = "kuruma"
# Digits inside a word of letters and digits are part of a digest or an identity, drawn by chance: no figure.
NUMBER = re.compile(
    r"(?<![0-9A-Za-z+/_=-])(?:-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+/\d+|-?\d+(?:\.\d+)?)(?![0-9A-Za-z+/_=-])"
)


@pytest.fixture
def runs(allocated_world) -> list[Allocation]:
    """Three runs: adopted; put to the vote and lost; adopted. Between the last two, one rival paid in more."""
    world = allocated_world
    for code, yen in PAID.items():
        world.cash(code, yen)
    second = world.attest(world.run())
    ballot = world.ballot(second)
    world.vote(ballot, **dict.fromkeys(MEMBERS, "against"))
    world.close(ballot)
    world.cash("hagane", ADDED)
    third = world.carry(world.attest(world.run()))
    licensed.allocations.adopt(third, **world.by("legal"))
    world.seal()
    return list(Allocation.objects.order_by("number"))


def numbers_of(text: str) -> Iterator[Fraction]:
    for found in NUMBER.findall(text):
        if len(found) < 25:
            yield Fraction(found.replace(",", ""))


def scalars(value: object) -> Iterator[str]:
    """Every scalar of a document but digests and salts, in which digits mean nothing."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in {"salt", "path", "commitment", "nonce", "user", "id"} and not name.endswith("sha256"):
                yield from scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner)
    elif value is not None:
        yield str(value)


def pages(number: str) -> list[tuple[str, dict]]:
    """Every address of an allocation, with what may be asked of it, mistakes among them."""
    asked: list[dict[str, str]] = [
        {"category": "cash", "points": "10"},
        {"category": "data", "points": "1"},
        {"category": "cash", "points": "x"},
        {"weight-data": "50", "weight-cash": "10"},
        {"method": "equal/1", "without": "hagane"},
        {"known_at": "5"},
        {"known_on": "2026-10-31", "window_from": "2026-05-01", "window_to": "2026-05-31"},
        {"uncorrected": "hagane"},
    ]
    own: list[tuple[str, dict[str, str]]] = [("allocation", {}), ("allocation_compare", {}), ("allocation_bundle", {})]
    own += [("allocation_export", {"format": form}) for form in ("csv", "json")]
    own += [("allocation_export", {"table": "lines"})]
    found = [(reverse(f"licensing:{name}", args=[number]), query) for name, query in own]
    found += [(reverse("licensing:allocation_what_if", args=[number]), query) for query in asked]
    found += [(f"/api/v1/allocations/{number}/what-if/", query) for query in asked]
    found += [(reverse("licensing:allocation_why", args=[number, code]), {}) for code in MEMBERS]
    return [*found, (f"/api/v1/allocations/{number}/", {})]


def collected(client, runs: list[Allocation]) -> tuple[str, set[Fraction]]:
    """All that the member may read of them: the text, and every number in its documents."""
    text, numbers = [], set()
    addresses = [page for run in runs for page in pages(run.number)]
    addresses += [(path, {}) for path in ("/api/v1/allocations/", "/api/v1/ballots/", "/api/v1/policies/")]
    addresses += [
        (reverse("licensing:ballot", args=[ballot.number]), {}) for run in runs for ballot in run.ballots.all()
    ]
    for path, query in addresses:
        answer = client.get(path, query)
        content = answer.content.decode()
        text.append(re.sub(r"[0-9a-f]{16,}", "", content))
        if "json" in answer["Content-Type"]:
            numbers |= {number for said in scalars(json.loads(content)) for number in numbers_of(said)}
        elif "csv" in answer["Content-Type"]:
            numbers |= set(numbers_of(content))
    for run in runs:
        answer = client.get(reverse("licensing:allocation_own_bundle", args=[run.number]))
        if answer.status_code == 200:
            for name, content in archives.unpack(answer.content).items():
                if name.endswith(".json"):
                    numbers |= {number for said in scalars(json.loads(content)) for number in numbers_of(said)}
    return "\n".join(text), numbers


@pytest.mark.slow
def test_no_rivals_figure_follows_from_all_that_a_member_may_read(client, allocated_world, runs):
    client.force_login(allocated_world.user(READER))
    text, numbers = collected(client, runs)
    before = Fraction(sum(PAID.values()) + 6_000_000, 10**6)
    assert before in numbers, "the total of the second run is safe and shown; so the collector sees what there is"
    assert before + Fraction(ADDED, 10**6) not in numbers, "the third would tell what one rival added"
    yen = {*PAID.values(), ADDED, PAID["hagane"] + ADDED, PAID["ginko"] + 5_000_000}
    secret = {Fraction(amount, part) for amount in yen for part in (1, 10**6)}
    assert not secret & numbers
    for amount in yen:
        assert f"{amount:,}" not in text and str(amount) not in text
    pairs = {x - y for x in numbers for y in numbers}
    assert not {x for x in secret if x in pairs or -x in pairs}, "as the difference of two"
    assert not {(x, y) for x in secret for y in numbers if x + y in pairs or x - y in pairs}, "of three"


def test_what_was_put_to_the_vote_was_shown_however_the_vote_went(allocated_world, runs):
    """Without the run that lost, the third one's total would be shown: it differs by three from the first one's."""
    reader = allocated_world.viewer(READER)
    shown = [
        {row.category: row.shown for row in selectors.allocations.view(run, reader).categories}["cash"] for run in runs
    ]
    assert shown == [False, True, False]
    assert [row.document for row in selectors.allocations._earlier(runs[0])] == []
    assert len(selectors.allocations._earlier(runs[2])) == 2


def test_refusals_read_the_same_whatever_the_rivals_have(client, allocated_world, runs):
    """A what-if that needs a hidden total is refused by the rule, in the same words for every run."""
    client.force_login(allocated_world.user(READER))
    said = set()
    for run in runs:
        answer = client.get(
            reverse("licensing:allocation_what_if", args=[run.number]), {"category": "data", "points": "10"}
        )
        assert answer.status_code == 422
        said.add(re.search(r'class="[^"]*(?:stop|refusal)[^"]*"[^>]*>(.*?)</', answer.content.decode(), re.S)[1])
    assert len(said) == 1
