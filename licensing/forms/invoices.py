"""Recording money received on an invoice."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.forms.figures import DayField, YenField


class ReceiptForm(forms.Form):
    """Amount, day and the bank's reference."""

    amount = YenField(
        label=_("Amount received (yen)"), help_text=_("The open amount is filled in; change it for a part payment.")
    )
    received_on = DayField(label=_("Day of receipt"))
    reference = forms.CharField(
        label=_("Bank reference"), required=False, max_length=120, help_text=_("As it stands on the bank statement.")
    )
