"""Usage with bad rows is previewed, committed, corrected and sent again; then a figure is followed to its rows."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

HEADER = "JobID|Cluster|Submit|Start|End|Elapsed|State|NNodes|NCPUS|AllocTRES"
GOOD = "{job}|osaka|{day}T08:00:00|{day}T09:00:00|{day}T11:00:00|02:00:00|COMPLETED|1|96|cpu=96,gres/gpu:h100=8,node=1"
BATCH = "SELECT number FROM contributions_batch ORDER BY id DESC LIMIT 1"


def line(job: int, day: str = "2026-09-10") -> str:
    return GOOD.format(job=job, day=day)


def send(member, path: Path) -> None:
    member.open("/batches/new/")
    member.page.set_input_files("input[type=file]", path)
    member.page.select_option("select[name=facility]", "osaka")
    member.page.get_by_role("button", name="ファイルを読み取る").click()
    expect(member.page.get_by_role("heading", name="登録される内容")).to_be_visible(timeout=60_000)


def commit(member, site, before: str) -> str:
    """Commit what stands in the preview; the page itself goes on to the batch."""
    member.page.get_by_role("button", name="登録する").click()
    member.page.wait_for_url("**/batches/B-honda-*/", timeout=60_000)
    number = site.value(BATCH)
    assert number != before and number in member.page.url
    return number


def test_a_file_with_bad_rows_is_corrected_and_sent_again_and_a_figure_leads_to_its_rows(
    person, site, tmp_path, screenshots
):
    site.work()
    member, start = person("honda"), site.value(BATCH)
    first = tmp_path / "見本-九月.log"
    broken = line(990002).replace("02:00:00", "9:99")
    first.write_text(f"{HEADER}\n{line(990001)}\n{broken}\nこれは行ではない\n", encoding="utf-8")
    send(member, first)
    told = member.page.inner_text("main")
    assert "経過時間「9:99」" in told and "これは行ではない" in told and "16.000000" in told
    assert site.value(BATCH) == start, "nothing is posted before the commit"
    member.page.screenshot(path=screenshots / "import-preview-ja.png", full_page=True)
    number = commit(member, site, start)

    rejected = member.fetch(f"/batches/{number}/rejected").text()
    assert rejected.splitlines() == [HEADER, broken, "これは行ではない"]
    second = tmp_path / "見本-九月-訂正.log"
    second.write_text(rejected.replace("9:99", "02:00:00").replace("これは行ではない\n", ""), encoding="utf-8")
    send(member, second)
    corrected = commit(member, site, number)

    member.page.locator("table a.day").first.click()
    expect(member.page.get_by_role("heading", level=1)).to_contain_text("数値のもとになった行")
    rows = member.page.inner_text("main")
    assert "990002" in rows and "16.000000" in rows
    member.open("/compute/2026-09/")
    with member.page.expect_navigation():
        member.page.locator(f'a[href="/batches/{corrected}/2026-09-10/h100/"]').first.click()
    assert "990002" in member.page.inner_text("main")
    assert person("nittetsu").fetch(f"/batches/{corrected}/2026-09-10/h100/").status == 404
    assert member.complaints == []
