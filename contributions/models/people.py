"""People and what they may do: each has an employer, and roles at workplaces with dates."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models

from contributions.models.facts import Fact
from contributions.models.organizations import Organization


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name_ja = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    home = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="staff")
    home_from = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=5, default="ja")

    def __str__(self) -> str:
        return self.username


class HomeSpell(Fact):
    """Employed by an organization (出向元) from a day on, until the person's next spell begins."""

    user = models.ForeignKey(User, models.PROTECT, related_name="homes")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    valid_from = models.DateField()

    class Meta:
        ordering = ["user", "valid_from", "seq"]

    def __str__(self) -> str:
        return f"{self.user} < {self.organization}"


class RoleGrant(Fact):
    """A workplace at an organization, for a time. A revoked grant keeps its row and the day it was to end."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    workplace = models.CharField(max_length=16)
    role = models.CharField(max_length=32, default="staff")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    revoked_from = models.DateField(null=True, blank=True)
    revoked_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_from__isnull=True, revoked_seq__isnull=True)
                | models.Q(revoked_from__isnull=False, revoked_seq__isnull=False),
                name="a_revoked_role_has_its_day_and_its_entry",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.workplace}"

    @property
    def ends_on(self):
        """The first day it no longer holds: as granted, or as revoked before."""
        return min((day for day in (self.valid_until, self.revoked_from) if day is not None), default=None)
