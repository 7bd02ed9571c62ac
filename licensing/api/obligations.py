"""Obligations: who owes what by when, recording that it was done, and waiving it."""

from __future__ import annotations

import base64
import binascii

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers

from contributions.api.as_of import DayAsked, DayQuery, day_of, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Instant, Named, Whole
from contributions.api.queries import Strict, of_state, word
from contributions.core import evidence
from licensing import selectors, services
from licensing.core.obligations import TRIGGERS
from licensing.core.outside import Duty

STATES = ("late", "due", "future", "done", "waived")


class ObligationSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="contract.number", help_text="ours (L-…) or one concluded outside (X-…)")
    licensee = serializers.CharField(
        source="agreement.licensee.organization.code",
        allow_null=True,
        default=None,
        help_text="null under an outside one",
    )
    party = serializers.CharField(help_text="who owes it: licensor (our side) or licensee (the other)")
    clause = serializers.CharField()
    paragraph = serializers.IntegerField()
    title = Named("title")
    trigger = serializers.CharField(help_text="what it arises from, one of: " + ", ".join(TRIGGERS))
    occasion = serializers.CharField(help_text="which one: the first day of a period or year, or a number")
    opens_on = Day()
    due_on = Day()
    amount = Whole(allow_null=True, help_text="yen")
    evidence = Named("evidence")
    state = serializers.SerializerMethodField(help_text="on the day, one of: " + ", ".join(STATES))
    settled_at = Instant(allow_null=True)
    waiver_asked_at = Instant(allow_null=True)
    entry = serializers.IntegerField(source="seq")

    def get_state(self, row) -> str:
        return selectors.obligations.state_on(row, day_of(self))


class ObligationQuery(DayQuery):
    state = of_state(*STATES)
    agreement = word()
    party = word()
    where = {"agreement": "agreement__number", "party": "party"}


class FulfilmentIn(Strict):
    note = serializers.CharField(max_length=4000, default="", allow_blank=True)
    name = serializers.CharField(max_length=200, default="", allow_blank=True, help_text="of the file of evidence")
    content = serializers.CharField(default="", allow_blank=True, help_text="its bytes, base64")

    def validate_content(self, value: str) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise exceptions.ValidationError(_("This is not base64."), "not-base64") from None


class OutsideDutyIn(Strict):
    title = serializers.CharField(max_length=200, help_text="as the contract says it")
    party = serializers.ChoiceField(("licensor", "licensee"), help_text="licensor: our side; licensee: the other")
    due_on = Day()
    opens_on = Day(default=None, allow_null=True)
    clause = serializers.CharField(max_length=60, default="", allow_blank=True)
    amount = serializers.IntegerField(default=None, allow_null=True, min_value=0, max_value=2**62 - 1)
    every_months = serializers.IntegerField(default=0, min_value=0, max_value=60)


class WaiverIn(Strict):
    reason = serializers.CharField(max_length=4000)


class Obligations(Door):
    @lists(ObligationSerializer, query=ObligationQuery, tag="obligations")
    def get(self, request, asked):
        """Obligations of both sides: overdue ones first, settled ones last; as of a day, those raised by then."""
        rows = asked.narrow(selectors.obligations.visible_to(request.viewer))
        state = asked.validated_data.get("state")
        if asked.is_chosen:
            found = selectors.obligations.then(rows, asked.day)
            return [row for row in found if state in {None, selectors.obligations.state_on(row, asked.day)}]
        rows = selectors.obligations.by_urgency(rows.exclude(state="superseded"), localdate())
        return selectors.obligations.standing_on(rows, state, localdate()) if state else rows


class OutsideObligations(Door):
    @acts(ObligationSerializer, body=OutsideDutyIn, does="add_outside_obligation", tag="obligations", status=201)
    def post(self, request, sent, number):
        """Record a duty of a contract concluded outside; one that repeats is recorded for each of its days."""
        row = one(selectors.outside.visible_to(request.viewer), number=number)
        made = services.obligations.add_outside(row, [Duty(**sent)], by=request.viewer, at=now())
        return _found(request, made[0].number)


class Obligation(Door):
    @shows(ObligationSerializer, tag="obligations", query=DayAsked)
    def get(self, request, asked, number):
        """One obligation, as it stands or stood on a day."""
        found = _found(request, number)
        if not asked.is_chosen:
            return found
        rows = selectors.obligations.visible_to(request.viewer).filter(pk=found.pk)
        return stood(selectors.obligations.then(rows, asked.day))


class ObligationFulfilment(Door):
    @acts(ObligationSerializer, body=FulfilmentIn, does="fulfil_obligation", tag="obligations")
    def post(self, request, sent, number):
        """Record that it was fulfilled, with the evidence that it asks for."""
        file = evidence.check(sent["name"], sent["content"]) if sent["content"] else None
        row = _found(request, number)
        services.obligations.fulfil(row, note=sent["note"], evidence=file, by=request.viewer, at=now())
        return _found(request, number)


class ObligationWaiver(Door):
    @acts(ObligationSerializer, body=WaiverIn, does="waive_obligation", tag="obligations")
    def post(self, request, sent, number):
        """Waive it; where it is about money, ask for a waiver that somebody else approves."""
        services.obligations.waive(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


class ObligationWaiverApproval(Door):
    @acts(ObligationSerializer, does="approve_waiver", tag="obligations")
    def post(self, request, number):
        """Approve a waiver that somebody else has asked for."""
        services.obligations.grant_waiver(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.obligations.visible_to(request.viewer), number=number)
