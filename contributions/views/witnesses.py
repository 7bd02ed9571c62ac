"""Witnesses: who cosigns, how many must, and an officer's own cosignature, confirmed by the checkpoint's number."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import witnesses as rules
from contributions.core.errors import Refused
from contributions.core.roles import LEGAL, MEMBER, may
from contributions.core.words import Text
from contributions.forms.witnesses import ThresholdForm, WitnessForm
from contributions.views import as_of, log


def index(request):
    """Every witness with its key, and the threshold in force."""
    return _index(request)


def new(request):
    """A member enrols its own site; the secretariat a neutral witness."""
    viewer = request.viewer
    if viewer.workplace not in {MEMBER, LEGAL} or not may(viewer, "witness.enroll"):
        raise Http404
    form = WitnessForm(
        request.POST or None, organizations=_who_may_be(viewer), initial={"valid_from": localdate().isoformat()}
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        kind = rules.SITE if viewer.workplace == MEMBER else rules.NEUTRAL
        try:
            witness = services.witnesses.enroll(**form.cleaned_data, kind=kind, by=viewer, at=now())
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Enrolled: %(name)s") % {"name": witness.name})
            return redirect("contributions:witnesses")
    context = {"form": form, "refusal": refusal, "is_site": viewer.workplace == MEMBER}
    return render(request, "contributions/log/witness_form.html", context, status=422 if request.POST else 200)


def threshold(request):
    """The secretariat records how many must have cosigned, as the members decided."""
    if not may(request.viewer, "threshold.adopt") or request.viewer.workplace != LEGAL:
        raise Http404
    form = ThresholdForm(request.POST or None, initial={"valid_from": localdate().isoformat(), "kinds": [*rules.KINDS]})
    refusal = None
    if request.method == "POST" and form.is_valid():
        stated = dict(form.cleaned_data)
        ja, en = stated.pop("source_ja"), stated.pop("source_en")
        try:
            services.witnesses.adopt_threshold(**stated, source=Text(ja, en or ja), by=request.viewer, at=now())
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The threshold is on record."))
            return redirect("contributions:witnesses")
    context = {"form": form, "refusal": refusal}
    return render(request, "contributions/log/threshold_form.html", context, status=422 if request.POST else 200)


@require_POST
def retire(request, code):
    """End a witness from today; what it cosigned stays."""
    witness = get_object_or_404(selectors.witnesses.managed_by(request.viewer), code=code)
    if request.POST.get("confirm", "").strip().lower() != witness.code:
        return _index(request, wrong=witness.code, status=422)
    services.witnesses.retire(witness, retired_from=localdate(), by=request.viewer, at=now())
    return redirect("contributions:witnesses")


@require_POST
def cosign(request, number):
    """An officer cosigns a checkpoint for its member."""
    if request.viewer.workplace != MEMBER:
        raise Http404
    checkpoint = get_object_or_404(selectors.log.checkpoints(), number=number)
    if request.POST.get("confirm", "").strip().replace(",", "") != str(checkpoint.number):
        return log.show(request, checkpoint, error=_("This is not the number."), status=422)
    try:
        services.witnesses.confirm(checkpoint, by=request.viewer, at=now())
    except Refused as refusal:
        return log.show(request, checkpoint, refusal=refusal.text(get_language()), status=422)
    messages.success(request, _("Cosigned. Download the note and keep it where this server cannot reach it."))
    return redirect("contributions:checkpoint", checkpoint.number)


def _index(request, *, wrong: str = "", status: int = 200):
    viewer, at = request.viewer, as_of.read(request)
    is_now = not at.is_chosen
    managed = {row.pk for row in selectors.witnesses.managed_by(viewer)} if is_now else set()
    visible = selectors.witnesses.visible_to(viewer)
    rows = list(visible) if is_now else selectors.witnesses.then(visible, at.day)
    for row in rows:
        row.may_retire = row.pk in managed
        row.last = selectors.witnesses.last_of(row, None if is_now else at.day)
        row.anchor = f"retire-{row.code}"
        row.error = _("This is not the number.") if row.code == wrong else None
    rules_known = selectors.witnesses.rules_known()
    context = {
        "rows": rows,
        "as_of": at,
        "knows_whose": selectors.witnesses.knows_whose(viewer),
        "rule": selectors.witnesses.rule_at(at.day),
        "rules": [row for row in rules_known if is_now or row.valid_from <= at.day],
        "may_enroll": is_now and viewer.workplace in {MEMBER, LEGAL} and may(viewer, "witness.enroll"),
        "may_adopt": is_now and viewer.workplace == LEGAL and may(viewer, "threshold.adopt"),
        "is_member": viewer.workplace == MEMBER,
        "may_retire": bool(managed),
        "in_office": sum(row.retired_from is None for row in rows),
        "origin": selectors.log.head().origin if selectors.log.head() else "",
    }
    return render(request, "contributions/log/witnesses.html", context, status=status)


def _who_may_be(viewer):
    """The organizations that this workplace enrols for: a member itself; the secretariat those that are no member."""
    rows = selectors.organizations.visible_to(viewer)
    if viewer.workplace == MEMBER:
        return rows.filter(code=viewer.acting)
    return rows.filter(member__isnull=True)
