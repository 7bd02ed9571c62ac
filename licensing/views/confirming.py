"""Final acts ask for the number of what they are about, not for “are you sure”."""

from __future__ import annotations

from django.utils.translation import gettext as _


def fault(request, number: str) -> str:
    """What is wrong with the number that was typed; empty if it is the right one."""
    if request.POST.get("confirm", "").strip().upper() == number.upper():
        return ""
    return _("This is not the number %(number)s.") % {"number": number}
