"""Fields of use: what models may be licensed for, named in both languages, from a day on."""

from django.db import models

from contributions.models.facts import Fact


class FieldOfUse(Fact):
    code = models.SlugField(max_length=40)
    name_ja = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code", "valid_from", "seq"]

    def __str__(self) -> str:
        return self.code
