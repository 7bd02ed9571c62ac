"""Shares of equity: as of a day, over time, declared and corrected."""

from __future__ import annotations

from fractions import Fraction

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core import group_pictures
from contributions.core.money import fraction
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.forms.members import StakeForm
from contributions.templatetags.moyai import called
from contributions.views import as_of, doors, filling
from contributions.views.exports import csv_file
from contributions.views.lists import wants_csv


@doors.open_to(doors.COMMON)
def index(request):
    """The stakes in force on a day, their sum, and how they came to be so."""
    viewer, at = request.viewer, as_of.read(request)
    rows = selectors.stakes.as_of(viewer, at.day, known_at=at.known_at)
    if wants_csv(request):
        return _as_csv(rows)
    sees_all = viewer.is_office and not viewer.barred
    context = {
        "rows": rows,
        "as_of": at,
        "with_checkpoint": True,
        "csv_url": request.path,
        "sees_all": sees_all,
        "closure": closure(rows) if sees_all else None,
        "may_restate": may(viewer, "stake.restate"),
        **picture(selectors.stakes.visible_to(viewer), at.day),
    }
    return render(request, "contributions/stakes/list.html", context)


def declare(request, code):
    """Legal records a member's stake from a day on."""
    member = _member(request, code, "stake.declare")
    form = StakeForm(request.POST or None, initial={"valid_from": localdate()})
    done = filling.done(
        request,
        form,
        lambda: services.stakes.declare(
            member, **form.named(), illustrative=selectors.log.head().demo, by=request.viewer, at=now()
        ),
    )
    if done is not None:
        messages.success(request, _("The stake is recorded."))
        return redirect("contributions:member", code)
    return _form(
        request,
        member,
        form,
        heading=_("Record a stake"),
        lead=_("A share of equity from the day on. It is never a share in an allocation."),
        verb=_("Record"),
    )


def restate(request, seq):
    """Legal corrects a stake that was recorded wrongly."""
    if not may(request.viewer, "stake.restate"):
        raise Http404
    stake = get_object_or_404(selectors.stakes.visible_to(request.viewer), seq=seq)
    initial = {"share": stake.share, "valid_from": stake.valid_from}
    form = StakeForm(request.POST or None, corrects=True, initial=initial)
    done = filling.done(
        request, form, lambda: services.stakes.restate(stake, **form.named(), by=request.viewer, at=now())
    )
    if done is not None:
        messages.success(request, _("The correction is recorded; the wrong record stays readable."))
        return redirect("contributions:member", stake.member.code)
    return _form(
        request,
        stake.member,
        form,
        heading=_("Correct a stake"),
        lead=_("For a record that was wrong from the start. A change of holdings is a new stake from its own day."),
        verb=_("Record the correction"),
    )


def closure(rows) -> dict:
    """What the stakes sum to, how much of it is only illustrative, and what is missing to the whole."""
    total = sum((fraction(row.share) for row in rows), Fraction(0))
    made_up = sum((fraction(row.share) for row in rows if row.illustrative), Fraction(0))
    return {"total": total, "illustrative": made_up, "missing": 1 - total, "is_whole": total == 1}


def picture(visible, day) -> dict:
    """The standing stakes as step lines up to the day, with the sentence that the picture says."""
    rows = selectors.stakes.standing(visible.filter(valid_from__lte=day))
    steps, names = {}, {}
    for row in rows:
        steps.setdefault(row.member.code, []).append((row.valid_from, fraction(row.share)))
        organization = row.member.organization
        names[row.member.code] = Text(organization.short_ja, organization.short_en)
    return {
        "picture": group_pictures.stakes(steps, names, until=day, language=get_language()),
        "finding": group_pictures.stakes_finding(steps, names, day),
    }


def _member(request, code, action: str):
    if not may(request.viewer, action):
        raise Http404
    return get_object_or_404(selectors.members.visible_to(request.viewer), organization__code=code)


def _form(request, member, form, **words):
    up = reverse("contributions:member", args=[member.code])
    return filling.page(request, form, up=up, up_label=called(member.organization), **words)


def _as_csv(rows):
    header = (_("Code"), _("Name"), _("Stake"), _("From"), _("Illustrative"))
    lines = [
        (
            row.member.code,
            called(row.member.organization),
            row.share,
            row.valid_from,
            _("yes") if row.illustrative else "",
        )
        for row in rows
    ]
    return csv_file("stakes", header, lines)
