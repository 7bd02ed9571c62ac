"""The journal and the log over it.

An entry has two layers of bytes. The *leaf* is what the tree hashes and shows a stranger nothing. The *statement*,
named in the leaf by its digest, says what happened and is shown only to those entitled. Columns beside the bytes are
copies for the database's own use. Movements are the statement's double entry; nodes are hashes of complete subtrees.
Rows here are never changed or deleted: see `guards`.
"""

from django.db import models

from contributions.models.facts import Posted


class Entry(Posted):
    seq = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=80, db_index=True)
    member = models.CharField(max_length=32, blank=True, db_index=True)
    recorded_at = models.DateTimeField()
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["seq"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Statement(Posted):
    """Apart from its entry, since a law may one day order one erased while the leaf stays."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="statement")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class Movement(Posted):
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="movements")
    account = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    day = models.DateField(help_text="from which it counts: what the statement says, else the day of its record")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.unit}"


class Correction(Posted):
    """That an entry corrects an earlier one: a list, since either side stands here once."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="correction")
    corrected = models.OneToOneField(Entry, models.PROTECT, related_name="successor")

    def __str__(self) -> str:
        return f"{self.entry_id} corrects {self.corrected_id}"


class Node(Posted):
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["level", "index"]
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_hash_per_place_in_the_tree")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(Posted):
    number = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} ({self.size})"


class LogHead(models.Model):
    """The one mutable row: who holds its lock may append. A cache of what the nodes say."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    origin = models.CharField(max_length=200)
    installation = models.UUIDField()
    demo = models.BooleanField()
    size = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_log")]

    def __str__(self) -> str:
        return self.origin


class Annex(models.Model):
    """Erasable content that a statement names by salted digest: free text, personal data, evidence.

    The bytes lie in the evidence store under `sha256`; erasing deletes them there and the salt here.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="annexes")
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=100)
    salt = models.BinaryField(max_length=32, null=True)
    size = models.BigIntegerField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "annexes"

    def __str__(self) -> str:
        return self.sha256[:8]
