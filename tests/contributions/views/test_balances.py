"""The page of balances: own lines for a member, all with totals for the secretariat, on any day, at any checkpoint.

Account, timeline, inbox and page of a dataset tell the same of data that was withdrawn, superseded or refused.
"""

from __future__ import annotations

from datetime import date

import world as cast
from contributions import selectors, services
from contributions.models import Review

LATER, WITHDRAWN = date(2026, 7, 15), date(2026, 7, 1)


def balance(world, on: date, member: str = "tetsu", unit: str = "record", **more) -> int:
    rows = selectors.balances.visible_to(world.viewer("legal"), as_of=on, **more)
    return sum(row.amount for row in rows if (row.member, row.kind, row.unit) == (member, "data", unit))


def listed(world, on: date, who: str = "legal", **more) -> dict:
    found = selectors.timeline.items(world.viewer(who), member="tetsu", kind="data", on=on, **more)
    return {item.number: (item.state, item.stands, item.on_account) for item in found}


def told(found: dict) -> list:
    return sorted(found.values())


def test_the_secretariat_reads_all_balances_with_their_totals(contributed_world, reader, text):
    page = text(reader("legal").get("/balances/?as_of=2030-01-01"))
    assert "/members/tetsu/" in page and "Total" in page and "/contributions/timeline/?member=tetsu" in page


def test_a_member_reads_its_own_and_finance_neither_data_nor_compute(contributed_world, reader, text):
    own = text(reader("tetsu").get("/balances/?as_of=2030-01-01&format=csv"))
    assert "tetsu" in own and "hagane" not in own and "ginko" not in own
    finance = text(reader("finance").get("/balances/?as_of=2030-01-01&format=csv"))
    assert "ginko" in finance and "gpu_s" not in finance and "byte" not in finance
    assert reader("robo").get("/balances/").status_code == reader("reviewer").get("/balances/").status_code == 404


def test_a_balance_is_read_on_another_day_and_as_known_at_a_checkpoint(contributed_world, reader, text):
    contributed_world.seal()
    before = text(reader("legal").get("/balances/?as_of=2020-01-01"))
    assert "JPY" not in before and "As of 2020-01-01" in before
    narrowed = text(reader("legal").get("/balances/?as_of=2030-01-01&known_at=1&kind=cash&member=ginko"))
    assert "ginko" in narrowed and 'name="known_at" value="1"' in narrowed and "gpu_s" not in narrowed
    assert "There is no log checkpoint" in text(reader("legal").get("/balances/?known_at=99"))


def test_withdrawn_data_leaves_the_account_on_the_day_of_its_withdrawal(world):
    world.wait_until("2026-06-20 09:00")
    version = world.clear(world.dataset("tetsu", "高炉", quantity=3_000_000))
    sealed = world.seal()
    services.datasets.withdraw(version.dataset, on=WITHDRAWN, **world.by("tetsu"))
    assert balance(world, date(2026, 6, 30)) == 3_000_000 and balance(world, WITHDRAWN) == 0
    assert balance(world, LATER, known_at=sealed.size) == 3_000_000, "as the log knew before"
    assert told(listed(world, date(2026, 6, 30), is_past=True)) == [("usable", True, True)]
    assert told(listed(world, WITHDRAWN, is_past=True)) == [("withdrawn", False, False)]


def test_what_a_later_version_or_a_review_puts_aside_stays_on_account_until_it_is_withdrawn(world, reader, text):
    world.wait_until("2026-06-20 09:00")
    first = world.clear(world.dataset("tetsu", "高炉", quantity=3_000_000))
    second = services.datasets.revise(
        first.dataset, cast.description("高炉二"), source=b"{}", copies=[{"country": "JP", "region": "Osaka"}],
        submitted_on=date(2026, 6, 20), quantity=4_000_000, unit_code="record", agreement=first.agreement,
        **world.by("tetsu"),
    )  # fmt: skip
    assert told(listed(world, LATER)) == [("new", True, True), ("usable", True, True)]
    services.reviews.open_all(second, **world.by("legal"))
    world.clear(second)
    assert told(listed(world, LATER)) == [("superseded", False, True), ("usable", True, True)]
    assert balance(world, LATER) == 7_000_000
    rows = selectors.timeline.items(world.viewer("legal"), member="tetsu", kind="data", on=LATER)
    assert selectors.timeline.totals(rows) == [("data", "record", 1, 4_000_000, 7_000_000)]
    assert selectors.timeline.apart(rows) == {("tetsu", "data", "record"): (3_000_000, 0)}
    page = text(reader("legal").get("/balances/?member=tetsu&kind=data"))
    assert "is listed there and not summed" in page
    assert "it stays on account until its member withdraws it" in text(reader("tetsu").get("/contributions/timeline/"))
    old = text(reader("tetsu").get(f"/datasets/{first.dataset.number}/1/"))
    assert "not summed on the timeline; it stays on account until it is withdrawn" in old
    services.datasets.withdraw(first.dataset, version=first, on=WITHDRAWN, **world.by("tetsu"))
    assert balance(world, LATER) == 4_000_000
    assert "is listed there and not summed" not in text(reader("legal").get("/balances/?member=tetsu&kind=data"))


def test_of_data_that_its_owner_takes_back_the_inbox_asks_nothing(world):
    world.wait_until("2026-06-20 09:00")
    version = world.dataset("tetsu", "高炉")
    reviewer = world.viewer("reviewer")
    assert selectors.reviews.waiting_for(reviewer).count() == Review.objects.count() > 0
    services.datasets.withdraw(version.dataset, on=WITHDRAWN, **world.by("tetsu"))
    assert not selectors.reviews.waiting_for(reviewer).exists()
    assert [row for who in ("legal", "reviewer", "tetsu") for row in selectors.inbox.waiting_for(world.viewer(who))
            if row.kind in {"review", "gap"} and row.number == str(version)] == []  # fmt: skip


def test_a_balance_of_a_past_day_says_what_was_recorded_or_corrected_since(world, reader, text):
    world.wait_until("2026-06-20 09:00")
    world.batch("tetsu", cast.sacct((1, "2026-05-10", 4, 8)))
    world.cash("tetsu", 7_000_000)
    past = "/balances/?member=tetsu&as_of=2026-06-10"
    assert "was recorded only after that day" in text(reader("legal").get(past))
    world.wait_until("2026-07-20 09:00")
    batch = world.of("tetsu").batches.get()
    services.batches.reverse(batch, reason="重複", **world.by("legal"))
    page = text(reader("legal").get("/balances/?member=tetsu&as_of=2026-06-25"))
    assert "gpu_s" not in page, "what was reversed is off the account from its own day on"
    then = text(reader("legal").get("/compute/?member=tetsu&as_of=2026-06-25"))
    assert "32.00" in then and "This is not how things stand today." in then
    assert "32.00" not in text(reader("legal").get("/compute/"))
