"""What a member sends in when it hands over a file of metered compute."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import imports
from contributions.forms.fields import choices

COLUMNS = {
    "jobid": _("Number of the job, such as 123, 123_4"),
    "start": _("When the job began (YYYY-MM-DDTHH:MM:SS)"),
    "end": _("When the job ended"),
    "elapsed": _("How long it ran, as [D-]HH:MM:SS"),
    "state": _("The state it ended in, such as COMPLETED"),
    "cluster": _("Name of the cluster"),
    "submit": _("When the job was submitted"),
    "nnodes": _("Number of nodes allocated"),
    "ncpus": _("Number of CPUs allocated"),
    "alloctres": _("What was allocated, such as cpu=96,gres/gpu:h100=8,node=1"),
    "facility": _("Code of the facility"),
    "day": _("The day (YYYY-MM-DD)"),
    "accelerator": _("Code of the accelerator, or cpu"),
    "jobs": _("Number of jobs"),
    "cpu_hours": _("CPU hours of the day"),
    "node_hours": _("Node hours of the day"),
    "gpu_hours": _("GPU hours of the day"),
    "member": _("Your own member code"),
    "title": _("What it is, in your words"),
    "nature": _("equity, levy, loan or advance"),
    "currency": _("Currency of ISO 4217, such as JPY"),
    "amount": _("Amount in its currency"),
    "rate": _("Yen for one unit, where the currency is another"),
    "rate_source": _("Where the rate comes from, such as TTM"),
    "rate_date": _("The day of the rate (YYYY-MM-DD)"),
    "grade": _("Grade of the people, such as senior"),
    "hours": _("Hours worked"),
    "appraised_value_jpy": _("Appraised value in yen"),
    "limits": _("What may be used"),
    "period_from": _("First day (YYYY-MM-DD)"),
    "period_until": _("The day after the last one (YYYY-MM-DD)"),
    "funding": _("own, commission or subsidy"),
    "agreement": _("Number of the inbound agreement"),
    "note": _("A note"),
}
OF_WORK_LOGS = {
    "day": COLUMNS["day"],
    "hours": COLUMNS["hours"],
    "task": _("What was done"),
    "start": _("When the work began (HH:MM)"),
    "end": _("When the work ended (HH:MM)"),
}
"""What the columns of a file are, in the words of whoever fills it in."""


class BatchForm(forms.Form):
    """One file, from one facility."""

    file = forms.FileField(
        label=_("Usage file"),
        help_text=_("Slurm accounting as sacct --parsable2 prints it, or the standard form in CSV or Parquet."),
        max_length=200,
    )
    facility = forms.ChoiceField(label=_("Facility"))
    file_format = forms.ChoiceField(
        label=_("Format"), required=False, help_text=_("Left open, it is told from the first line.")
    )
    funding = forms.ChoiceField(label=_("Funding source"), required=False)
    supersedes = forms.ChoiceField(
        label=_("Replaces"),
        required=False,
        help_text=_("A batch that nobody has attested yet; it is reversed when this file is committed."),
    )

    def __init__(self, *args, facilities, sources, batches=(), **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        listed = [(row.code, row.name_ja if ja else row.name_en) for row in facilities]
        self.fields["facility"].choices = listed if len(listed) == 1 else [("", _("Choose the facility")), *listed]
        self.fields["file_format"].choices = choices(imports.FORMATS, empty=_("Tell it from the file"))
        self.fields["funding"].choices = [
            ("", _("Own money")),
            *((row.code, row.name_ja if ja else row.name_en) for row in sources if row.mode != "own"),
        ]
        self.fields["supersedes"].choices = [
            ("", _("Nothing: a new file")),
            *((row.number, f"{row.number} {row.file_name}") for row in batches),
        ]
        self.batches = {row.number: row for row in batches}
        self.facilities = {row.code: row for row in facilities}
        self.sources = {row.code: row for row in sources}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise forms.ValidationError(_("The file is larger than %(limit)s."), params={"limit": limit})
        return file

    def named(self) -> dict:
        """What `services.intakes.request` needs beside the file, who and when."""
        typed = self.cleaned_data
        return {
            "facility": self.facilities[typed["facility"]],
            "file_format": typed["file_format"] or None,
            "funding": self.sources.get(typed["funding"]),
            "supersedes": self.batches.get(typed["supersedes"]),
        }


class ColumnsForm(forms.Form):
    """Which column of the file each item is; what the file names as we do stands chosen already."""

    def __init__(self, *args, printed, wanted, needed, told=COLUMNS, **options) -> None:
        super().__init__(*args, **options)
        self.printed = {str(number): name for number, name in enumerate(printed)}
        listed = [("", _("Not in the file")), *self.printed.items()]
        for name in wanted:
            known = next((number for number, theirs in self.printed.items() if theirs == name), "")
            self.fields[name] = forms.ChoiceField(
                label=name, choices=listed, required=name in needed, initial=known, help_text=told[name]
            )

    def clean(self) -> dict:
        """A column of the file is one item, not two."""
        typed = super().clean()
        seen: dict[str, str] = {}
        for ours, number in list(typed.items()):
            if number and seen.setdefault(number, ours) != ours:
                self.add_error(ours, _("This column is chosen for %(other)s already.") % {"other": seen[number]})
        return typed

    def mapping(self) -> dict[str, str]:
        """The file's column → ours, where the two are called differently."""
        chosen = ((self.printed[number], ours) for ours, number in self.cleaned_data.items() if number)
        return {theirs: ours for theirs, ours in chosen if theirs != ours}


class ReversalForm(forms.Form):
    """Why a batch is taken out of what counts."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
