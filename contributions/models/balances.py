"""Balances as a projection of the movements: rebuilt from statements at any time, so not append-only.

The log is cut into complete blocks of 4^level entries, as the tree is into complete subtrees. A block holds, for each
line of the balance sheet, the running total over effective days of what its own entries moved. Blocks never change
once made: an entry that takes effect long before it is recorded falls into the block of its place in the log, like any
other. Any prefix of the log is a few blocks and a short tail.
"""

from django.db import models


class BalanceLine(models.Model):
    """One line of the balance sheet: what one member has put in of one kind, in one unit."""

    member = models.CharField(max_length=32)
    kind = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)

    class Meta:
        ordering = ["member", "kind", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "unit"], name="one_line_for_a_member_kind_and_unit")
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.kind} {self.unit}"


class BalanceBlock(models.Model):
    """What one block's entries moved on one line with effect up to and including a day.

    The total is high · 2^32 + low, since no database sums beyond 64 bits exactly in a way that both share.
    """

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    line = models.ForeignKey(BalanceLine, models.PROTECT, db_index=False, related_name="+")
    day = models.DateField()
    high = models.BigIntegerField()
    low = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "index", "line", "day"], name="one_total_for_a_block_line_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.index} {self.line_id} {self.day}"
