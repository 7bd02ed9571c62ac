"""How a list is narrowed: one choice a field, each of which may stay open."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

Choices = list[tuple[str, object]]


class Narrow(forms.Form):
    """Fields by name: a label and its choices. What is not among the choices narrows nothing."""

    def __init__(self, data, *, keep: Sequence[str] = (), **fields: tuple[object, Choices]) -> None:
        """`keep` names what else stands in the address and must stay there, such as the day of the page."""
        super().__init__(data or None)
        for name in keep:
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        for name, (label, listed) in fields.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[("", _("All")), *listed], required=False, initial=""
            )

    def chosen(self, name: str) -> str:
        """The choice made, or the empty text."""
        if not self.is_bound:
            return ""
        self.is_valid()
        return self.cleaned_data.get(name, "")
