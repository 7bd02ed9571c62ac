"""Stepping up from an evaluation: the conditions of its clause, the request, and the full licence that follows."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contributions.core.roles import OF_MONEY, may, reads
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core import outside
from licensing.core import step_ups as rules
from licensing.forms.lives import SaidForm
from licensing.forms.step_ups import PlanForm
from licensing.views import doors, lives, rails
from licensing.views.acting import Act, answered, bound


@require_safe
@doors.open_to(doors.PARTIES)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """How a step-up from this evaluation stands."""
    evaluation = _found(request, number)
    return _page(request, evaluation, _acts(request, evaluation, ""))


@require_POST
@doors.open_to(doors.PARTIES)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Ask for the full licence, take the request back, or decline it."""
    evaluation = _found(request, number)
    return answered(request, evaluation, _acts(request, evaluation, verb), verb, page=_page, to="licensing:step_up")


def chain(agreement, viewer) -> dict:
    """What an agreement's page says of it: what it came from, what it may step up to, and what stands beside it."""
    came = selectors.step_ups.visible_to(viewer).filter(agreement=agreement).first()
    concluded = agreement.executed_at is not None
    return {
        "beside": _beside(agreement, viewer),
        "came_from": came.evaluation if came else None,
        "evaluation_fee": _account(agreement, came),
        "is_evaluation": concluded and selectors.step_ups.is_evaluation(agreement, now()),
        "stepped_to": selectors.step_ups.shown(selectors.step_ups.open_of(agreement), viewer) if concluded else None,
    }


def _beside(agreement, viewer) -> list:
    """Contracts concluded outside with the same company: the NDA before this one, say, or a 覚書 on paper after it.

    Each bears its relation where it refers to this agreement.
    """
    rows = list(selectors.outside.beside(viewer, agreement))
    for row in rows:
        refers = row.follows_agreement_id == agreement.pk
        row.label, row.relation_label = (
            outside.KINDS[row.kind],
            outside.RELATIONS[row.relation] if refers else None,
        )
    return rows


def _account(agreement, came) -> str:
    """The evaluation whose fee this agreement states, or is credited with; empty where there is none."""
    evaluation = came.evaluation if came else agreement
    owed = agreement.executed_at is not None and selectors.evaluation_fees.fee_of(evaluation)
    return evaluation.number if owed else ""


def _found(request: HttpRequest, number: str):
    agreement = lives.found(request, number)
    if not selectors.step_ups.is_evaluation(agreement, now()):
        raise Http404
    return agreement


def _page(request, evaluation, acts, *, status: int = 200) -> HttpResponse:
    viewer, at = request.viewer, now()
    row = selectors.step_ups.open_of(evaluation)
    open_now = row is not None and row.state == "requested"
    full = selectors.step_ups.shown(row, viewer)
    context = {
        "agreement": evaluation,
        "standing": selectors.lives.standing(evaluation, at),
        "until": selectors.lives.ends(evaluation, localdate()),
        "row": row,
        "label": rules.STATES[row.state] if row else None,
        "full": full,
        "past": selectors.step_ups.visible_to(viewer).filter(
            evaluation=evaluation, state__in=("declined", "withdrawn")
        ),
        "conditions": services.step_ups.obstacles(evaluation, at) if row is None or open_now else [],
        "may_draft": open_now
        and may(viewer, "step_up.draft")
        and (row.agreement is None or row.agreement.state in {"declined", "withdrawn"}),
        "fee": selectors.evaluation_fees.fee_of(evaluation) if reads(viewer, OF_MONEY) else 0,
        "paid": selectors.evaluation_fees.paid(evaluation),
        "acts": acts,
        "history": rails.history(viewer, f"agreement:{evaluation.number}"),
    }
    return render(request, "licensing/lives/step_up.html", context, status=status)


def _acts(request, evaluation, tried: str) -> list[Act]:
    viewer, row = request.viewer, selectors.step_ups.open_of(evaluation)
    facts = {"number": evaluation.number, "licensee": called(evaluation.licensee.organization)}
    acts = []
    if row is None and may(viewer, "step_up.request"):
        acts.append(
            Act(
                "request",
                _("Ask for the full licence"),
                _(
                    "You ask, under evaluation agreement %(number)s, for the full licence for %(licensee)s. While the"
                    " request is open the evaluation does not run out, within the extension that its clause names."
                )
                % facts,
                lambda typed: services.step_ups.request(evaluation, plan=typed["plan"], by=viewer, at=now()),
                _("The request is handed in. The licensor drafts the full licence, or says why not."),
                form=bound(PlanForm, request, "request", tried),
                plain=False,
            )
        )
    if row is not None and row.state == "requested":
        for verb, (label, sentence, done) in _settling().items():
            if may(viewer, f"step_up.{verb}"):
                acts.append(
                    Act(
                        verb,
                        label,
                        sentence % facts,
                        _run(row, verb, viewer),
                        done,
                        form=bound(SaidForm, request, verb, tried),
                    )
                )
    for each in acts:
        each.url = reverse("licensing:step_up_act", args=[evaluation.number, each.name])
    return acts


def _run(row, verb: str, viewer):
    service = {"decline": services.step_ups.decline, "withdraw": services.step_ups.withdraw}[verb]
    return lambda typed: service(row, reason=typed["reason"], by=viewer, at=now())


def _settling() -> dict[str, tuple[str, str, str]]:
    return {
        "decline": (
            _("Decline the step-up"),
            _(
                "You decline the full licence that %(licensee)s asks for under %(number)s."
                " State the condition that is not met."
            ),
            _("The step-up is declined."),
        ),
        "withdraw": (
            _("Take the request back"),
            _(
                "You take back the request of %(licensee)s to step up from %(number)s."
                " The evaluation goes on to its end."
            ),
            _("The request is taken back."),
        ),
    }
