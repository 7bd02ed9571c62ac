"""What agreements and amendments have in common: both are written, approved, offered and signed the same way."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact


class Deed(Fact):
    """A paper of the licensor's on its way from a draft to a contract of both sides."""

    drafted_at = models.DateTimeField()
    authors = models.JSONField(default=list, help_text="who of the licensor wrote it; none of them approves it")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    turned_down_at = models.DateTimeField(null=True, blank=True)
    turned_down_reason = models.TextField(blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class DeedDocument(Fact):
    """The stored file of a deed as it stood after an act: offered, signed by the licensor, countersigned."""

    stage = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    level = models.CharField(max_length=8, blank=True, help_text="AdES level of its newest signature")
    stamped_until = models.DateTimeField(null=True, blank=True, help_text="when its newest time certificate ends")
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


class DeedSignature(Fact):
    """A party's signature on a deed: by whom, with whose certificate, when, and whether it is a test's."""

    party = models.CharField(max_length=10)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    certificate_name = models.CharField(max_length=200)
    certificate_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    trial = models.BooleanField(default=True)

    class Meta:
        abstract = True
