"""Invoices are frozen snapshots: every fact they print is copied into their own rows."""

from django.db import models

from contributions.models.facts import Fact, Posted
from licensing.models.agreements import Agreement
from licensing.models.usage import UsageReport


class Invoice(Fact):
    class State(models.TextChoices):
        ISSUED = "issued", "Issued"
        PAID = "paid", "Paid"

    number = models.CharField(max_length=20, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="invoices")
    report = models.OneToOneField(
        UsageReport,
        models.PROTECT,
        related_name="invoice",
        null=True,
        blank=True,
        help_text="none: of an advance, or an evaluation",
    )
    parties = models.JSONField()
    issued_on = models.DateField()
    period_from = models.DateField()
    period_until = models.DateField()
    due_on = models.DateField()
    net = models.BigIntegerField()
    tax_rate = models.CharField(max_length=20)
    tax = models.BigIntegerField()
    gross = models.BigIntegerField()
    credited = models.JSONField(null=True, blank=True, help_text="what it credits of an evaluation's fee")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ISSUED)
    document_sha256 = models.CharField(max_length=64, blank=True)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")), name="gross_is_net_and_tax"
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(report=None), name="one_advance_invoice_per_agreement"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(Posted):
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    description_ja = models.CharField(max_length=300)
    description_en = models.CharField(max_length=300)
    quantity = models.CharField(max_length=40)
    price = models.CharField(max_length=40)
    amount = models.CharField(max_length=60)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.invoice} {self.description_en}"


class Receipt(Fact):
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="receipts")
    received_on = models.DateField()
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_receipt_is_positive")]

    def __str__(self) -> str:
        return f"{self.invoice} {self.amount}"
