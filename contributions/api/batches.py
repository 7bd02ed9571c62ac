"""Batches: files of metered compute, what was posted of each, and the rows kept aside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery, day_of, is_past, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Digest, Instant, Whole
from contributions.api.openings import noted
from contributions.api.queries import Completed, Query, Strict, of_state, word
from contributions.api.resources import EligibilityLineSerializer, RecoveryIn, RecoverySerializer
from contributions.core import courses, imports
from contributions.core.roles import check_may
from contributions.templatetags.contributed import readable

STATES = ("submitted", "accepted", *courses.FALLEN)
FORM_BYTES = 2**16  # what a multipart body holds beside its file
NAME_BYTES = 150


class BatchSerializer(serializers.Serializer):
    number = serializers.CharField()
    member = serializers.CharField(source="member.code")
    facility = serializers.CharField(source="facility.code")
    funding = serializers.CharField(source="funding.code", allow_null=True, default=None)
    file_name = serializers.CharField()
    file_format = serializers.CharField()
    file_sha256 = Digest()
    bytes_read = Whole()
    rows_read = serializers.IntegerField()
    jobs = serializers.IntegerField()
    findings_count = serializers.IntegerField(help_text="rows kept aside")
    state = serializers.SerializerMethodField(help_text="one of: " + ", ".join(STATES))
    received_at = Instant()
    supersedes = serializers.CharField(source="supersedes.number", allow_null=True, default=None)
    entry = serializers.IntegerField(source="seq")

    def get_state(self, batch) -> str:
        return getattr(batch, "course", None) or selectors.courses.state_of(batch)


class BatchDetailSerializer(BatchSerializer):
    """One batch, and line by line what of it can count."""

    recoveries = serializers.SerializerMethodField()
    eligibility = serializers.SerializerMethodField()

    def get_recoveries(self, batch) -> RecoverySerializer(many=True):
        rows = selectors.recoveries.of(batch, day_of(self) if is_past(self) else None)
        return RecoverySerializer(rows, many=True).data

    def get_eligibility(self, batch) -> EligibilityLineSerializer(many=True):
        lines = selectors.eligibility.of_batch(batch, day_of(self) if is_past(self) else None)
        return EligibilityLineSerializer(lines, many=True).data


class TotalsSerializer(serializers.Serializer):
    """Sums of what was posted, in hours to six decimals."""

    jobs = serializers.IntegerField()
    cpu_hours = serializers.CharField()
    node_hours = serializers.CharField()
    gpu_hours = serializers.CharField()


class ReceivedSerializer(serializers.Serializer):
    """What became of a file: its batch, the sums, and every row that was kept aside."""

    batch = BatchSerializer()
    totals = TotalsSerializer()
    findings = refusals.FindingSerializer(many=True)


class BatchFindingSerializer(serializers.Serializer):
    line = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.SerializerMethodField()
    row = serializers.SerializerMethodField(help_text="the line in full, as it came, beside the first of its findings")

    def get_row(self, finding) -> str:
        return readable(finding.raw)

    def get_reason(self, finding) -> str:
        return refusals.spoken(finding.ja, finding.en)


class RowOfDaySerializer(serializers.Serializer):
    """A job as far as it lies on the day; in a form, the day itself."""

    line = serializers.IntegerField(help_text="of the file it came in")
    job = serializers.CharField(source="job_id")
    start = Instant(allow_null=True)
    end = Instant(allow_null=True)
    state = serializers.CharField()
    seconds = serializers.IntegerField(help_text="of the day")
    cpu_s = Whole()
    node_s = Whole()
    gpu_s = Whole()
    row = serializers.CharField(source="raw", help_text="the line in full, as it came")


class RowsQuery(Query):
    day = Day()
    accelerator = serializers.CharField(max_length=64)


class ReversalIn(Strict):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class BatchQuery(DayQuery):
    state = of_state(*STATES)
    member = word()
    facility = word()
    file_sha256 = word(64)
    where = {
        "member": "member__organization__code",
        "facility": "facility__code",
        "file_sha256": "file_sha256",
    }


class UploadIn(Strict):
    file = serializers.FileField(max_length=255, allow_empty_file=True)
    facility = serializers.CharField(max_length=32)
    member = word(help_text="code of the contributing member; left out: the one that the caller acts for")
    format = serializers.ChoiceField(
        tuple(imports.FORMATS), required=False, help_text="left out: told by its first line"
    )
    funding = word(help_text="code of the funding source; left out: own money")
    supersedes = word(help_text="number of the caller's batch, not attested yet, that this file replaces")
    strict = serializers.BooleanField(default=False, help_text="refuse the whole file if any row is bad")


class Batches(Door):
    parser_classes = [MultiPartParser]
    max_bytes = settings.UPLOAD_AT_ONCE_BYTES + FORM_BYTES

    @lists(BatchSerializer, query=BatchQuery, tag="batches")
    def get(self, request, asked):
        """Batches of metered compute; as of a day, those received by then, each in the state of that day."""
        rows = asked.narrow(selectors.compute.batches_visible_to(request.viewer))
        rows = selectors.compute.then(rows, asked.day) if asked.is_chosen else rows
        rows = selectors.courses.in_state(rows, asked.validated_data.get("state", ""))
        return Completed(rows, selectors.courses.tell)

    @acts(
        ReceivedSerializer,
        does="upload_batch",
        tag="batches",
        body=UploadIn,
        media={"multipart/form-data": UploadIn},
        status=201,
    )
    def post(self, request, sent):
        """Hand in a small file of metered compute and have it posted at once; a large one goes to /intakes/.

        Good rows are posted, bad ones are kept aside and told in full.
        The same file again posts nothing and is refused (already-held), naming the batch that holds it.
        """
        check_may(request.viewer, "batch.receive")
        viewer, at = request.viewer, now()
        member, sources = sent.get("member") or viewer.acting, selectors.funding.visible_to(viewer)
        own = selectors.compute.batches_visible_to(viewer)
        facility = refusals.named(selectors.compute.facilities_open_to(viewer), "facility", sent["facility"], "code")
        with _kept(sent["file"]) as path:
            outcome = services.imports.receive(
                path,
                member=refusals.named(selectors.members.visible_to(viewer), "member", member, "organization__code"),
                facility=facility,
                funding=refusals.named(sources, "funding", sent.get("funding"), "code"),
                supersedes=refusals.named(own, "supersedes", sent.get("supersedes"), "number"),
                file_format=sent.get("format"),
                strict=sent["strict"],
                by=viewer,
                at=at,
            )
        findings = [
            {"line": row.line, "field": row.field, "code": row.code, "reason": refusals.spoken(row.ja, row.en)}
            for row in outcome.findings
        ]
        return {"batch": outcome.batch, "totals": outcome.totals, "findings": findings}


class Batch(Door):
    @shows(BatchDetailSerializer, tag="batches", query=DayAsked)
    def get(self, request, asked, number):
        """One batch, as it stands or stood on a day, and line by line what of it can count."""
        found = _found(request, number)
        shown = stood(selectors.compute.then([found], asked.day)) if asked.is_chosen else found
        return noted(request, "batch", shown)


class BatchFindings(Door):
    @lists(BatchFindingSerializer, tag="batches")
    def get(self, request, asked, number):
        """Rows of a batch that were kept aside: where, what, why, and the line in full."""
        return selectors.batches.findings_of(_found(request, number))


class BatchRows(Door):
    @lists(RowOfDaySerializer, query=RowsQuery, tag="batches")
    def get(self, request, asked, number):
        """The jobs behind one day's figure of a batch."""
        wanted = asked.validated_data
        return selectors.batches.rows_of_day(_found(request, number), wanted["accelerator"], wanted["day"])


