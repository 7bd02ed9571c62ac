"""Data reviews and their decisions."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery, stood
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Digest, Instant
from contributions.api.queries import Strict, of_state, word
from contributions.core import reviews as rules

STATES = ("open", "passed", "refused")


class ConditionSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="by which a reply or a confirmation names it")
    number = serializers.IntegerField()
    text = serializers.CharField()
    due = serializers.DateField()
    fulfilled_on = serializers.DateField(allow_null=True)


class OpinionSerializer(serializers.Serializer):
    """One reviewer's decision in one round."""

    round = serializers.IntegerField()
    decision = serializers.CharField()
    text = serializers.CharField()
    text_sha256 = Digest(allow_null=True)
    evidence_sha256 = Digest(allow_null=True)
    ground = serializers.CharField()
    channel = serializers.CharField()
    details = serializers.DictField(child=serializers.CharField())
    reviewer = serializers.CharField(source="reviewer.code", allow_null=True, default=None)
    decided_at = Instant()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="not including")
    conditions = ConditionSerializer(source="conditions.all", many=True)


class ReplySerializer(serializers.Serializer):
    """What the owner answered."""

    round = serializers.IntegerField()
    condition = serializers.CharField(source="condition.key", allow_null=True, default=None)
    text = serializers.CharField()
    text_sha256 = Digest()
    evidence_sha256 = Digest(allow_null=True)
    replied_at = Instant()


class ReviewSerializer(serializers.Serializer):
    number = serializers.CharField(help_text="dataset, version and kind, such as D-honda-0001@1-title")
    dataset = serializers.CharField(source="version.dataset.number")
    version = serializers.IntegerField(source="version.version")
    kind = serializers.CharField(help_text="one of: " + ", ".join(rules.REVIEWS))
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    body = serializers.CharField(source="body.code", allow_null=True, default=None)
    quota = serializers.IntegerField(help_text="how many opinions it needs")
    round = serializers.IntegerField(help_text="above 1: a re-examination")
    opinions = OpinionSerializer(source="opinions.all", many=True)
    replies = ReplySerializer(source="replies.all", many=True)
    opinion = serializers.CharField()
    ground = serializers.CharField()
    opinion_sha256 = Digest(allow_null=True)
    opened_at = Instant()
    decided_at = Instant(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="not including")
    entry = serializers.IntegerField(source="seq")


class ReviewQuery(DayQuery):
    state = of_state(*STATES)
    kind = serializers.ChoiceField(tuple(rules.REVIEWS), required=False)
    dataset = word()
    where = {"kind": "kind", "dataset": "version__dataset__number"}


class ConditionIn(Strict):
    text = serializers.CharField(max_length=1000)
    due = Day()


class DecisionIn(Strict):
    decision = serializers.CharField(help_text="passed or refused")
    opinion = serializers.CharField(default="", allow_blank=True, max_length=20_000)
    ground = serializers.CharField(default="", allow_blank=True, max_length=40)
    channel = serializers.CharField(default="", allow_blank=True, max_length=40)
    valid_from = Day()
    valid_until = Day(allow_null=True, default=None, help_text="not including; a pass needs one")
    details = serializers.DictField(
        child=serializers.CharField(max_length=200),
        required=False,
        default=dict,
        help_text="export: item, judge, judged_on; personal data: basis, records",
    )
    conditions = ConditionIn(many=True, required=False, default=list)


class ReplyIn(Strict):
    text = serializers.CharField(max_length=20_000)
    condition = serializers.CharField(
        max_length=24, required=False, allow_null=True, default=None, help_text="key of a condition"
    )


class FulfilIn(Strict):
    condition = serializers.CharField(max_length=24, help_text="key of a condition")
    on = Day()


class AssignIn(Strict):
    body = serializers.CharField(max_length=32, help_text="code of a review body")


class Reviews(Door):
    @lists(ReviewSerializer, query=ReviewQuery, tag="reviews")
    def get(self, request, asked):
        """Data reviews; as of a day, those opened by then with the opinions and replies there were."""
        rows, state = asked.narrow(selectors.reviews.visible_to(request.viewer)), asked.validated_data.get("state")
        if asked.is_chosen:
            return [row for row in selectors.reviews.then(rows, asked.day) if state in {None, row.state}]
        return rows.filter(state=state) if state else rows


class Review(Door):
    @shows(ReviewSerializer, tag="reviews", query=DayAsked)
    def get(self, request, asked, review):
        """One data review, as it stands or stood on a day."""
        found, rows = _found(request, review), selectors.reviews.visible_to(request.viewer)
        return stood(selectors.reviews.then(rows.filter(pk=found.pk), asked.day)) if asked.is_chosen else found


class ReviewDecision(Door):
    @acts(ReviewSerializer, does="decide_review", tag="reviews", body=DecisionIn)
    def post(self, request, sent, review):
        """Give one opinion on a review, for good; with the last one that is needed the review is decided."""
        conditions = [(each["text"], each["due"]) for each in sent["conditions"]]
        services.reviews.decide(
            _found(request, review), by=request.viewer, at=now(), **{**sent, "conditions": conditions}
        )
        return _found(request, review)


class ReviewReply(Door):
    @acts(ReviewSerializer, does="reply_to_review", tag="reviews", body=ReplyIn)
    def post(self, request, sent, review):
        """The owner answers a review, or says how a condition was met."""
        found = _found(request, review)
        condition = _condition(found, sent["condition"])
        services.reviews.reply(found, text=sent["text"], condition=condition, by=request.viewer, at=now())
        return _found(request, review)


class ReviewFulfilment(Door):
    @acts(ReviewSerializer, does="fulfil_condition", tag="reviews", body=FulfilIn)
    def post(self, request, sent, review):
        """The review body confirms that a condition is fulfilled from a day on."""
        condition = _condition(_found(request, review), sent["condition"])
        services.reviews.fulfil(condition, on=sent["on"], by=request.viewer, at=now())
        return _found(request, review)


class ReviewAssignment(Door):
    @acts(ReviewSerializer, does="assign_review", tag="reviews", body=AssignIn)
    def post(self, request, sent, review):
        """Give an open review to a review body."""
        found, bodies = _found(request, review), selectors.organizations.visible_to(request.viewer)
        body = refusals.named(bodies.filter(kind="review"), "body", sent["body"], "code")
        services.reviews.assign(found, body, by=request.viewer, at=now())
        return _found(request, review)


class ReviewReopening(Door):
    @acts(ReviewSerializer, does="reopen_review", tag="reviews")
    def post(self, request, review):
        """Begin a re-examination; the decision before it stays readable."""
        services.reviews.reopen(_found(request, review), by=request.viewer, at=now())
        return _found(request, review)


def _condition(review, key: str | None):
    if key is None:
        return None
    rows = selectors.reviews.waiting_conditions(review)
    found = selectors.reviews.condition(rows, key)
    return found or refusals.named(rows.none(), "condition", key, "pk")


def _found(request, review: str):
    return one(selectors.reviews.numbered(request.viewer, review))
