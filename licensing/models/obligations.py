"""What each side owes under an agreement, and the calendars and letters that remind of it."""

from django.conf import settings
from django.db import models

from contributions.core.words import Text
from contributions.models.facts import Fact
from contributions.models.organizations import Organization
from licensing.models.agreements import Agreement
from licensing.models.outside import OutsideAgreement


class Obligation(Fact):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        WAIVED = "waived", "Waived"
        SUPERSEDED = "superseded", "Superseded"

    number = models.CharField(max_length=28, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="obligations")
    outside = models.ForeignKey(OutsideAgreement, models.PROTECT, null=True, blank=True, related_name="obligations")
    rule = models.CharField(max_length=20, blank=True, help_text="empty for one that was added by hand")
    occasion = models.CharField(max_length=40, blank=True)
    clause = models.CharField(max_length=60)
    paragraph = models.PositiveSmallIntegerField(default=1)
    party = models.CharField(max_length=10)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    trigger = models.CharField(max_length=12)
    opens_on = models.DateField()
    due_on = models.DateField()
    amount = models.BigIntegerField(null=True, blank=True)
    formula_ja = models.CharField(max_length=200, blank=True)
    formula_en = models.CharField(max_length=200, blank=True)
    evidence_ja = models.CharField(max_length=200, blank=True)
    evidence_en = models.CharField(max_length=200, blank=True)
    money = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_note = models.TextField(blank=True)
    waiver_asked_at = models.DateTimeField(null=True, blank=True)
    waiver_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waiver_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "rule", "occasion"],
                condition=~models.Q(state="superseded") & ~models.Q(rule=""),
                name="one_obligation_per_rule_and_occasion",
            ),
            models.CheckConstraint(
                condition=models.Q(agreement__isnull=True) ^ models.Q(outside__isnull=True),
                name="an_obligation_stands_under_one_agreement",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0), name="nobody_owes_less_than_nothing"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def contract(self) -> Agreement | OutsideAgreement:
        """The agreement it stands under: one of ours, or one concluded outside."""
        found = self.agreement or self.outside
        assert found is not None
        return found

    @property
    def other_side(self) -> Text:
        """Whom the licensor has it with."""
        if self.agreement is not None:
            organization = self.agreement.licensee.organization
            return Text(organization.name_ja, organization.name_en)
        assert self.outside is not None
        return Text(self.outside.counterparty, self.outside.counterparty)


class CalendarFeed(models.Model):
    """A person's calendar at one workplace, under an address that only its signature opens; a preference, no fact."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    workplace = models.CharField(max_length=16)
    nonce = models.CharField(max_length=43)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.workplace}"


class DigestPreference(models.Model):
    """How often a person wants a letter on what is due; a preference, no fact."""

    class Frequency(models.TextChoices):
        NEVER = "never", "Never"
        DAILY = "daily", "Daily"
        WEEKLY = "weekly", "Weekly"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="digest_preference")
    frequency = models.CharField(max_length=8, choices=Frequency.choices, default=Frequency.NEVER)
    sent_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return f"{self.user} {self.frequency}"
