"""Licence agreements: their state, their terms as data, and each step towards being in force."""

from __future__ import annotations

from django.conf import settings
from django.utils.timezone import localdate, now
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from contributions.api import refusals
from contributions.api.as_of import DayQuery, day_of, is_past
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Digest, Instant, Whole
from contributions.api.queries import Strict, of_state, word
from contributions.core.periods import jst_date
from licensing import selectors, services
from licensing.api.reports import ReportSerializer
from licensing.core import agreements as rules
from licensing.core.signatures import Act

FORM_BYTES = 2**16  # what a multipart body holds beside its file
STATES = (
    "drafted", "approved", "offered", "signed", "executed", "declined", "withdrawn",
    "suspended", "terminated", "expired",
)  # fmt: skip


class DocumentSerializer(serializers.Serializer):
    stage = serializers.CharField(help_text="offered, signed or executed")
    sha256 = Digest()
    size = Whole(help_text="bytes")
    made_at = Instant()
    entry = serializers.IntegerField(source="seq")


class SignatureSerializer(serializers.Serializer):
    party = serializers.CharField(help_text="licensor or licensee")
    certificate_name = serializers.CharField()
    certificate_sha256 = Digest()
    signed_at = Instant()
    trial = serializers.BooleanField(help_text="a test signature, without legal force")
    level = serializers.CharField(help_text="AdES level: B-B, B-T, B-LT or B-LTA")
    factor = serializers.CharField(help_text="totp, recovery_codes, test, none or outside")
    outside = serializers.BooleanField(help_text="signed by an outside service and taken back")
    entry = serializers.IntegerField(source="seq")


class AgreementSerializer(serializers.Serializer):
    number = serializers.CharField()
    licensee = serializers.CharField(source="licensee.organization.code")
    schedule = serializers.CharField(source="schedule.number")
    schedule_version = serializers.IntegerField(source="schedule.version")
    release = serializers.CharField(source="release.number")
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES) + "; as of a day, its standing (see life)")
    term_from = Day()
    term_until = Day(help_text="not including")
    terms_sha256 = Digest(help_text="of agreement.json, as it stands on every page of the contract")
    offered_at = Instant(allow_null=True)
    executed_at = Instant(allow_null=True)
    turned_down_at = Instant(allow_null=True)
    turned_down_reason = serializers.CharField(help_text="empty unless sent back, declined or withdrawn")
    documents = serializers.SerializerMethodField(help_text="those made by the day")
    signatures = serializers.SerializerMethodField(help_text="those given by the day")
    entry = serializers.IntegerField(source="seq")

    def get_documents(self, agreement) -> DocumentSerializer(many=True):
        rows = [row for row in agreement.documents.all() if not is_past(self) or jst_date(row.made_at) <= day_of(self)]
        return DocumentSerializer(rows, many=True).data

    def get_signatures(self, agreement) -> SignatureSerializer(many=True):
        rows = [
            row for row in agreement.signatures.all() if not is_past(self) or jst_date(row.signed_at) <= day_of(self)
        ]
        return SignatureSerializer(rows, many=True).data


class ActSerializer(Strict):
    """The act of signing: the file that was read, and the second factor."""

    document_sha256 = serializers.CharField(
        required=False, max_length=64, help_text="of the file to sign, as its document states it"
    )
    code = serializers.CharField(
        default="", allow_blank=True, max_length=40, help_text="of an authenticator app, or a recovery code"
    )


class ReturnedSerializer(Strict):
    file = serializers.FileField(max_length=255)


class ReasonSerializer(Strict):
    reason = serializers.CharField(max_length=4000, help_text="the other side reads it once the draft was offered")


class TermsSerializer(serializers.Serializer):
    """agreement.json, the contract as data: what its PDF carries inside."""

    sha256 = Digest()
    agrees = serializers.BooleanField(help_text="whether the text, assembled again, still has the digest above")
    document = serializers.DictField()

    class Meta:
        ref_name = "AgreementTerms"


class AgreementIn(Strict):
    licensee = serializers.CharField(max_length=40, help_text="code of an approved licensee")
    template = serializers.CharField(max_length=40, help_text="code of a template in force")
    schedule = serializers.CharField(max_length=40, help_text="number@version of an adopted price list")
    release = serializers.CharField(max_length=40)
    term_from = Day()
    term_until = Day(help_text="not including")
    variables = serializers.DictField(
        default=dict, help_text="as in agreement.json; what is left out is proposed as the form proposes it"
    )


class AgreementQuery(DayQuery):
    state = of_state(*STATES)
    licensee = word()
    release = word()
    where = {"state": "state", "licensee": "licensee__organization__code", "release": "release__number"}


class Agreements(Door):
    @lists(AgreementSerializer, query=AgreementQuery, tag="agreements")
    def get(self, request, asked):
        """Licence agreements; as of a day, those concluded by then, with how each stood and on the terms of the day."""
        if not asked.is_chosen:
            return asked.narrow(_visible(request))
        found, wanted = selectors.agreements.then(_visible(request), asked.day), asked.validated_data
        return [
            row
            for row in found
            if wanted.get("licensee") in {None, row.licensee.organization.code}
            and wanted.get("release") in {None, row.release.number}
            and wanted.get("state") in {None, row.state}
        ]

    @acts(AgreementSerializer, body=AgreementIn, does="draft_agreement", tag="agreements", status=201)
    def post(self, request, sent):
        """Draft an agreement with an approved licensee."""
        made = chosen(request, sent)
        row = services.agreements.draft(made.pop("licensee"), **made, by=request.viewer, at=now())
        return _found(request, row.number)


