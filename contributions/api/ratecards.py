"""Rate cards: the signed tables of factors by which contributions are valued."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayQuery
from contributions.api.doors import Door, acts, lists, shows
from contributions.api.fields import Named, Ratio
from contributions.api.queries import Strict
from contributions.core.ratecards import CARDS

KINDS = "one of: " + ", ".join(CARDS) + ", or table-…: amounts that a policy shares by"


class RateCardSerializer(serializers.Serializer):
    card = serializers.CharField(source="card.card", help_text=KINDS)
    version = serializers.IntegerField(source="card.version")
    valid_from = serializers.DateField(source="card.valid_from")
    lines = serializers.DictField(child=Ratio(), help_text="key → factor, those that the caller may see")
    withheld = serializers.BooleanField(help_text="whether lines of others are left out, if there are any")
    source = Named("source", source="card")
    illustrative = serializers.BooleanField(source="card.illustrative")
    entry = serializers.IntegerField(source="card.seq")


class RateCardQuery(DayQuery):
    card = serializers.CharField(max_length=16, required=False, help_text=KINDS)


class RateCardIn(Strict):
    card = serializers.CharField(max_length=16, help_text=KINDS)
    valid_from = serializers.DateField()
    lines = serializers.DictField(
        child=serializers.CharField(max_length=40), help_text="key → exact factor; what is left out counts no more"
    )
    source_ja = serializers.CharField(max_length=300)
    source_en = serializers.CharField(max_length=300)


class RateCards(Door):
    @lists(RateCardSerializer, query=RateCardQuery, tag="rate cards")
    def get(self, request, asked):
        """Rate cards with the lines that the caller may see; as of a day, those that had begun by then."""
        wanted, rows = asked.validated_data.get("card"), selectors.ratecards.visible_to(request.viewer)
        rows = selectors.ratecards.begun(rows, asked.day) if asked.is_chosen else rows
        return [row for row in rows if wanted in {None, row.card.card}]

    @acts(RateCardSerializer, does="adopt_ratecard", tag="rate cards", body=RateCardIn, status=201)
    def post(self, request, sent):
        """Put the next version of a table in force from a day on; a faulty one is refused whole."""
        illustrative = selectors.log.head().demo
        made = services.ratecards.adopt(**sent, illustrative=illustrative, by=request.viewer, at=now())
        return _found(request, made.card, made.version)


class RateCard(Door):
    @shows(RateCardSerializer, tag="rate cards")
    def get(self, request, card, version):
        """One version of a rate card."""
        return _found(request, card, version)


def _found(request, card: str, version: int):
    for row in selectors.ratecards.visible_to(request.viewer):
        if (row.card.card, row.card.version) == (card, version):
            return row
    raise refusals.not_found()
