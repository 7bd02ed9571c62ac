"""Recording a training run, publishing a release with its parents, and a breach of a run."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.errors import Refused
from contributions.core.exclusions import PURPOSES
from contributions.core.residency import FINDERS
from contributions.forms.datasets import CountryField
from contributions.forms.fields import DayField, LastDayField, choices
from licensing.core import releases as rules

SECONDS = 3600


class RunForm(forms.Form):
    """Where it ran, on which dataset versions, for what, and on how much compute."""

    facility = forms.ChoiceField(label=_("Facility"))
    purpose = forms.ChoiceField(label=_("Purpose"))
    versions = forms.MultipleChoiceField(label=_("Dataset versions"), widget=forms.CheckboxSelectMultiple)
    accelerator = forms.CharField(label=_("Accelerator"), max_length=32)
    gpu_hours = forms.IntegerField(label=_("GPU hours"), min_value=1, max_value=10**12)
    started_on = DayField(label=_("Began on"))
    ended_on = LastDayField(label=_("Last day"))

    def __init__(self, data=None, *, facilities: Iterable[tuple], versions: Iterable[tuple]) -> None:
        super().__init__(data)
        self.fields["facility"].choices = list(facilities)
        self.fields["versions"].choices = list(versions)
        self.fields["purpose"].choices = choices(
            {code: PURPOSES[code] for code in ("training", "fine-tuning", "evaluation", "research")}
        )

    def run(self) -> dict:
        """What the service needs beside facility and versions."""
        said = self.cleaned_data
        plain = {name: said[name] for name in ("purpose", "accelerator", "started_on", "ended_on")}
        return plain | {"gpu_s": said["gpu_hours"] * SECONDS}


class ReleaseForm(forms.Form):
    """A version of the weights with its runs and, one a line, its parents with their weights."""

    number = forms.CharField(label=_("Number"), max_length=20)
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    weights_sha256 = forms.RegexField(r"^[0-9a-f]{64}$", label=_("Digest of the weights"))
    runs = forms.MultipleChoiceField(label=_("Training runs"), widget=forms.CheckboxSelectMultiple)
    parents = forms.CharField(
        label=_("Parents"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: number and weight, such as R-0.3 3/10. The weights together do not exceed 1."),
    )
    published_on = DayField(label=_("Published on"))

    def __init__(self, data=None, *, runs: Iterable[tuple], initial=None) -> None:
        super().__init__(data, initial=initial)
        self.fields["runs"].choices = list(runs)

    def clean_parents(self) -> dict[str, str]:
        weights: dict[str, str] = {}
        for line in self.cleaned_data["parents"].splitlines():
            if not line.strip():
                continue
            number, _space, weight = line.strip().partition(" ")
            if number in weights or not weight.strip():
                raise forms.ValidationError(_("Write each parent once, with its weight: “%(line)s”.") % {"line": line})
            weights[number] = weight.strip()
        try:
            rules.check_parents(weights)
        except Refused as refusal:
            raise forms.ValidationError(refusal.text(get_language())) from None
        return weights


class RunBreachForm(forms.Form):
    """Where a run, or a part of it, ran although it must not; since when; how it was found."""

    country = CountryField(label=_("Country"), help_text=_("Two letters of ISO 3166-1, such as SG."))
    region = forms.CharField(label=_("Region"), required=False, max_length=60)
    since = DayField(label=_("Since"))
    found = forms.ChoiceField(label=_("How it was found"))
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data=None) -> None:
        super().__init__(data)
        self.fields["found"].choices = choices({code: said for code, said in FINDERS.items() if code != "record"})


class ImpactForm(forms.Form):
    """From which day, and whether one version or the whole dataset."""

    version = forms.ChoiceField(label=_("What is withdrawn"), required=False)
    on = DayField(label=_("From"), required=False)

    def __init__(self, data=None, *, versions: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["version"].choices = [("", _("the whole dataset")), *((one, one) for one in versions)]
