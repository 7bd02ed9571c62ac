"""Who opened whose material: one row a person, subject and day, for the owner to read.

Not journaled, since nobody's rights rest upon it; but posted for good, so that nobody can tidy it up afterwards. The
person stands by reference: what is personal lies in the account.
"""

from django.db import models

from contributions.models.facts import Posted
from contributions.models.organizations import Organization
from contributions.models.people import User


class Opening(Posted):
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="openings")
    subject = models.CharField(max_length=80)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    workplace = models.CharField(max_length=16)
    acting = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    home = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "subject", "day"], name="an_opening_is_noted_once_per_person_subject_and_day"
            )
        ]
        indexes = [models.Index(fields=["owner", "opened_at"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.day}"
