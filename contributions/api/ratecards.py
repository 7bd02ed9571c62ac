"""Rate cards: the signed tables of factors by which contributions are valued."""

from __future__ import annotations

from rest_framework import serializers

from contributions import selectors
from contributions.api import refusals
from contributions.api.doors import Door, lists, shows
from contributions.api.fields import Named, Ratio
from contributions.api.queries import Query

CARDS = ("accelerator", "grade", "dataset")


class RateCardSerializer(serializers.Serializer):
    card = serializers.CharField(source="card.card", help_text="one of: " + ", ".join(CARDS))
    version = serializers.IntegerField(source="card.version")
    valid_from = serializers.DateField(source="card.valid_from")
    lines = serializers.DictField(child=Ratio(), help_text="key → factor, those that the caller may see")
    withheld = serializers.BooleanField(help_text="whether lines of others are left out, if there are any")
    source = Named("source", source="card")
    illustrative = serializers.BooleanField(source="card.illustrative")
    entry = serializers.IntegerField(source="card.seq")


class RateCardQuery(Query):
    card = serializers.ChoiceField(CARDS, required=False)


class RateCards(Door):
    @lists(RateCardSerializer, query=RateCardQuery, tag="rate cards")
    def get(self, request, asked):
        """Rate cards with the lines that the caller may see."""
        wanted = asked.validated_data.get("card")
        return [row for row in selectors.ratecards.visible_to(request.viewer) if wanted in {None, row.card.card}]


class RateCard(Door):
    @shows(RateCardSerializer, tag="rate cards")
    def get(self, request, card, version):
        """One version of a rate card."""
        for row in selectors.ratecards.visible_to(request.viewer):
            if (row.card.card, row.card.version) == (card, version):
                return row
        raise refusals.not_found()
