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


class RoleGrant(Fact):
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    workplace = models.CharField(max_length=16)
    role = models.CharField(max_length=32, default="staff")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.user} @ {self.workplace}"
