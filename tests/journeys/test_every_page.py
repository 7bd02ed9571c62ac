"""Every page of every role, in both languages, at three widths: whole, quiet, named, translated, discreet."""

from __future__ import annotations

from pathlib import Path

import pytest
from journeys import crawl, secrets_of

ROLES = ("homu", "keiri", "haibun", "kansa", "shinsa", "nittetsu", "kobelco", "honda", "shinonome", "aoba")
SHOWN_WHOLE = {
    "homu",
    "haibun",
    "nittetsu",
    "shinonome",
}  # a picture of each of their pages; of the others, where they differ
WIDTHS = {"ja": (1440, 768, 360), "en": (1440, 360)}
FIRST_PAGE_MAX = 300_000
pictured: set[tuple[str, str]] = set()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_whole(role, language, person, site, screenshots):
    somebody, faults = person(role, language), crawl.Faults()
    for name, path in walk(somebody):
        look_at(somebody, name, path, language, faults, screenshots)
    assert not faults.found, str(faults)


def walk(somebody):
    """Kinds of page as links lead to them, the inbox first."""
    seen, waiting = {"licensing:inbox"}, [("licensing:inbox", "/")]
    base = somebody.site.url
    while waiting:
        name, path = waiting.pop(0)
        yield name, path
        if not crawl.is_file(path):
            waiting += crawl.new_links(somebody.page.evaluate(crawl.LOOK)["links"], base, seen)


def look_at(somebody, name, path, language, faults, screenshots) -> None:
    if crawl.is_file(path):
        answer = somebody.fetch(path)
        if answer.status != 200 or not answer.body():
            faults.add(path, f"file answered {answer.status}")
        return
    somebody.complaints.clear()
    answer = somebody.open(path)
    if answer.status != 200:
        faults.add(path, f"answered {answer.status}")
        return
    faults.add(path, *crawl.faults_of(somebody.page.evaluate(crawl.LOOK), language))
    source, text = somebody.page.content(), somebody.page.inner_text("body")
    faults.add(path, *[f"raw value {found.group(0)!r}" for found in crawl.RAW.finditer(text)])
    faults.add(path, *secrets_of.leaks(somebody.site, somebody.username, name, source))
    look_from_afar(somebody, name, path, language, faults, screenshots)
    faults.add(path, *somebody.complaints)


def look_from_afar(somebody, name, path, language, faults, screenshots) -> None:
    """At every width; a picture of the widest, of the narrowest in the dark, and once of each kind of page in all."""
    page, first = somebody.page, (name, language) not in pictured
    pictured.add((name, language))
    for width in WIDTHS[language]:
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 740})
        over = page.evaluate(crawl.WIDER)
        if over > 0:
            faults.add(path, f"{over} px wider than a window of {width} px")
        if first or (width == 1440 and somebody.username in SHOWN_WHOLE):
            picture(somebody, name, language, width, "light", screenshots)
    if first and language == "ja":
        page.emulate_media(color_scheme="dark")
        picture(somebody, name, language, 360, "dark", screenshots)
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})


def picture(somebody, name, language, width, scheme, screenshots: Path) -> None:
    file = f"{somebody.username}-{name.replace(':', '.')}-{language}-{width}-{scheme}.png"
    somebody.page.screenshot(path=screenshots / file, full_page=True, timeout=60_000)


def test_the_first_page_is_light(person, site):
    somebody, loaded = person(), {}
    somebody.page.on("response", lambda answer: loaded.update({answer.url: answer}))
    somebody.open("/accounts/login/")
    total = sum(len(answer.body()) for answer in list(loaded.values()))
    assert 0 < total <= FIRST_PAGE_MAX


def test_nothing_of_the_page_asks_another_server(person, site):
    somebody, asked = person("haibun"), []
    somebody.page.on("request", lambda request: asked.append(request.url))
    somebody.open("/allocations/")
    assert asked and all(url.startswith((site.url, "data:")) for url in asked)
