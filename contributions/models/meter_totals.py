"""Totals of metered compute as a projection of the statements: rebuilt at any time, so not append-only."""

from django.db import models


class MeterTotal(models.Model):
    """What the batches that stand, attested and not reversed, come to in one month, or on one day of it.

    The total is high · 2^32 + low, as in a block of balances, since sums may pass 64 bits. 0 where all was reversed.
    """

    day = models.CharField(max_length=10, blank=True, help_text="blank: the month as a whole")
    month = models.CharField(max_length=7)
    member = models.CharField(max_length=32)
    facility = models.CharField(max_length=32)
    accelerator = models.CharField(max_length=32, blank=True)
    funding = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    held = models.CharField(max_length=20, help_text="the units in which the entries hold any")
    unit = models.CharField(max_length=6)
    high = models.BigIntegerField()
    low = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "month", "member", "facility", "accelerator", "funding", "country", "held", "unit"],
                name="one_total_of_compute_for_each_of_its_keys",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.facility}/{self.accelerator} {self.day or self.month} {self.unit}"
