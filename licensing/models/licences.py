"""Licence files: what an executed agreement allows, signed by the log's key, for its licensee to check offline."""

from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement


class Licence(Fact):
    """One issue of an agreement's licence file; a renewal or a suspension issues the next."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="licences")
    serial = models.PositiveIntegerField()
    status = models.CharField(max_length=12)
    note = models.TextField(help_text="the signed note; its text is the certificate")
    sha256 = models.CharField(max_length=64, help_text="of the certificate's canonical bytes")
    executed_seq = models.BigIntegerField(help_text="index of the entry that put the agreement in force")
    valid_from = models.DateField()
    valid_until = models.DateField()
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "-serial"]
        constraints = [models.UniqueConstraint(fields=["agreement", "serial"], name="one_licence_per_serial")]

    def __str__(self) -> str:
        return f"{self.agreement}/{self.serial}"
