"""Narrowing a list by state."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _


class ByState(forms.Form):
    """One choice among the states of the list, pairs of code and word; `unasked` says what shows without one."""

    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data, *, states: Iterable[tuple[str, str]], unasked: object = None) -> None:
        super().__init__(data)
        self.fields["state"].choices = [("", unasked or _("Any state")), *states]

    @property
    def chosen(self) -> str:
        """The state to show, or an empty text for all of them."""
        return self.cleaned_data.get("state", "") if self.is_valid() else ""
