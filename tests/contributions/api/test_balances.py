"""Balances over the API: both time axes, own lines only, exact as text."""

from __future__ import annotations


def balances(client, query: str = ""):
    answer = client.get(f"/api/v1/balances/?{query}")
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def test_a_member_sees_its_own_balances_and_the_secretariat_all(call, contributed):
    own = balances(call("tetsu"), "as_of=2030-01-01")
    assert own and {row["member"] for row in own} == {"tetsu"}
    everybody = balances(call("auditor"), "as_of=2030-01-01")
    assert {row["member"] for row in everybody} > {"tetsu"} and [r for r in everybody if r["member"] == "tetsu"] == own
    assert balances(call("auditor"), "as_of=2030-01-01&member=tetsu") == own
    assert balances(call("hagane"), "as_of=2030-01-01&member=tetsu") == []
    assert balances(call("robo")) == balances(call("reviewer")) == []


def test_a_day_before_and_a_log_before_hold_less(call, contributed):
    assert balances(call("auditor"), "as_of=2020-01-01") == []
    sealed = contributed.seal()
    contributed.cash("tetsu", 5)
    some = balances(call("auditor"), "as_of=2030-01-01")
    assert balances(call("auditor"), f"as_of=2030-01-01&known_at={sealed.number}") != some
    assert all(isinstance(row["amount"], str) and int(row["amount"]) for row in some)


def test_a_day_that_is_none_is_refused_by_name(call, contributed):
    answer = call("auditor").get("/api/v1/balances/?as_of=yesterday&known_at=-1")
    assert answer.status_code == 400
    assert {finding["field"] for finding in answer.json()["findings"]} == {"as_of", "known_at"}
