"""How often a letter on what is due should come."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DigestForm(forms.Form):
    """Never, every business day, or once a week."""

    frequency = forms.ChoiceField(
        label=_("Letter on what is due"),
        choices=[("never", _("never")), ("daily", _("every business day")), ("weekly", _("once a week"))],
    )
