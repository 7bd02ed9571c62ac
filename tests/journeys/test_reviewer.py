"""The review body decides the review that is still open; somebody from the contributor's own house may not."""

from __future__ import annotations

OPEN = """SELECT d.number || '@' || v.version || '-' || r.kind, d.number || '@' || v.version, r.id
    FROM contributions_review r
    JOIN contributions_datasetversion v ON r.version_id = v.id JOIN contributions_dataset d ON v.dataset_id = d.id
    WHERE r.state = 'open'"""
SECONDED = """
from datetime import datetime, UTC
from contributions import services
from contributions.core.roles import Viewer
from contributions.models import Organization
find = lambda code: Organization.objects.get(code=code)
given = {"by": Viewer.system("demo"), "at": datetime(2026, 10, 31, tzinfo=UTC)}
user = services.people.invite(
    username="shukko-minato", email="shukko-minato@example.invalid", name_ja="出向者", name_en="Secondee",
    home=find("minato"), password="moyai-demo", **given)
services.people.grant(user, organization=find("shinsakiko"), workplace="reviewer", role="reviewer", **given)
"""


def others_of(site, review: int) -> str:
    """A review of another member's dataset."""
    return site.value(
        """SELECT d.number || '@' || v.version || '-' || r.kind FROM contributions_review r
        JOIN contributions_datasetversion v ON r.version_id = v.id
        JOIN contributions_dataset d ON v.dataset_id = d.id WHERE d.number LIKE 'D-honda%' AND r.id <> ?""",
        [review],
    )


def test_somebody_seconded_by_the_contributor_may_not_decide(person, site):
    site.run("manage.py", "shell", "-c", SECONDED)
    review, number, key = site.rows(OPEN)[0]
    secondee = person()
    secondee.open("/accounts/login/")
    secondee.page.locator("input[name=login]").fill("shukko-minato")
    secondee.page.locator("input[name=password]").fill("moyai-demo")
    secondee.page.keyboard.press("Enter")
    secondee.page.wait_for_url(site.url + "/")
    assert secondee.open(f"/reviews/{others_of(site, key)}/").status == 200, "it is a reviewer"
    secondee.open(f"/reviews/{review}/")
    assert secondee.page.locator("input[name=decision]").count() == 0, "the form is not offered"
    token = secondee.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    forced = {"decision": "passed", "opinion": "x", "valid_from": "2026-11-01", "valid_until": "2027-10-31",
              "confirm": number, "csrfmiddlewaretoken": token}  # fmt: skip
    answer = secondee.context.request.post(f"{site.url}/reviews/{review}/", form=forced, headers={"Referer": site.url})
    assert answer.status == 404, "for an interested person the review does not exist"
    assert site.value("SELECT state FROM contributions_review WHERE id = ?", [key]) == "open"


def test_the_open_review_is_found_in_the_inbox_and_decided(person, site):
    reviewer = person("shinsa")
    page = reviewer.page
    review, number, key = site.rows(OPEN)[0]
    page.locator(f'main a[href="/reviews/{review}/"]').first.click()
    page.wait_for_url(f"**/reviews/{review}/")
    page.locator("input[name=decision][value=passed]").check()
    page.locator("textarea[name=opinion]").fill("安全上の懸念は認められません。（見本）")
    page.locator("input[name=valid_from]").fill("令和8年11月1日")
    page.locator("input[name=valid_until]").fill("2028/10/31")
    reviewer.type_number(number)
    page.wait_for_load_state()
    found = site.rows("SELECT state, valid_from, valid_until FROM contributions_review WHERE id = ?", [key])
    assert found == [("passed", "2026-11-01", "2028-11-01")]
    assert page.locator("input[name=decision]").count() == 0, "a decision is final"
    assert reviewer.complaints == []
