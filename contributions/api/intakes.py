"""Files on their way in: received, read by a worker, previewed, then committed or rejected as a whole."""

from __future__ import annotations

from django.conf import settings
from django.utils.timezone import now
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.batches import FORM_BYTES, BatchFindingSerializer, UploadIn
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Instant, Whole
from contributions.api.queries import Query, Strict, of_state
from contributions.core.roles import check_may

STATES = ("reading", "unmapped", "previewed", "committing", "committed", "refused")


class IntakeSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    member = serializers.CharField(source="member.code")
    facility = serializers.CharField(source="facility.code")
    funding = serializers.CharField(source="funding.code", allow_null=True, default=None)
    supersedes = serializers.CharField(source="supersedes.number", allow_null=True, default=None)
    file_name = serializers.CharField()
    file_format = serializers.CharField()
    size = Whole()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    job = serializers.UUIDField(source="job_id", allow_null=True)
    preview = serializers.DictField(help_text="previewed: sums by month; unmapped: the columns that stand in the file")
    refusal = serializers.SerializerMethodField(help_text="empty unless it was refused")
    batch = serializers.CharField(source="batch.number", allow_null=True, default=None)
    sent_at = Instant()
    expires_at = Instant()

    def get_refusal(self, intake) -> str:
        return refusals.spoken(intake.refusal_ja, intake.refusal_en)


class RejectedSerializer(serializers.Serializer):
    rejected = serializers.UUIDField()


class IntakeQuery(Query):
    state = of_state(*STATES)
    where = {"state": "state"}


class MappingIn(Strict):
    mapping = serializers.DictField(
        child=serializers.CharField(max_length=60), help_text="the file's column, in lower case: ours"
    )


class Intakes(Door):
    parser_classes = [MultiPartParser]
    max_bytes = settings.UPLOAD_MAX_BYTES + FORM_BYTES

    @lists(IntakeSerializer, query=IntakeQuery, tag="intakes")
    def get(self, request, asked):
        """The caller's files on their way in."""
        return asked.narrow(selectors.intakes.visible_to(request.viewer))

    @acts(
        IntakeSerializer,
        does="upload_intake",
        tag="intakes",
        body=UploadIn,
        media={"multipart/form-data": UploadIn},
        status=202,
    )
    def post(self, request, sent):
        """Hand in a file to be read by a worker; its preview is then committed or rejected."""
        check_may(request.viewer, "batch.receive")
        viewer, upload = request.viewer, sent["file"]
        sources, batches = selectors.funding.visible_to(viewer), selectors.compute.batches_visible_to(viewer)
        facilities, members = selectors.compute.facilities_open_to(viewer), selectors.members.visible_to(viewer)
        return services.intakes.request(
            services.intakes.path_of(upload),
            chunks=upload.chunks(),
            name=upload.name,
            size=upload.size,
            member=refusals.named(members, "member", sent.get("member") or viewer.acting, "organization__code"),
            facility=refusals.named(facilities, "facility", sent["facility"], "code"),
            funding=refusals.named(sources, "funding", sent.get("funding"), "code"),
            supersedes=refusals.named(batches, "supersedes", sent.get("supersedes"), "number"),
            file_format=sent.get("format"),
            by=viewer,
            at=now(),
        )


class Intake(Door):
    @shows(IntakeSerializer, tag="intakes")
    def get(self, request, intake):
        """One file on its way in, with its preview."""
        return _found(request, intake)


class IntakeFindings(Door):
    @lists(BatchFindingSerializer, tag="intakes")
    def get(self, request, asked, intake):
        """Rows that would be kept aside: where, what, why, and the line in full."""
        return selectors.batches.findings_at(services.intakes.findings_of(_found(request, intake)))


class IntakeColumns(Door):
    @acts(IntakeSerializer, does="map_intake_columns", tag="intakes", body=MappingIn)
    def post(self, request, sent, intake):
        """Say what the file's columns are; it is remembered for this member and facility."""
        services.intakes.map_columns(_found(request, intake), sent["mapping"], by=request.viewer, at=now())
        return _found(request, intake)


class IntakeCommitment(Door):
    @acts(IntakeSerializer, does="commit_intake", tag="intakes", status=202)
    def post(self, request, intake):
        """Post what the preview shows, all of it."""
        services.intakes.commit(_found(request, intake), by=request.viewer, at=now())
        return _found(request, intake)


class IntakeRejection(Door):
    @acts(RejectedSerializer, does="reject_intake", tag="intakes")
    def post(self, request, intake):
        """Let the file go: nothing of it is left."""
        services.intakes.reject(_found(request, intake), by=request.viewer, at=now())
        return {"rejected": intake}


def _found(request, intake):
    return one(selectors.intakes.visible_to(request.viewer), pk=intake)
