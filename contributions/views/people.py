"""People: who employs each (出向元), which workplaces it holds and held, and what a clean-team grant opens to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.roles import AUDITOR, LEGAL, WORKPLACES, may
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.forms.people import ClearanceForm, GrantForm, InviteForm, MoveForm
from contributions.templatetags.moyai import called, text
from contributions.views import as_of, doors, filling, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.PEOPLE)
def index(request):
    """Everybody the reader may know of, with employer and workplaces on the day."""
    viewer, at = request.viewer, as_of.read(request)
    filters = Narrow(request.GET, workplace=(_("Workplace"), choices(WORKPLACES)))
    rows = selectors.people.matching(selectors.people.visible_to(viewer), query_of(request)).order_by("username")
    grants = selectors.people.held_on(selectors.people.grants_visible_to(viewer), at.day)
    if place := filters.chosen("workplace"):
        rows = rows.filter(grants__in=grants.filter(workplace=place)).distinct()
    if wants_csv(request):
        return _as_csv(rows, grants, at.day)
    page = page_of(request, rows)
    homes, held = selectors.people.homes_on(page, at.day), _by_user(grants.filter(user__in=list(page)))
    for row in page:
        row.then, row.held = homes.get(row.pk), held.get(row.pk, [])
        row.mine = row.pk == viewer.user
    context = {"rows": page, "page": page, "filters": filters, "search": True, "query": query_of(request), "as_of": at}
    context |= {"may_invite": may(viewer, "person.invite"), "csv_url": request.path}
    return render(request, "contributions/people/list.html", context)


@doors.open_to(doors.PEOPLE)
def detail(request, pk):
    """One person: employers, workplaces with their days, clean-team grants, and what may be done."""
    return _detail(request, _person(request, pk))


@doors.open_to(doors.PEOPLE)
def new(request):
    """Somebody is invited; the link to set a password stands on the person's page."""
    viewer = request.viewer
    if not may(viewer, "person.invite"):
        raise Http404
    form = InviteForm(
        request.POST or None, organizations=_organizations(viewer), initial={"home_from": localdate(), "language": "ja"}
    )
    user = filling.done(request, form, lambda: services.people.invite(**form.named(), by=viewer, at=now()))
    if user is not None:
        messages.success(request, _("The account is made. Grant a workplace, then hand over the one-time link."))
        return redirect("contributions:person", user.pk)
    return filling.page(
        request,
        form,
        heading=_("Invite a person"),
        lead=_("Rules on rivals look at the employer as well as at the workplace, so the employer must be right."),
        verb=_("Invite"),
        up=reverse("contributions:people"),
        up_label=_("People"),
    )


@require_POST
@doors.open_to(doors.PEOPLE)
def invitation(request, pk):
    """A fresh one-time link, shown once on the person's page; the links before it no longer work once it is used."""
    person = _person(request, pk)
    link = request.build_absolute_uri(services.people.invitation(person, by=request.viewer))
    return _detail(request, person, link=link)


@doors.open_to(doors.PEOPLE)
def move(request, pk):
    """Another employer from a day on."""
    person = _for(request, pk, "person.move")
    form = MoveForm(request.POST or None, organizations=_organizations(request.viewer))
    done = filling.done(
        request, form, lambda: services.people.move(person, **form.named(), by=request.viewer, at=now())
    )
    if done is not None:
        messages.success(request, _("The employer is recorded."))
        return redirect("contributions:person", pk)
    return _form(
        request,
        person,
        form,
        heading=_("Change the employer"),
        lead=_("From that day on the rules on rivals look at the new employer."),
        verb=_("Record"),
    )


@doors.open_to(doors.PEOPLE)
def grant(request, pk):
    """A workplace at an organization, with its days."""
    person = _for(request, pk, "role.grant")
    form = GrantForm(
        request.POST or None, organizations=_organizations(request.viewer), initial={"valid_from": localdate()}
    )
    done = filling.done(
        request, form, lambda: services.people.grant(person, **form.named(), by=request.viewer, at=now())
    )
    if done is not None:
        messages.success(request, _("The workplace is granted."))
        return redirect("contributions:person", pk)
    return _form(
        request,
        person,
        form,
        heading=_("Grant a workplace"),
        lead=_("Of several workplaces a person works from one at a time; rights never add up."),
        verb=_("Grant"),
    )


@require_POST
@doors.open_to(doors.PEOPLE)
def revoke(request, pk, seq):
    """A workplace ends today, before its time."""
    person = _for(request, pk, "role.revoke")
    held = get_object_or_404(selectors.people.grants_visible_to(request.viewer), seq=seq, user=person)
    if fault := _fault(request, person.username):
        return _detail(request, person, error=fault, wrong=f"revoke-{seq}")
    services.people.revoke(held, revoked_from=localdate(), by=request.viewer, at=now())
    messages.success(request, _("The workplace has ended."))
    return redirect("contributions:person", pk)


