"""The books: slips and the trial balance."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Both, Day, Named, Whole
from contributions.api.queries import Query, word
from licensing import selectors


class PostingSerializer(serializers.Serializer):
    account = serializers.CharField()
    side = serializers.CharField(help_text="debit or credit")
    amount = Whole()
    party = serializers.CharField()
    tax = serializers.CharField()


class SlipSerializer(serializers.Serializer):
    number = serializers.CharField()
    day = Day()
    source = serializers.CharField()
    text = Named("text")
    postings = PostingSerializer(source="postings.all", many=True)
    entry = serializers.IntegerField(source="seq")


class BalanceSerializer(serializers.Serializer):
    account = serializers.CharField(source="account.code")
    name = Both(source="account.name")
    kind = serializers.CharField(source="account.kind", help_text="asset, liability, income or expense")
    debit = Whole()
    credit = Whole()
    balance = Whole(help_text="on the side where the account grows")


class SlipQuery(Query):
    source = word()
    since = Day(required=False)
    until = Day(required=False, help_text="not including")
    where = {"source": "source", "since": "day__gte", "until": "day__lt"}


class Slips(Door):
    @lists(SlipSerializer, query=SlipQuery, tag="books")
    def get(self, request, asked):
        """Slips with their postings."""
        return asked.narrow(selectors.books.visible_to(request.viewer))


class Slip(Door):
    @shows(SlipSerializer, tag="books")
    def get(self, request, number):
        """One slip."""
        return one(selectors.books.visible_to(request.viewer), number=number)


class TrialBalance(Door):
    @lists(BalanceSerializer, tag="books")
    def get(self, request, asked):
        """Debits, credits and balance of every account that was touched."""
        return selectors.books.trial_balance(request.viewer)
