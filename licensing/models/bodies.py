"""Deciding bodies of the consortium, and their rules from a day on."""

from django.db import models

from contributions.models.facts import Fact, Posted


class Body(Fact):
    class Kind(models.TextChoices):
        COMMITTEE = "committee", "Steering committee"
        BOARD = "board", "Board of directors"
        SHAREHOLDERS = "shareholders", "Shareholders’ meeting"
        ASSEMBLY = "assembly", "General assembly"

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name_ja = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.code


class BodyEdition(Posted):
    """The rules of a body from a day on; a later edition takes its place from its own day."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="editions")
    edition = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    rules = models.JSONField()
    source_ja = models.CharField(max_length=300)
    source_en = models.CharField(max_length=300)
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["body", "valid_from", "edition"]
        constraints = [models.UniqueConstraint(fields=["body", "edition"], name="one_row_per_edition_of_a_body")]

    def __str__(self) -> str:
        return f"{self.body}@{self.edition}"
