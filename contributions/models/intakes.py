"""Files on their way in, and what a member once said its columns are. Nothing here is journaled: nobody relies on it.

An intake is a file that was received and is read, previewed, and then committed as a batch or rejected. Its bytes lie
under `MOYAI_HOME/intake/<id>/` until then, and go with it.
"""

import uuid

from django.conf import settings
from django.db import models

from contributions.models.compute import Batch, Facility
from contributions.models.funding import FundingSource
from contributions.models.jobs import Job
from contributions.models.members import Member


class Intake(models.Model):
    class State(models.TextChoices):
        READING = "reading", "Being read"
        UNMAPPED = "unmapped", "Columns to be named"
        PREVIEWED = "previewed", "To be committed"
        COMMITTING = "committing", "Being committed"
        COMMITTED = "committed", "Committed"
        REFUSED = "refused", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="intakes")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    funding = models.ForeignKey(FundingSource, models.PROTECT, null=True, related_name="+")
    supersedes = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    file_format = models.CharField(max_length=20, blank=True)
    size = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    preview = models.JSONField(default=dict)
    refusal_ja = models.TextField(blank=True)
    refusal_en = models.TextField(blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class ColumnMap(models.Model):
    """What the columns of a member's files are, from a facility or of a kind of contribution: printed name → ours."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    file_format = models.CharField(max_length=20, help_text="a format of metering, or a kind of contribution")
    mapping = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "facility", "file_format"], name="columns_are_named_once_per_member_and_facility"
            ),
            models.UniqueConstraint(
                fields=["member", "file_format"],
                condition=models.Q(facility__isnull=True),
                name="columns_are_named_once_per_member_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.facility} {self.file_format}"
