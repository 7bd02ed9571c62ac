"""One facility amended from a day on: what is typed, what it changes and touches, and the confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core import facilities as rules
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.forms.facilities import AmendFacilityForm
from contributions.templatetags.contributed import word
from contributions.templatetags.moyai import called, grouped
from contributions.views import doors, filling, history


@doors.open_to(doors.FIGURES)
def amend(request, code):
    """Legal states what changes from a day on, reads what that touches, and confirms it by the facility's code."""
    viewer = request.viewer
    found = get_object_or_404(selectors.compute.facilities_visible_to(viewer), code=code)
    if not may(viewer, "facility.amend"):
        raise Http404
    (stands,) = selectors.facilities.then([found], localdate())
    form = AmendFacilityForm(
        request.POST or None,
        organizations=selectors.organizations.visible_to(viewer).order_by("code"),
        initial=_typed(stands) | {"valid_from": localdate()},
    )
    error = None
    if request.method == "POST" and form.is_valid():
        error = _unconfirmed(request, stands)
        try:
            if error is None:
                told = request.POST.get("told", "").split()
                asked = {"valid_from": form.cleaned_data["valid_from"], **form.changes()}
                services.facilities.amend(found, **asked, told=told, by=viewer, at=now())
                messages.success(request, _("The change is recorded. What stood before stays readable."))
                return redirect("contributions:facility", code)
            return _confirmation(request, stands, form, error)
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
    return filling.page(
        request,
        form,
        heading=_("Amend the facility"),
        lead=_("State how it stands from the day on. What stood before stays on record; you confirm on the next page."),
        verb=_("Read what this changes"),
        up=reverse("contributions:facility", args=[code]),
        up_label=called(found),
    )


def editions(facility) -> list[dict]:
    """Every edition, the newest first, with what it changed of the one that held before it."""
    rows, found = sorted(facility.editions.all(), key=lambda row: (row.valid_from, row.seq)), []
    for before, row in zip([None, *rows], rows, strict=False):
        found.append({"row": row, "changes": changes(_stated(before), _stated(row)) if before else []})
    return found[::-1]


def changes(before: dict, after: dict) -> list[tuple[str, str, str]]:
    """What differs of two statements: its label, how it stood, how it stands."""
    labels = AmendFacilityForm.base_fields
    return [
        (labels[name].label, _said(name, before[name]), _said(name, after[name]))
        for name in rules.STATED
        if before[name] != after[name]
    ]


def _confirmation(request, facility, form, error):
    """What the change comes to, and what of it is on record already; nothing is written yet."""
    viewer, since = request.viewer, form.cleaned_data["valid_from"]
    stood, stated, until = services.facilities.proposed(facility, since, **form.changes())
    touched = selectors.residency.touched(viewer, facility, stated["country"], since, until)
    moves = stood["country"] != stated["country"]
    hidden = {name: request.POST.get(name, "") for name in form.fields}
    context = {
        "facility": facility,
        "since": since,
        "until": until,
        "changes": changes(stood, stated),
        "touched": [(row, history.page_of(row.subject, viewer)) for row in touched],
        "moves": moves,
        "moves_abroad": moves and selectors.residency.moves_abroad(facility, stated["country"], since),
        "sentence": _sentence(facility, since, len(touched)),
        "hidden": hidden | {"told": " ".join(row.number for row in touched), "basis": facility.seq},
        "error": error if "confirm" in request.POST else None,
    }
    status = 422 if context["error"] else 200
    return render(request, "contributions/compute/facility_amend.html", context, status=status)


def _unconfirmed(request, facility) -> str | None:
    """Why the change is not confirmed yet; nothing once the code is typed under what still stands."""
    if request.POST.get("confirm", "").strip() != facility.code:
        return _("This is not the code of the facility.")
    if request.POST.get("basis") != str(facility.seq):
        return _("The record of the facility has changed meanwhile. Read once more what this changes.")
    return None


def _sentence(facility, since, count: int) -> str:
    said = _("This records that %(name)s stands so from %(since)s on. The entry cannot be taken back, only amended.")
    told = said % {"name": called(facility), "since": since.isoformat()}
    if not count:
        return told
    breaches = ngettext(
        "%(count)d thing on record becomes a breach of residency and stops counting from its day on.",
        "%(count)d things on record become breaches of residency and stop counting from their days on.",
        count,
    )
    return f"{told} {breaches % {'count': count}}"


def _stated(edition) -> dict:
    return {name: getattr(edition, name) for name in rules.STATED}


def _typed(facility) -> dict:
    """What stands, as the form shows it."""
    return _stated(facility) | {
        "operator": facility.operator.code,
        "accelerators": ", ".join(facility.accelerators),
    }


def _said(name: str, value) -> str:
    """A fact in words."""
    if value is None or value == "":
        return "–"
    if name == "operator":
        return called(value)
    if name == "country":
        return word(value, "country")
    if name == "power_kw":
        return f"{grouped(value)} kW"
    return ", ".join(value) if name == "accelerators" else str(value)
