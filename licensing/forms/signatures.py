"""Signing: the code of a device, a file that comes back signed, a file to be checked."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    """The second factor at the act of signing."""

    code = forms.CharField(
        label=_("Code from your authenticator app, or a recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("Asked for each signature. It is used up by this one."),
    )


class SignedFileForm(forms.Form):
    """A PDF that bears signatures, read whole."""

    file = forms.FileField(
        label=_("Signed PDF"), max_length=200, widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"})
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > settings.SIGNED_BYTES_MAX:
            limit = filesizeformat(settings.SIGNED_BYTES_MAX)
            raise forms.ValidationError(_("The file is larger than %(limit)s."), params={"limit": limit})
        return file.read()
