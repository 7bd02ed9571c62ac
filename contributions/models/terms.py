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
    parties = models.ManyToManyField(Organization, related_name="+", blank=True)
    ended_from = models.DateField(null=True, blank=True)
    ended_seq = models.BigIntegerField(null=True, blank=True)
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_from__isnull=True, ended_seq__isnull=True)
                | models.Q(ended_from__isnull=False, ended_seq__isnull=False),
                name="an_ended_agreement_has_its_day_and_its_entry",
            )
        ]

    def __str__(self) -> str:
        return self.number


class TermsEdition(Fact):
    """What an agreement says from a day on. Editions are added, never changed: the old one stays readable."""

    agreement = models.ForeignKey(InboundAgreement, models.PROTECT, related_name="editions")
    edition = models.PositiveIntegerField()
    type = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    rights = models.JSONField()
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    marks = models.JSONField(default=list)

    class Meta:
        ordering = ["agreement", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "edition"], name="one_row_per_edition_of_an_agreement"),
            models.UniqueConstraint(fields=["agreement", "valid_from"], name="one_edition_begins_on_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}@{self.edition}"


class AgreementType(Fact):
    """A type of inbound agreement that the consortium has listed, from a day on and perhaps until another."""

    code = models.CharField(max_length=20)
    name_ja = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code", "seq"]

    def __str__(self) -> str:
        return self.code


class RightIn(models.Model):
    """The rights of an agreement's newest edition, one row for each subject."""

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
