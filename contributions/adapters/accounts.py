"""Accounts are given, never taken: nobody signs up. Whoever is invited sets a password by a one-time link."""

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False


def invitation_path(user) -> str:
    """The path of a link that lets this person set a password, once, within the days of a password reset."""
    from allauth.account.forms import default_token_generator  # needs the apps, which load this module
    from allauth.account.utils import user_pk_to_url_str

    named = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=named)
