"""Standard price lists."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.as_of import DayQuery
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Both, Day, Digest, Named
from contributions.api.queries import Strict, of_state, word
from contributions.core.words import Text
from licensing import selectors, services

STATES = ("proposed", "adopted", "withdrawn")


class ScheduleSerializer(serializers.Serializer):
    number = serializers.CharField()
    version = serializers.IntegerField()
    name = Named()
    field_of_use = serializers.CharField()
    licensee_class = serializers.CharField()
    terms = serializers.DictField(help_text="unit, tiers, prices and minimum, as contracts carry them")
    sha256 = Digest()
    valid_from = Day()
    valid_until = Day(allow_null=True, help_text="not including; null: open")
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class ScheduleQuery(DayQuery):
    number = word()
    field_of_use = word()
    state = of_state(*STATES)
    where = {"number": "number", "field_of_use": "field_of_use", "state": "state"}


class ScheduleIn(Strict):
    number = serializers.RegexField(r"^[A-Z][A-Z0-9-]{1,18}$")
    name_ja = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120)
    field_of_use = serializers.CharField(max_length=40)
    licensee_class = serializers.CharField(max_length=20)
    terms = serializers.DictField(help_text="unit, mode, tiers, minimum, caps …, as contracts carry them")
    valid_from = Day()
    valid_until = Day(required=False, allow_null=True)


class Schedules(Door):
    @lists(ScheduleSerializer, query=ScheduleQuery, tag="schedules")
    def get(self, request, asked):
        """Price lists, every version that the caller may see; as of a day, those that were in force."""
        rows = asked.narrow(selectors.schedules.visible_to(request.viewer))
        if not asked.is_chosen:
            return rows
        return rows.filter(pk__in=[row.pk for row in selectors.schedules.in_force(asked.day)])

    @acts(ScheduleSerializer, does="propose_schedule", tag="schedules", body=ScheduleIn, status=201)
    def post(self, request, sent):
        """Propose the next version of a price list; every fault of its terms is named."""
        schedule = services.schedules.propose(**sent, by=request.viewer, at=now())
        return _found(request, schedule.number, schedule.version)


class Schedule(Door):
    @shows(ScheduleSerializer, tag="schedules")
    def get(self, request, number, version):
        """One version of a price list."""
        return _found(request, number, version)


class ScheduleAdoption(Door):
    @acts(ScheduleSerializer, does="adopt_schedule", tag="schedules")
    def post(self, request, number, version):
        """Publish a proposed list: its terms are frozen."""
        services.schedules.adopt(_found(request, number, version), by=request.viewer, at=now())
        return _found(request, number, version)


class ScheduleWithdrawal(Door):
    @acts(ScheduleSerializer, does="withdraw_schedule", tag="schedules")
    def post(self, request, number, version):
        """Take back a proposal that is not published."""
        services.schedules.withdraw(_found(request, number, version), by=request.viewer, at=now())
        return _found(request, number, version)


class FieldSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Both()


class FieldIn(Strict):
    code = serializers.SlugField(max_length=40)
    name_ja = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=60)
    valid_from = Day()
    valid_until = Day(required=False, allow_null=True)


class Fields(Door):
    @lists(FieldSerializer, tag="schedules", query=DayQuery)
    def get(self, request, asked):
        """The fields of use of today, or of a day."""
        return [{"code": code, "name": name} for code, name in selectors.fields.on(asked.day).items()]

    @acts(FieldSerializer, does="list_field", tag="schedules", body=FieldIn, status=201)
    def post(self, request, sent):
        """List a field of use, or name or close one anew, from a day on."""
        row = services.fields.list_field(**sent, by=request.viewer, at=now())
        return {"code": row.code, "name": Text(row.name_ja, row.name_en)}


def _found(request, number: str, version: int):
    return one(selectors.schedules.visible_to(request.viewer), number=number, version=version)
