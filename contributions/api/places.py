"""Evidence of where a facility stands or a copy of a dataset version lies."""

from __future__ import annotations

import base64
import binascii

from django.utils.timezone import now
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers

from contributions import selectors, services
from contributions.api.as_of import DayQuery
from contributions.api.doors import Door, acts, lists, one
from contributions.api.fields import Day, Digest
from contributions.api.queries import Strict, word
from contributions.core import evidence


class PlaceSerializer(serializers.Serializer):
    facility = serializers.CharField(source="facility.code", default=None, allow_null=True)
    version = serializers.CharField(default=None, allow_null=True, help_text="the dataset version whose copy it is")
    copy = serializers.IntegerField(allow_null=True)
    country = serializers.CharField()
    on = serializers.DateField(help_text="the day for which it is attested")
    attested_by = serializers.CharField(source="attested_by.code")
    file_name = serializers.CharField()
    sha256 = Digest(help_text="salted digest of the file; the entry names it")
    entry = serializers.IntegerField(source="seq")


class PlaceQuery(DayQuery):
    facility = word()
    dataset = word()
    where = {"facility": "facility__code", "dataset": "version__dataset__number"}


class Base64(serializers.CharField):
    """The bytes of a file in standard base64."""

    def to_internal_value(self, data: object) -> bytes:
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError):
            raise exceptions.ValidationError(_("This is not base64."), "not-base64") from None


class PlaceIn(Strict):
    country = serializers.RegexField(r"^[A-Z]{2}$")
    on = Day()
    attested_by = serializers.CharField(max_length=32, help_text="code of the organization whose statement it is")
    file_name = serializers.CharField(max_length=200)
    content = Base64(help_text="the file in base64")


class Places(Door):
    @lists(PlaceSerializer, query=PlaceQuery, tag="residency")
    def get(self, request, asked):
        """Evidence of the countries of facilities and of copies; as of a day, what was attested for it or before."""
        rows = selectors.places.visible_to(request.viewer).select_related("facility", "version__dataset", "attested_by")
        return asked.narrow(rows.filter(on__lte=asked.day) if asked.is_chosen else rows)


class FacilityPlace(Door):
    @acts(PlaceSerializer, does="attest_facility", tag="residency", body=PlaceIn, status=201)
    def post(self, request, sent, code):
        """Hand in what shows the country of a facility."""
        found = one(selectors.compute.facilities_visible_to(request.viewer), code=code)
        return services.places.attest_facility(found, **_named(request, sent), by=request.viewer, at=now())


class CopyPlace(Door):
    @acts(PlaceSerializer, does="attest_copy", tag="residency", body=PlaceIn, status=201)
    def post(self, request, sent, number, version, copy):
        """Hand in what shows the country of a copy."""
        row = one(selectors.datasets.versions_visible_to(request.viewer), dataset__number=number, version=version)
        return services.places.attest_copy(row, copy, **_named(request, sent), by=request.viewer, at=now())


def _named(request, sent: dict) -> dict:
    who = one(selectors.organizations.visible_to(request.viewer), code=sent["attested_by"])
    file = evidence.check(sent["file_name"], sent["content"])
    return {"country": sent["country"], "on": sent["on"], "attested_by": who, "evidence": file}
