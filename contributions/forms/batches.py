"""What a member sends in when it hands over a file of metered compute."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import imports
from contributions.forms.fields import choices


class BatchForm(forms.Form):
    """One file, from one facility."""

    file = forms.FileField(
        label=_("Usage file"),
        help_text=_("Slurm accounting as sacct --parsable2 prints it, or the standard CSV form."),
        max_length=200,
    )
    facility = forms.ChoiceField(label=_("Facility"))
    file_format = forms.ChoiceField(
        label=_("Format"), required=False, help_text=_("Left open, it is told from the first line.")
    )
    funding = forms.ChoiceField(label=_("Funding source"), required=False)
    strict = forms.BooleanField(
        label=_("Refuse the whole file if any row is bad"),
        required=False,
        help_text=_("Otherwise good rows are posted and bad ones are kept aside for you to correct."),
    )

    def __init__(self, *args, facilities, sources, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.fields["facility"].choices = [(row.code, row.name_ja if ja else row.name_en) for row in facilities]
        self.fields["file_format"].choices = choices(imports.FORMATS, empty=_("Tell it from the file"))
        self.fields["funding"].choices = [
            ("", _("Own money")),
            *((row.code, row.name_ja if ja else row.name_en) for row in sources if row.mode != "own"),
        ]
        self.facilities = {row.code: row for row in facilities}
        self.sources = {row.code: row for row in sources}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise forms.ValidationError(_("The file is larger than %(limit)s."), params={"limit": limit})
        return file

    def named(self) -> dict:
        """What `services.imports.receive` needs beside the file, who and when."""
        typed = self.cleaned_data
        return {
            "facility": self.facilities[typed["facility"]],
            "file_format": typed["file_format"] or None,
            "funding": self.sources.get(typed["funding"]),
            "strict": typed["strict"],
        }
