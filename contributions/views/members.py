"""Members: who they are, since when, and what each has put in as far as the reader may see it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.members import CLASSES
from contributions.core.money import fraction
from contributions.core.roles import MEMBER, may
from contributions.forms.members import AdmitForm, ClassForm, LeavingForm
from contributions.templatetags.contributed import word
from contributions.templatetags.moyai import called
from contributions.views import as_of, doors, filling, history, stakes
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.MEMBERS)
def index(request):
    """Every member of the day, with the stakes that the reader may see."""
    viewer, at = request.viewer, as_of.read(request)
    found = selectors.members.as_of(viewer, at.day, known_at=at.known_at) if at.is_chosen else None
    rows = selectors.members.matching(selectors.members.visible_to(viewer), query_of(request))
    if found is not None:
        then = {row.pk: row.member_class for row in found}
        rows = rows.filter(pk__in=then)
    held = {stake.member_id: stake for stake in selectors.stakes.as_of(viewer, at.day, known_at=at.known_at)}
    if wants_csv(request):
        return _as_csv(rows, held)
    page = page_of(request, rows)
    for row in page:
        row.stake = held.get(row.pk)
        row.mine = row.code == viewer.acting
        if found is not None:
            row.member_class, row.withdrawn_on = then[row.pk], None
    sees_all = viewer.is_office and not viewer.barred
    total = sum((fraction(stake.share) for stake in held.values()), fraction("0")) if sees_all else None
    context = {"rows": page, "page": page, "search": True, "query": query_of(request), "total": total, "as_of": at}
    context |= {"csv_url": request.path, "may_admit": may(viewer, "member.admit"), "with_checkpoint": True}
    return render(request, "contributions/members/list.html", context)


@doors.open_to(doors.MEMBERS)
def detail(request, code):
    """One member: its public facts to all who may know of it, what it put in to those who may see that."""
    return _detail(request, _member(request, code))


def new(request):
    """Legal admits an organization."""
    viewer = request.viewer
    if not may(viewer, "member.admit"):
        raise Http404
    companies = selectors.organizations.visible_to(viewer).filter(kind="company", member=None)
    form = AdmitForm(
        request.POST or None, organizations=companies, classes=CLASSES, initial={"admitted_on": localdate()}
    )
    member = filling.done(request, form, lambda: services.members.admit(**form.named(), by=viewer, at=now()))
    if member is not None:
        messages.success(request, _("The member is admitted. Record its stake and its inbound agreement next."))
        return redirect("contributions:member", member.code)
    return filling.page(
        request,
        form,
        heading=_("Admit a member"),
        lead=_("The organization must be registered. A company may be a member and a licensee at once."),
        verb=_("Admit"),
        up=reverse("contributions:members"),
        up_label=_("Members"),
    )


def reclassify(request, code):
    """Legal moves a member to another class from a day on."""
    if not may(request.viewer, "member.reclassify"):
        raise Http404
    member = _member(request, code)
    initial = {"member_class": member.member_class, "valid_from": localdate()}
    form = ClassForm(request.POST or None, classes=CLASSES, initial=initial)
    done = filling.done(
        request,
        form,
        lambda: services.members.reclassify(member, **form.cleaned_data, by=request.viewer, at=now()),
    )
    if done is not None:
        messages.success(request, _("The class is recorded."))
        return redirect("contributions:member", code)
    return filling.page(
        request,
        form,
        heading=_("Change the class"),
        lead=_("The classes before stay on record."),
        verb=_("Record"),
        up=reverse("contributions:member", args=[code]),
        up_label=called(member.organization),
    )


@require_POST
def withdraw(request, code):
    """Legal records that a member leaves; the page says before what that does."""
    if not may(request.viewer, "member.withdraw"):
        raise Http404
    member, form = _member(request, code), LeavingForm(request.POST)
    if request.POST.get("confirm", "").strip() != code:
        return _detail(request, member, form=form, error=_("This is not the member’s code."))
    if not form.is_valid():
        return _detail(request, member, form=form, error=_("Write the day of leaving."))
    services.members.withdraw(member, **form.cleaned_data, by=request.viewer, at=now())
    messages.success(request, _("The member has left. What it put in before stays on record."))
    return redirect("contributions:member", code)


def _member(request, code):
    return get_object_or_404(selectors.members.visible_to(request.viewer), organization__code=code)


def _detail(request, member, *, form=None, error: str = ""):
    viewer, at = request.viewer, as_of.read(request)
    if at.is_chosen:
        visible = selectors.members.visible_to(viewer).filter(pk=member.pk)
        (member,) = selectors.members.then(visible, at.day, known_at=at.known_at) or [member]
    code, own = member.code, {"member": member}
    is_closed = code in viewer.barred or (viewer.workplace == MEMBER and viewer.acting != code)
    if viewer.is_office and not is_closed:
        services.openings.record(f"member:{code}", owner=member.organization, by=viewer, at=now())
    visible, classes = selectors.stakes.visible_to(viewer).filter(**own), selectors.members.classes_of(member)
    if at.is_chosen:
        visible, classes = visible.filter(valid_from__lte=at.day), classes.filter(valid_from__lte=at.day)
    held = selectors.stakes.as_of(viewer, at.day, known_at=at.known_at)
    context = {
        "member": member,
        "as_of": at,
        "then": selectors.organizations.as_of(member.organization, at.day, known_at=at.known_at) or member.organization,
        "then_class": selectors.members.classes_on(at.day, known_at=at.known_at).get(member.pk, member.member_class),
        "then_stake": next((row for row in held if row.member_id == member.pk), None),
        "classes": classes,
        "stakes": visible.select_related("restated_by"),
        **stakes.picture(visible, at.day),
        **_contributions(viewer, member, at),
        "people": _people(viewer, member, at.day),
        "is_closed": is_closed,
        "has_left": member.withdrawn_on is not None and member.withdrawn_on <= at.day,
        "joins_later": member.admitted_on > at.day,
        "sees_people": (viewer.workplace == MEMBER and viewer.acting == code) or may(viewer, "member.withdraw"),
        "is_barred": code in viewer.barred,
        "may": {name.replace(".", "_"): may(viewer, name) and not at.is_chosen for name in ACTIONS},
        "leaving": form or LeavingForm(initial={"withdrawn_on": localdate()}),
        "error": error,
        "history": history.about(viewer, f"member:{code}", f"organization:{code}"),
    }
    return render(request, "contributions/members/detail.html", context, status=422 if error else 200)


ACTIONS = ("member.withdraw", "member.reclassify", "stake.declare", "stake.restate")


def _contributions(viewer, member, at) -> dict:
    own, day = {"member": member}, at.day
    resources = selectors.resources.visible_to(viewer).filter(**own, period_from__lte=day)
    terms = selectors.terms.visible_to(viewer).filter(organization=member.organization, valid_from__lte=day)
    breaches = selectors.residency.visible_to(viewer).filter(**own, since__lte=day).order_by("-since", "number")
    metered = selectors.compute.days_visible_to(viewer).filter(**own, day__lte=day)
    if at.is_chosen:
        terms, breaches = selectors.terms.then(terms, day), selectors.residency.then(breaches, day)
        totals = selectors.resources.summed(selectors.resources.then(resources.prefetch_related("steps"), day))
    else:
        totals = selectors.resources.totals(resources)
    return {
        "terms": terms,
        "datasets": selectors.datasets.standings(viewer, day, member=member.code),
        "compute": selectors.compute.by_member(selectors.compute.standing(metered, day if at.is_chosen else None)),
        "resources": totals,
        "exclusions": selectors.exclusions.in_force(selectors.exclusions.visible_to(viewer).filter(**own), day).count(),
        "breaches": breaches,
    }


def _people(viewer, member, day) -> list:
    """Whoever acts for the member on the day, as far as the reader may know of them."""
    rows = selectors.people.grants_visible_to(viewer).filter(organization=member.organization)
    return list(selectors.people.held_on(rows, day).order_by("workplace", "user__username"))


def _as_csv(rows, held):
    header = (_("Code"), _("Name"), _("Class"), _("Member since"), _("Left on"), _("Stake"))
    lines = [
        (
            row.code,
            called(row.organization),
            word(row.member_class, "member_class"),
            row.admitted_on,
            row.withdrawn_on,
            held[row.pk].share if row.pk in held else "",
        )
        for row in rows
    ]
    return csv_file("members", header, lines)
