"""What is asked of whoever finds that something lay or ran where it must not."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core import residency as rules
from contributions.forms.datasets import CountryField
from contributions.forms.fields import DayField, choices


class BreachForm(forms.Form):
    """A version of a dataset or a metered batch; where; since when; how it was found."""

    what = forms.CharField(
        label=_("What"), max_length=60, help_text=_("A dataset version such as D-honda-0001@1, or a batch number.")
    )
    country = CountryField(label=_("Country"), help_text=_("Two letters of ISO 3166-1, such as SG."))
    region = forms.CharField(label=_("Region"), required=False, max_length=60)
    since = DayField(label=_("Since"))
    found = forms.ChoiceField(label=_("How it was found"))
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        shown = {code: words for code, words in rules.FINDERS.items() if code != "record"}
        self.fields["found"].choices = choices(shown)


class MendForm(forms.Form):
    """The day on which a breach ended."""

    on = DayField(label=_("It ended on"))
