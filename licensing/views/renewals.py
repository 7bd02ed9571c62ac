"""Renewals ahead: by when either side must speak; and proposing a longer term, or answering one that was proposed."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions.core.periods import last_day
from contributions.core.roles import LICENSEE, may
from contributions.templatetags.moyai import called, text
from contributions.templatetags.moyai import day as day_text
from licensing import selectors, services
from licensing.core import assembly, variables
from licensing.core.obligations import PARTIES
from licensing.core.renewals import MODES, PROPOSALS
from licensing.forms.lives import ProposalForm, SaidForm
from licensing.views import doors, lists
from licensing.views.acting import Act, bound


@require_safe
@doors.open_to(doors.PARTIES, part=doors.OF_CONTRACTS)
def index(request: HttpRequest) -> HttpResponse:
    """Every agreement in force with its notice day."""
    today = localdate()
    rows = selectors.renewals.ahead(request.viewer, on=today)
    query = request.GET.get("q", "").strip()
    if query:
        rows = [row for row in rows if query in f"{row.agreement.number} {row.agreement.licensee.organization.name_ja}"]
    if lists.wants_csv(request):
        return lists.csv("renewals", *_table(rows))
    context = {"search": True, "query": query} | lists.paged(request, rows)
    for row in context["page"]:
        row.agreement.mode = MODES.get(row.mode)
        row.agreement.left = (row.notice.day - today).days if row.notice else None
    return render(request, "licensing/renewals/list.html", context | {"today": today})


def proposals(agreement, viewer) -> list:
    """Longer terms that were proposed, the newest first, each with how it stands and what else it would change."""
    listed = list(selectors.renewals.proposals_visible_to(viewer).filter(agreement=agreement).order_by("-pk"))
    schema = _schema(agreement)
    for row in listed:
        row.label = PROPOSALS[row.state]
        row.conditions = [
            {"label": schema[name].label, "value": _printed(schema[name], value)}
            for name, value in row.changes.items()
            if name in schema
        ]
    return listed


def _schema(agreement):
    return assembly.template(agreement.template.document).schema


def _printed(variable, value):
    if value is None:
        return _("taken out")
    return variables.printed(
        variable, variables.values({variable.name: variable}, {variable.name: value})[variable.name]
    )


def acts(request: HttpRequest, agreement, tried: str, facts: dict, ahead) -> list[Act]:
    """Proposing a longer term where none comes by itself, or answering the proposal that waits."""
    row = services.renewal_proposals.open_of(agreement)
    if row is None:
        evaluation = selectors.step_ups.is_evaluation(agreement, now())
        if ahead.mode == "automatic" or evaluation or not may(request.viewer, "renewal.propose"):
            return []
        return [_propose(request, agreement, tried, facts)] if _in_time(ahead) else []
    if row.state != "proposed":
        return []
    own = row.party == ("licensee" if request.viewer.workplace == LICENSEE else "licensor")
    verbs = {"withdraw-renewal": "renewal.propose"} if own else dict.fromkeys(_ANSWERS, "renewal.answer")
    if not _in_time(ahead):
        verbs.pop("counter-renewal", None)
    facts = facts | {"renewal": row.number, "day": day_text(last_day(row.until))}
    return [_answer(request, row, name, tried, facts) for name, action in verbs.items() if may(request.viewer, action)]


def _in_time(ahead) -> bool:
    return ahead.notice is None or localdate() <= ahead.notice.day


def _form(request, agreement, name: str, tried: str, proposed=None):
    """What a proposal is typed in, with the terms as they will stand at the end of the present one."""
    schedules = selectors.schedules.visible_to(request.viewer).filter(
        state="adopted",
        field_of_use=agreement.schedule.field_of_use,
        licensee_class=agreement.licensee.licensee_class,
    )
    end = selectors.lives.until(agreement, localdate())
    present = selectors.lives.variables_on(agreement, end, known_on=localdate())
    given = {"schedules": schedules, "schema": _schema(agreement), "present": present, "proposed": proposed}
    return bound(ProposalForm, request, name, tried, **given)


def _propose(request, agreement, tried, facts) -> Act:
    return Act(
        "propose",
        _("Propose a renewal"),
        _(
            "You propose to renew agreement %(number)s with %(licensee)s. Once the other side accepts, the amendment"
            " is drafted for both to sign; until then nothing changes."
        )
        % facts,
        lambda typed: services.renewal_proposals.propose(
            agreement,
            **_stated(typed),
            by=request.viewer,
            at=now(),
        ),
        _("The renewal is proposed. The other side sees it and answers."),
        form=_form(request, agreement, "propose", tried),
    )


def _stated(typed: dict) -> dict:
    return {
        "until": typed["last"] + timedelta(days=1),
        "reason": typed["reason"],
        "schedule": typed["schedule"],
        "changes": typed["changes"],
    }


def _counter(request, row, tried: str, facts: dict) -> Act:
    return Act(
        "counter-renewal",
        _("Make a counter-proposal"),
        _(
            "You answer proposal %(renewal)s with one of your own, which takes its place: proposal %(renewal)s can no"
            " longer be accepted. Until both have signed, the notice day and the end of agreement %(number)s hold."
        )
        % facts,
        lambda typed: services.renewal_proposals.counter(row, **_stated(typed), by=request.viewer, at=now()),
        _("The counter-proposal is made. The other side sees it and answers."),
        form=_form(request, row.agreement, "counter-renewal", tried, proposed=row),
    )


_ANSWERS = ("accept-renewal", "counter-renewal", "decline-renewal")


def _answer(request, row, name: str, tried: str, facts: dict) -> Act:
    given = {"by": request.viewer, "at": now()}
    if name == "counter-renewal":
        return _counter(request, row, tried, facts)
    if name == "accept-renewal":
        return Act(
            name,
            _("Accept the renewal"),
            _(
                "You accept that agreement %(number)s is renewed to %(day)s. The amendment is drafted; it holds once"
                " both have signed it."
            )
            % facts,
            lambda typed: services.renewal_proposals.accept(row, **given),
            _("Accepted. The amendment is drafted and goes its way to both signatures."),
            plain=False,
        )
    labels = {
        "decline-renewal": (
            _("Decline the renewal"),
            _("You decline proposal %(renewal)s: agreement %(number)s ends as its term stands."),
            _("The proposed renewal is declined."),
            services.renewal_proposals.decline,
        ),
        "withdraw-renewal": (
            _("Take the proposal back"),
            _("You take back proposal %(renewal)s of a renewal of agreement %(number)s."),
            _("The proposal is taken back."),
            services.renewal_proposals.withdraw,
        ),
    }
    label, sentence, done, verb = labels[name]
    form = bound(SaidForm, request, name, tried)
    return Act(name, label, sentence % facts, lambda typed: verb(row, reason=typed["reason"], **given), done, form=form)


def _table(rows):
    header = [
        _("Agreement"),
        _("Licensee"),
        _("Last day of the term"),
        lists.coded(_("Renewal"), MODES),
        _("Last day for notice"),
        _("Business day before it"),
        _("Notice given by"),
    ]
    cells = (
        [
            row.agreement.number,
            called(row.agreement.licensee.organization),
            last_day(row.until),
            row.mode,
            row.notice.day if row.notice else None,
            row.notice.safe_day if row.notice else None,
            "、".join(text(PARTIES[party]) for party in row.refused_by),
        ]
        for row in rows
    )
    return header, cells
