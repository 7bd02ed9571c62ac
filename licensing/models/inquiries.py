"""Requests from outside to be licensed: not journaled, since nobody relies on them, and erased in time."""

from django.db import models

from licensing.models.licensees import Licensee


class Inquiry(models.Model):
    class State(models.TextChoices):
        NEW = "new", "New"
        TAKEN_UP = "taken_up", "Taken up"
        DECLINED = "declined", "Declined"

    number = models.CharField(max_length=20, unique=True)
    key_sha256 = models.CharField(max_length=64, unique=True, help_text="of the secret in the sender's own link")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    language = models.CharField(max_length=5)
    company_ja = models.CharField(max_length=120)
    company_en = models.CharField(max_length=120, blank=True)
    corporate_number = models.CharField(max_length=13, blank=True)
    address = models.CharField(max_length=200)
    contact = models.CharField(max_length=80)
    email = models.EmailField()
    field_of_use = models.CharField(max_length=40)
    purpose = models.TextField()
    stated = models.JSONField(default=dict, help_text="seat, control from abroad, end use, places of inference, rivals")
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    reason_ja = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    licensee = models.ForeignKey(Licensee, models.PROTECT, null=True, blank=True, related_name="inquiries")

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.number
