"""What is stated when an annex of an entry is erased."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core import annexes as rules
from contributions.forms.fields import choices


class ErasureForm(forms.Form):
    """Why it is erased: a word of a table, since what is written in the log stays."""

    ground = forms.ChoiceField(label=_("Ground for erasing"))

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["ground"].choices = choices(rules.GROUNDS)
