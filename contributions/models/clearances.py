"""Clean-team grants: one person, one rival, one purpose, a limited time. An ended one keeps its row."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.organizations import Organization
from contributions.models.people import User


class Clearance(Fact):
    number = models.CharField(max_length=48, unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="clearances")
    rival = models.ForeignKey(Organization, models.PROTECT, related_name="clearances")
    purpose = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()
    ended_from = models.DateField(null=True, blank=True)
    ended_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")),
                name="a_clearance_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_from__isnull=True, ended_seq__isnull=True)
                | models.Q(ended_from__isnull=False, ended_seq__isnull=False),
                name="an_ended_clearance_has_its_day_and_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ends_on(self):
        """The first day it no longer holds."""
        return min(self.valid_until, self.ended_from or self.valid_until)
