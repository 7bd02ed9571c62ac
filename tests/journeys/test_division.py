"""From a policy to a share that is verified elsewhere: built, compared, voted, adopted, run, attested, adopted.

Two members vote, one of them in English; that one opens its share down to an entry and its proof, takes its bundle
home, and the verifier, which knows nothing but a key, accepts it and the desk's.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from journeys.stage import ROOT

VOTERS = (("honda", "ja", "賛成"), ("nittetsu", "en", "For"))


def test_a_policy_is_voted_run_adopted_and_verified_offline(person, site, tmp_path):
    lawyer = person("homu")
    proposes(lawyer)
    number, version = site.rows("SELECT number, version FROM licensing_policy ORDER BY version DESC")[0]
    policy = f"/policies/{number}/{version}/"
    compares(lawyer)
    records_a_body_of_two(lawyer)
    carries(person, site, lawyer, policy)
    lawyer.open(policy)
    lawyer.finally_do(f"{number}@{version}")
    assert site.value("SELECT state FROM licensing_policy WHERE version = ?", [version]) == "adopted"

    desk = person("haibun")
    allocation = runs(desk, f"{number}@{version}")
    for officer in (desk, person("kansa")):
        officer.open(f"/allocations/{allocation}/")
        officer.finally_do(allocation)
        assert officer.page.locator(".notice.ok").count() == 1
    carries(person, site, lawyer, f"/allocations/{allocation}/")
    lawyer.open(f"/allocations/{allocation}/")
    lawyer.finally_do(allocation)
    assert site.value("SELECT state FROM licensing_allocation WHERE number = ?", [allocation]) == "adopted"

    member = person("nittetsu", "en")
    reads_its_share(member, allocation)
    follows_it_to_an_entry(member)
    key = tmp_path / "log.vkey"
    key.write_bytes(member.fetch("/log/log.vkey").body())
    own = downloads(member, "Own bundle", f"/allocations/{allocation}/", tmp_path)
    assert own.name == f"member-nipponsteel-{allocation}.zip"
    told = verified(own, key)
    assert "rebuilt from own entries" in told and "the rated factors of the own lines" in told
    asks_of_another_time(desk, member, allocation)
    whole = downloads(desk, "全件検証資料", f"/allocations/{allocation}/", tmp_path)
    assert "recomputed from policy and inputs" in verified(whole, key)
    assert person("kobelco").fetch(f"/allocations/{allocation}/member.zip").body() != own.read_bytes()
    for somebody in (lawyer, desk, member):
        assert somebody.complaints == []


def compares(lawyer) -> None:
    """The page of the proposal says what changes from the version in force, which is one step away."""
    page = lawyer.page
    changes = page.locator("#changes ~ .scroll, #changes ~ table").first.inner_text()
    assert "35 %" in changes and "40 %" in changes


def carries(person, site, lawyer, address: str) -> None:
    """Both members vote for it, and the ballot is closed with its minutes."""
    opens_the_ballot(lawyer, address)
    ballot = site.value("SELECT MAX(number) FROM licensing_ballot")
    for username, language, word in VOTERS:
        votes(person(username, language), ballot, word)
    closes(lawyer, ballot)
    assert site.value("SELECT state FROM licensing_ballot WHERE number = ?", [ballot]) == "carried"


def runs(desk, policy: str) -> str:
    """The desk calculates by the new policy, over the log as it stands."""
    page = desk.page
    desk.open("/allocations/new/")
    page.locator("select[name=policy]").select_option(policy)
    page.locator("select[name=release]").select_option("R-0.3")
    page.locator("input[name=window_from]").fill("2026-04-01")
    page.locator("input[name=window_to]").fill("2026-09-30")
    page.locator("main form .submit button").click()
    page.wait_for_url("**/allocations/A-*/")
    return page.url.rstrip("/").rpartition("/")[2]


def reads_its_share(member, allocation: str) -> None:
    page = member.page
    member.open("/allocations/")
    page.locator(f'main a[href="/allocations/{allocation}/"]').first.click()
    page.wait_for_url(f"**/allocations/{allocation}/")
    told = page.inner_text("main")
    assert "Nippon Steel" in told and "Kobe Steel" not in told
    assert "What would raise it" in told


def asks_of_another_time(desk, member, allocation: str) -> None:
    """As known on 5 October about April to June: the desk sees all shares, the member its own points alone."""
    for somebody, table in ((desk, "beside"), (member, "points")):
        page = somebody.page
        somebody.open(f"/allocations/{allocation}/what-if/")
        page.locator("input[name=window_from]").fill("2026-04-01")
        page.locator("input[name=window_to]").fill("2026/6/30")
        page.locator("input[name=known_on]").fill("令和8年10月5日")
        page.locator("main form .submit button").click()
        page.wait_for_url("**known_on=*")
        told = page.inner_text("main")
        assert "2026-06-30" in told and "2026-10-05" in told
        assert page.locator(f"#{table} tbody tr").count() and page.locator("svg.chart").count()
        assert page.locator("select[name=uncorrected]").count() == (somebody is desk)
        assert ("神戸製鋼所" in told) == (somebody is desk) and "Kobe Steel" not in told
    desk.page.locator("select[name=uncorrected]").select_option("minato")
    desk.page.locator("main form .submit button").click()
    desk.page.wait_for_url("**uncorrected=minato*")
    assert "C-minato-" in desk.page.locator("dl.facts").last.inner_text()


def follows_it_to_an_entry(member) -> None:
    """From the lines of the share to one contribution, to its entry, to the proof."""
    page = member.page
    page.locator('#why a[href^="/datasets/"], #why a[href^="/resources/"], #why a[href^="/compute/"]').first.click()
    page.wait_for_load_state()
    page.locator('a[href*="/log/entries/"]').first.click()
    page.wait_for_url("**/log/entries/*/**")
    sequence = page.url.split("/entries/")[1].split("/")[0]
    assert member.fetch(f"/log/entries/{sequence}/proof").text().startswith("c2sp.org/tlog-proof")


def downloads(somebody, button: str, address: str, folder: Path) -> Path:
    page = somebody.page
    somebody.open(address)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=button, exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def verified(bundle: Path, key: Path) -> str:
    """What the verifier says, which is given the bundle and the log's key, and no server."""
    command = [sys.executable, "-m", "licensing.core.verify", str(bundle), "--key", str(key), "--lang", "en"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def proposes(lawyer) -> None:
    """The cap of the money is lowered by field; the page says at once what that changes."""
    page = lawyer.page
    lawyer.open("/policies/new/")
    page.locator("details.right > summary > b").first.click()
    page.locator('input[name="revenue.cap"]').fill("35%")
    page.locator("#preview td", has_text="35 %").first.wait_for()
    page.locator("main form .submit button.first").click()
    page.wait_for_url("**/policies/*/*/")


def records_a_body_of_two(lawyer) -> None:
    page = lawyer.page
    lawyer.open("/bodies/new/")
    for name, value in (
        ("code", "two"), ("name_ja", "二社委員会（見本・架空）"), ("name_en", "Committee of two (fictional)"),
        ("valid_from", "2026-04-01"), ("source_ja", "覚書（見本）"), ("source_en", "memorandum (specimen)"),
        ("policy_threshold", "1"),
    ):  # fmt: skip
        page.locator(f"input[name={name}]").fill(value)
    page.locator("select[name=electorate]").select_option("named")
    for code in ("honda", "nipponsteel"):
        page.locator(f"input[name=members][value={code}]").check()
    page.locator("main form .submit button").click()
    page.wait_for_url("**/bodies/two/")


def opens_the_ballot(lawyer, address: str) -> None:
    page = lawyer.page
    lawyer.open(f"{address}ballot/")
    page.locator("select[name=body]").select_option("two")
    page.locator("input[name=closes_on]").fill("令和20年4月1日")
    page.locator("main form .submit button").click()
    page.wait_for_url("**/ballots/*/")


def votes(member, ballot: int, word: str) -> None:
    page = member.page
    page.locator(f'main a[href="/ballots/{ballot}/"]').first.click()
    page.wait_for_url(f"**/ballots/{ballot}/")
    page.locator("details.confirm > summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("input[name=choice][value=for]").check()
    member.type_number(str(ballot))
    assert word in page.locator("tr.me").inner_text()
    assert member.complaints == []


def closes(lawyer, ballot: int) -> None:
    page = lawyer.page
    lawyer.open(f"/ballots/{ballot}/")
    page.locator("details.confirm > summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("textarea[name=minutes_ja]").fill("全会一致で可決した。（見本・架空）")
    page.locator("textarea[name=minutes_en]").fill("Carried unanimously. (fictional)")
    lawyer.type_number(str(ballot))
