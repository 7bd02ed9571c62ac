"""Published versions of weights, and the training runs they came from."""

from django.db import models

from contributions.models.compute import Facility
from contributions.models.datasets import DatasetVersion
from contributions.models.facts import Fact


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
