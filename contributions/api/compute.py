"""Facilities, and metered compute by day and by month."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayQuery
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Named, Whole
from contributions.api.queries import Query, Strict, word
from contributions.core.facilities import POWER_MAX
from contributions.core.periods import month_of


class FacilitySerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Named()
    operator = serializers.CharField(source="operator.code")
    country = serializers.CharField()
    region = serializers.CharField()
    zone = serializers.CharField(help_text="of its clock, at whose midnight a job's usage is split")
    default_accelerator = serializers.CharField()
    accelerators = serializers.ListField(child=serializers.CharField(), help_text="types installed")
    power_kw = serializers.IntegerField(allow_null=True)
    pue = serializers.CharField(allow_null=True, help_text="power usage effectiveness")
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class MeterDaySerializer(serializers.Serializer):
    day = serializers.DateField()
    member = serializers.CharField(source="member.code")
    facility = serializers.CharField(source="facility.code")
    batch = serializers.CharField(source="batch.number")
    state = serializers.CharField(source="batch.state")
    accelerator = serializers.CharField()
    jobs = serializers.IntegerField()
    cpu_s = Whole()
    node_s = Whole()
    gpu_s = Whole()
    entry = serializers.IntegerField(source="seq")


class MeterMonthSerializer(serializers.Serializer):
    month = serializers.SerializerMethodField()
    facility = serializers.CharField(source="facility__code")
    jobs = serializers.IntegerField()
    cpu_s = Whole()
    gpu_s = Whole()

    def get_month(self, row) -> str:
        return month_of(row["month"])


class FacilityQuery(Query):
    country = word(2)
    where = {"country": "country"}


class MeterDayQuery(DayQuery):
    member = word()
    facility = word()
    batch = word()
    accelerator = word()
    since = Day(required=False)
    until = Day(required=False, help_text="not including")
    where = {
        "member": "member__organization__code",
        "facility": "facility__code",
        "batch": "batch__number",
        "accelerator": "accelerator",
        "since": "day__gte",
        "until": "day__lt",
    }


class MeterMonthQuery(DayQuery):
    facility = word()


class FacilityIn(Strict):
    code = serializers.RegexField(r"^[a-z0-9-]{1,32}$")
    name_ja = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120)
    operator = serializers.CharField(max_length=32, help_text="the organization that runs it")
    country = serializers.RegexField(r"^[A-Z]{2}$")
    region = serializers.CharField(max_length=60)
    zone = serializers.CharField(max_length=40, default="Asia/Tokyo", help_text="of its clock, an IANA name")
    default_accelerator = serializers.CharField(max_length=32, help_text="what a GPU of no stated type counts as")
    accelerators = serializers.ListField(child=serializers.CharField(max_length=32), default=list, max_length=50)
    power_kw = serializers.IntegerField(min_value=1, max_value=POWER_MAX, required=False)
    pue = serializers.RegexField(r"^[0-9]{1,2}(\.[0-9]{1,2})?$", required=False, help_text="such as 1.15")


class Facilities(Door):
    @lists(FacilitySerializer, query=FacilityQuery, tag="compute")
    def get(self, request, asked):
        """Facilities."""
        return asked.narrow(selectors.compute.facilities_visible_to(request.viewer))

    @acts(FacilitySerializer, does="register_facility", tag="compute", body=FacilityIn, status=201)
    def post(self, request, sent):
        """Register a facility: its country, operator, power, clock and accelerators."""
        known = selectors.organizations.visible_to(request.viewer)
        named = {"operator": refusals.named(known, "operator", sent["operator"], "code")}
        illustrative = selectors.log.head().demo
        return services.compute.register_facility(
            **(sent | named), illustrative=illustrative, by=request.viewer, at=now()
        )


class Facility(Door):
    @shows(FacilitySerializer, tag="compute")
    def get(self, request, code):
        """One facility."""
        return one(selectors.compute.facilities_visible_to(request.viewer), code=code)


class MeterDays(Door):
    @lists(MeterDaySerializer, query=MeterDayQuery, tag="compute")
    def get(self, request, asked):
        """Metered compute by day, each with the state of its batch; as of a day, the figures that then stood."""
        rows = asked.narrow(selectors.compute.days_visible_to(request.viewer))
        return selectors.compute.days_then(rows, asked.day) if asked.is_chosen else rows


class MeterMonths(Door):
    @lists(MeterMonthSerializer, query=MeterMonthQuery, tag="compute")
    def get(self, request, asked):
        """Metered compute by facility and month, over what the caller may see and what is not reversed."""
        wanted, day = asked.validated_data.get("facility"), asked.day if asked.is_chosen else None
        days = selectors.compute.standing(selectors.compute.days_visible_to(request.viewer), day)
        rows = selectors.compute.by_month(request.viewer, days)
        return [row for row in rows if wanted in {None, row["facility__code"]}]
