"""Data reviews and their decisions."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Digest, Instant
from contributions.api.queries import Query, Strict, of_state, word
from contributions.core import reviews as rules

STATES = ("open", "passed", "refused")


class ReviewSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    dataset = serializers.CharField(source="version.dataset.number")
    version = serializers.IntegerField(source="version.version")
    kind = serializers.CharField(help_text="one of: " + ", ".join(rules.REVIEWS))
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    opinion = serializers.CharField()
    ground = serializers.CharField()
    opinion_sha256 = Digest(allow_null=True)
    opened_at = Instant()
    decided_at = Instant(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="not including")
    entry = serializers.IntegerField(source="seq")


class ReviewQuery(Query):
    state = of_state(*STATES)
    kind = serializers.ChoiceField(tuple(rules.REVIEWS), required=False)
    dataset = word()
    where = {"state": "state", "kind": "kind", "dataset": "version__dataset__number"}


class DecisionIn(Strict):
    decision = serializers.CharField(help_text="passed or refused")
    opinion = serializers.CharField(default="", allow_blank=True, max_length=20_000)
    ground = serializers.CharField(default="", allow_blank=True, max_length=40)
    channel = serializers.CharField(default="", allow_blank=True, max_length=40)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, default=None, help_text="not including; a pass needs one")


class Reviews(Door):
    @lists(ReviewSerializer, query=ReviewQuery, tag="reviews")
    def get(self, request, asked):
        """Data reviews."""
        return asked.narrow(selectors.reviews.visible_to(request.viewer))


class Review(Door):
    @shows(ReviewSerializer, tag="reviews")
    def get(self, request, review):
        """One data review."""
        return _found(request, review)


class ReviewDecision(Door):
    @acts(ReviewSerializer, does="decide_review", tag="reviews", body=DecisionIn)
    def post(self, request, sent, review):
        """Pass or refuse one review, for good."""
        found = _found(request, review)
        services.reviews.decide(found, by=request.viewer, at=now(), **sent)
        return _found(request, review)


def _found(request, review: int):
    return one(selectors.reviews.visible_to(request.viewer), pk=review)
