"""The page of balances: own lines for a member, all with totals for the secretariat, on any day, at any checkpoint."""

from __future__ import annotations


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
