"""Entries page by their index, show what corrects what, and cost the same wherever one looks."""

from __future__ import annotations

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from contributions import services
from contributions.core.roles import Viewer
from contributions.models import Entry
from contributions.views import lists

FACTS = {"resource": "C-tetsu-0001"}


def append(world, count: int, member: str = "tetsu", **more) -> list[Entry]:
    drafts = [
        services.journal.Draft("resource.reversed", f"resource:C-{member}-0001", FACTS, member, **more)
        for _ in range(count)
    ]
    with transaction.atomic():
        return services.journal.append_many(drafts, by=Viewer.system("test"), at=world.clock)


def shown(page: str) -> list[int]:
    return [int(seq) for seq in re.findall(r'<td class="num"><a href="/log/entries/(\d+)/">', page)]


@pytest.fixture
def few_a_page(monkeypatch):
    monkeypatch.setattr("contributions.views.entries.PER_PAGE", 7)
    assert lists.PER_PAGE == 50


def test_one_walks_through_all_entries_older_and_back_newer(world, reader, text, few_a_page):
    append(world, 20)
    client, seen, url = reader("legal"), [], "/log/entries/"
    pages = []
    while url:
        page = text(client.get(url))
        pages.append(shown(page))
        seen += shown(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = f"/log/entries/{older[1]}".replace("&amp;", "&") if older else None
    assert seen == list(reversed(range(Entry.objects.count()))), "each once, newest first"
    newer = re.search(r'rel="prev" href="([^"]+)"', page)
    assert shown(text(client.get(f"/log/entries/{newer[1]}".replace("&amp;", "&")))) == pages[-2]


def test_a_member_walks_through_its_own_entries_only(world, reader, text, few_a_page):
    append(world, 9, "hagane")
    mine = [entry.seq for entry in append(world, 9)]
    page = text(reader("tetsu").get("/log/entries/?kind=resource.reversed"))
    assert shown(page) == mine[::-1][:7]
    rest = text(reader("tetsu").get(f"/log/entries/?kind=resource.reversed&after={shown(page)[-1]}"))
    assert shown(rest) == mine[::-1][7:]


@pytest.mark.parametrize("where", ["after=x", "after=-1", "before=99999999999999999999", "after=", "before=９"])
def test_an_index_that_is_none_is_no_index(world, reader, where):
    assert reader("legal").get(f"/log/entries/?{where}").status_code == 200


def test_the_number_of_queries_depends_on_neither_the_log_nor_the_page(world, reader):
    client = reader("legal")

    def queries(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    queries("/log/entries/")
    few = queries("/log/entries/")
    append(world, 300)
    assert queries("/log/entries/") == few == queries("/log/entries/?after=120")


def test_an_entry_shows_what_it_corrects_and_what_corrects_it(world, reader, text):
    (first,) = append(world, 1)
    (second,) = append(world, 1, corrects=first.id)
    (third,) = append(world, 1, corrects=second.id)
    (other,) = append(world, 1)
    for entry in (first, second, third):
        page = text(reader("tetsu").get(f"/log/entries/{entry.seq}/"))
        part = page[page.index('id="corrections"') : page.index("The statement: what it says")]
        assert shown(part) == [first.seq, second.seq, third.seq] and "as it stands now" in part
    assert 'id="corrections"' not in text(reader("tetsu").get(f"/log/entries/{other.seq}/"))
    assert reader("hagane").get(f"/log/entries/{first.seq}/").status_code == 404
