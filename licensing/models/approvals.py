"""Approvals (稟議): the rules that were adopted, what is asked to be approved, each act upon it, and deputies."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact, Posted
from licensing.models.agreements import Agreement
from licensing.models.deviations import Deviation


class NegotiationRules(Fact, Posted):
    """One adopted version of the negotiation and approval rules (交渉・決裁規程), from a day on."""

    version = models.PositiveIntegerField(unique=True)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    source_ja = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)
    valid_from = models.DateField()

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version}"


class Approval(Fact):
    class State(models.TextChoices):
        OPEN = "in_approval", "In approval"
        SENT_BACK = "sent_back", "Sent back"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.CharField(max_length=20, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="approvals")
    deviation = models.ForeignKey(Deviation, models.PROTECT, null=True, blank=True, related_name="approvals")
    rules = models.ForeignKey(NegotiationRules, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    basis = models.CharField(max_length=10)
    tier = models.CharField(max_length=8)
    subject_sha256 = models.CharField(max_length=64)
    reason = models.TextField()
    steps = models.JSONField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class ApprovalAct(Fact, Posted):
    """An opinion, an approval, a sending back, a refusal, a new submission, or a withdrawal."""

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10)
    step = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=40, blank=True)
    favourable = models.BooleanField(null=True)
    note = models.TextField(blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    principal = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acted_at = models.DateTimeField()

    class Meta:
        ordering = ["approval", "pk"]

    def __str__(self) -> str:
        return f"{self.approval} {self.kind}"


class Deputy(Fact):
    """Who acts in approvals for whom, for a time (代理)."""

    principal = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["-valid_from", "-pk"]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.principal}"
