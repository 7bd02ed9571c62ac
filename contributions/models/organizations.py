"""Legal entities and how they belong together. Member and licensee are separate rows upon one organization."""

from django.db import models

from contributions.models.facts import Fact


class Organization(Fact):
    class Kind(models.TextChoices):
        COMPANY = "company", "Company"
        OFFICE = "office", "The consortium itself"
        REVIEW = "review", "Review body"
        AUDIT = "audit", "Audit firm"

    code = models.SlugField(unique=True, max_length=32)
    name_ja = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    short_ja = models.CharField(max_length=60)
    short_en = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.COMPANY)
    country = models.CharField(max_length=2, default="JP")
    corporate_number = models.CharField(max_length=13, blank=True)
    invoice_number = models.CharField(max_length=14, blank=True)
    address_ja = models.CharField(max_length=200, blank=True)
    address_en = models.CharField(max_length=200, blank=True)
    invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def named(self) -> dict[str, str]:
        return {"ja": self.name_ja, "en": self.name_en}


class Particulars(Fact):
    """An entity's registered particulars from a day on; the organization's own row repeats the latest."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="particulars")
    valid_from = models.DateField()
    name_ja = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    short_ja = models.CharField(max_length=60)
    short_en = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    corporate_number = models.CharField(max_length=13, blank=True)
    invoice_number = models.CharField(max_length=14, blank=True)
    address_ja = models.CharField(max_length=200, blank=True)
    address_en = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["organization", "valid_from", "seq"]
        verbose_name_plural = "particulars"

    def __str__(self) -> str:
        return f"{self.organization} {self.valid_from}"


class Affiliation(Fact):
    """A parent's share of control of a child from a day on. A later row of the same two replaces it; 0 ends it."""

    parent = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    child = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    control = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("child")), name="an_organization_is_not_its_own_parent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.parent} > {self.child}"
