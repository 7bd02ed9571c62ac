"""Datasets, their versions, and how each version stands and why."""

from __future__ import annotations

from django.conf import settings
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import exceptions, serializers

from contributions import selectors, services
from contributions.adapters import croissant
from contributions.adapters.croissant_json import LIMIT
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery, day_of, is_past
from contributions.api.bodies import LinkedJSONParser, StrictJSONParser
from contributions.api.doors import Door, acts, lists, one, shows, writes
from contributions.api.fields import Amount, Both, Day, Digest, Named, Whole
from contributions.api.openings import noted
from contributions.api.queries import Strict, word
from contributions.api.resources import EligibilityLineSerializer, RecoveryIn
from contributions.core import records
from contributions.core.datasets import TLP
from contributions.core.roles import check_may
from contributions.forms.datasets import copies_of, registration


class CopySerializer(serializers.Serializer):
    copy = serializers.IntegerField(default=None, allow_null=True)
    country = serializers.CharField()
    region = serializers.CharField()
    on = serializers.DateField(default=None, allow_null=True)
    until = serializers.DateField(default=None, allow_null=True, help_text="the day on which it was deleted")
    evidence = Digest(default=None, allow_null=True)


class RecordSerializer(serializers.Serializer):
    """The minimum record, as the owner states it; what is left out is null."""

    site = serializers.CharField(default=None, allow_null=True)
    rights_holders = serializers.ListField(child=serializers.CharField(), default=None, allow_null=True)
    collected_from = serializers.DateField(default=None, allow_null=True)
    collected_until = serializers.DateField(default=None, allow_null=True, help_text="not including")
    tlp = serializers.CharField(default=None, allow_null=True, help_text="one of: " + ", ".join(TLP))
    personal = serializers.CharField(default=None, allow_null=True)
    legal_basis = serializers.CharField(default=None, allow_null=True)
    third_party_rights = serializers.CharField(default=None, allow_null=True)
    export_class = serializers.CharField(default=None, allow_null=True)
    purposes = serializers.ListField(child=serializers.CharField(), default=None, allow_null=True)
    prohibited = serializers.ListField(child=serializers.CharField(), default=None, allow_null=True)
    marks = serializers.ListField(child=serializers.CharField(), default=None, allow_null=True)


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
    """How a version stands on the day. Whether and how much it counts in an allocation, that one's policy decides."""

    state = serializers.CharField(
        help_text="usable, not_counted, in_review, new, refused, expired, superseded or withdrawn"
    )
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
    gaps = serializers.SerializerMethodField(help_text="what has to be stated before reviews can begin")
    record = RecordSerializer()
    quantity = Whole()
    unit = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number", allow_null=True, default=None)
    funding = serializers.CharField(source="funding.code", allow_null=True, default=None)
    submitted_on = serializers.DateField()
    withdrawn_on = serializers.DateField(allow_null=True)
    copies = CopySerializer(many=True)
    required_reviews = serializers.ListField(source="required", child=serializers.CharField())
    quotas = serializers.DictField(child=serializers.IntegerField(), help_text="opinions that each review needs")
    standing = serializers.SerializerMethodField()
    file_sha256 = Digest(help_text="of the Croissant file as it was sent")
    entry = serializers.IntegerField(source="seq")

    def get_gaps(self, version) -> Both(many=True):
        return Both(selectors.datasets.gaps_of(version), many=True).data

    eligibility = serializers.SerializerMethodField(help_text="line by line what of it can count on the day")

    def get_standing(self, version) -> StandingSerializer:
        return StandingSerializer(version.stands).data

    def get_eligibility(self, version) -> EligibilityLineSerializer(many=True):
        lines = selectors.eligibility.of_version(version.stands, day_of(self))
        return EligibilityLineSerializer(lines, many=True).data


class DatasetSerializer(serializers.Serializer):
    number = serializers.CharField()
    member = serializers.CharField(source="member.code")
    name = Named()
    modality = serializers.CharField()
    category = Named("category")
    versions = serializers.SerializerMethodField(help_text="those submitted by the day, as each then stood")
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")

    def get_versions(self, dataset) -> DatasetVersionSerializer(many=True):
        found, day = [], day_of(self)
        for standing in reversed(selectors.datasets.succession(dataset.versions.all(), day)):
            version = selectors.datasets.then(standing.version, day) if is_past(self) else standing.version
            version.stands = standing
            found.append(version)
        return DatasetVersionSerializer(found, many=True, context=self.context).data


