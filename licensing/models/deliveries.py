"""The files of a release, and each time they were handed to a licensee."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact, Posted
from licensing.models.agreements import Agreement
from licensing.models.releases import Release


class ReleaseFile(Fact):
    """A file of a release; its bytes are the annex of its entry, in the evidence store. A newer one has its name."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    filed_at = models.DateTimeField()

    class Meta:
        ordering = ["release", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "name", "sha256"], name="a_file_is_filed_once_in_a_form")
        ]

    def __str__(self) -> str:
        return f"{self.release} {self.name}"


class Delivery(Fact):
    class State(models.TextChoices):
        DELIVERED = "delivered", "Delivered"
        RECEIVED = "received", "Received"
        ACCEPTED = "accepted", "Accepted"
        DEEMED = "deemed", "Deemed accepted"
        REJECTED = "rejected", "Rejected"

    number = models.CharField(max_length=28, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="deliveries")
    files = models.ManyToManyField(ReleaseFile, related_name="deliveries")
    delivered_at = models.DateTimeField()
    accept_by = models.DateField()
    deems = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DELIVERED)
    received_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-delivered_at", "-number"]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return self.number


class Download(Posted):
    """That a person took a delivered file."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="downloads")
    file = models.ForeignKey(ReleaseFile, models.PROTECT, related_name="downloads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.delivery} {self.file}"
