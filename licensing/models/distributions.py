"""Money received, split to the members by an adopted allocation, exact to the yen."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.members import Member
from licensing.models.allocations import Allocation
from licensing.models.invoices import Receipt


class Distribution(Fact):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"
        PAID = "paid", "Paid"

    number = models.CharField(max_length=20, unique=True)
    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="distributions")
    receipts = models.ManyToManyField(Receipt, related_name="distributions")
    payment_type = models.CharField(max_length=30)
    period_from = models.DateField()
    period_until = models.DateField()
    gross = models.BigIntegerField()
    steps = models.JSONField()
    pool = models.BigIntegerField()
    tax_rate = models.CharField(max_length=20)
    pay_on = models.DateField()
    confirm_by = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("contributions.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class Payout(Fact):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        NOTIFIED = "notified", "Awaiting confirmation"
        CONFIRMED = "confirmed", "Confirmed"
        DISPUTED = "disputed", "Disputed"
        PAID = "paid", "Paid"

    number = models.CharField(max_length=24, unique=True)
    distribution = models.ForeignKey(Distribution, models.PROTECT, related_name="payouts")
    member = models.ForeignKey(Member, models.PROTECT, related_name="payouts")
    grid_units = models.BigIntegerField()
    quota = models.TextField()
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    gross = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    dispute = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["member__organization__code"]
        constraints = [
            models.UniqueConstraint(fields=["distribution", "member"], name="one_payout_per_member"),
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")), name="a_payout_is_net_and_tax"
            ),
        ]

    def __str__(self) -> str:
        return self.number