class BatchAttestation(Door):
    @acts(BatchSerializer, does="attest_batch", tag="batches")
    def post(self, request, number):
        """Attest a batch: from now on its days count."""
        services.compute.attest(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


class BatchRecoveries(Door):
    @acts(BatchDetailSerializer, does="recover_batch", tag="batches", body=RecoveryIn, status=201)
    def post(self, request, sent, number):
        """Declare that a part of what the compute cost came back from elsewhere."""
        services.recoveries.declare(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


class BatchReversal(Door):
    @acts(BatchSerializer, does="reverse_batch", tag="batches", body=ReversalIn)
    def post(self, request, sent, number):
        """Reverse a batch: it counts no more. A member reverses its own until it is attested, the secretariat any."""
        services.batches.reverse(_found(request, number), reason=sent.get("reason", ""), by=request.viewer, at=now())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.compute.batches_visible_to(request.viewer), number=number)


@contextmanager
def _kept(upload) -> Iterator[Path]:
    """The upload as a file under its own name, for as long as it is read."""
    if upload.size > min(settings.UPLOAD_MAX_BYTES, settings.UPLOAD_AT_ONCE_BYTES):
        raise refusals.invalid("file", _("The file is too large."), "too-large")
    name = Path(upload.name).name.encode()[:NAME_BYTES].decode(errors="ignore") or "upload"
    with tempfile.TemporaryDirectory(prefix="moyai-upload-") as folder:
        path = Path(folder) / name
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        yield path
