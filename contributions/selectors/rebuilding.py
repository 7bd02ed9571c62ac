"""Making the balances again from the statements alone, and comparing every stored block with them (I12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import connection

from contributions.core import balances as rules
from contributions.core import statements
from contributions.core.words import Text
from contributions.models import BalanceBlock, BalanceLine
from contributions.selectors import balances
from contributions.selectors.invariants import Fault, Row

BLOCK_ROWS = (
    'SELECT line_id, CAST(day AS text), high, low FROM contributions_balanceblock WHERE level = %s AND "index" = %s'
)


class Rebuild:
    """Blocks made from statements in the log's order, each compared when it is full."""

    def __init__(self) -> None:
        self.covered = balances.covered()
        self.days: dict[tuple[rules.Line, str], int] = defaultdict(int)
        self.parts: dict[int, list[Mapping[tuple[rules.Line, str], int]]] = defaultdict(list)
        self.lines = {row.pk: (row.member, row.kind, row.unit) for row in BalanceLine.objects.all()}
        self.blocks = self.rows = 0

    def add(self, row: Row, said: Mapping[str, Any] | None) -> None:
        """What one entry's statement moves."""
        if said is not None and said["movements"]:
            day = statements.day_of(said["effective"][0], row.recorded_at)
            for account, unit, amount in said["movements"]:
                if (own := statements.line_of(account)) is not None:
                    self.days[(*own, unit), day] += int(amount)
        if (row.seq + 1) % rules.BLOCK == 0 and row.seq < self.covered:
            self._fill(row.seq // rules.BLOCK)

    def finish(self) -> int:
        """How many blocks were compared; no row may stand beside theirs."""
        if BalanceBlock.objects.count() != self.rows:
            raise Fault("I12", _STRAY, place=_PLACE)
        return self.blocks

    def _fill(self, index: int) -> None:
        days: Mapping[tuple[rules.Line, str], int] = dict(self.days)
        self.days.clear()
        self._compare(rules.LEVEL_MIN, index, days)
        below = rules.LEVEL_MIN
        self.parts[below].append(days)
        for level, above in rules.completed_by(index):
            days = rules.merged(self.parts.pop(below))
            self._compare(level, above, days)
            self.parts[level].append(days)
            below = level

    def _compare(self, level: int, index: int, days: Mapping[tuple[rules.Line, str], int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(BLOCK_ROWS, (level, index))
            held = cursor.fetchall()
        found = {(self.lines.get(line), day): rules.whole(high, low) for line, day, high, low in held}
        wanted = {(line, day): total for line, day, total in rules.running(days)}
        if found != wanted:
            size = rules.FAN**level
            span = Text(f"記録 {index * size} から", f"from entry {index * size}")
            raise Fault(
                "I12", _DIFFERS, seq=index * size, place=Text(f"残高の集計（{span.ja}）", f"balances {span.en}")
            )
        self.blocks += 1
        self.rows += len(found)


_PLACE = Text("残高の集計", "balances")
_STRAY = Text("どの記録にも由来しない行があります。", "rows stand there that come from no entry")
_DIFFERS = Text("記録内容から再集計した値と異なります。", "they differ from a rebuild from the statements")
