"""What a journey gets: a served demo of its own, and people who sit down before it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journeys.stage import Stage
from playwright.sync_api import Browser, BrowserContext, Page, expect

expect.set_options(timeout=20_000)
LOCALES = {"ja": "ja-JP", "en": "en-US"}


@pytest.fixture(scope="session")
def told(tmp_path_factory) -> Iterator[Stage]:
    """The demo's story, told once, by whichever test process comes first; never served itself."""
    shared: Path = tmp_path_factory.getbasetemp()
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    shared = shared if alone else shared.parent
    home, finished = shared / "told", shared / "told.finished"
    with (shared / "told.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            home.mkdir()
            Stage(home).tell()
            finished.touch()
    yield Stage(home)
    if alone:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def site(told, tmp_path_factory) -> Iterator[Stage]:
    """A served copy of the demo for one file of journeys."""
    home = tmp_path_factory.mktemp("site")
    stage = told.copied(home).serve()
    yield stage
    stage.close()
    shutil.rmtree(home, ignore_errors=True)


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, site: Stage, context: BrowserContext, username: str = ""):
        self.site, self.context, self.username = site, context, username
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _hear(self, message) -> None:
        # a refused form is answered with 422 and a missing page with 404, which Chromium calls errors
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def open(self, path: str):
        return self.page.goto(self.site.url + path)

    def enter(self) -> Person:
        """Through the button of the demo's login page."""
        self.open("/accounts/login/")
        self.page.locator(f'button[name="username"][value="{self.username}"]').click()
        self.page.wait_for_url(self.site.url + "/")
        return self

    def fetch(self, path: str, **options):
        """A file, with this person's session."""
        return self.context.request.get(self.site.url + path, **options)

    def finally_do(self, number: str) -> None:
        """A final action by keyboard: open it, type the number it asks for, press Enter."""
        self.page.locator("details.confirm:not([open]) > summary").first.focus()
        self.page.keyboard.press("Enter")
        self.type_number(number)

    def type_number(self, number: str) -> None:
        """Into the final action that stands open; Enter sends it."""
        with self.page.expect_navigation():
            self.page.locator("details.confirm[open] input[name=confirm]").fill(number)
            self.page.keyboard.press("Enter")


@pytest.fixture
def person(site: Stage, browser: Browser) -> Iterator[Callable[..., Person]]:
    """`person("homu")` has entered the demo as that person; `person()` stands before the login page."""
    contexts: list[BrowserContext] = []

    def sit_down(username: str = "", language: str = "ja", **options) -> Person:
        size = options.pop("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(locale=LOCALES[language], viewport=size, **options)
        contexts.append(context)
        somebody = Person(site, context, username)
        return somebody.enter() if username else somebody

    yield sit_down
    for context in contexts:
        context.close()
