"""Rates of consumption tax, each with its days and its source. A change of law is a new line, entered by finance."""

from django.db import models


class TaxRate(models.Model):
    code = models.CharField(max_length=20)
    rate = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    name_ja = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="one_tax_rate_per_code_and_day")]

    def __str__(self) -> str:
        return f"{self.code} {self.rate}"
