"""Inventions of the joint work: who made them, who holds them, where they are filed, and what must be notified."""

from django.db import models

from contributions.models.facts import Fact, Posted
from contributions.models.funding import FundingSource
from contributions.models.organizations import Organization
from licensing.models.releases import Release


class Invention(Fact):
    class State(models.TextChoices):
        REGISTERED = "registered", "Registered"
        FILED = "filed", "Filed"
        KEPT = "kept", "Kept secret"
        PUBLISHED = "published", "Published"

    number = models.CharField(max_length=20, unique=True)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    made_on = models.DateField()
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="inventions")
    funding = models.ForeignKey(FundingSource, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REGISTERED)
    routed_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class Inventor(Fact):
    """One inventor with the employer of the day; the share is of the invention, exact. A name may be erased."""

    invention = models.ForeignKey(Invention, models.PROTECT, related_name="inventors")
    name = models.CharField(max_length=120)
    employer = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    share = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.invention} {self.employer}"


class Holder(Posted):
    """Who holds what share from a day on: at first the inventors’ employers, later whoever it was transferred to."""

    invention = models.ForeignKey(Invention, models.PROTECT, related_name="holders")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    share = models.CharField(max_length=40)
    valid_from = models.DateField()
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["valid_from", "seq", "pk"]

    def __str__(self) -> str:
        return f"{self.invention} {self.organization} {self.share}"


class Filing(Posted):
    invention = models.ForeignKey(Invention, models.PROTECT, related_name="filings")
    country = models.CharField(max_length=2)
    filing_number = models.CharField(max_length=60)
    filed_on = models.DateField()
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["filed_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["country", "filing_number"], name="a_filing_is_recorded_once")]

    def __str__(self) -> str:
        return f"{self.country} {self.filing_number}"


class Duty(Posted):
    """The table of notices that state money asks for, from a day on."""

    version = models.PositiveSmallIntegerField(unique=True)
    valid_from = models.DateField()
    lines = models.JSONField()
    source_ja = models.CharField(max_length=300)
    source_en = models.CharField(max_length=300)
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["-valid_from", "-version"]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return str(self.version)


class Notice(Posted):
    """That a duty was done: a report handed in, an approval given."""

    invention = models.ForeignKey(Invention, models.PROTECT, related_name="notices")
    duty = models.CharField(max_length=40)
    done_on = models.DateField()
    reference = models.CharField(max_length=120, blank=True)
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["done_on", "pk"]

    def __str__(self) -> str:
        return f"{self.invention} {self.duty}"
