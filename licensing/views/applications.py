"""A licensee's own application, in its portal: the first one, or another after a refusal."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from contributions import selectors as contributed
from contributions.core.roles import LICENSEE, may
from contributions.views import filling
from licensing import selectors, services
from licensing.forms.licensees import ApplicationForm


def own(request: HttpRequest) -> HttpResponse:
    """A licensee's own page, from the side menu; before there is one, the application."""
    viewer = request.viewer
    if viewer is None or viewer.workplace != LICENSEE:
        raise Http404
    if not selectors.licensees.visible_to(viewer).exists():
        return redirect("licensing:application_new")
    return redirect("licensing:licensee", viewer.acting)


def new(request: HttpRequest) -> HttpResponse:
    """The contract owner applies for its own company."""
    viewer, day = request.viewer, localdate()
    if viewer is None or viewer.workplace != LICENSEE or not may(viewer, "licensee.apply"):
        raise Http404
    held = selectors.licensees.visible_to(viewer).first()
    if held is not None and held.state != "refused":
        return redirect("licensing:licensee", viewer.acting)
    company = contributed.organizations.visible_to(viewer).filter(code=viewer.acting).first()
    initial = held.stated | {"purpose": held.purpose} if held else {"seat": "JP", "inference": ["JP"]}
    form = ApplicationForm(request.POST or None, fields_of_use=selectors.fields.on(day), initial=initial)
    done = filling.done(
        request,
        form,
        lambda: services.licensees.apply(company, **form.named(), applied_on=day, by=viewer, at=now()),
    )
    if done is not None:
        messages.success(request, _("Your application has arrived. This page shows how far its screening is."))
        return redirect("licensing:licensee", viewer.acting)
    return filling.page(
        request,
        form,
        heading=_("Apply to use the models"),
        lead=_("What you state here is compared with your documents in the screening."),
        verb=_("Apply"),
        up=reverse("licensing:inbox"),
        up_label=_("Inbox"),
    )
