"""Negotiations: the table at which both sides sit, proposals clause by clause, comments, and the frozen rounds."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact, Posted
from licensing.models.agreements import Agreement


class Negotiation(Fact):
    class State(models.TextChoices):
        WITH_LICENSEE = "with_licensee", "With the licensee"
        WITH_LICENSOR = "with_licensor", "With the licensor"
        IN_APPROVAL = "in_approval", "In the licensor's internal approval"
        AGREED = "agreed", "Agreed"
        BROKEN_OFF = "broken_off", "Broken off"

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="negotiation")
    state = models.CharField(max_length=16, choices=State.choices)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    closed_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return self.agreement.number


class AgreementVersion(Fact, Posted):
    """The text as it stood when a side handed over, complete and frozen: what a redline compares."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=10)
    occasion = models.CharField(max_length=12)
    sections = models.JSONField()
    variables = models.JSONField()
    wordings = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="one_text_per_agreement_round")]

    def __str__(self) -> str:
        return f"{self.agreement} v{self.number}"


class Proposal(models.Model):
    """A change that one side asks for: of a clause's wording, of a figure, or of the prices.

    While it is a draft it is its own side's and may change; once handed over its content stands.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PROPOSED = "proposed", "Proposed"
        IN_APPROVAL = "in_approval", "In approval"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        COUNTERED = "countered", "Countered"
        WITHDRAWN = "withdrawn", "Withdrawn"

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    subject = models.SlugField(max_length=60)
    after = models.SlugField(max_length=60, blank=True)
    heading = models.JSONField(default=dict)
    ja = models.TextField(blank=True)
    en = models.TextField(blank=True)
    value = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    content = models.JSONField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    based_on = models.CharField(max_length=64)
    edition = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    counters = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="counterproposals")
    drafted_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["negotiation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["negotiation", "number"], name="one_number_per_proposal_of_a_negotiation")
        ]

    def __str__(self) -> str:
        return f"P{self.number}"


class ProposalEdition(Posted):
    """What somebody typed, each time it was saved; a stale one is kept too, and does not stand."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="editions")
    edition = models.PositiveIntegerField()
    ja = models.TextField(blank=True)
    en = models.TextField(blank=True)
    value = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    stale = models.BooleanField(default=False)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    typed_at = models.DateTimeField()

    class Meta:
        ordering = ["proposal", "edition"]
        constraints = [models.UniqueConstraint(fields=["proposal", "edition"], name="one_text_per_proposal_edition")]

    def __str__(self) -> str:
        return f"{self.proposal} edition {self.edition}"


class Comment(Posted):
    """A remark on a clause: for both sides, or a note of the secretariat's own. Not journaled, never rewritten."""

    negotiation = models.ForeignKey(Negotiation, models.PROTECT, related_name="comments")
    clause = models.SlugField(max_length=60, blank=True)
    side = models.CharField(max_length=10)
    internal = models.BooleanField(default=False)
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["negotiation", "pk"]

    def __str__(self) -> str:
        return f"{self.negotiation} {self.clause}"
