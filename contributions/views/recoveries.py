"""What came back from elsewhere, declared on the page of a contribution, a dataset version or a batch."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import services
from contributions.core.errors import Refused
from contributions.forms.resources import RecoveryForm


def declared(request, given) -> RecoveryForm | None:
    """Declare what was typed, once it is confirmed by the number; None, or the form with what was wrong."""
    form = RecoveryForm(request.POST)
    is_confirmed = request.POST.get("confirm", "").strip() == str(given)
    form.unconfirmed = "" if is_confirmed else _("This is not the number.")
    if form.is_valid() and is_confirmed:
        try:
            services.recoveries.declare(given, **form.cleaned_data, by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return None
    return form
