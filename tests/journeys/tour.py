"""The pictures of the README, taken anew: PYTHONPATH=tests python -m journeys.tour docs/tour [HOME]

HOME is the MOYAI_HOME of a demo that stands already, of which a copy is shown; without it one is told first.

Needs Chromium and pdftoppm (Debian: chromium, poppler-utils). Each picture is 1280 px wide and small enough to be read
over a slow line.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from journeys.stage import Stage
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

WIDTH, BYTES_MAX = 1280, 180_000
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SHINONOME = """SELECT a.number FROM licensing_agreement a JOIN licensing_licensee l ON a.licensee_id = l.id
    JOIN contributions_organization o ON l.organization_id = o.id
    WHERE o.code = 'shinonome' AND a.executed_at IS NOT NULL"""
NEGOTIATED = "SELECT a.number FROM licensing_negotiation n JOIN licensing_agreement a ON n.agreement_id = a.id"
ADOPTED = "SELECT number FROM licensing_allocation WHERE state = 'adopted'"
REPORT = "SELECT number FROM licensing_auditreport"


def save(picture: Image.Image, path: Path) -> None:
    """In all its colours, or in as many as it may have to be light."""
    whole = picture.convert("RGB")
    for colours in (0, 256, 128, 64, 32):
        out = io.BytesIO()
        fewer = whole.quantize(colours, dither=Image.Dither.NONE) if colours else whole
        fewer.save(out, "PNG", optimize=True)
        if out.tell() < BYTES_MAX:
            break
    path.write_bytes(out.getvalue())
    print(f"{path}  {picture.width} x {picture.height}  {out.tell() / 1000:.0f} kB")


def enter(browser: Browser, site: Stage, username: str, language: str = "ja", width: int = WIDTH, **options) -> Page:
    context = browser.new_context(
        locale={"ja": "ja-JP", "en": "en-US"}[language], viewport={"width": width, "height": 1000}, **options
    )
    page = context.new_page()
    page.goto(site.url + "/accounts/login/")
    if username:
        page.locator(f'button[name="username"][value="{username}"]').click()
        page.wait_for_url(site.url + "/")
    return page


def shot(page: Page, height: int = 0) -> Image.Image:
    """The page from its top, so many pixels high; the whole of it without a height."""
    page.evaluate("scrollTo(0, 0)")
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    return picture.crop((0, 0, picture.width, min(height or picture.height, picture.height)))


def beside(pictures: list[Image.Image], background: str = "#e4e1da", gap: int = 24) -> Image.Image:
    """Pictures of one height beside one another, the whole 1280 px wide."""
    each = (WIDTH - gap * (len(pictures) + 1)) // len(pictures)
    fitted = [one.resize((each, round(one.height * each / one.width)), Image.Resampling.LANCZOS) for one in pictures]
    whole = Image.new("RGB", (WIDTH, max(one.height for one in fitted) + 2 * gap), background)
    for at, one in enumerate(fitted):
        whole.paste(one, (gap + at * (each + gap), gap))
    return whole


def first_pages(content: bytes, count: int = 2) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "paper.pdf").write_bytes(content)
        subprocess.run(["pdftoppm", "-r", "110", "-l", str(count), "-png", "paper.pdf", "page"], cwd=folder, check=True)
        return beside([Image.open(path).copy() for path in sorted(Path(folder).glob("page-*.png"))])


def usage(browser: Browser, site: Stage, language: str, scheme: str) -> Image.Image:
    """The usage form on a phone, with the fee it comes to."""
    page = enter(browser, site, "shinonome", language, width=400, color_scheme=scheme, device_scale_factor=2)
    page.goto(f"{site.url}/agreements/{site.value(SHINONOME)}/usage/2026-07-01/")
    page.locator("#units-1").press_sequentially("1,200")
    page.locator("#preview .why").wait_for()
    return shot(page, 2 * 1000)


def take(browser: Browser, site: Stage, folder: Path) -> None:
    allocation, agreement, report = site.value(ADOPTED), site.value(SHINONOME), site.value(REPORT)
    nobody = enter(browser, site, "")
    save(shot(nobody), folder / "login.png")
    nobody.goto(f"{site.url}/guide/calculator/?list=S-ROBOT&region=JP&units=600&region=TH&units=200&every=quarter")
    save(shot(nobody, 1240), folder / "calculator.png")
    desk = enter(browser, site, "haibun")
    desk.goto(f"{site.url}/allocations/{allocation}/")
    save(shot(desk, 1240), folder / "allocation-desk.png")
    member = enter(browser, site, "nittetsu", "en")
    member.goto(f"{site.url}/allocations/{allocation}/")
    save(shot(member, 1240), folder / "allocation-member.png")
    legal = enter(browser, site, "homu")
    legal.goto(f"{site.url}/agreements/{agreement}/")
    save(shot(legal, 1240), folder / "agreement.png")
    get = legal.context.request.get
    save(
        first_pages(get(f"{site.url}/agreements/{agreement}/document/executed.pdf").body()),
        folder / "agreement-pdf.png",
    )
    save(first_pages(get(f"{site.url}/reports/{report}/report.pdf").body()), folder / "report-pdf.png")
    legal.goto(f"{site.url}/agreements/{site.value(NEGOTIATED)}/redline/")
    save(shot(legal, 1240), folder / "redline.png")
    legal.goto(f"{site.url}/log/")
    legal.locator('form[action^="/log/verify/"] button').click()
    legal.wait_for_load_state()
    save(shot(legal, 1100), folder / "log.png")
    phones = [usage(browser, site, *seen) for seen in (("ja", "light"), ("en", "light"), ("ja", "dark"))]
    save(beside(phones), folder / "usage-phone.png")


def main(folder: Path, told: Path | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        site = Stage(told).copied(Path(home)) if told else Stage(Path(home)).tell()
        site.serve()
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        try:
            take(browser, site, folder)
        finally:
            browser.close()
            site.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
