"""Datasets, their versions, and how each version stands and why."""

from __future__ import annotations

from django.conf import settings
from django.utils.timezone import localdate, now
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from contributions import selectors, services
from contributions.adapters import croissant
from contributions.adapters.croissant_json import LIMIT
from contributions.api import refusals
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Both, Digest, Named, Whole
from contributions.api.openings import noted
from contributions.api.queries import Query, Strict, word
from contributions.core.roles import check_may
from contributions.forms.datasets import registration


class CopySerializer(serializers.Serializer):
    country = serializers.CharField()
    region = serializers.CharField()


class DescribedFileSerializer(serializers.Serializer):
    name = serializers.CharField()
    sha256 = serializers.CharField(allow_null=True, help_text="null: not stated")
    bytes = Whole(allow_null=True, help_text="null: not stated")


class GroundSerializer(serializers.Serializer):
    """One thing on which it depends whether a version counts, and how it stands."""

    name = Both()
    is_met = serializers.BooleanField()
    reason = Both(source="text")


class StandingSerializer(serializers.Serializer):
    """How a version stands today. Whether and how much it counts in an allocation, that one's policy decides."""

    state = serializers.CharField(help_text="usable, not_counted, in_review, new, refused, expired or withdrawn")
    counts = serializers.BooleanField(help_text="nothing on record keeps it from counting")
    grounds = GroundSerializer(many=True)


class DatasetVersionSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    name = Named()
    description = Named("description")
    licence = serializers.CharField(help_text="empty: not stated")
    url = serializers.CharField()
    conforms_to = serializers.CharField()
    files = DescribedFileSerializer(many=True)
    gaps = Both(many=True, help_text="what has to be stated before reviews can begin")
    quantity = Whole()
    unit = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number", allow_null=True, default=None)
    funding = serializers.CharField(source="funding.code", allow_null=True, default=None)
    submitted_on = serializers.DateField()
    withdrawn_on = serializers.DateField(allow_null=True)
    copies = CopySerializer(many=True)
    required_reviews = serializers.ListField(source="required", child=serializers.CharField())
    standing = serializers.SerializerMethodField()
    file_sha256 = Digest(help_text="of the Croissant file as it was sent")
    entry = serializers.IntegerField(source="seq")

    def get_standing(self, version) -> StandingSerializer:
        return StandingSerializer(selectors.datasets.standing(version, localdate())).data


class DatasetSerializer(serializers.Serializer):
    number = serializers.CharField()
    member = serializers.CharField(source="member.code")
    name = Named()
    modality = serializers.CharField()
    category = Named("category")
    versions = DatasetVersionSerializer(source="versions.all", many=True)
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class DatasetQuery(Query):
    member = word()
    modality = word()
    where = {"member": "member__organization__code", "modality": "modality"}


class Registration(Strict):
    """What stands in the address beside the Croissant file; left out, the file's own statement stands."""

    member = word(help_text="code of the contributing member; left out: the one that the caller acts for")
    kind = word(help_text="kind of data; decides which reviews are needed")
    country = word(2, help_text="where a copy lies, two letters of ISO 3166-1")
    region = word(60)
    agreement = word(help_text="number of the inbound agreement; without one it counts nothing")
    funding = word(help_text="code of the funding source; left out: own money")


class Datasets(Door):
    max_bytes = min(LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    @lists(DatasetSerializer, query=DatasetQuery, tag="datasets")
    def get(self, request, asked):
        """Datasets with their versions."""
        return asked.narrow(_visible(request.viewer))

    @acts(
        DatasetSerializer,
        does="register_dataset",
        tag="datasets",
        query=Registration,
        media={"application/ld+json": OpenApiTypes.OBJECT, "application/json": OpenApiTypes.OBJECT},
        status=201,
    )
    def post(self, request, stated):
        """Register a dataset from the Croissant description that is the body.

        It is judged by the official validator (mlcroissant) and kept byte for byte.
        """
        check_may(request.viewer, "dataset.register")
        viewer, source = request.viewer, request.body
        described = croissant.describe(source)
        named = {name: stated.get(name, "") for name in ("kind", "country", "region")}
        head, code = selectors.log.head(), stated.get("member") or viewer.acting or ""
        version = services.datasets.register(
            described,
            source=source,
            member=refusals.named(selectors.members.visible_to(viewer), "member", code, "organization__code"),
            agreement=refusals.named(
                selectors.terms.visible_to(viewer), "agreement", stated.get("agreement"), "number"
            ),
            funding=refusals.named(selectors.funding.visible_to(viewer), "funding", stated.get("funding"), "code"),
            submitted_on=localdate(),
            illustrative=head is not None and head.demo,
            by=viewer,
            at=now(),
            **registration(described, **named),
        )
        return one(_visible(viewer), pk=version.dataset_id)


class Dataset(Door):
    @shows(DatasetSerializer, tag="datasets")
    def get(self, request, number):
        """One dataset with its versions, and how each stands and why."""
        return noted(request, "dataset", one(_visible(request.viewer), number=number))


def _visible(viewer):
    return selectors.datasets.visible_to(viewer).prefetch_related(
        "versions__reviews", "versions__agreement__rights", "versions__funding", "versions__dataset__member"
    )
