"""A dataset from its Croissant file to the answer to a condition; a reviewer with a conflict never finds it."""

from __future__ import annotations

import json
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "demo" / "datasets" / "minato-tool-wear.json"
SECONDED = """
from datetime import datetime, UTC
from contributions import services
from contributions.core.roles import Viewer
from contributions.models import Organization
find = lambda code: Organization.objects.get(code=code)
given = {"by": Viewer.system("demo"), "at": datetime(2026, 10, 31, tzinfo=UTC)}
user = services.people.invite(username="shukko2", email="shukko2@example.invalid", name_ja="出向者", name_en="Secondee",
    home=find("honda"), password="moyai-demo", **given)
services.people.grant(user, organization=find("shinsakiko"), workplace="reviewer", role="reviewer", **given)
"""


def described(folder: Path) -> Path:
    """A member's own description, which leaves out who holds the rights."""
    document = json.loads(DEMO.read_text(encoding="utf-8"))
    document["name"] = {"ja": "操舵の試験系列（見本）", "en": "Steering series (specimen)"}
    del document["moyai:rightsHolder"]
    path = folder / "steering.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def sign_in(somebody, username: str):
    somebody.open("/accounts/login/")
    somebody.page.locator("input[name=login]").fill(username)
    somebody.page.locator("input[name=password]").fill("moyai-demo")
    somebody.page.keyboard.press("Enter")
    somebody.page.wait_for_url(somebody.site.url + "/")
    return somebody


def test_a_dataset_is_submitted_reviewed_on_a_condition_and_answered(person, site, tmp_path):
    member = person("honda")
    page = member.page
    member.open("/datasets/new/")
    page.locator("input[name=file]").set_input_files(described(tmp_path))
    page.locator("select[name=agreement]").select_option(index=1)
    with page.expect_navigation():
        page.locator("main form.form button.first").click()
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    assert number.startswith("D-honda-")

    # the record leaves something out: it is named, and stated
    assert "権利者の記載がありません。" in page.locator("main").inner_text()
    member.open(f"/datasets/{number}/1/state/")
    page.locator("input[name=rights_holders]").fill("本田技研工業株式会社")
    with page.expect_navigation():
        page.locator("main form.form button.first").click()
    assert "権利者の記載がありません。" not in page.locator("main").inner_text()

    legal = person("homu")
    legal.open(f"/datasets/{number}/")
    with legal.page.expect_navigation():
        legal.page.locator(f'form[action="/datasets/{number}/reviews/"] button').click()
    review = f"{number}@1-title"

    # somebody seconded by the owner sits in the review body: for that person there is no such review
    site.run("manage.py", "shell", "-c", SECONDED)
    conflicted = sign_in(person(), "shukko2")
    assert conflicted.open(f"/reviews/{review}/").status == 404
    assert number not in conflicted.page.locator("main").inner_text(), "but for the address that was asked"
    conflicted.open("/reviews/")
    assert number not in conflicted.page.content()

    # another one clears it, on a condition
    reviewer = person("shinsa")
    reviewer.open(f"/reviews/{review}/")
    form = reviewer.page
    form.locator("input[name=decision][value=passed]").check()
    form.locator("textarea[name=opinion]").fill("権原を確認しました。（見本）")
    form.locator("input[name=evidence]").set_input_files(
        {"name": "意見書.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    form.locator("input[name=valid_until]").fill("2028-10-31")
    form.locator("input[name=condition_1]").fill("契約の写しを提出すること")
    form.locator("input[name=due_1]").fill("2027-01-31")
    reviewer.type_number(f"{number}@1")
    assert (
        site.value(
            """SELECT r.state FROM contributions_review r JOIN contributions_datasetversion v ON r.version_id = v.id
        JOIN contributions_dataset d ON v.dataset_id = d.id WHERE d.number = ? AND r.kind = 'title'""",
            [number],
        )
        == "passed"
    )

    # the owner reads the condition and answers it with a file
    member.open(f"/reviews/{review}/")
    assert "契約の写しを提出すること" in page.locator("main").inner_text()
    page.locator("select[name=condition]").select_option(index=1)
    page.locator("textarea[name=text]").fill("写しを提出します。（見本）")
    page.locator("input[name=evidence]").set_input_files(
        {"name": "写し.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    with page.expect_navigation():
        page.locator(f'form[action="/reviews/{review}/reply/"] button.first').click()
    assert "写しを提出します。" in page.locator("main").inner_text()

    # and the reviewer confirms it
    reviewer.open(f"/reviews/{review}/")
    assert "写し.pdf" in form.locator("main").inner_text()
    form.locator("td details > summary").first.click()
    form.locator("td details input[name=on]").fill("2026-11-20")
    with form.expect_navigation():
        form.locator("td details button.first").click()
    fulfilled = site.value("SELECT fulfilled_on FROM contributions_condition ORDER BY id DESC LIMIT 1", [])
    assert fulfilled == "2026-11-20"
    assert member.complaints == [] and reviewer.complaints == []
