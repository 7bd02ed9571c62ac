"""Licensees and their screening."""

from __future__ import annotations

from base64 import b64decode

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from rest_framework import serializers

from contributions import selectors as contributed
from contributions.api import refusals
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Instant, Named
from contributions.api.queries import Query, Strict, of_state, word
from contributions.core import evidence
from contributions.core.roles import check_may
from licensing import selectors, services
from licensing.core.licensees import CHECKS
from licensing.core.screening import REASONS

MEGABYTES = 4 * 2**20  # in base64, within what a body may hold
STATES = ("applied", "approved", "refused", "suspended")
INQUIRY_STATES = ("new", "taken_up", "declined")


class ScreeningSerializer(serializers.Serializer):
    kind = serializers.CharField()
    passed = serializers.BooleanField()
    finding = Named("finding")
    screened_on = Day()
    valid_until = Day(help_text="not including")
    evidence = serializers.SerializerMethodField(help_text="how many files lie beside it")
    entry = serializers.IntegerField(source="seq")

    def get_evidence(self, row) -> int:
        return len(row.evidence)


class LicenseeSerializer(serializers.Serializer):
    code = serializers.CharField(source="organization.code")
    name = Named(source="organization")
    licensee_class = serializers.CharField()
    field_of_use = serializers.CharField()
    purpose = serializers.CharField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    applied_on = Day()
    decided_on = Day(allow_null=True)
    reason = Named("reason")
    rescreen_on = Day(allow_null=True)
    screenings = ScreeningSerializer(source="screenings.all", many=True)
    entry = serializers.IntegerField(source="seq")


class LicenseeQuery(Query):
    state = of_state(*STATES)
    field_of_use = word()
    where = {"state": "state", "field_of_use": "field_of_use"}


class ApplicationIn(Strict):
    organization = serializers.CharField(max_length=60)
    licensee_class = serializers.CharField(max_length=20)
    field_of_use = serializers.CharField(max_length=40)
    purpose = serializers.CharField(max_length=2000)
    stated = serializers.DictField(default=dict, help_text="wanted, seat, foreign_control, end_use, inference, rivals")


class ScreeningIn(Strict):
    kind = serializers.ChoiceField(tuple(CHECKS))
    passed = serializers.BooleanField()
    finding_ja = serializers.CharField(max_length=2000)
    finding_en = serializers.CharField(max_length=2000)
    screened_on = Day()
    valid_until = Day(help_text="not including")
    details = serializers.DictField(
        default=dict,
        help_text="what the check itself asks: seat, foreign_control; residency, category, end_use, inference, permit",
    )
    evidence_name = serializers.CharField(max_length=200, default="", allow_blank=True)
    evidence = serializers.CharField(
        max_length=MEGABYTES, default="", allow_blank=True, help_text="the document that a pass rests on, in base64"
    )

    def validate(self, given: dict) -> dict:
        """The document as it was before it was written in base64; a day that has not come yet is refused."""
        if given["screened_on"] > localdate():
            raise serializers.ValidationError({"screened_on": _("That day has not come yet.")})
        name, written = given.pop("evidence_name"), given.pop("evidence")
        try:
            content = b64decode(written, validate=True)
        except ValueError:
            raise serializers.ValidationError({"evidence": "base64"}) from None
        return given | {"evidence": evidence.check(name or "evidence", content) if content else None}


class ApprovalIn(Strict):
    rescreen_on = Day()


class RefusalIn(Strict):
    reason = serializers.ChoiceField(tuple(REASONS))
    text = serializers.CharField(default="", allow_blank=True, max_length=1000, help_text="must name no member")


class SuspensionIn(Strict):
    text = serializers.CharField(max_length=1000)


