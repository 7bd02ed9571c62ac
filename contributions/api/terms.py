"""Inbound agreements: under which terms contributions came in, edition by edition."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery, day_of, is_past, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Named
from contributions.api.openings import noted
from contributions.api.queries import Strict, word
from contributions.core import terms as rules


class RightSerializer(serializers.Serializer):
    subject = serializers.CharField(help_text="one of: " + ", ".join(rules.SUBJECTS))
    purposes = serializers.ListField(child=serializers.CharField())
    fields_of_use = serializers.ListField(source="fields", child=serializers.CharField())
    territory = serializers.ListField(child=serializers.CharField())
    sublicensing = serializers.BooleanField()
    further_training = serializers.BooleanField()
    after_withdrawal = serializers.CharField()


class TermsEditionSerializer(serializers.Serializer):
    """What the agreement says from a day on."""

    edition = serializers.IntegerField()
    type = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="not including")
    rights = serializers.SerializerMethodField()
    file_name = serializers.CharField()
    file_sha256 = serializers.CharField(help_text="salted digest of the file, empty where none was handed in")
    marks = serializers.ListField(child=serializers.CharField())
    entry = serializers.IntegerField(source="seq")

    def get_rights(self, edition) -> list[dict]:
        return RightSerializer(edition.rights, many=True).data


class TermsSerializer(serializers.Serializer):
    number = serializers.CharField()
    type = serializers.CharField()
    organization = serializers.CharField(source="organization.code")
    parties = serializers.SerializerMethodField(help_text="codes of the parties beside the organization")
    title = Named("title")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="not including")
    ended_from = serializers.DateField(allow_null=True)
    rights = serializers.SerializerMethodField(help_text="of the newest edition, or of that of the day")
    editions = serializers.SerializerMethodField(help_text="those that had begun by the day")
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")

    def get_rights(self, term) -> RightSerializer(many=True):
        return RightSerializer(term.stood.rights if is_past(self) else term.rights.all(), many=True).data

    def get_editions(self, term) -> TermsEditionSerializer(many=True):
        rows = term.editions.all()
        if is_past(self):
            rows = [row for row in rows if row.valid_from <= day_of(self)]
        return TermsEditionSerializer(rows, many=True).data

    def get_parties(self, term) -> list[str]:
        return sorted(party.code for party in term.parties.all())


class TermTypeSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.SerializerMethodField()

    def get_name(self, row) -> dict[str, str]:
        return {"ja": row["name"].ja, "en": row["name"].en}


class TermsQuery(DayQuery):
    organization = word()
    type = word()
    where = {"organization": "organization__code"}


class TypesQuery(DayQuery):
    on = Day(required=False, help_text="the same by its older name")


class RightIn(Strict):
    subject = serializers.ChoiceField(tuple(rules.SUBJECTS))
    purposes = serializers.ListField(child=serializers.ChoiceField(tuple(rules.PURPOSES)), allow_empty=False)
    fields_of_use = serializers.ListField(child=serializers.ChoiceField(tuple(rules.FIELDS)), default=list)
    territory = serializers.ListField(child=serializers.CharField(max_length=3), default=list)
    sublicensing = serializers.BooleanField(default=False)
    further_training = serializers.BooleanField(default=False)
    after_withdrawal = serializers.ChoiceField(tuple(rules.AFTER_WITHDRAWAL), default="ends")


class EditionIn(Strict):
    valid_from = Day()
    valid_until = Day(required=False, allow_null=True, default=None)
    rights = RightIn(many=True, allow_empty=False)


class TermsIn(EditionIn):
    organization = serializers.CharField(max_length=32)
    parties = serializers.ListField(child=serializers.CharField(max_length=32), default=list)
    type = serializers.CharField(max_length=20)
    title_ja = serializers.CharField(max_length=200)
    title_en = serializers.CharField(max_length=200)


class EndIn(Strict):
    ended_from = Day()


class Terms(Door):
    @lists(TermsSerializer, query=TermsQuery, tag="terms")
    def get(self, request, asked):
        """Inbound agreements with the rights that came in under each; as of a day, by the edition of that day."""
        rows = asked.narrow(selectors.terms.visible_to(request.viewer))
        rows = selectors.terms.then(rows, asked.day) if asked.is_chosen else rows
        return [row for row in rows if asked.validated_data.get("type") in {None, row.type}]

    @acts(TermsSerializer, does="conclude_terms", tag="terms", body=TermsIn, status=201)
    def post(self, request, sent):
        """Record an inbound agreement. Its file is handed in on its page."""
        known = selectors.organizations.visible_to(request.viewer)
        named = {
            "organization": refusals.named(known, "organization", sent["organization"], "code"),
            "parties": [refusals.named(known, "parties", code, "code") for code in sent["parties"]],
        }
        stated = {name: sent[name] for name in ("type", "title_ja", "title_en", "valid_from", "valid_until")}
        return services.terms.conclude(**named, **stated, rights=_rights(sent), by=request.viewer, at=now())


class Term(Door):
    @shows(TermsSerializer, tag="terms", query=DayAsked)
    def get(self, request, asked, number):
        """One inbound agreement; as of a day, by its edition of that day."""
        found = _found(request, number)
        shown = stood(selectors.terms.then([found], asked.day)) if asked.is_chosen else found
        return noted(request, "terms", shown)


class TermAmendment(Door):
    @acts(TermsSerializer, does="amend_terms", tag="terms", body=EditionIn)
    def post(self, request, sent, number):
        """Add an edition from a day on; the one before it stays readable."""
        stated = {name: sent[name] for name in ("valid_from", "valid_until")}
        services.terms.amend(_found(request, number), **stated, rights=_rights(sent), by=request.viewer, at=now())
        return _found(request, number)


class TermEnd(Door):
    @acts(TermsSerializer, does="end_terms", tag="terms", body=EndIn)
    def post(self, request, sent, number):
        """End an agreement before its term, from a day on."""
        services.terms.end(_found(request, number), ended_from=sent["ended_from"], by=request.viewer, at=now())
        return _found(request, number)


class TermTypes(Door):
    @lists(TermTypeSerializer, query=TypesQuery, tag="terms")
    def get(self, request, asked):
        """The types of inbound agreement there are on a day."""
        if request.viewer is None:
            return []
        on: date = asked.validated_data.get("on") or asked.day
        return [{"code": code, "name": name} for code, name in sorted(selectors.terms.types(on).items())]


def _rights(sent) -> list[dict]:
    return [
        {("fields" if name == "fields_of_use" else name): value for name, value in right.items()}
        for right in sent["rights"]
    ]


def _found(request, number: str):
    return one(selectors.terms.visible_to(request.viewer), number=number)
