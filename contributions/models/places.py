"""Evidence of where something stands or lies: of a facility's country, and of a copy's. One attestation, one row."""

from django.conf import settings
from django.db import models

from contributions.models.compute import Facility
from contributions.models.datasets import DatasetVersion
from contributions.models.facts import Fact, Posted
from contributions.models.organizations import Organization


class PlaceEvidence(Fact, Posted):
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="places")
    version = models.ForeignKey(DatasetVersion, models.PROTECT, null=True, blank=True, related_name="places")
    copy = models.PositiveSmallIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2)
    on = models.DateField(help_text="the day for which it is attested")
    attested_by = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, help_text="salted digest of the file, an erasable annex")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "seq"]
        verbose_name_plural = "evidence of places"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(facility__isnull=False, version__isnull=True, copy__isnull=True)
                | models.Q(facility__isnull=True, version__isnull=False, copy__isnull=False),
                name="a_place_is_a_facilitys_or_a_copys",
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility or self.version} {self.country} {self.on}"
