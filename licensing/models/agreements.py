"""Licence agreements: their variables, their frozen documents, and the signatures on them."""

from django.db import models

from licensing.models.clauses import AgreementTemplate
from licensing.models.deeds import Deed, DeedDocument, DeedSignature
from licensing.models.licensees import Licensee
from licensing.models.releases import Release
from licensing.models.schedules import Schedule


class Agreement(Deed):
    class State(models.TextChoices):
        DRAFTED = "drafted", "Draft"
        APPROVED = "approved", "Approved"
        OFFERED = "offered", "Offered"
        SIGNED = "signed", "Signed by the licensor"
        EXECUTED = "executed", "In force"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUSPENDED = "suspended", "Suspended"
        TERMINATED = "terminated", "Terminated"
        EXPIRED = "expired", "Expired"

    number = models.CharField(max_length=20, unique=True)
    licensee = models.ForeignKey(Licensee, models.PROTECT, related_name="agreements")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="agreements")
    release = models.ForeignKey(Release, models.PROTECT, related_name="agreements")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    variables = models.JSONField()
    template = models.ForeignKey(AgreementTemplate, models.PROTECT, related_name="agreements")
    clauses = models.JSONField(default=list)
    wordings = models.JSONField(default=dict)
    agreed_terms = models.JSONField(null=True)
    background = models.JSONField(default=list)
    terms_sha256 = models.CharField(max_length=64, blank=True)
    term_from = models.DateField()
    term_until = models.DateField()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class AgreementDocument(DeedDocument):
    """The stored file as it stood after an act: offered, signed by the licensor, countersigned."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="documents")

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "stage"], name="one_file_per_stage")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.stage}"


class Signature(DeedSignature):
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    level = models.CharField(max_length=8, default="B-B")
    stamped_at = models.DateTimeField(null=True, blank=True)
    stamped_by = models.CharField(max_length=200, blank=True)
    factor = models.CharField(max_length=20, default="none")
    identity = models.CharField(max_length=20, default="test")
    outside = models.BooleanField(default=False, help_text="signed by an outside service and taken back")

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "party"], name="a_party_signs_once")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.party}"
