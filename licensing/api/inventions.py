"""Inventions as far as the caller may know them, and entering one."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions import selectors as contributed
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Named, Ratio
from contributions.api.queries import Query, Strict, of_state
from licensing import selectors, services
from licensing.core.inventions import Named as Inventor

STATES = ("registered", "filed", "kept", "published")


class InventorSerializer(serializers.Serializer):
    name = serializers.CharField()
    employer = serializers.CharField(source="employer.code")
    share = Ratio()


class FilingSerializer(serializers.Serializer):
    country = serializers.CharField()
    filing_number = serializers.CharField()
    filed_on = Day()


class InventionNoticeSerializer(serializers.Serializer):
    code = serializers.CharField()
    due = Day(allow_null=True)
    done_on = Day(allow_null=True)


class InventionSerializer(serializers.Serializer):
    number = serializers.CharField()
    title = Named("title")
    made_on = Day()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    funding = serializers.CharField(source="funding.code", default=None, allow_null=True)
    release = serializers.CharField(source="release.number", default=None, allow_null=True)
    holders = serializers.SerializerMethodField(help_text="organization → share")
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")

    def get_holders(self, invention) -> dict[str, str]:
        return {code: str(share) for code, share in selectors.inventions.holders_of(invention).items()}


class InventionDetailSerializer(InventionSerializer):
    summary = serializers.CharField()
    inventors = InventorSerializer(source="inventors.all", many=True)
    filings = FilingSerializer(source="filings.all", many=True)
    notices = serializers.SerializerMethodField(help_text="what state money asks for, with due dates")

    def get_notices(self, invention) -> InventionNoticeSerializer(many=True):
        return InventionNoticeSerializer(selectors.inventions.obligations_of(invention, localdate()), many=True).data


class InventionQuery(Query):
    state = of_state(*STATES)
    where = {"state": "state"}


class InventorIn(Strict):
    name = serializers.CharField(max_length=120)
    employer = serializers.CharField(max_length=40)
    share = serializers.CharField(max_length=40, help_text="a fraction such as 1/3")


class InventionIn(Strict):
    title_ja = serializers.CharField(max_length=200)
    title_en = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=4000, default="", allow_blank=True)
    made_on = Day()
    funding = serializers.CharField(max_length=20, required=False)
    release = serializers.CharField(max_length=20, required=False)
    inventors = InventorIn(many=True)


class DutySerializer(serializers.Serializer):
    version = serializers.IntegerField()
    valid_from = Day()
    lines = serializers.ListField(child=serializers.DictField(), help_text="code, ja, en, modes, trigger, time, source")
    source = Named("source")
    entry = serializers.IntegerField(source="seq")


class DutyIn(Strict):
    lines = serializers.ListField(child=serializers.DictField())
    valid_from = Day()
    source_ja = serializers.CharField(max_length=300)
    source_en = serializers.CharField(max_length=300)


class Duties(Door):
    @lists(DutySerializer, tag="inventions")
    def get(self, request, asked):
        """The adopted tables of notices, newest first."""
        return selectors.inventions.duties_visible_to(request.viewer)

    @acts(DutySerializer, does="adopt_duties", tag="inventions", body=DutyIn, status=201)
    def post(self, request, sent):
        """Adopt the table of notices from a day on."""
        return services.inventions.adopt_duties(by=request.viewer, at=now(), **sent)


class Inventions(Door):
    @lists(InventionSerializer, query=InventionQuery, tag="inventions")
    def get(self, request, asked):
        """Inventions that the caller may know of."""
        return asked.narrow(selectors.inventions.visible_to(request.viewer))

    @acts(InventionDetailSerializer, does="register_invention", tag="inventions", body=InventionIn, status=201)
    def post(self, request, sent):
        """Enter an invention with its inventors, whose shares sum to one."""
        viewer, inventors = request.viewer, [Inventor(**row) for row in sent.pop("inventors")]
        for name, rows, key in (
            ("funding", contributed.funding.visible_to(viewer), "code"),
            ("release", selectors.releases.visible_to(viewer), "number"),
        ):
            if name in sent:
                sent[name] = one(rows, **{key: sent[name]})
        made = services.inventions.register(inventors=inventors, by=viewer, at=now(), **sent)
        return one(selectors.inventions.visible_to(viewer), number=made.number)


class Invention(Door):
    @shows(InventionDetailSerializer, tag="inventions")
    def get(self, request, number):
        """One invention, with what must be notified."""
        return one(selectors.inventions.visible_to(request.viewer), number=number)
