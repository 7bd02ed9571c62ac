"""The clause library: each clause in both languages, versioned, approved, never edited."""

from django.db import models

from contributions.models.facts import Fact


class Clause(models.Model):
    code = models.SlugField(max_length=60, unique=True)
    family = models.CharField(max_length=60)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class ClauseVersion(Fact):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        RETIRED = "retired", "Retired"

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    valid_from = models.DateField()

    class Meta:
        ordering = ["clause", "-version"]
        constraints = [models.UniqueConstraint(fields=["clause", "version"], name="one_text_per_clause_version")]

    def __str__(self) -> str:
        return f"{self.clause}@{self.version}"


class AgreementTemplate(models.Model):
    """An ordered list of clauses with the variables they ask for."""

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_template_per_version")]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"
