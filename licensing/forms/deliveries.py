"""Filing a file of a release, and saying why a delivery failed its check."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms.fields import EvidenceField, choices
from licensing.core.deliveries import KINDS


class ReleaseFileForm(forms.Form):
    """One file and what it is."""

    kind = forms.ChoiceField(label=_("Kind of file"))
    content = EvidenceField(label=_("File"), required=True)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(KINDS)


class RejectForm(forms.Form):
    """What the check found."""

    reason = forms.CharField(label=_("What is wrong"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
