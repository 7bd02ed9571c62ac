"""Renewals: prices announced, notices against one, longer terms proposed, and each term that was renewed."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement
from licensing.models.amendments import Amendment
from licensing.models.schedules import Schedule


class RenewalNotice(Fact):
    """A party's notice that the agreement is not to be renewed past a day."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="renewal_notices")
    party = models.CharField(max_length=10)
    term_until = models.DateField(help_text="the term that it lets end, not including this day")
    given_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party", "term_until"], name="a_party_refuses_a_renewal_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.party} {self.term_until}"


class PriceAnnouncement(Fact):
    """A price list announced for the term that follows a day, with the variables that it changes."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="price_announcements")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    effective_from = models.DateField()
    changes = models.JSONField()
    announced_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "effective_from", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "effective_from"], name="prices_are_announced_once_for_a_term")
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.effective_from}"


class RenewalProposal(Fact):
    """One side proposes a longer term where none comes by itself; accepted, it becomes an amendment that both sign."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        COUNTERED = "countered", "Countered"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.CharField(max_length=28, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="renewal_proposals")
    party = models.CharField(max_length=10)
    term_until = models.DateField(help_text="the term that it would follow, not including this day")
    until = models.DateField(help_text="the end proposed, not including this day")
    schedule = models.ForeignKey(Schedule, models.PROTECT, null=True, blank=True, related_name="+")
    changes = models.JSONField(default=dict, help_text="other variables as they are to stand from the new term on")
    reason = models.TextField()
    counters = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="counter", help_text="what it is the answer to"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    amendment = models.OneToOneField(Amendment, models.PROTECT, null=True, blank=True, related_name="proposal")

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(state="proposed"), name="one_open_proposal_of_renewal"
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("term_until")), name="a_proposed_renewal_makes_the_term_longer"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Renewal(Fact):
    """A term that was renewed: written down once its notice day had passed in silence, or agreed by an amendment."""

    number = models.CharField(max_length=28, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="renewals")
    mode = models.CharField(max_length=10)
    term_from = models.DateField()
    term_until = models.DateField()
    announcement = models.ForeignKey(PriceAnnouncement, models.PROTECT, null=True, blank=True, related_name="+")
    renewed_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "term_from"]
        constraints = [models.UniqueConstraint(fields=["agreement", "term_from"], name="a_term_is_renewed_once")]

    def __str__(self) -> str:
        return self.number
