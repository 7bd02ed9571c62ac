"""Contracts that were concluded outside this system and taken in, with the terms that somebody typed."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.organizations import Organization
from licensing.models.agreements import Agreement


class OutsideAgreement(Fact):
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    counterparty = models.CharField(max_length=200)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="outside_agreements"
    )
    signed_on = models.DateField()
    term_from = models.DateField()
    term_until = models.DateField(null=True, blank=True, help_text="not including; empty where it has no end")
    amount = models.BigIntegerField(null=True, blank=True, help_text="whole yen; empty where it names none")
    renewal = models.CharField(max_length=10)
    renewal_months = models.PositiveIntegerField(default=0)
    notice_months = models.PositiveIntegerField(default=0)
    notice_by = models.DateField(null=True, blank=True, help_text="the last day on which notice can be given")
    relation = models.CharField(max_length=16, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    follows_agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="outside_followers"
    )
    remark = models.TextField(blank=True)
    file_name = models.CharField(max_length=200)
    media = models.CharField(max_length=60)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    verdicts = models.JSONField(default=list, help_text="what a check of its signatures found on the day it came in")
    taken_in_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-signed_on", "-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(follows__isnull=True) | models.Q(follows_agreement__isnull=True),
                name="an_outside_agreement_follows_one",
            ),
            models.CheckConstraint(
                condition=models.Q(term_until__isnull=True) | models.Q(term_until__gt=models.F("term_from")),
                name="an_outside_term_has_days",
            ),
        ]

    def __str__(self) -> str:
        return self.number
