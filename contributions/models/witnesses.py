"""Who cosigns the log's checkpoints, what was cosigned, how many must have, and how the log's own key changed."""

from django.db import models

from contributions.models.facts import Fact, Posted
from contributions.models.journal import Checkpoint
from contributions.models.organizations import Organization


class Witness(Fact):
    """A key that cosigns. Its code is the key's hash, and a retired one keeps its row: no key is enrolled twice."""

    class Kind(models.TextChoices):
        OFFICER = "officer"
        SITE = "site"
        NEUTRAL = "neutral"

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=200)
    vkey = models.CharField(max_length=300, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="witnesses")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    valid_from = models.DateField()
    retired_from = models.DateField(null=True, blank=True)
    retired_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["seq"]
        verbose_name_plural = "witnesses"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(retired_from__isnull=True, retired_seq__isnull=True)
                | models.Q(retired_from__isnull=False, retired_seq__isnull=False),
                name="a_retired_witness_has_its_day_and_its_entry",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Cosignature(Posted):
    """What a witness signed. It is its own evidence, so it needs no entry, which would call for one more checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, models.PROTECT, related_name="cosignatures")
    time = models.BigIntegerField(help_text="by the witness's own clock, seconds since 1970")
    signature = models.BinaryField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["checkpoint", "witness"]
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "witness"], name="a_witness_cosigns_a_checkpoint_once")
        ]

    def __str__(self) -> str:
        return f"{self.witness} {self.checkpoint}"


class WitnessRule(Fact):
    """How many organizations must have cosigned from a day on, and which kinds of witness count."""

    threshold = models.PositiveSmallIntegerField()
    kinds = models.JSONField()
    valid_from = models.DateField()
    source_ja = models.TextField()
    source_en = models.TextField()

    class Meta:
        ordering = ["valid_from", "seq"]

    def __str__(self) -> str:
        return f"{self.threshold} from {self.valid_from}"


class KeyRotation(Posted):
    """The log's key changed with entry `seq`: checkpoints of more than `seq` entries are signed by the new one."""

    seq = models.BigIntegerField(primary_key=True)
    old = models.CharField(max_length=300)
    new = models.CharField(max_length=300)

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return str(self.seq)
