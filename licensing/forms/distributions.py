"""Proposing a distribution, and objecting to a payout."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.forms.figures import DayField, RateField

Choices = Iterable[tuple[str, str]]


class DistributionForm(forms.Form):
    """Which receipts, by which allocation, paid as what, less which fees, for which period, and when."""

    receipts = forms.MultipleChoiceField(label=_("Receipts to distribute"), widget=forms.CheckboxSelectMultiple)
    allocation = forms.ChoiceField(label=_("Adopted allocation"))
    payment_type = forms.ChoiceField(
        label=_("What the payment legally is"),
        widget=forms.RadioSelect,
        help_text=_("A person decides this. It fixes the paper, the tax and the withholding."),
    )
    admin_rate = RateField(
        label=_("Administration fee"), initial="5%", help_text=_("Taken first, rounded down to the yen.")
    )
    reserve_rate = RateField(label=_("Reserve"), initial="0%", help_text=_("Taken from what is left, rounded down."))
    period_from = DayField(label=_("Period from"))
    period_to = DayField(label=_("Period to (last day)"))
    confirm_by = DayField(label=_("Members confirm by"))
    pay_on = DayField(label=_("Day of payment"))

    def __init__(self, data=None, *, receipts: Choices, allocations: Choices, payments: Choices, initial=None) -> None:
        super().__init__(data, initial=initial)
        self.fields["receipts"].choices = list(receipts)
        self.fields["allocation"].choices = list(allocations)
        self.fields["payment_type"].choices = list(payments)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", _("This day must not lie before “%(label)s”.") % {"label": _("Period from")})
        self._check_order(cleaned, "confirm_by", "pay_on")
        return cleaned

    def _check_order(self, cleaned: dict, first: str, second: str) -> None:
        if cleaned.get(first) and cleaned.get(second) and cleaned[second] <= cleaned[first]:
            message = _("This day must be later than “%(label)s”.") % {"label": self.fields[first].label}
            self.add_error(second, message)


class DisputeForm(forms.Form):
    """Why a member does not accept its payout."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only this payout is held until the secretariat has answered; the others go on."),
    )
