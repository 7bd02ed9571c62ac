"""Funding sources, edition by edition, and the assets bought with them: what the state paid for earns no share."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery, day_of, is_past, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Amount, Day, Named, Ratio, Whole
from contributions.api.queries import Strict

MODES = ("own", "commission", "subsidy")


class FundingEditionSerializer(serializers.Serializer):
    """What the decision or contract says from a day on; the first holds from the beginning."""

    edition = serializers.IntegerField()
    valid_from = serializers.DateField(allow_null=True)
    mode = serializers.CharField()
    state_rate = Ratio()
    programme = serializers.CharField()
    decision_number = serializers.CharField()
    decided_on = serializers.DateField(allow_null=True)
    expense_category = serializers.CharField()
    fiscal_year = serializers.IntegerField(allow_null=True)
    entry = serializers.IntegerField(source="seq")


class FundingSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Named()
    mode = serializers.CharField(help_text="one of: " + ", ".join(MODES))
    state_rate = Ratio(help_text="the part that the state pays")
    programme = serializers.CharField()
    decision_number = serializers.CharField()
    decided_on = serializers.DateField(allow_null=True, help_text="cost before this day is ineligible")
    recipient = serializers.CharField(source="recipient.code", allow_null=True, default=None)
    expense_category = serializers.CharField()
    fiscal_year = serializers.IntegerField(allow_null=True)
    editions = serializers.SerializerMethodField(help_text="those that had begun by the day")
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")

    def get_editions(self, source) -> FundingEditionSerializer(many=True):
        rows = source.editions.all()
        if is_past(self):
            rows = [row for row in rows if row.valid_from is None or row.valid_from <= day_of(self)]
        return FundingEditionSerializer(rows, many=True).data


class AssetSerializer(serializers.Serializer):
    number = serializers.CharField()
    funding = serializers.CharField(source="source.code")
    name = Named()
    acquired_on = serializers.DateField()
    price = Whole(help_text="yen")
    restriction = serializers.CharField()
    restricted_until = serializers.DateField(allow_null=True, help_text="not including")
    disposed_on = serializers.DateField(allow_null=True)
    approval = serializers.CharField()
    entry = serializers.IntegerField(source="seq")


class FundingQuery(DayQuery):
    mode = serializers.ChoiceField(MODES, required=False)


class DecisionIn(Strict):
    mode = serializers.ChoiceField(MODES)
    state_rate = serializers.CharField(max_length=40, help_text="an exact fraction, such as 1/2")
    programme = serializers.CharField(max_length=200, default="", allow_blank=True)
    decision_number = serializers.CharField(max_length=60, default="", allow_blank=True)
    decided_on = Day(required=False)
    expense_category = serializers.CharField(max_length=60, default="", allow_blank=True)
    fiscal_year = serializers.IntegerField(min_value=2000, max_value=2200, required=False)


class FundingIn(DecisionIn):
    code = serializers.RegexField(r"^[A-Za-z0-9-]{1,20}$")
    name_ja = serializers.CharField(max_length=200)
    name_en = serializers.CharField(max_length=200)
    recipient = serializers.CharField(max_length=32, required=False)

    def validate_code(self, code: str) -> str:
        if selectors.funding.is_taken(code):
            raise serializers.ValidationError(_("This code is taken."), "taken")
        return code


class FundingEditionIn(DecisionIn):
    valid_from = Day()


class AssetIn(Strict):
    name_ja = serializers.CharField(max_length=200)
    name_en = serializers.CharField(max_length=200)
    acquired_on = Day()
    price = Amount(help_text="yen")
    restriction = serializers.CharField(max_length=300, default="", allow_blank=True)
    restricted_until = Day(required=False)


class DisposalIn(Strict):
    disposed_on = Day()
    approval = serializers.CharField(max_length=60, default="", allow_blank=True)


class FundingSources(Door):
    @lists(FundingSerializer, query=FundingQuery, tag="funding")
    def get(self, request, asked):
        """Funding sources; as of a day, as the edition of that day states each."""
        rows = selectors.funding.visible_to(request.viewer)
        rows = selectors.funding.then(rows, asked.day) if asked.is_chosen else rows
        return [row for row in rows if asked.validated_data.get("mode") in {None, row.mode}]

    @acts(FundingSerializer, does="register_funding", tag="funding", body=FundingIn, status=201)
    def post(self, request, sent):
        """Register a source; with a recipient only that one and the secretariat see it."""
        known = selectors.organizations.visible_to(request.viewer)
        recipient = refusals.named(known, "recipient", sent.pop("recipient", None), "code")
        return services.funding.register(**sent, recipient=recipient, by=request.viewer, at=now())


class FundingSource(Door):
    @shows(FundingSerializer, tag="funding", query=DayAsked)
    def get(self, request, asked, code):
        """One funding source; as of a day, as its edition of that day states it."""
        found = one(selectors.funding.visible_to(request.viewer), code=code)
        return stood(selectors.funding.then([found], asked.day)) if asked.is_chosen else found


class FundingAmendment(Door):
    @acts(FundingSerializer, does="amend_funding", tag="funding", body=FundingEditionIn)
    def post(self, request, sent, code):
        """Add an edition from a day on, as a changed decision states it."""
        source = one(selectors.funding.visible_to(request.viewer), code=code)
        services.funding.amend(source, **sent, by=request.viewer, at=now())
        return one(selectors.funding.visible_to(request.viewer), code=code)


class FundedAssets(Door):
    @lists(AssetSerializer, tag="funding", query=DayQuery)
    def get(self, request, asked, code):
        """Assets bought with the source's money; as of a day, those acquired by then."""
        rows = selectors.funding.assets_visible_to(request.viewer).filter(source__code=code)
        return selectors.funding.assets_then(rows, asked.day) if asked.is_chosen else rows

    @acts(AssetSerializer, does="acquire_asset", tag="funding", body=AssetIn, status=201)
    def post(self, request, sent, code):
        """Record an asset bought with the source's money."""
        source = one(selectors.funding.visible_to(request.viewer), code=code)
        return services.funding.acquire(source, **sent, by=request.viewer, at=now())


class AssetDisposal(Door):
    @acts(AssetSerializer, does="dispose_asset", tag="funding", body=DisposalIn)
    def post(self, request, sent, number):
        """Record that an asset was disposed of; while it is restricted this takes an approval."""
        asset = one(selectors.funding.assets_visible_to(request.viewer), number=number)
        return services.funding.dispose(asset, **sent, by=request.viewer, at=now())