@require_POST
@doors.open_to(doors.PEOPLE)
def switch(request, pk):
    """Shut an account, or open a shut one."""
    person = _for(request, pk, "person.deactivate")
    if fault := _fault(request, person.username):
        return _detail(request, person, error=fault, wrong="switch")
    verb = services.people.deactivate if person.is_active else services.people.reactivate
    verb(person, by=request.viewer, at=now())
    return redirect("contributions:person", pk)


@doors.open_to(doors.PEOPLE)
def clear(request, pk):
    """A clean-team grant: this person, one rival, one purpose, a limited time."""
    person = _for(request, pk, "cleanteam.grant")
    form = ClearanceForm(
        request.POST or None, organizations=_organizations(request.viewer), initial={"valid_from": localdate()}
    )
    done = filling.done(
        request,
        form,
        lambda: services.clearances.grant(person, **form.named(), by=request.viewer, at=now()),
    )
    if done is not None:
        messages.success(request, _("The clean-team grant is given; the member concerned can read it."))
        return redirect("contributions:person", pk)
    return _form(
        request,
        person,
        form,
        heading=_("Give a clean-team grant"),
        lead=_("It opens one rival’s material to this person for a purpose and a time, and closes by itself."),
        verb=_("Give the grant"),
    )


def _detail(request, person, *, link: str = "", error: str = "", wrong: str = ""):
    viewer, at = request.viewer, as_of.read(request)
    grants = selectors.people.grants_visible_to(viewer).filter(user=person).order_by("-valid_from", "-pk")
    clearances = selectors.clearances.visible_to(viewer).filter(user=person).order_by("-valid_from")
    homes, held = selectors.people.spells_of(person), grants.select_related("organization")
    if at.is_chosen:
        held = [selectors.people.as_then(row, at.day) for row in held.filter(valid_from__lte=at.day)]
        clearances = [selectors.clearances.as_then(row, at.day) for row in clearances.filter(valid_from__lte=at.day)]
        homes = [row for row in homes if row.valid_from <= at.day]
    home = selectors.people.homes_on([person], at.day).get(person.pk)
    lent = selectors.people.secondees(viewer, on=at.day) if viewer.workplace in {LEGAL, AUDITOR} else []
    is_lent = any(row.user_id == person.pk for row, _home in lent)
    context = {
        "person": person,
        "as_of": at,
        "home": home,
        "is_lent": is_lent,
        "agreements": selectors.terms.of_people(viewer, home, at.day) if is_lent else [],
        "homes": homes,
        "grants": [(_told(row, error, wrong), _state(row.valid_from, row.ends_on, at.day)) for row in held],
        "clearances": [(row, _state(row.valid_from, row.ends_on, at.day)) for row in clearances],
        "sees_clearances": viewer.workplace in {LEGAL, AUDITOR},
        "is_self": person.pk == viewer.user,
        "may": {
            name.replace(".", "_"): may(viewer, name) and person.pk != viewer.user and not at.is_chosen
            for name in ACTIONS
        },
        "may_link": may(viewer, "person.invite") and person.is_active and not person.has_usable_password(),
        "link": link,
        "error": error,
        "wrong": wrong,
        "history": history.about(viewer, f"person:{person.pk}"),
    }
    return render(request, "contributions/people/detail.html", context, status=422 if error else 200)


ACTIONS = ("person.move", "person.deactivate", "role.grant", "role.revoke", "cleanteam.grant")


def _told(row, error: str, wrong: str):
    """A grant as its form needs it: its entry as text, and the fault where it was this one that was sent."""
    row.id_text = str(row.seq)
    row.error = error if wrong == f"revoke-{row.seq}" else ""
    return row


def _state(start, until, day) -> str:
    if start > day:
        return "new"
    return "expired" if until is not None and until <= day else "in_force"


def _form(request, person, form, **words):
    up = reverse("contributions:person", args=[person.pk])
    return filling.page(request, form, up=up, up_label=called(person), **words)


def _person(request, pk):
    return get_object_or_404(selectors.people.visible_to(request.viewer), pk=pk)


def _for(request, pk, action: str):
    if not may(request.viewer, action):
        raise Http404
    return _person(request, pk)


def _fault(request, number: str) -> str:
    return "" if request.POST.get("confirm", "").strip() == number else _("This is not the user name.")


def _organizations(viewer):
    return selectors.organizations.all_for(viewer)


def _by_user(grants) -> dict:
    held: dict = {}
    for row in grants:
        held.setdefault(row.user_id, []).append(row)
    return held


def _as_csv(rows, grants, day):
    rows = list(rows)
    homes, held = selectors.people.homes_on(rows, day), _by_user(grants)
    header = (_("User name"), _("Name"), _("Employer"), _("Workplaces"), _("Active"))
    lines = [
        (
            row.username,
            called(row),
            called(homes.get(row.pk)),
            " / ".join(f"{text(WORKPLACES[one.workplace])} {called(one.organization)}" for one in held.get(row.pk, [])),
            _("yes") if row.is_active else _("no"),
        )
        for row in rows
    ]
    return csv_file("people", header, lines)
