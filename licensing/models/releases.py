"""Published versions of weights, and the training runs they came from."""

from django.db import models

from contributions.models.compute import Facility
from contributions.models.datasets import DatasetVersion
from contributions.models.facts import Fact, Posted


class Release(Fact):
    number = models.CharField(max_length=20, unique=True)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    weights_sha256 = models.CharField(max_length=64)
    published_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class TrainingRun(Fact):
    number = models.CharField(max_length=20, unique=True)
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="runs")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    started_on = models.DateField()
    ended_on = models.DateField()
    gpu_s = models.BigIntegerField()
    accelerator = models.CharField(max_length=32)
    versions = models.ManyToManyField(DatasetVersion, related_name="runs")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Parent(Posted):
    """That a release descends from another, and what part of what it is worth the other carries."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Release, models.PROTECT, related_name="children")
    weight = models.CharField(max_length=40)

    class Meta:
        ordering = ["parent__number"]
        constraints = [models.UniqueConstraint(fields=["release", "parent"], name="a_release_names_a_parent_once")]

    def __str__(self) -> str:
        return f"{self.release} {self.parent} {self.weight}"


class RunBreach(Fact):
    """That a training run, or a part of it, ran where it must not; until it is mended no release is made of it."""

    number = models.CharField(max_length=48, unique=True)
    run = models.ForeignKey(TrainingRun, models.PROTECT, related_name="breaches")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=60, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    mended_seq = models.BigIntegerField(null=True, blank=True)
    found = models.CharField(max_length=20)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "run breaches"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True, mended_seq__isnull=True)
                | models.Q(until__isnull=False, mended_seq__isnull=False),
                name="a_mended_run_breach_has_its_day_and_its_entry",
            )
        ]

    def __str__(self) -> str:
        return self.number
