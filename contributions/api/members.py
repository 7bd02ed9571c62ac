"""Members and their stakes."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api.as_of import AsOfAsked, AsOfQuery, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Named, Ratio
from contributions.api.queries import Strict, word
from contributions.core.members import CLASSES


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
    restates = serializers.IntegerField(
        source="restates.seq", allow_null=True, default=None, help_text="the entry of the stake it corrects"
    )
    entry = serializers.IntegerField(source="seq", help_text="by which a correction names it")


class ClassIn(Strict):
    member_class = serializers.ChoiceField(list(CLASSES))
    valid_from = Day()


class LeavingIn(Strict):
    withdrawn_on = Day(help_text="the first day on which it is no member any more")


class StakeIn(Strict):
    share = serializers.RegexField(r"^[0-9]{1,18}(/[0-9]{1,18})?$", help_text="a fraction, such as 18/100")
    valid_from = Day()


class MemberQuery(AsOfQuery):
    member_class = serializers.ChoiceField(list(CLASSES), required=False)
    where = {"member_class": "member_class"}


class StakeQuery(AsOfQuery):
    member = word()
    where = {"member": "member__organization__code"}


class Members(Door):
    @lists(MemberSerializer, query=MemberQuery, tag="members")
    def get(self, request, asked):
        """Members of the consortium; as of a day, those of that day with the class they then had."""
        if not asked.is_chosen:
            return asked.narrow(selectors.members.visible_to(request.viewer))
        rows = selectors.members.as_of(request.viewer, asked.day, known_at=asked.size)
        return [row for row in rows if asked.validated_data.get("member_class") in {None, row.member_class}]


class Member(Door):
    @shows(MemberSerializer, tag="members", query=AsOfAsked)
    def get(self, request, asked, code):
        """One member; as of a day, with the class that it then had."""
        found = _found(request, code)
        if not asked.is_chosen:
            return found
        rows = selectors.members.visible_to(request.viewer).filter(pk=found.pk)
        return stood(selectors.members.then(rows, asked.day, known_at=asked.size))


class Stakes(Door):
    @lists(StakeSerializer, query=StakeQuery, tag="members")
    def get(self, request, asked):
        """Shares of equity from their days on, as far as the caller may see them; as of a day, those in force."""
        if not asked.is_chosen:
            return asked.narrow(selectors.stakes.visible_to(request.viewer))
        rows = selectors.stakes.as_of(request.viewer, asked.day, known_at=asked.size)
        return [row for row in rows if asked.validated_data.get("member") in {None, row.member.code}]


class MemberClass(Door):
    @acts(MemberSerializer, does="reclassify_member", tag="members", body=ClassIn)
    def post(self, request, sent, code):
        """Move a member to another class from a day on."""
        return services.members.reclassify(_found(request, code), **sent, by=request.viewer, at=now())


class MemberWithdrawal(Door):
    @acts(MemberSerializer, does="withdraw_member", tag="members", body=LeavingIn)
    def post(self, request, sent, code):
        """Record that a member leaves; what it put in before stays on record."""
        return services.members.withdraw(_found(request, code), **sent, by=request.viewer, at=now())


class StakeDeclaration(Door):
    @acts(StakeSerializer, does="declare_stake", tag="members", body=StakeIn, status=201)
    def post(self, request, sent, code):
        """Record a member's share of equity from a day on."""
        illustrative = selectors.log.head().demo
        stated = sent | {"illustrative": illustrative}
        return services.stakes.declare(_found(request, code), **stated, by=request.viewer, at=now())


class StakeRestatement(Door):
    @acts(StakeSerializer, does="restate_stake", tag="members", body=StakeIn, status=201)
    def post(self, request, sent, stake):
        """Correct a stake that was recorded wrongly; the wrong record stays readable."""
        found = one(selectors.stakes.visible_to(request.viewer), seq=stake)
        return services.stakes.restate(found, **sent, by=request.viewer, at=now())


def _found(request, code: str):
    return one(selectors.members.visible_to(request.viewer), organization__code=code)
