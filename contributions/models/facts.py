"""What every journaled row carries: the sequence number of the entry that last spoke of it."""

from django.db import models


class Fact(models.Model):
    """A row written only together with a journal entry."""

    seq = models.BigIntegerField(help_text="index of the log entry that recorded this row as it stands")

    class Meta:
        abstract = True


class Posted(models.Model):
    """A row that is never changed and never deleted: the database itself refuses (see `guards`)."""

    class Meta:
        abstract = True
