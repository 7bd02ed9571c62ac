"""A run of a policy over a release and a log checkpoint; its documents and shares, of every right, are frozen.

Draft until desk and auditor have both recomputed it (`run`, `attested`), put to the vote (`proposed`), adopted, and
superseded by a later one of the same release for an overlapping period.
"""

from django.db import models

from contributions.models.facts import Fact, Posted
from contributions.models.members import Member
from licensing.models.policies import Policy
from licensing.models.releases import Release


class Allocation(Fact):
    class State(models.TextChoices):
        RUN = "run", "Calculated"
        ATTESTED = "attested", "Attested"
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Adopted"
        SUPERSEDED = "superseded", "Superseded"

    number = models.CharField(max_length=20, unique=True)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="allocations")
    release = models.ForeignKey(Release, models.PROTECT, related_name="allocations")
    window_from = models.DateField()
    window_until = models.DateField()
    log_size = models.BigIntegerField()
    log_root = models.CharField(max_length=64)
    inputs = models.BinaryField()
    inputs_sha256 = models.CharField(max_length=64)
    result = models.BinaryField()
    result_sha256 = models.CharField(max_length=64)
    rows = models.BinaryField()
    rows_root = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUN)
    run_at = models.DateTimeField()
    attestations = models.JSONField(default=list)
    adopted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class Share(Posted):
    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="shares")
    member = models.ForeignKey(Member, models.PROTECT, related_name="shares")
    right = models.CharField(max_length=20, default="revenue")
    exact = models.TextField()
    grid_units = models.BigIntegerField()
    rounding_delta = models.CharField(max_length=80)

    class Meta:
        ordering = ["right", "member__organization__code"]
        constraints = [
            models.UniqueConstraint(fields=["allocation", "right", "member"], name="one_share_per_member_and_right")
        ]

    def __str__(self) -> str:
        return f"{self.allocation} {self.right} {self.member}"
