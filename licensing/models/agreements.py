"""Licence agreements: their variables, their frozen documents, and the signatures on them."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact
from licensing.models.clauses import AgreementTemplate
from licensing.models.licensees import Licensee
from licensing.models.releases import Release
from licensing.models.schedules import Schedule


class Agreement(Fact):
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
    drafted_at = models.DateTimeField()
    authors = models.JSONField(default=list, help_text="who of the licensor wrote it; none of them approves it")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    turned_down_at = models.DateTimeField(null=True, blank=True)
    turned_down_reason = models.TextField(blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class AgreementDocument(Fact):
    """The stored file as it stood after an act: offered, signed by the licensor, countersigned."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="documents")
    stage = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    level = models.CharField(max_length=8, blank=True, help_text="AdES level of its newest signature")
    stamped_until = models.DateTimeField(null=True, blank=True, help_text="when its newest time certificate ends")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [models.UniqueConstraint(fields=["agreement", "stage"], name="one_file_per_stage")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.stage}"


class Signature(Fact):
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    certificate_name = models.CharField(max_length=200)
    certificate_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    trial = models.BooleanField(default=True)
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
