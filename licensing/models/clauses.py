"""The clause library: each clause in both languages, versioned, approved by second eyes, never edited after."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact


class Clause(models.Model):
    """A clause through its versions; one with a base is an alternative of it."""

    code = models.SlugField(max_length=60, unique=True)
    family = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="alternatives")
    owner = models.CharField(max_length=20, default="legal")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    RETIRED = "retired", "Retired"


class ClauseVersion(Fact):
    State = State

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    rank = models.CharField(max_length=12, default="preferred")
    rationale_ja = models.TextField(blank=True)
    rationale_en = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=10, blank=True, help_text="shipped: as the product brought it")

    class Meta:
        ordering = ["clause", "-version"]
        constraints = [models.UniqueConstraint(fields=["clause", "version"], name="one_text_per_clause_version")]

    def __str__(self) -> str:
        return f"{self.clause}@{self.version}"


class AgreementTemplate(Fact):
    """An ordered tree of clause versions with the variables they ask for; an approved version never changes."""

    State = State

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    valid_from = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=10, blank=True, help_text="shipped: as the product brought it")

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_template_per_version")]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"
