"""Balances as of a day and as known at a size: exact, seen from the viewer, the same with blocks and without."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

import world as cast
from contributions import selectors, services
from contributions.core import balances as rules
from contributions.core.balances import Balance
from contributions.core.roles import Viewer
from contributions.models import BalanceBlock, LogHead
from contributions.services.journal import Draft

SYSTEM = Viewer.system("test")
MAY = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr(rules, "LEVEL_MIN", 1)
    monkeypatch.setattr(rules, "BLOCK", rules.FAN)


def put_in(member: str, amount: int, day: date = MAY, unit: str = "JPY") -> int:
    """One contribution of cash; the log's size after it."""
    facts = dict.fromkeys(("resource", "member", "kind", "unit", "quantity", "period", "funding", "agreement"))
    moved = [(f"member:{member}:cash", unit, amount), ("source:cash", unit, -amount)]
    draft = Draft("resource.recorded", "resource:x", facts, member, (day, None), moved)
    with transaction.atomic():
        return services.journal.append_many([draft], by=SYSTEM, at=cast.World().clock)[0].seq + 1


def seen(viewer: Viewer = SYSTEM, *, as_of: date = MAY, known_at: int | None = None) -> list[Balance]:
    size = LogHead.objects.get().size if known_at is None else known_at
    return selectors.balances.visible_to(viewer, as_of=as_of, known_at=size)


def test_a_day_and_a_size_each_have_their_own_answer(world):
    first = put_in("tetsu", 100)
    second = put_in("tetsu", 7, date(2026, 4, 10))  # dated back
    for _ in range(2):
        assert seen(known_at=first) == [Balance("tetsu", "cash", "JPY", 100)]
        assert seen(known_at=second) == [Balance("tetsu", "cash", "JPY", 107)]
        assert seen(as_of=date(2026, 4, 30), known_at=second) == [Balance("tetsu", "cash", "JPY", 7)]
        assert seen(as_of=date(2026, 4, 30), known_at=first) == []
        services.balances.extend()


def test_a_balance_beyond_64_bits_is_exact(world):
    most = 2**62 - 1
    for number in range(9):
        put_in("tetsu", most if number % 3 else -1)
    services.balances.extend()
    assert seen() == selectors.balances.by_movements(as_of=MAY, known_at=10**9)
    assert seen() == [Balance("tetsu", "cash", "JPY", 6 * most - 3)]


def test_a_member_sees_its_own_lines_and_a_rival_none_of_them(world):
    put_in("tetsu", 100)
    put_in("hagane", 5)
    for _ in range(2):
        assert [row.member for row in seen(world.viewer("tetsu"))] == ["tetsu"]
        assert [row.member for row in seen(world.viewer("hagane"))] == ["hagane"]
        assert [row.member for row in seen(world.viewer("auditor"))] == ["hagane", "tetsu"]
        for nobody in ("reviewer", "robo", "operator"):
            assert seen(world.viewer(nobody)) == []
        assert seen(None) == [] and seen(world.nowhere()) == []
        services.balances.extend()


def test_balances_take_three_queries_however_large_the_log(world, django_assert_max_num_queries):
    for number in range(40):
        put_in("tetsu", number + 1)
    services.balances.extend()
    with django_assert_max_num_queries(3):
        assert seen(known_at=10**6)


def test_extending_again_makes_nothing_and_a_rebuild_makes_the_same(world):
    for number in range(30):
        put_in("tetsu", number + 1, date(2026, 4, 1 + number % 28))
    services.balances.extend()
    rows = list(
        BalanceBlock.objects.order_by("level", "index", "day").values_list("level", "index", "day", "high", "low")
    )
    assert rows and services.balances.extend() == 0
    services.balances.rebuild()
    again = BalanceBlock.objects.order_by("level", "index", "day").values_list("level", "index", "day", "high", "low")
    assert list(again) == rows


def test_a_backdated_entry_changes_no_block_that_stands(world):
    for _ in range(16):
        put_in("tetsu", 1)
    services.balances.extend()
    before = list(BalanceBlock.objects.order_by("pk").values_list())
    put_in("tetsu", 1, date(2020, 1, 1))
    services.balances.extend()
    assert list(BalanceBlock.objects.filter(pk__in=[row[0] for row in before]).order_by("pk").values_list()) == before


def test_a_block_that_breaks_off_is_made_whole_the_next_time(world):
    for _ in range(16):
        put_in("tetsu", 1)

    def die_at_the_merge(execute, sql, parameters, many, context):
        if "LAG(" in sql:
            raise IntegrityError("broken off")
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(die_at_the_merge), pytest.raises(IntegrityError):
        services.balances.extend()
    services.balances.extend()
    checked = selectors.verification.check_log(services.log.signer().verifier, deep=True)
    assert checked.is_sound and checked.blocks, checked.fault
