"""Licence files, each with the address of the file itself."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.as_of import DayQuery
from contributions.api.doors import Door, lists, one, writes
from contributions.api.fields import Day, Digest, Instant
from contributions.api.queries import word
from contributions.core.periods import day_after
from licensing import selectors, services


class LicenceSerializer(serializers.Serializer):
    agreement = serializers.CharField(source="agreement.number")
    serial = serializers.IntegerField(help_text="the highest one of an agreement counts")
    status = serializers.CharField(help_text="in-force, suspended or ended, as known at issue")
    sha256 = Digest(help_text="of the certificate's canonical bytes, as the entry states it")
    valid_from = Day()
    valid_until = Day(help_text="not including")
    issued_at = Instant()
    entry = serializers.IntegerField(source="seq")


class LicenceQuery(DayQuery):
    agreement = word()
    where = {"agreement": "agreement__number"}


class Licences(Door):
    @lists(LicenceSerializer, query=LicenceQuery, tag="licences")
    def get(self, request, asked):
        """Licence files of the agreements that the caller may see; as of a day, those issued by then."""
        rows = asked.narrow(selectors.licences.visible_to(request.viewer))
        return rows.filter(issued_at__lt=day_after(asked.day)) if asked.is_chosen else rows


class LicenceFile(Door):
    @writes("application/json", tag="licences")
    def get(self, request, number, serial):
        """The licence file, to be checked without this server."""
        row = one(selectors.licences.visible_to(request.viewer), agreement__number=number, serial=serial)
        return services.licences.file_of(row).decode()
