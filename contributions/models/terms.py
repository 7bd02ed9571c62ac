"""Inbound agreements: under which terms a contribution came in. What did not come in cannot be licensed out."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.organizations import Organization


class InboundAgreement(Fact):
    number = models.CharField(max_length=48, unique=True)
    type = models.CharField(max_length=20)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="inbound_agreements")
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class RightIn(models.Model):
    agreement = models.ForeignKey(InboundAgreement, models.PROTECT, related_name="rights")
    subject = models.CharField(max_length=16)
    purposes = models.JSONField()
    fields = models.JSONField()
    territory = models.JSONField()
    sublicensing = models.BooleanField()
    further_training = models.BooleanField()
    after_withdrawal = models.CharField(max_length=40)

    class Meta:
        ordering = ["agreement", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "subject"], name="one_right_per_agreement_and_subject")
        ]

    def __str__(self) -> str:
        return f"{self.agreement}/{self.subject}"
