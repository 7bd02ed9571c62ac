"""The review that each agreement goes through before it is approved: dated questions, and who answered them how."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement


class Checklist(Fact):
    """One edition of the questions, in force from a day on."""

    version = models.PositiveIntegerField(unique=True)
    valid_from = models.DateField()
    items = models.JSONField()
    source_ja = models.TextField()
    source_en = models.TextField()

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return str(self.version)


class ChecklistAnswer(Fact):
    """One answer to one question about an agreement; the newest counts, the earlier ones stay."""

    class Answer(models.TextChoices):
        YES = "yes", "Settled"
        NO = "no", "Not settled, accepted"
        NOT_APPLICABLE = "not-applicable", "Does not apply"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="checklist_answers")
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="answers")
    item = models.CharField(max_length=20)
    answer = models.CharField(max_length=14, choices=Answer.choices)
    clause = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["agreement", "item", "pk"]

    def __str__(self) -> str:
        return f"{self.agreement} {self.item}"
