"""Legal entities, their particulars over time, and who holds how much of whom."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import AsOfAsked, AsOfQuery, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Named, Ratio
from contributions.api.queries import Strict, word

KINDS = ("company", "office", "review", "audit")


class ParticularsSerializer(serializers.Serializer):
    valid_from = serializers.DateField()
    name = Named()
    short = Named("short")
    country = serializers.CharField()
    corporate_number = serializers.CharField()
    invoice_number = serializers.CharField()
    address = Named("address")
    entry = serializers.IntegerField(source="seq")


class OrganizationSerializer(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.CharField(help_text="one of: " + ", ".join(KINDS))
    name = Named()
    short = Named("short")
    country = serializers.CharField()
    corporate_number = serializers.CharField(help_text="13 digits whose check digit holds; may be empty")
    invoice_number = serializers.CharField(help_text="T and the corporate number; may be empty")
    invented = serializers.BooleanField(help_text="made up for the demo")
    entry = serializers.IntegerField(source="seq")


class OrganizationDetailSerializer(OrganizationSerializer):
    particulars = serializers.SerializerMethodField(help_text="those that had begun by the day")

    def get_particulars(self, organization) -> ParticularsSerializer(many=True):
        asked, rows = self.context.get("asked"), organization.particulars.all()
        if asked is not None and asked.is_chosen:
            rows = selectors.organizations.begun(organization, asked.day, known_at=asked.size)
        return ParticularsSerializer(rows, many=True).data


class AffiliationSerializer(serializers.Serializer):
    parent = serializers.CharField(source="parent.code")
    child = serializers.CharField(source="child.code")
    control = Ratio(help_text="share of control; 0 ends the relation")
    valid_from = serializers.DateField()
    entry = serializers.IntegerField(source="seq")


class OrganizationQuery(AsOfQuery):
    kind = serializers.ChoiceField(KINDS, required=False)
    where = {"kind": "kind"}


class AffiliationQuery(AsOfQuery):
    parent = word()
    child = word()
    where = {"parent": "parent__code", "child": "child__code"}


class ParticularsIn(Strict):
    name_ja = serializers.CharField(max_length=200, required=False)
    name_en = serializers.CharField(max_length=200, required=False)
    short_ja = serializers.CharField(max_length=60, required=False)
    short_en = serializers.CharField(max_length=60, required=False)
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False)
    corporate_number = serializers.CharField(max_length=20, required=False, allow_blank=True)
    invoice_number = serializers.CharField(max_length=20, required=False, allow_blank=True)
    address_ja = serializers.CharField(max_length=200, required=False, allow_blank=True)
    address_en = serializers.CharField(max_length=200, required=False, allow_blank=True)
    valid_from = Day(required=False, help_text="left out: today")


class RegisterIn(ParticularsIn):
    code = serializers.RegexField(r"^[a-z0-9-]{1,32}$")
    kind = serializers.ChoiceField(KINDS, default="company")
    name_ja = serializers.CharField(max_length=200)
    name_en = serializers.CharField(max_length=200)


class AffiliationIn(Strict):
    parent = serializers.CharField(max_length=32)
    control = serializers.RegexField(r"^[0-9]{1,18}(/[0-9]{1,18})?$", help_text="a fraction, such as 51/100")
    valid_from = Day()


class Organizations(Door):
    @lists(OrganizationSerializer, query=OrganizationQuery, tag="organizations")
    def get(self, request, asked):
        """Legal entities that the caller may know of; as of a day, with the particulars they then had."""
        rows = asked.narrow(selectors.organizations.visible_to(request.viewer))
        return selectors.organizations.then(rows, asked.day, known_at=asked.size) if asked.is_chosen else rows

    @acts(OrganizationSerializer, does="register_organization", tag="organizations", body=RegisterIn, status=201)
    def post(self, request, sent):
        """Register a legal entity."""
        invented = selectors.log.head().demo
        return services.organizations.register(**sent, invented=invented, by=request.viewer, at=now())


class Organization(Door):
    @shows(OrganizationDetailSerializer, tag="organizations", query=AsOfAsked)
    def get(self, request, asked, code):
        """One entity, with its particulars over time; as of a day, under those that it then had."""
        found = _found(request, code)
        if not asked.is_chosen:
            return found
        return stood(selectors.organizations.then([found], asked.day, known_at=asked.size))


class OrganizationAmendment(Door):
    @acts(OrganizationDetailSerializer, does="amend_organization", tag="organizations", body=ParticularsIn)
    def post(self, request, sent, code):
        """Record that particulars changed on a day; what stood before stays."""
        stated = {"valid_from": localdate()} | sent
        services.organizations.amend(_found(request, code), **stated, by=request.viewer, at=now())
        return _found(request, code)


class Affiliations(Door):
    @lists(AffiliationSerializer, query=AffiliationQuery, tag="organizations")
    def get(self, request, asked):
        """Shares of control, each from its day on; as of a day, of the same two the one that holds."""
        rows = asked.narrow(selectors.organizations.affiliations_visible_to(request.viewer))
        return selectors.organizations.holding(rows, asked.day, known_at=asked.size) if asked.is_chosen else rows


class OrganizationAffiliation(Door):
    @acts(AffiliationSerializer, does="affiliate_organization", tag="organizations", body=AffiliationIn, status=201)
    def post(self, request, sent, code):
        """Record what share of control another entity holds of this one."""
        child, rows = _found(request, code), selectors.organizations.visible_to(request.viewer)
        stated = sent | {"parent": refusals.named(rows, "parent", sent["parent"], "code")}
        return services.organizations.affiliate(child=child, **stated, by=request.viewer, at=now())


def _found(request, code: str):
    return one(selectors.organizations.visible_to(request.viewer), code=code)
