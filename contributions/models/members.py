"""Members of the consortium and their stakes in its equity."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.organizations import Organization


class Member(Fact):
    class Class(models.TextChoices):
        FOUNDER = "founder", "Founder"
        INVESTOR = "investor", "Investor"
        PARTNER = "partner", "AI partner"
        ASSOCIATE = "associate", "Associate"

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="member")
    member_class = models.CharField(max_length=16, choices=Class.choices)
    admitted_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["organization__code"]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return self.organization.code


class Stake(Fact):
    """A share of equity from a day on; a later row for the same member replaces it from its own day."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="stakes")
    share = models.CharField(max_length=40)
    valid_from = models.DateField()
    public_statement_ja = models.CharField(max_length=200, blank=True)
    public_statement_en = models.CharField(max_length=200, blank=True)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["member", "valid_from", "pk"]

    def __str__(self) -> str:
        return f"{self.member} {self.share}"
