"""Entering an invention, deciding its route, its filings, the notices given, and a transfer of a share."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms.datasets import CountryField
from contributions.forms.fields import DayField, EvidenceField, choices
from licensing.core.inventions import ROUTES, Named

INVENTORS = 6
"""How many inventors the form has room for; the API takes any number."""


class InventionForm(forms.Form):
    """Title, day and inventors; each with employer and share, which sum to exactly one."""

    title_ja = forms.CharField(label=_("Title in Japanese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    made_on = DayField(label=_("Made on"))
    release = forms.ChoiceField(label=_("Release"), required=False)
    funding = forms.ChoiceField(label=_("Funding source"), required=False)

    def __init__(self, data=None, *, employers: Iterable[tuple], releases: Iterable[tuple], sources: Iterable[tuple]):
        super().__init__(data)
        self.fields["release"].choices = [("", "–"), *releases]
        self.fields["funding"].choices = [("", "–"), *sources]
        listed = [("", "–"), *employers]
        for number in range(1, INVENTORS + 1):
            self._add_inventor(number, listed)

    def _add_inventor(self, number: int, employers: list[tuple]) -> None:
        for name, made in (
            ("name", forms.CharField(label=_("Inventor"), max_length=120, required=False)),
            ("employer", forms.ChoiceField(label=_("Inventor’s employer"), choices=employers, required=False)),
            ("share", forms.CharField(label=_("Share in it"), max_length=40, required=False)),
        ):
            made.widget.attrs["aria-label"] = f"{made.label} {number}"
            self.fields[f"{name}_{number}"] = made

    @property
    def plain(self):
        """The fields about the invention itself."""
        return [self[name] for name in ("title_ja", "title_en", "summary", "made_on", "release", "funding")]

    @property
    def inventor_rows(self):
        """The fields of each inventor, a row each."""
        return [[self[f"{name}_{n}"] for name in ("name", "employer", "share")] for n in range(1, INVENTORS + 1)]

    def inventors(self) -> list[Named]:
        """The rows in which something was written."""
        said = self.cleaned_data
        rows = [Named(said[f"name_{n}"], said[f"employer_{n}"], said[f"share_{n}"]) for n in range(1, INVENTORS + 1)]
        return [row for row in rows if row.name or row.employer or row.share]


class RouteForm(forms.Form):
    """What becomes of it, from which day."""

    route = forms.ChoiceField(label=_("Route"))
    on = DayField(label=_("Decided on"))

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["route"].choices = choices(ROUTES)


class FilingForm(forms.Form):
    """A patent application."""

    country = CountryField(label=_("Country"), help_text=_("Two letters of ISO 3166-1, such as JP."))
    number = forms.CharField(label=_("Application number"), max_length=60)
    filed_on = DayField(label=_("Filed on"))


class NoticeForm(forms.Form):
    """A notice handed in, or an approval given."""

    duty = forms.ChoiceField(label=_("Notice"))
    done_on = DayField(label=_("Done on"))
    reference = forms.CharField(label=_("Reference number"), max_length=120, required=False)
    file = EvidenceField(label=_("Paper"))

    def __init__(self, *args, duties: Iterable[tuple], **options) -> None:
        super().__init__(*args, **options)
        self.fields["duty"].choices = list(duties)


class TransferForm(forms.Form):
    """A share moves from one holder to another."""

    giver = forms.ChoiceField(label=_("From whom"))
    taker = forms.ChoiceField(label=_("To whom"))
    share = forms.CharField(label=_("Share in it"), max_length=40, help_text=_("A fraction of the whole, such as 1/3."))
    on = DayField(label=_("From"))

    def __init__(self, *args, givers: Iterable[tuple], takers: Iterable[tuple], **options) -> None:
        super().__init__(*args, **options)
        self.fields["giver"].choices, self.fields["taker"].choices = list(givers), list(takers)
