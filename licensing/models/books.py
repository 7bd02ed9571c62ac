"""Bookkeeping: yen owed and paid lives here only. Every slip balances."""

from django.db import models

from contributions.models.facts import Fact, Posted


class Slip(Fact):
    number = models.CharField(max_length=20, unique=True)
    day = models.DateField()
    source = models.CharField(max_length=40)
    text_ja = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Posting(Posted):
    """One side of one account; accounts are those of `licensing.core.books`."""

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="postings")
    account = models.CharField(max_length=8)
    side = models.CharField(max_length=6)
    amount = models.BigIntegerField()
    party = models.CharField(max_length=32, blank=True)
    tax = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_posting_is_positive"),
            models.CheckConstraint(condition=models.Q(side__in=["debit", "credit"]), name="a_posting_has_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.slip} {self.account}"
