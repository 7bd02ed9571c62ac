"""Ballots record what the deciding body decided: its rule, its electorate, each vote, dissent and minutes."""

from django.db import models

from contributions.models.facts import Fact, Posted
from contributions.models.members import Member
from licensing.models.policies import Policy


class Ballot(Fact):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        CARRIED = "carried", "Carried"
        LOST = "lost", "Lost"

    number = models.PositiveIntegerField(unique=True)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="ballots")
    body_ja = models.CharField(max_length=60)
    body_en = models.CharField(max_length=60)
    rule = models.JSONField()
    electorate = models.JSONField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    minutes_ja = models.TextField(blank=True)
    minutes_en = models.TextField(blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)


class Vote(Posted):
    class Choice(models.TextChoices):
        FOR = "for", "For"
        AGAINST = "against", "Against"
        ABSTAIN = "abstain", "Abstain"

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    member = models.ForeignKey(Member, models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    dissent = models.TextField(blank=True)
    cast_at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["member__organization__code"]
        constraints = [models.UniqueConstraint(fields=["ballot", "member"], name="a_member_votes_once")]

    def __str__(self) -> str:
        return f"{self.ballot} {self.member} {self.choice}"
