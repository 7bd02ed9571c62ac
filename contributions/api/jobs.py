"""Background work that the caller started."""

from __future__ import annotations

from rest_framework import serializers

from contributions import selectors
from contributions.api import refusals
from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Instant
from contributions.api.queries import Query, of_state

STATES = ("queued", "running", "done", "failed", "cancelled")


class JobSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    service = serializers.CharField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    done_count = serializers.IntegerField()
    total_count = serializers.IntegerField()
    result = serializers.DictField(allow_null=True)
    failure = serializers.SerializerMethodField(help_text="empty unless it failed")
    requested_at = Instant()
    finished_at = Instant(allow_null=True)

    def get_failure(self, job) -> str:
        return refusals.spoken(job.failure_ja, job.failure_en)


class JobQuery(Query):
    state = of_state(*STATES)
    where = {"state": "state"}


class Jobs(Door):
    @lists(JobSerializer, query=JobQuery, tag="jobs")
    def get(self, request, asked):
        """Background work that the caller started at this workplace."""
        return asked.narrow(selectors.jobs.visible_to(request.viewer))


class Job(Door):
    @shows(JobSerializer, tag="jobs")
    def get(self, request, job):
        """One piece of background work, with its progress."""
        return one(selectors.jobs.visible_to(request.viewer), pk=job)
