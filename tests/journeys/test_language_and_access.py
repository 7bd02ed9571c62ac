"""Two languages and closed doors: who is not meant to see a page cannot tell it from one that does not exist."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

OPEN = re.compile(r"^/(accounts/(login|logout|signup|password/reset|confirm-email|inactive|2fa/authenticate"
                  r"|reauthenticate|3rdparty)|i18n/|admin/login/|guide/|robots\.txt"
                  r"|log/log\.vkey|log/checkpoints/\d+/note)")  # fmt: skip


def test_the_language_is_switched_on_any_page_and_kept(person):
    lawyer = person("homu")
    lawyer.open("/agreements/")
    assert lawyer.page.locator("html").get_attribute("lang") == "ja"
    assert lawyer.page.locator("h1").inner_text() == "利用許諾契約"
    lawyer.page.locator('button[name=language][value="en"]').focus()
    with lawyer.page.expect_navigation():
        lawyer.page.keyboard.press("Enter")
    assert lawyer.page.url.endswith("/agreements/")
    assert lawyer.page.locator("html").get_attribute("lang") == "en"
    lawyer.open("/schedules/")
    assert lawyer.page.locator("h1").inner_text() == "Schedules"


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(person, site):
    somebody, told = person(), []
    for username in ("homu", "nobody-of-that-name"):
        somebody.open("/accounts/login/")
        somebody.page.locator("input[name=login]").fill(username)
        somebody.page.locator("input[name=password]").fill("wrong-password-1")
        somebody.page.keyboard.press("Enter")
        somebody.page.locator(".errorlist, .notice.stop, .errors").first.wait_for()
        told.append(somebody.page.locator("section.signin").inner_text())
        assert somebody.page.locator("input[name=login]").input_value() == username
    assert told[0] == told[1]


def test_who_signs_out_is_outside(person, site):
    lawyer = person("homu")
    with lawyer.page.expect_navigation():
        lawyer.page.locator('form[action="/accounts/logout/"] button').first.click()
    lawyer.open("/agreements/")
    assert "/accounts/login/" in lawyer.page.url and "next=/agreements/" in lawyer.page.url


@pytest.mark.parametrize(
    ("username", "path"),
    [("nittetsu", "/invoices/INV-2026-001/"), ("nittetsu", "/licensees/shinonome/"), ("shinonome", "/payouts/"),
     ("shinonome", "/books/"), ("kobelco", "/books/"), ("shinonome", "/members/"), ("aoba", "/licensees/shinonome/")],
)  # fmt: skip
def test_a_page_of_another_workplace_looks_like_one_that_does_not_exist(username, path, person, site):
    somebody = person(username)
    first, second = path.strip("/").split("/")[0], "never-written"
    closed = somebody.open(path)
    assert closed.status == 404
    body = without_path(somebody.page.content())
    missing = somebody.open(f"/{first}-{second}/")
    assert missing.status == 404
    assert body == without_path(somebody.page.content())


def without_path(source: str) -> str:
    source = re.sub(r'name="next" value="[^"]*"', "", source)
    source = re.sub(r"[0-9A-Za-z]{64}", "", source)  # tokens against forged requests
    return re.sub(r'aria-current="page"', "", source)


def test_the_second_factor_can_be_set_up(person):
    lawyer = person("homu")
    assert lawyer.open("/accounts/2fa/").status == 200
    assert lawyer.page.locator("h1").count() == 1


def every_path() -> list[str]:
    """Each address of urls.py, with something in place of its parameters."""
    found: list[str] = []

    def collect(patterns, before: str) -> None:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                collect(one.url_patterns, route)
            elif isinstance(one, URLPattern):
                found.append("/" + re.sub(r"<(int|(?!\w+:)\w+:)?[^>]*>", "1", route))

    collect(get_resolver("config.urls").url_patterns, "")
    return [path for path in found if not re.search(r"[\\^$(?]", path)]


def test_every_page_is_closed_without_login(person, site):
    stranger = person()
    paths = [path for path in every_path() if not OPEN.match(path)]
    assert len(paths) > 60
    let_in = []
    for path in paths:
        answer = stranger.context.request.get(site.url + path, max_redirects=0)
        if answer.status not in {302, 401, 403, 404, 405}:
            let_in.append(f"{path}: {answer.status}")
        if answer.status == 302 and "login" not in answer.headers["location"]:
            let_in.append(f"{path} leads to {answer.headers['location']}")
    assert let_in == []