class Licensees(Door):
    @lists(LicenseeSerializer, query=LicenseeQuery, tag="licensees")
    def get(self, request, asked):
        """Licensees with their screening."""
        return asked.narrow(selectors.licensees.visible_to(request.viewer))

    @acts(LicenseeSerializer, does="apply_as_licensee", tag="licensees", body=ApplicationIn, status=201)
    def post(self, request, sent):
        """Apply to use the models in a field."""
        check_may(request.viewer, "licensee.apply")
        companies = contributed.organizations.visible_to(request.viewer)
        company = refusals.named(companies, "organization", sent.pop("organization"), "code")
        services.licensees.apply(company, **sent, applied_on=localdate(), by=request.viewer, at=now())
        return _found(request, company.code)


class Licensee(Door):
    @shows(LicenseeSerializer, tag="licensees")
    def get(self, request, code):
        """One licensee."""
        return _found(request, code)


class LicenseeScreenings(Door):
    @acts(LicenseeSerializer, does="screen_licensee", tag="licensees", body=ScreeningIn, status=201)
    def post(self, request, sent, code):
        """Record one check; what its own record contradicts is refused, and a pass on no document where one is due."""
        services.licensees.screen(_found(request, code), **sent, by=request.viewer, at=now())
        return _found(request, code)


class LicenseeApproval(Door):
    @acts(LicenseeSerializer, does="approve_licensee", tag="licensees", body=ApprovalIn)
    def post(self, request, sent, code):
        """Approve an applicant whose every check has passed and is in force."""
        services.licensees.approve(_found(request, code), **sent, decided_on=localdate(), by=request.viewer, at=now())
        return _found(request, code)


class LicenseeRefusal(Door):
    @acts(LicenseeSerializer, does="refuse_licensee", tag="licensees", body=RefusalIn)
    def post(self, request, sent, code):
        """Refuse an applicant, with a reason that names no member."""
        services.licensees.refuse(_found(request, code), **sent, decided_on=localdate(), by=request.viewer, at=now())
        return _found(request, code)


class LicenseeSuspension(Door):
    @acts(LicenseeSerializer, does="suspend_licensee", tag="licensees", body=SuspensionIn)
    def post(self, request, sent, code):
        """No new agreements with a licensee until it is approved again."""
        services.licensees.suspend(_found(request, code), **sent, decided_on=localdate(), by=request.viewer, at=now())
        return _found(request, code)


class ColleagueSerializer(serializers.Serializer):
    username = serializers.CharField(source="user.username")
    name = Named(source="user")
    role = serializers.CharField(help_text="owner, reporter, engineer, accounts; another word: all of them")
    valid_from = Day()
    entry = serializers.IntegerField(source="seq")


class LicenseePeople(Door):
    @lists(ColleagueSerializer, tag="licensees")
    def get(self, request, asked, code):
        """Who acts for a licensee today."""
        return selectors.licensees.staff_rows(request.viewer, code, on=localdate())


class InquirySerializer(serializers.Serializer):
    number = serializers.CharField()
    company = Named("company")
    corporate_number = serializers.CharField()
    field_of_use = serializers.CharField()
    purpose = serializers.CharField()
    state = serializers.CharField(help_text="one of: " + ", ".join(INQUIRY_STATES))
    received_at = Instant()
    licensee = serializers.CharField(source="licensee.organization.code", allow_null=True, default=None)


class InquiryQuery(Query):
    state = of_state(*INQUIRY_STATES)
    field_of_use = word()
    where = {"state": "state", "field_of_use": "field_of_use"}


class Inquiries(Door):
    @lists(InquirySerializer, query=InquiryQuery, tag="licensees")
    def get(self, request, asked):
        """Requests from outside that are still kept, the newest first."""
        return asked.narrow(selectors.inquiries.visible_to(request.viewer))


class Inquiry(Door):
    @shows(InquirySerializer, tag="licensees")
    def get(self, request, number):
        """One request from outside."""
        return one(selectors.inquiries.visible_to(request.viewer), number=number)


def _found(request, code: str):
    return one(selectors.licensees.visible_to(request.viewer), organization__code=code)
