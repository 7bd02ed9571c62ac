"""Acts that a client named by an id of its own, so that asking again does nothing again."""

from django.conf import settings
from django.db import models


class Act(models.Model):
    """One act: who asked for what, field by field as salted digests, and what was answered."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    workplace = models.CharField(max_length=16)
    acting = models.CharField(max_length=32, blank=True)
    salt = models.BinaryField(max_length=16)
    digests = models.JSONField()
    answer = models.JSONField(null=True)
    done_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
