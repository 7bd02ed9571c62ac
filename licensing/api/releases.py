"""Model releases, and what each was trained on as far as the caller may know."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Day, Digest, Named, Whole
from licensing import selectors


class RunSerializer(serializers.Serializer):
    number = serializers.CharField()
    facility = serializers.CharField(source="facility.code")
    country = serializers.CharField(help_text="in which it began")
    purpose = serializers.CharField()
    accelerator = serializers.CharField()
    gpu_s = Whole()
    started_on = Day()
    ended_on = Day()
    versions = serializers.SerializerMethodField(help_text="of datasets, as number@version")
    entry = serializers.IntegerField(source="seq")

    def get_versions(self, run) -> list[str]:
        return sorted(str(version) for version in run.versions.all())


class ReleaseSerializer(serializers.Serializer):
    number = serializers.CharField()
    name = Named()
    weights_sha256 = Digest()
    published_on = Day()
    withdrawn_on = Day(allow_null=True)
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class ReleaseDetailSerializer(ReleaseSerializer):
    runs = serializers.SerializerMethodField(help_text="for legal, desk and auditor")
    parents = serializers.SerializerMethodField(help_text="release → weight, of those the caller may see")
    own_versions = serializers.SerializerMethodField(help_text="the viewing member's dataset versions that were used")

    def get_runs(self, release) -> RunSerializer(many=True):
        runs = selectors.releases.runs_visible_to(self.context["request"].viewer).filter(release=release)
        return RunSerializer(selectors.releases.placed(runs), many=True).data

    def get_parents(self, release) -> dict[str, str]:
        _, edges = selectors.releases.lineage(self.context["request"].viewer, release)
        return {edge.parent: str(edge.weight) for edge in edges if edge.child == release.number}

    def get_own_versions(self, release) -> list[str]:
        return [str(version) for version in selectors.releases.own_versions(self.context["request"].viewer, release)]


class Releases(Door):
    @lists(ReleaseSerializer, tag="releases")
    def get(self, request, asked):
        """Model releases."""
        return selectors.releases.visible_to(request.viewer)


class Release(Door):
    @shows(ReleaseDetailSerializer, tag="releases")
    def get(self, request, number):
        """One release, with the runs it came from where the caller may know them."""
        return one(selectors.releases.visible_to(request.viewer), number=number)
