"""What a member's data must not serve. A lifted declaration keeps its row: both instants stay readable."""

from django.db import models

from contributions.models.datasets import Dataset
from contributions.models.facts import Fact
from contributions.models.members import Member
from contributions.models.organizations import Organization


class Exclusion(Fact):
    number = models.CharField(max_length=48, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="exclusions")
    rival = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    dataset = models.ForeignKey(Dataset, models.PROTECT, null=True, blank=True, related_name="exclusions")
    purposes = models.JSONField(default=list)
    valid_from = models.DateField()
    lifted_from = models.DateField(null=True, blank=True)
    lifted_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_from__isnull=True, lifted_seq__isnull=True)
                | models.Q(lifted_from__isnull=False, lifted_seq__isnull=False),
                name="a_lifted_exclusion_has_its_day_and_its_entry",
            )
        ]

    def __str__(self) -> str:
        return self.number


class ExclusionCheck(Fact):
    """That every use on record was held against a declaration, on a day that no use chose."""

    exclusion = models.ForeignKey(Exclusion, models.PROTECT, related_name="checks")
    checked_on = models.DateField()
    respected = models.BooleanField()

    class Meta:
        ordering = ["-checked_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.exclusion} {self.checked_on}"
