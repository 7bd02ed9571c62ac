"""Ballots record what the deciding body decided: its rule, its electorate, each vote, dissent and minutes."""

from django.db import models

from contributions.models.facts import Fact, Posted
from contributions.models.members import Member
from licensing.models.allocations import Allocation
from licensing.models.bodies import Body
from licensing.models.policies import Policy


class Ballot(Fact):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        CARRIED = "carried", "Carried"
        LOST = "lost", "Lost"

    class Form(models.TextChoices):
        MEETING = "meeting", "At a meeting"
        WRITTEN = "written", "Written resolution"
        ELSEWHERE = "elsewhere", "Decided elsewhere"

    number = models.PositiveIntegerField(unique=True)
    form = models.CharField(max_length=10, choices=Form.choices, default=Form.MEETING)
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="ballots")
    allocation = models.ForeignKey(Allocation, models.PROTECT, null=True, blank=True, related_name="ballots")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="ballots")
    body_ja = models.CharField(max_length=60)
    body_en = models.CharField(max_length=60)
    rule = models.JSONField()
    visibility = models.CharField(max_length=16, default="open")
    electorate = models.JSONField()
    stakes = models.JSONField(null=True, blank=True, help_text="frozen with the electorate where stakes are counted")
    excluded = models.JSONField(default=list, help_text="interested members that take no part, with ground and reason")
    frozen_on = models.DateField(null=True, blank=True)
    known_at = models.BigIntegerField(null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_seq = models.BigIntegerField(null=True, blank=True)
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    minutes_ja = models.TextField(blank=True)
    minutes_en = models.TextField(blank=True)
    minutes_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(policy__isnull=False, allocation__isnull=True)
                | models.Q(policy__isnull=True, allocation__isnull=False),
                name="a_ballot_is_on_a_policy_or_on_an_allocation",
            ),
            models.UniqueConstraint(
                fields=["policy"], condition=models.Q(state="open"), name="one_open_ballot_on_a_policy"
            ),
            models.UniqueConstraint(
                fields=["allocation"], condition=models.Q(state="open"), name="one_open_ballot_on_an_allocation"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def proposal(self) -> Policy | Allocation:
        """What is decided on."""
        return self.policy or self.allocation


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
