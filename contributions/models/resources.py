"""Cash, people and background IP put in, and what of data and compute is promised."""

from django.db import models

from contributions.models.compute import Batch
from contributions.models.datasets import DatasetVersion
from contributions.models.facts import Fact
from contributions.models.funding import FundingSource
from contributions.models.members import Member
from contributions.models.people import User
from contributions.models.terms import InboundAgreement


class Resource(Fact):
    class Kind(models.TextChoices):
        CASH = "cash", "Cash"
        PEOPLE = "people", "People"
        BACKGROUND = "background", "Background IP"
        DATA = "data", "Data (pledged)"
        COMPUTE = "compute", "Compute (pledged)"

    class State(models.TextChoices):
        PLEDGED = "pledged", "Pledged"
        SUBMITTED = "submitted", "Submitted"
        IN_REVIEW = "in_review", "Under review"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        DISPUTED = "disputed", "Disputed"
        REVERSED = "reversed", "Reversed"
        SUPERSEDED = "superseded", "Superseded"
        WITHDRAWN = "withdrawn", "Withdrawn"
        FULFILLED = "fulfilled", "Fulfilled"

    number = models.CharField(max_length=48, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    nature = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    quantity = models.BigIntegerField()
    unit = models.CharField(max_length=20)
    currency = models.CharField(max_length=3, default="JPY")
    foreign_amount = models.CharField(max_length=30, blank=True)
    exchange_rate = models.CharField(max_length=30, blank=True)
    exchange_source = models.CharField(max_length=120, blank=True)
    exchange_on = models.DateField(null=True, blank=True)
    period_from = models.DateField()
    period_until = models.DateField(null=True, blank=True)
    funding = models.ForeignKey(FundingSource, models.PROTECT, null=True, related_name="+")
    agreement = models.ForeignKey(InboundAgreement, models.PROTECT, null=True, related_name="resources")
    limits = models.TextField(blank=True)
    use_fields = models.JSONField(default=list)
    use_by = models.JSONField(default=list)
    appraiser = models.CharField(max_length=120, blank=True)
    appraised_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    source_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replacements")
    withdrawn_from = models.DateField(null=True, blank=True)
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="a_resource_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.number


class ResourceStep(Fact):
    """One step of a contribution's course: who took it, when, and why. The row is added and never changed."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=Resource.State.choices)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    workplace = models.CharField(max_length=12, blank=True)
    organization = models.CharField(max_length=32, blank=True)
    taken_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["resource", "seq"]

    def __str__(self) -> str:
        return f"{self.resource} {self.step}"


class Recovery(Fact):
    """A part of what was put in that came back from elsewhere, and so earns nothing here."""

    resource = models.ForeignKey(Resource, models.PROTECT, null=True, blank=True, related_name="recoveries")
    version = models.ForeignKey(DatasetVersion, models.PROTECT, null=True, blank=True, related_name="recoveries")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="recoveries")
    part = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    recovered_on = models.DateField()

    class Meta:
        ordering = ["seq"]
        verbose_name_plural = "recoveries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resource__isnull=False, version__isnull=True, batch__isnull=True)
                | models.Q(resource__isnull=True, version__isnull=False, batch__isnull=True)
                | models.Q(resource__isnull=True, version__isnull=True, batch__isnull=False),
                name="a_recovery_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource or self.version or self.batch} {self.part}"


class WorkLog(Fact):
    """One secondee's log of one month: what it comes to, and the file that says so."""

    number = models.CharField(max_length=48, unique=True)
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="work_logs")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    minutes = models.BigIntegerField()
    days = models.PositiveSmallIntegerField()
    rows = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    withdrawn_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "month"],
                condition=models.Q(withdrawn_seq__isnull=True),
                name="one_log_per_person_and_month",
            ),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="a_work_log_has_time_in_it"),
        ]

    def __str__(self) -> str:
        return self.number
