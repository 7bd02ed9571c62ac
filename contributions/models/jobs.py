"""Background work. The row is the truth; the queue's messages only wake a worker."""

import uuid

from django.conf import settings
from django.db import models


class Job(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    workplace = models.CharField(max_length=16)
    acting = models.CharField(max_length=32, blank=True)
    entry_seq = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    done_count = models.BigIntegerField(default=0)
    total_count = models.BigIntegerField(default=0)
    result = models.JSONField(null=True)
    failure_ja = models.TextField(blank=True)
    failure_en = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(fields=["entry_seq", "service"], name="an_entry_is_followed_once_by_a_service")
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.state}"


class Cursor(models.Model):
    """How far a follower has read the journal."""

    name = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=-1)

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"
