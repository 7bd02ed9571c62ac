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
    withdrawn_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["organization__code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True, withdrawn_seq__isnull=True)
                | models.Q(withdrawn_on__isnull=False, withdrawn_seq__isnull=False),
                name="a_member_that_left_has_its_day_and_its_entry",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return self.organization.code


class MemberClass(Fact):
    """A member's class from a day on; the member's own row repeats the latest."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="classes")
    member_class = models.CharField(max_length=16, choices=Member.Class.choices)
    valid_from = models.DateField()

    class Meta:
        ordering = ["member", "valid_from", "seq"]
        verbose_name_plural = "member classes"

    def __str__(self) -> str:
        return f"{self.member} {self.member_class}"


class Stake(Fact):
    """A share of equity from a day on; a later row for the same member replaces it from its own day.

    A row that restates another stands in its place; the corrected row stays readable.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="stakes")
    share = models.CharField(max_length=40)
    valid_from = models.DateField()
    public_statement_ja = models.CharField(max_length=200, blank=True)
    public_statement_en = models.CharField(max_length=200, blank=True)
    illustrative = models.BooleanField(default=True)
    restates = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="restated_by")

    class Meta:
        ordering = ["member", "valid_from", "pk"]

    def __str__(self) -> str:
        return f"{self.member} {self.share}"
