"""Screening: one check at a time, with its evidence; the rule that it goes by; and who keeps out of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors as contributed
from contributions.core.roles import may
from contributions.templatetags.moyai import called, text
from contributions.views import filling
from contributions.views.exports import evidence_file
from licensing import selectors, services
from licensing.core import licensees as words
from licensing.core import screening
from licensing.forms.licensees import ConflictForm, RuleForm, ScreeningForm

A_YEAR = 1


def new(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Record one check; a check that its own record contradicts is refused with every reason."""
    viewer = request.viewer
    if kind not in words.CHECKS or viewer is None or not may(viewer, "licensee.screen"):
        raise Http404
    licensee = get_object_or_404(selectors.licensees.visible_to(viewer), organization__code=code)
    day, stated = localdate(), licensee.stated
    initial = {"screened_on": day, "valid_until": _next_year(day), **_stated(stated)}
    form = ScreeningForm(request.POST or None, request.FILES or None, kind=kind, initial=initial)
    done = filling.done(request, form, lambda: services.licensees.screen(licensee, **form.named(), by=viewer, at=now()))
    if done is not None:
        messages.success(request, _("The check is recorded."))
        return redirect("licensing:licensee", code)
    return filling.page(
        request,
        form,
        heading=_("%(check)s: %(company)s")
        % {"check": text(words.CHECKS[kind]), "company": called(licensee.organization)},
        lead=_lead(kind, licensee, day),
        verb=_("Record the check"),
        up=reverse("licensing:licensee", args=[code]),
        up_label=called(licensee.organization),
        notes_heading=_("What the ledger says"),
        notes=_notes(kind, licensee, day),
    )


def evidence(request: HttpRequest, code: str, sha256: str) -> HttpResponse:
    """One file behind a check, as it was handed in."""
    annex = selectors.licensees.evidence(request.viewer, code, sha256)
    if annex is None:
        raise Http404
    return evidence_file(selectors.licensees.evidence_name(request.viewer, code, sha256), annex)


def conflict(request: HttpRequest, code: str) -> HttpResponse:
    """A competitor that the applicant named is recorded; its people keep out."""
    viewer = request.viewer
    if viewer is None or not may(viewer, "conflict.declare"):
        raise Http404
    licensee = get_object_or_404(selectors.licensees.visible_to(viewer), organization__code=code)
    companies = contributed.organizations.visible_to(viewer).filter(kind="company").exclude(code__in=viewer.barred)
    form = ConflictForm(request.POST or None, organizations=companies.exclude(code=code).order_by("code"))
    done = filling.done(
        request,
        form,
        lambda: services.screenings.declare_conflict(licensee, form.chosen, on=localdate(), by=viewer, at=now()),
    )
    if done is not None:
        messages.success(request, _("Recorded. Its people no longer see this applicant."))
        return redirect("licensing:licensee", code)
    return filling.page(
        request,
        form,
        heading=_("A competitor keeps out of the screening"),
        lead=_("Nobody employed by it, or by its group, sees the applicant or takes part, wherever they are seconded."),
        verb=_("Record"),
        up=reverse("licensing:licensee", args=[code]),
        up_label=called(licensee.organization),
        notes_heading=_("As the applicant put it"),
        notes=[licensee.stated.get("rivals") or _("The applicant named nobody.")],
    )


@require_POST
def lift(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A competitor's people are let in again."""
    row = get_object_or_404(
        selectors.licensees.conflicts_visible_to(request.viewer), pk=pk, licensee__organization__code=code
    )
    services.screenings.lift_conflict(row, on=localdate(), by=request.viewer, at=now())
    messages.success(request, _("Lifted. Its people see this applicant again."))
    return redirect("licensing:licensee", code)


def rule(request: HttpRequest) -> HttpResponse:
    """Legal adopts the screening rule anew, from a day on."""
    viewer, day = request.viewer, localdate()
    if viewer is None or not may(viewer, "screening.adopt"):
        raise Http404
    current = selectors.licensees.rule_on(day)
    initial = {
        "seat": sorted(current.seat),
        "foreign_control": str(current.foreign_control),
        "boundary": "at-most" if current.inclusive else "below",
        "inference": sorted(current.inference),
        "months": current.months,
        "valid_from": day,
    }
    form = RuleForm(request.POST or None, initial=initial)
    done = filling.done(request, form, lambda: _adopt(form, viewer))
    if done is not None:
        messages.success(request, _("The screening rule is adopted."))
        return redirect("licensing:licensees")
    row = selectors.licensees.rule_row(day)
    source = (row.source_ja if get_language() == "ja" else row.source_en) if row else text(screening.FIRST_SOURCE)
    return filling.page(
        request,
        form,
        heading=_("Screening rule"),
        lead=_("Screenings of a day go by the rule of that day. The self-check for strangers uses the same rule."),
        verb=_("Adopt"),
        up=reverse("licensing:licensees"),
        up_label=_("Licensees"),
        notes_heading=_("The rule of today"),
        notes=[screening.said(current), screening.lasting(current), source],
    )


def _adopt(form: RuleForm, viewer):
    typed = form.cleaned_data
    sources = {name: typed[name] for name in ("valid_from", "source_ja", "source_en")}
    return services.screenings.adopt_rule(form.document(), **sources, by=viewer, at=now())


def _stated(stated: dict) -> dict:
    """What the applicant said of itself, as a start; the screener looks it up and amends it."""
    return {name: stated[name] for name in ("seat", "foreign_control", "end_use", "inference") if stated.get(name)}


def _lead(kind: str, licensee, day) -> str:
    if kind == "japanese-firm":
        return text(screening.said(selectors.licensees.rule_on(day)))
    return _("What you record must bear out the outcome; a failed check blocks the approval.")


def _notes(kind: str, licensee, day) -> list:
    """What the ledger itself says to a check."""
    if kind == "affiliates":
        others = selectors.licensees.affiliates_of(licensee)
        shared = [called(row.organization) for row in others]
        return shared or [_("No other licensee belongs to its group. It has the free tier and the caps for itself.")]
    if kind == "competition":
        if services.screenings.is_excluded(licensee, day):
            return [_("Declarations in force keep every published release from this applicant.")]
        return [_("At least one published release may serve this applicant.")]
    return [_("The applicant stated nothing here.")] if not licensee.stated else []


def _next_year(day):
    """The same day a year on; of 29 February the last of the month."""
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + A_YEAR, day=28 if leap else day.day)
