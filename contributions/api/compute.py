"""Facilities, and metered compute by day and by month."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import AsOfAsked, AsOfQuery, day_of, is_past, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Named, Whole
from contributions.api.queries import Completed, Strict, word
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


class FacilityEditionSerializer(serializers.Serializer):
    valid_from = serializers.DateField()
    operator = serializers.CharField(source="operator.code")
    country = serializers.CharField()
    region = serializers.CharField()
    default_accelerator = serializers.CharField()
    accelerators = serializers.ListField(child=serializers.CharField())
    power_kw = serializers.IntegerField(allow_null=True)
    pue = serializers.CharField(allow_null=True)
    entry = serializers.IntegerField(source="seq")


class FacilityDetailSerializer(FacilitySerializer):
    """One facility as it stands on the day, with all that was stated of it from one day or another on."""

    editions = serializers.SerializerMethodField(help_text="those that had begun by the day")

    def get_editions(self, facility) -> FacilityEditionSerializer(many=True):
        rows = [row for row in facility.editions.all() if not is_past(self) or row.valid_from <= day_of(self)]
        return FacilityEditionSerializer(rows, many=True).data


class MeterDaySerializer(serializers.Serializer):
    day = serializers.DateField()
    member = serializers.CharField(source="member.code")
    facility = serializers.CharField(source="facility.code")
    batch = serializers.CharField(source="batch.number")
    state = serializers.CharField(source="batch.course")
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


class FacilityQuery(AsOfQuery):
    country = word(2)


class MeterDayQuery(AsOfQuery):
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


class MeterMonthQuery(AsOfQuery):
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
    valid_from = Day(required=False, help_text="from which this holds; left out: today")


class FacilityAmendmentIn(Strict):
    """What changes; what is left out stays as it stood on the day."""

    valid_from = Day(required=False, help_text="left out: today")
    operator = serializers.CharField(max_length=32, required=False, help_text="the organization that runs it")
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False)
    region = serializers.CharField(max_length=60, required=False)
    default_accelerator = serializers.CharField(max_length=32, required=False)
    accelerators = serializers.ListField(child=serializers.CharField(max_length=32), required=False, max_length=50)
    power_kw = serializers.IntegerField(min_value=1, max_value=POWER_MAX, required=False, allow_null=True)
    pue = serializers.RegexField(r"^[0-9]{1,2}(\.[0-9]{1,2})?$", required=False, allow_null=True)
    breaches = serializers.ListField(
        child=serializers.CharField(max_length=48),
        required=False,
        max_length=10_000,
        help_text="numbers of the batches and runs that become breaches, as the refusal without them names them",
    )


class Facilities(Door):
    @lists(FacilitySerializer, query=FacilityQuery, tag="compute")
    def get(self, request, asked):
        """Facilities, each as it stands or stood on a day; those that were not on record then are left out."""
        rows = selectors.compute.facilities_visible_to(request.viewer)
        return selectors.facilities.listed(
            rows, asked.day, known_at=asked.size, is_past=asked.is_chosen, country=asked.validated_data.get("country")
        )

    @acts(FacilitySerializer, does="register_facility", tag="compute", body=FacilityIn, status=201)
    def post(self, request, sent):
        """Register a facility: its country, operator, power, clock and accelerators."""
        known = selectors.organizations.visible_to(request.viewer)
        named = {"operator": refusals.named(known, "operator", sent["operator"], "code")}
        illustrative = selectors.log.head().demo
        return services.facilities.register(**(sent | named), illustrative=illustrative, by=request.viewer, at=now())


class Facility(Door):
    @shows(FacilityDetailSerializer, tag="compute", query=AsOfAsked)
    def get(self, request, asked, code):
        """One facility, with what was stated of it over time; as of a day, as it then stood."""
        if not asked.is_chosen:
            return _found(request, code)
        rows = selectors.compute.facilities_visible_to(request.viewer).filter(code=code)
        known = {"known_at": asked.size, "is_past": True, "country": None}
        return stood(selectors.facilities.listed(rows, asked.day, **known))


class FacilityAmendment(Door):
    @acts(FacilityDetailSerializer, does="amend_facility", tag="compute", body=FacilityAmendmentIn)
    def post(self, request, sent, code):
        """Record what changed of a facility on a day; what stood before stays. Breaches by it must be named."""
        told = sent.get("breaches", ())
        stated = {"valid_from": localdate()} | {name: value for name, value in sent.items() if name != "breaches"}
        if "operator" in stated:
            known = selectors.organizations.visible_to(request.viewer)
            stated["operator"] = refusals.named(known, "operator", sent["operator"], "code")
        services.facilities.amend(_found(request, code), **stated, told=told, by=request.viewer, at=now())
        return _found(request, code)


class MeterDays(Door):
    @lists(MeterDaySerializer, query=MeterDayQuery, tag="compute")
    def get(self, request, asked):
        """Metered compute by day, each with the state of its batch; as of a day, the figures that then stood."""
        rows = asked.narrow(selectors.compute.days_visible_to(request.viewer))
        rows = selectors.compute.days_then(rows, asked.day, known_at=asked.size) if asked.is_chosen else rows
        return Completed(rows, lambda part: selectors.courses.tell(row.batch for row in part))


class MeterMonths(Door):
    @lists(MeterMonthSerializer, query=MeterMonthQuery, tag="compute")
    def get(self, request, asked):
        """Metered compute by facility and month, over what the caller may see and what is not reversed."""
        wanted, day = asked.validated_data.get("facility"), asked.day if asked.is_chosen else None
        days = selectors.compute.days_visible_to(request.viewer)
        days = selectors.compute.standing(days, day, known_at=asked.size)
        rows = selectors.compute.by_month(request.viewer, days)
        return [row for row in rows if wanted in {None, row["facility__code"]}]


def _found(request, code: str):
    """The facility as it stands today."""
    found = one(selectors.compute.facilities_visible_to(request.viewer), code=code)
    return selectors.facilities.then([found], localdate())[0]
