"""The second factor at the act of signing: the account's own devices, checked by the account system itself.

allauth counts failed tries, lets a code pass once, and knows recovery codes; nothing of that is done again here.
"""

from __future__ import annotations

from allauth.core import context
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from licensing.core.signatures import FactorWrong

_TYPED = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def has_device(user) -> bool:
    """Whether the person has registered a device whose code can be typed."""
    return user is not None and Authenticator.objects.filter(user=user, type__in=_TYPED).exists()


def confirm(user, code: str) -> str:
    """Which kind of device the code is of, now used up; a wrong, old or repeated code is refused."""
    form = BaseAuthenticateForm({"code": code}, user=user)
    with context.request_context(context.request or _bare()):
        if not form.is_valid():
            raise FactorWrong
    return str(form.authenticator.type)


def _bare() -> HttpRequest:
    """A request for a caller that has none: failed tries are counted by person, not by address."""
    request = HttpRequest()
    request.method, request.META["REMOTE_ADDR"] = "POST", "127.0.0.1"
    return request