class DatasetQuery(DayQuery):
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
    parser_classes = [StrictJSONParser, LinkedJSONParser]
    max_bytes = min(LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    @lists(DatasetSerializer, query=DatasetQuery, tag="datasets")
    def get(self, request, asked):
        """Datasets with their versions; as of a day, those submitted by then, as each version then stood."""
        rows = asked.narrow(_visible(request.viewer))
        return rows.filter(versions__submitted_on__lte=asked.day).distinct() if asked.is_chosen else rows

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
    @shows(DatasetSerializer, tag="datasets", query=DayAsked)
    def get(self, request, asked, number):
        """One dataset with its versions, and how each stands, or stood on a day, and why."""
        rows = _visible(request.viewer)
        if asked.is_chosen:
            rows = rows.filter(versions__submitted_on__lte=asked.day).distinct()
        return noted(request, "dataset", one(rows, number=number))


class RevisionIn(Strict):
    """What stands in the address beside the Croissant file; left out, the file's own statement stands."""

    country = word(2, help_text="where a copy lies, two letters of ISO 3166-1")
    region = word(60)
    agreement = word(help_text="number of the inbound agreement; without one it counts nothing")
    funding = word(help_text="code of the funding source; left out: own money")


class DatasetRevision(Door):
    parser_classes = [StrictJSONParser, LinkedJSONParser]
    max_bytes = min(LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    @acts(
        DatasetSerializer,
        does="revise_dataset",
        tag="datasets",
        query=RevisionIn,
        media={"application/ld+json": OpenApiTypes.OBJECT, "application/json": OpenApiTypes.OBJECT},
        status=201,
    )
    def post(self, request, stated, number):
        """Register a further version from the Croissant description that is the body."""
        check_may(request.viewer, "dataset.revise")
        viewer, source = request.viewer, request.body
        found, described = one(_visible(viewer), number=number), croissant.describe(source)
        where = {name: stated.get(name, "") for name in ("country", "region")}
        services.datasets.revise(
            found,
            described,
            source=source,
            copies=copies_of(described, **where),
            submitted_on=localdate(),
            agreement=refusals.named(
                selectors.terms.visible_to(viewer), "agreement", stated.get("agreement"), "number"
            ),
            funding=refusals.named(selectors.funding.visible_to(viewer), "funding", stated.get("funding"), "code"),
            by=viewer,
            at=now(),
        )
        return one(_visible(viewer), number=number)


class FileIn(Strict):
    name = serializers.CharField(max_length=300)
    sha256 = serializers.RegexField(r"^[0-9a-fA-F]{64}$", required=False, allow_null=True, default=None)
    bytes = Amount(required=False, allow_null=True, default=None)


class StatementIn(Strict):
    """What a version leaves out, by the names of the record; several purposes and the like as one list."""

    record = serializers.DictField(required=False, default=dict)
    licence = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)
    files = FileIn(many=True, required=False, default=list)

    def validate_record(self, record: dict) -> dict:
        known = {name for field, (term, *_) in records.FIELDS.items() for name in (field, term)}
        if unknown := sorted(set(record) - known):
            sentence = exceptions.ErrorDetail(_("There is no field of this name."), "unknown-field")
            raise exceptions.ValidationError({name: [sentence] for name in unknown})
        return record


class DatasetStatement(Door):
    @acts(DatasetSerializer, does="state_dataset", tag="datasets", body=StatementIn)
    def post(self, request, sent, number, version):
        """Complete what a version leaves out, before its reviews begin."""
        files = {file["name"]: ((file["sha256"] or "").lower() or None, file["bytes"]) for file in sent["files"]}
        record = records.read(sent["record"])
        row = _version(request, number, version)
        services.datasets.state(row, record=record, licence=sent["licence"], files=files, by=request.viewer, at=now())
        return one(_visible(request.viewer), number=number)


class WithdrawalIn(Strict):
    version = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="null: all of it")
    on = Day(help_text="today or later")
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class DatasetWithdrawal(Door):
    @acts(DatasetSerializer, does="withdraw_dataset", tag="datasets", body=WithdrawalIn)
    def post(self, request, sent, number):
        """Withdraw one version, or the dataset, from a day on. What was allocated before stays."""
        found = one(_visible(request.viewer), number=number)
        row = _version(request, number, sent["version"]) if sent["version"] is not None else None
        services.datasets.withdraw(
            found, version=row, on=sent["on"], reason=sent["reason"], by=request.viewer, at=now()
        )
        return one(_visible(request.viewer), number=number)


class DatasetRecoveries(Door):
    @acts(DatasetSerializer, does="recover_dataset", tag="datasets", body=RecoveryIn, status=201)
    def post(self, request, sent, number, version):
        """Declare that a part of what a version is worth came back from elsewhere."""
        services.recoveries.declare(_version(request, number, version), **sent, by=request.viewer, at=now())
        return one(_visible(request.viewer), number=number)


class CopyIn(Strict):
    country = serializers.CharField(max_length=2)
    region = serializers.CharField(max_length=60)
    on = Day(required=False, allow_null=True, default=None, help_text="left out: today")


class DatasetCopies(Door):
    @acts(DatasetSerializer, does="record_copy", tag="datasets", body=CopyIn)
    def post(self, request, sent, number, version):
        """Record where another copy lies. One outside the countries allowed is a breach."""
        services.copies.record(_version(request, number, version), by=request.viewer, at=now(), **sent)
        return one(_visible(request.viewer), number=number)


class GoneIn(Strict):
    on = Day()


class DatasetCopyRemoval(Door):
    @acts(DatasetSerializer, does="remove_copy", tag="datasets", body=GoneIn)
    def post(self, request, sent, number, version, copy):
        """Record that a copy was deleted; the breach that it was is mended by it."""
        services.copies.remove(_version(request, number, version), copy, by=request.viewer, at=now(), **sent)
        return one(_visible(request.viewer), number=number)


class DatasetExport(Door):
    @writes("application/ld+json", tag="datasets")
    def get(self, request, number, version):
        """A version as a Croissant file with our additions: record, copies, outcome of the reviews, marks."""
        row = _version(request, number, version)
        if not selectors.datasets.may_see_columns(request.viewer, row):
            raise refusals.not_found()
        return selectors.descriptions.exported(row, localdate())


def _version(request, number: str, version: int):
    rows = selectors.datasets.versions_visible_to(request.viewer)
    return one(rows, dataset__number=number, version=version)


def _visible(viewer):
    return selectors.datasets.visible_to(viewer).prefetch_related(
        "versions__reviews__opinions__conditions",
        "versions__breaches",
        "versions__agreement__editions",
        "versions__funding__editions",
        "versions__dataset__member",
    )
