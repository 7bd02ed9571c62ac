"""Signing in, the demo's doors, and changing the workplace."""

from __future__ import annotations

from allauth.account.views import LoginView
from django.contrib.auth import login as sign_in
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from contributions import selectors


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """The ordinary form and, in a demo, one button for each role."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"demo_logins": selectors.people.demo_logins()}


login = Login.as_view()


@require_POST
@login_not_required
def demo_login(request):
    """Enter the demo as one of its people, without a password. Only an installation founded as a demo has this door."""
    offered = {offer["username"] for offer in selectors.people.demo_logins()}
    username = request.POST.get("username", "")
    if username not in offered:
        raise Http404
    user = selectors.people.by_username(username)
    sign_in(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("licensing:inbox")


@require_POST
def switch_workplace(request):
    """Work from another of one's workplaces; rights are those of one at a time."""
    wanted = request.POST.get("grant", "")
    grant = next((grant for grant in request.workplaces if str(grant.seq) == wanted), None)
    if grant is None:
        raise Http404
    request.session["workplace"] = grant.pk
    after = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(after if safe else "licensing:inbox")