class Agreement(Door):
    @shows(AgreementSerializer, tag="agreements")
    def get(self, request, number):
        """One licence agreement with its files and signatures."""
        return _found(request, number)


class AgreementTerms(Door):
    @shows(TermsSerializer, tag="agreements", also=(422,))
    def get(self, request, number):
        """The terms of an agreement as data, with the digest that its PDF prints."""
        found = _found(request, number)
        document = services.agreements.assembled(found).embedded
        sha256 = found.terms_sha256
        return {"sha256": sha256, "agrees": rules.digest(document) == sha256, "document": document}


class AgreementApproval(Door):
    @acts(AgreementSerializer, does="approve_agreement", tag="agreements")
    def post(self, request, number):
        """Approve a draft."""
        return _step(request, number, services.agreements.approve)


class AgreementOffer(Door):
    @acts(AgreementSerializer, does="offer_agreement", tag="agreements")
    def post(self, request, number):
        """Offer an approved agreement; its text and file are frozen from here on."""
        return _step(request, number, services.agreements.offer)


class AgreementSignature(Door):
    @acts(AgreementSerializer, does="sign_agreement", tag="agreements", body=ActSerializer)
    def post(self, request, sent, number):
        """Sign for the licensor."""
        return _step(request, number, services.agreements.sign, act=act_of(request, sent))


class AgreementCountersignature(Door):
    @acts(AgreementSerializer, does="countersign_agreement", tag="agreements", body=ActSerializer)
    def post(self, request, sent, number):
        """Sign for the licensee; the agreement is in force."""
        return _step(request, number, services.agreements.countersign, act=act_of(request, sent))


class AgreementReturned(Door):
    parser_classes = [MultiPartParser]
    max_bytes = settings.SIGNED_BYTES_MAX + FORM_BYTES

    @acts(
        AgreementSerializer,
        does="take_back_agreement",
        tag="agreements",
        body=ReturnedSerializer,
        media={"multipart/form-data": ReturnedSerializer},
    )
    def post(self, request, sent, number):
        """Take back the frozen file as an outside service has signed it; each fault is refused under its own code."""
        return _step(request, number, services.returns.take_back, content=sent["file"].read())


class AgreementReturn(Door):
    @acts(AgreementSerializer, body=ReasonSerializer, does="send_back_agreement", tag="agreements")
    def post(self, request, data, number):
        """Send an approved draft back to its drafter."""
        return _step(request, number, services.agreements.send_back, reason=data["reason"])


class AgreementRefusal(Door):
    @acts(AgreementSerializer, body=ReasonSerializer, does="decline_agreement", tag="agreements")
    def post(self, request, data, number):
        """Decline an offered agreement as its licensee."""
        return _step(request, number, services.agreements.decline, reason=data["reason"])


class AgreementWithdrawal(Door):
    @acts(AgreementSerializer, body=ReasonSerializer, does="withdraw_agreement", tag="agreements")
    def post(self, request, data, number):
        """Take back a draft or an offer that is not in force."""
        return _step(request, number, services.agreements.withdraw, reason=data["reason"])


class AgreementReports(Door):
    @acts(ReportSerializer, does="prepare_report", tag="reports", status=201)
    def post(self, request, number):
        """Prepare the audit report of an agreement as of now, and seal the log over it."""
        report = services.reports.prepare(_found(request, number), by=request.viewer, at=now())
        return one(selectors.reports.visible_to(request.viewer), number=report.number)


def chosen(request, sent, *, evaluation=None) -> dict:
    """What a draft is made of, from the codes sent: rows that the caller may see, and the document of variables."""
    viewer = request.viewer
    licensee = one(selectors.licensees.visible_to(viewer), organization__code=sent["licensee"])
    number, _, version = sent["schedule"].partition("@")
    schedules = selectors.schedules.visible_to(viewer)
    made = {
        "schedule": one(schedules, number=number, version=int(version) if version.isdecimal() else 0),
        "release": one(selectors.releases.visible_to(viewer), number=sent["release"]),
        "term": (sent["term_from"], sent["term_until"]),
    }
    templates = {row.code: row for row in selectors.clauses.templates_open_to(viewer, localdate())}
    template = templates.get(sent["template"])
    if template is None:
        raise refusals.not_found()
    settled = services.agreement_drafts.settled(licensee, **made, evaluation=evaluation)
    typed = services.agreement_drafts.usual(licensee, template, evaluation) | dict(sent["variables"])
    variables = services.agreement_drafts.variables(template, settled, typed)
    return made | {"licensee": licensee, "template": template.code, "variables": variables}


def act_of(request, sent) -> Act | None:
    """The act, where the caller says which file it has read; without one only what needs no factor is signed."""
    if "document_sha256" not in sent:
        return Act("", sent["code"]) if sent["code"] else None
    agent = request.headers.get("user-agent", "")
    return Act(sent["document_sha256"], sent["code"], request.META.get("REMOTE_ADDR", ""), agent)


def _step(request, number: str, verb, **given):
    verb(_found(request, number), by=request.viewer, at=now(), **given)
    return _found(request, number)


def _found(request, number: str):
    return one(_visible(request), number=number)


def _visible(request):
    return selectors.agreements.visible_to(request.viewer).prefetch_related("documents", "signatures")
