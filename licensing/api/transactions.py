"""The search of the Electronic Books Preservation Act: by date, amount and counterparty, in any combination."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists
from contributions.api.fields import Amount, Day, Whole
from contributions.api.queries import Query, word
from licensing import selectors
from licensing.core import transactions as rules
from licensing.core.transactions import Wanted


class TransactionSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="one of: " + ", ".join(rules.KINDS))
    number = serializers.CharField()
    day = Day()
    amount = Whole(allow_null=True, help_text="yen; null where the paper names none")
    party = serializers.SerializerMethodField()

    def get_party(self, row) -> dict:
        return {"ja": row.party.ja, "en": row.party.en}


class TransactionQuery(Query):
    day_from = Day(required=False)
    day_to = Day(required=False)
    amount_from = Amount(required=False)
    amount_to = Amount(required=False)
    party = word(200)
    kind = serializers.ChoiceField(tuple(rules.KINDS), required=False)


class Transactions(Door):
    @lists(TransactionSerializer, query=TransactionQuery, tag="transactions")
    def get(self, request, asked):
        """Records of dealings that the caller may see, newest first."""
        given = {name: value for name, value in asked.validated_data.items() if name not in {"limit", "offset", "kind"}}
        kind = asked.validated_data.get("kind")
        wanted = Wanted(**given, **({"kinds": frozenset({kind})} if kind else {}))
        return selectors.transactions.visible_to(request.viewer, wanted)
