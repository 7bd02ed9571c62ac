"""How long the records of a dealing are kept: dated rules with their source. A change of law is a new line."""

from django.db import models


class RetentionRule(models.Model):
    kind = models.CharField(max_length=16)
    years = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source_ja = models.CharField(max_length=300)
    source_en = models.CharField(max_length=300)

    class Meta:
        ordering = ["kind", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["kind", "valid_from"], name="one_retention_rule_per_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.years}"
