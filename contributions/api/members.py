"""Members and their stakes."""

from __future__ import annotations

from rest_framework import serializers

from contributions import selectors
from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Named, Ratio
from contributions.api.queries import Query, word

CLASSES = ("founder", "investor", "partner", "associate")


class MemberSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Named(source="organization")
    member_class = serializers.CharField(help_text="one of: " + ", ".join(CLASSES))
    country = serializers.CharField(source="organization.country")
    admitted_on = serializers.DateField()
    withdrawn_on = serializers.DateField(allow_null=True)
    invented = serializers.BooleanField(source="organization.invented", help_text="made up for the demo")
    entry = serializers.IntegerField(source="seq", help_text="the log entry that recorded it as it stands")


class StakeSerializer(serializers.Serializer):
    member = serializers.CharField(source="member.code")
    share = Ratio(help_text="of the equity")
    valid_from = serializers.DateField()
    public_statement = Named("public_statement")
    illustrative = serializers.BooleanField(help_text="not published; made up for the demo")
    entry = serializers.IntegerField(source="seq")


class MemberQuery(Query):
    member_class = serializers.ChoiceField(CLASSES, required=False)
    where = {"member_class": "member_class"}


class StakeQuery(Query):
    member = word()
    where = {"member": "member__organization__code"}


class Members(Door):
    @lists(MemberSerializer, query=MemberQuery, tag="members")
    def get(self, request, asked):
        """Members of the consortium."""
        return asked.narrow(selectors.members.visible_to(request.viewer))


class Member(Door):
    @shows(MemberSerializer, tag="members")
    def get(self, request, code):
        """One member."""
        return one(selectors.members.visible_to(request.viewer), organization__code=code)


class Stakes(Door):
    @lists(StakeSerializer, query=StakeQuery, tag="members")
    def get(self, request, asked):
        """Shares of equity from their days on, as far as the caller may see them."""
        return asked.narrow(selectors.stakes.visible_to(request.viewer))
