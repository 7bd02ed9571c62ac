"""People, their workplaces, and the clean-team grants that open a rival's material to one of them."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery, day_of, is_past
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Instant, Named
from contributions.api.queries import Strict, word
from contributions.core.people import PLACES


class GrantSerializer(serializers.Serializer):
    person = serializers.UUIDField(source="user_id")
    organization = serializers.CharField(source="organization.code")
    workplace = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="not including, as granted")
    revoked_from = serializers.DateField(allow_null=True)
    entry = serializers.IntegerField(source="seq", help_text="by which a revocation names it")


class HomeSerializer(serializers.Serializer):
    organization = serializers.CharField(source="organization.code")
    valid_from = serializers.DateField()


class PersonSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="pk")
    username = serializers.CharField()
    name = Named()
    active = serializers.BooleanField(source="is_active")
    employers = serializers.SerializerMethodField(help_text="出向元, newest first")
    grants = serializers.SerializerMethodField()

    def get_employers(self, person) -> HomeSerializer(many=True):
        spells = selectors.people.spells_of(person)
        if is_past(self):
            spells = [spell for spell in spells if spell.valid_from <= day_of(self)][:1]
        return HomeSerializer(spells, many=True).data

    def get_grants(self, person) -> GrantSerializer(many=True):
        rows = selectors.people.grants_visible_to(self.context["request"].viewer).filter(user=person)
        if is_past(self):
            rows = selectors.people.held_then(rows, day_of(self))
        return GrantSerializer(rows, many=True).data


class ClearanceSerializer(serializers.Serializer):
    number = serializers.CharField()
    person = serializers.UUIDField(source="user_id")
    name = Named(source="user")
    rival = serializers.CharField(source="rival.code", help_text="whose material is opened")
    purpose = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(help_text="not including, as given")
    ended_from = serializers.DateField(allow_null=True)
    granted_at = Instant()
    entry = serializers.IntegerField(source="seq")


class PersonQuery(DayQuery):
    employer = word()
    where = {"employer": "home__code"}


class ClearanceQuery(DayQuery):
    rival = word()
    where = {"rival": "rival__code"}


class InvitationSerializer(serializers.Serializer):
    link = serializers.URLField(help_text="works once, and only until a password is set")


class InviteIn(Strict):
    username = serializers.RegexField(r"^[-a-zA-Z0-9_]{1,60}$")
    email = serializers.EmailField()
    name_ja = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80)
    home = serializers.CharField(max_length=32, help_text="code of the employer (出向元)")
    home_from = Day(required=False, help_text="employed there from; left out: today")
    language = serializers.ChoiceField(("ja", "en"), default="ja")


class GrantIn(Strict):
    organization = serializers.CharField(max_length=32)
    workplace = serializers.ChoiceField(sorted(PLACES))
    valid_from = Day(required=False, help_text="left out: today")
    valid_until = Day(required=False, allow_null=True)


class MoveIn(Strict):
    home = serializers.CharField(max_length=32, help_text="code of the employer")
    valid_from = Day()


class ClearanceIn(Strict):
    rival = serializers.CharField(max_length=32)
    purpose = serializers.CharField(max_length=2000)
    valid_from = Day()
    valid_until = Day(help_text="not including")


class People(Door):
    @lists(PersonSerializer, query=PersonQuery, tag="people")
    def get(self, request, asked):
        """People whom the caller may know of; as of a day, with the employer and the workplaces they then had."""
        return asked.narrow(selectors.people.visible_to(request.viewer)).order_by("username")

    @acts(PersonSerializer, does="invite_person", tag="people", body=InviteIn, status=201)
    def post(self, request, sent):
        """Invite a person: an account without a password, in the employ of an organization. No mail is sent."""
        stated = sent | {"home": _organization(request, sent, "home")}
        return services.people.invite(**stated, by=request.viewer, at=now())


class Person(Door):
    @shows(PersonSerializer, tag="people", query=DayAsked)
    def get(self, request, asked, person):
        """One person with employers and workplaces; as of a day, with those that it then had."""
        return _person(request, person)


class PersonInvitation(Door):
    @acts(InvitationSerializer, does="make_invitation", tag="people", keep=False)
    def post(self, request, person):
        """A fresh one-time link by which an invited person sets a password; to be handed over by the caller."""
        path = services.people.invitation(_person(request, person), by=request.viewer)
        return {"link": request.build_absolute_uri(path)}


class PersonGrant(Door):
    @acts(GrantSerializer, does="grant_role", tag="people", body=GrantIn, status=201)
    def post(self, request, sent, person):
        """Grant a workplace at an organization."""
        stated = sent | {"organization": _organization(request, sent, "organization")}
        return services.people.grant(_person(request, person), **stated, by=request.viewer, at=now())


class PersonMove(Door):
    @acts(PersonSerializer, does="move_person", tag="people", body=MoveIn)
    def post(self, request, sent, person):
        """Record another employer from a day on."""
        stated = sent | {"home": _organization(request, sent, "home")}
        return services.people.move(_person(request, person), **stated, by=request.viewer, at=now())


class PersonClearance(Door):
    @acts(ClearanceSerializer, does="give_clearance", tag="people", body=ClearanceIn, status=201)
    def post(self, request, sent, person):
        """Give a clean-team grant: one rival, one purpose, a limited time."""
        stated = sent | {"rival": _organization(request, sent, "rival")}
        return services.clearances.grant(_person(request, person), **stated, by=request.viewer, at=now())


class GrantRevocation(Door):
    @acts(GrantSerializer, does="revoke_role", tag="people")
    def post(self, request, grant):
        """End a workplace today, before its time."""
        found = one(selectors.people.grants_visible_to(request.viewer), seq=grant)
        return services.people.revoke(found, revoked_from=localdate(), by=request.viewer, at=now())


class Clearances(Door):
    @lists(ClearanceSerializer, query=ClearanceQuery, tag="people")
    def get(self, request, asked):
        """Clean-team grants; a member sees those that open its own material. As of a day, those that then held."""
        rows = asked.narrow(selectors.clearances.visible_to(request.viewer))
        return selectors.clearances.then(rows, asked.day) if asked.is_chosen else rows


class ClearanceEnd(Door):
    @acts(ClearanceSerializer, does="end_clearance", tag="people")
    def post(self, request, number):
        """Close a clean-team grant today, before its time."""
        found = one(selectors.clearances.visible_to(request.viewer), number=number)
        return services.clearances.end(found, ended_from=localdate(), by=request.viewer, at=now())


def _person(request, person):
    return one(selectors.people.visible_to(request.viewer), pk=person)


def _organization(request, sent: dict, field: str):
    return refusals.named(selectors.organizations.all_for(request.viewer), field, sent[field], "code")
