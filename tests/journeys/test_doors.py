"""Who may open which page: one page of each kind, asked for by everybody, against the table that was agreed.

What may be seen on a page is held elsewhere. Here a door that was left open or shut shows, whoever meant it or not: a
new page, or a door that is to open for others, is a new line of `doors.txt`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from journeys import crawl

ROLES = ("homu", "bucho", "keiri", "haibun", "kansa", "shinsa", "nittetsu", "kobelco", "honda", "shinonome", "aoba")
WALKERS = ("homu", "keiri", "haibun", "nittetsu", "honda", "shinonome", "aoba")
NOBODY = "everybody"
TABLE = Path(__file__).with_name("doors.txt")
LINK = re.compile(r'(?:href|action)="(/[^"#]*)')


@pytest.fixture(scope="module")
def people(site, browser):
    from journeys.conftest import Person

    contexts = [browser.new_context(locale="ja-JP") for _ in range(len(ROLES) + 1)]
    entered = {role: Person(site, context, role).enter() for role, context in zip(ROLES, contexts, strict=False)}
    yield entered | {NOBODY: Person(site, contexts[-1])}
    for context in contexts:
        context.close()


def test_each_page_opens_for_those_who_were_agreed_and_for_nobody_else(people):
    found = {}
    for name, path in sorted(examples(people).items()):
        opened = [role for role, somebody in people.items() if opens(somebody, path)]
        if opened:  # what answers nobody is only written to
            found[name] = NOBODY if NOBODY in opened else " ".join(opened)
    agreed = dict(line.split(": ") for line in TABLE.read_text().splitlines())
    others = [f"{name}: {found.get(name)}" for name in sorted({*found, *agreed}) if found.get(name) != agreed.get(name)]
    assert not others, "as found, where it is not as agreed:\n" + "\n".join(others)


def opens(somebody, path: str) -> bool:
    return somebody.fetch(path, max_redirects=0).status == 200


def examples(people) -> dict[str, str]:
    """One address of each kind of page and file, as links and forms lead to it from anybody's inbox."""
    kinds: dict[str, str] = {}
    for somebody in (people[role] for role in (*WALKERS, NOBODY)):
        walked: set[str] = set()
        waiting = ["/"]
        while waiting:
            path = waiting.pop(0)
            if crawl.is_file(path):
                continue
            answer = somebody.fetch(path)
            if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
                continue
            base = somebody.site.url
            for name, further in crawl.new_links((base + one for one in LINK.findall(answer.text())), base, walked):
                waiting.append(further)
                if ":" in name:
                    kinds.setdefault(name, further)
    return kinds
