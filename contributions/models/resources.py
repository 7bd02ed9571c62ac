"""Cash, people and background IP put in."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.funding import FundingSource
from contributions.models.members import Member
from contributions.models.terms import InboundAgreement


class Resource(Fact):
    class Kind(models.TextChoices):
        CASH = "cash", "Cash"
        PEOPLE = "people", "People"
        BACKGROUND = "background", "Background IP"

    class State(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        ACCEPTED = "accepted", "Accepted"
        REVERSED = "reversed", "Reversed"

    number = models.CharField(max_length=48, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    nature = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    quantity = models.BigIntegerField()
    unit = models.CharField(max_length=20)
    currency = models.CharField(max_length=3, default="JPY")
    foreign_amount = models.CharField(max_length=30, blank=True)
    exchange_rate = models.CharField(max_length=30, blank=True)
    exchange_source = models.CharField(max_length=120, blank=True)
    exchange_on = models.DateField(null=True, blank=True)
    period_from = models.DateField()
    period_until = models.DateField(null=True, blank=True)
    funding = models.ForeignKey(FundingSource, models.PROTECT, null=True, related_name="+")
    agreement = models.ForeignKey(InboundAgreement, models.PROTECT, null=True, related_name="resources")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="a_resource_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.number
