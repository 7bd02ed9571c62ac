"""A usage report as it is typed: one row per region, and a note."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from licensing.forms.figures import plain

ROWS_MAX = 200
NOTE_MAX = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the form: its place counted from 1, and what was typed."""

    line: int
    metric: str
    region: str
    units: str

    @property
    def document(self) -> dict[str, str]:
        """The row as the core reads it."""
        return {"metric": self.metric, "region": self.region, "units": plain(self.units)}


def typed(data: QueryDict) -> list[Row]:
    """Every row of the form, empty ones too, in the order it shows them."""
    columns = zip(data.getlist("metric"), data.getlist("region"), data.getlist("units"), strict=False)
    rows = [Row(line, metric, region, units[:80]) for line, (metric, region, units) in enumerate(columns, 1)]
    return rows[:ROWS_MAX]


class NoteForm(forms.Form):
    """What the licensee wants finance to know."""

    note = forms.CharField(
        label=_("Note to the secretariat"),
        required=False,
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
