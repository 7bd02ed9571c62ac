"""Signing in: the field says what belongs in it."""

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """allauth's own form; its first field is called “Login”, which in Japanese is the word for the act."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.label = _("Username or e-mail address")
        field.widget.attrs.pop("placeholder", None)
