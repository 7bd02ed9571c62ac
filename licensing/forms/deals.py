"""The table of a deal: one cell for each right and question."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language

from contributions.forms.fields import choices
from licensing.core import deals


class DealForm(forms.Form):
    """Four answers for each right; what they come to, the core judges."""

    def __init__(self, data=None, *, terms: deals.Terms) -> None:
        super().__init__(data)
        for right, name in deals.RIGHTS.items():
            for axis, table in deals.AXES.items():
                label = f"{name.of(get_language())} {deals.AXIS_NAMES[axis].of(get_language())}"
                self.fields[f"{right}_{axis}"] = forms.ChoiceField(
                    label=label,
                    choices=choices(table),
                    initial=terms[right][axis],
                    widget=forms.Select(attrs={"aria-label": label}),
                )

    def terms(self) -> dict[str, dict[str, str]]:
        """The cells as the core reads them."""
        said = self.cleaned_data
        return {right: {axis: said[f"{right}_{axis}"] for axis in deals.AXES} for right in deals.RIGHTS}

    def rows(self, changed):
        """For each right its name and its cells: the question, the field, whether it was changed from the preset."""
        return [
            (
                name,
                [(said, self[f"{right}_{axis}"], (right, axis) in changed) for axis, said in deals.AXIS_NAMES.items()],
            )
            for right, name in deals.RIGHTS.items()
        ]
