"""Bookkeeping: yen owed and paid lives here only. Every slip balances."""

from django.db import models

from contributions.models.facts import Fact, Posted


class Account(models.Model):
    code = models.CharField(max_length=20, unique=True)
    name_ja = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    side = models.CharField(max_length=6)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Slip(Fact):
    number = models.CharField(max_length=20, unique=True)
    on = models.DateField()
    subject = models.CharField(max_length=80)
    memo_ja = models.CharField(max_length=200)
    memo_en = models.CharField(max_length=200)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Posting(Posted):
    slip = models.ForeignKey(Slip, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    partner = models.CharField(max_length=32, blank=True)
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(debit__gt=0, credit=0) | models.Q(debit=0, credit__gt=0),
                name="a_posting_is_debit_or_credit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slip} {self.account}"
