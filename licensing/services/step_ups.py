"""Step-ups: a licensee asks, within its evaluation, for the full licence; legal drafts it; with its last signature the
evaluation ends.

Parties, screening and chain are carried over; what would refuse the request is asked again before the full licence is
drafted, offered and signed, so that none is concluded on an evaluation that has lapsed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.roles import LICENSEE, Viewer, check_may
from contributions.services import journal, numbers
from licensing.core import agreements as contracts
from licensing.core import assembly
from licensing.core import step_ups as rules
from licensing.models import Agreement, Release, Schedule, StepUp
from licensing.selectors import clauses
from licensing.selectors import lives as standing
from licensing.selectors import step_ups as found
from licensing.services import agreements, terminations
from licensing.services.agreements import NotYourAgreement


@transaction.atomic
def request(evaluation: Agreement, *, plan: str, by: Viewer, at: datetime) -> StepUp:
    """Ask for the full licence under an evaluation; legal may record a request that came in writing."""
    check_may(by, "step_up.request")
    plan = contracts.check_reason(plan)
    evaluation = _locked(evaluation)
    _check_own(evaluation, by)
    if (held := found.open_of(evaluation)) is not None:
        raise rules.AskedAlready(agreement=evaluation.number, number=held.number)
    check_open(evaluation, at)
    number = numbers.take(StepUp, f"SU-{evaluation.number}", width=1)
    row = StepUp(number=number, evaluation=evaluation, requested_at=at, plan=plan)
    _record(row, "step_up.requested", {}, plan, by=by, at=at)
    return row


@transaction.atomic
def draft(
    row: StepUp,
    *,
    schedule: Schedule,
    release: Release,
    template: str,
    variables: dict,
    term: tuple[date, date],
    by: Viewer,
    at: datetime,
    background: Sequence[str] = (),
) -> Agreement:
    """Draft the full licence with the same licensee; one that was turned down may be drafted again."""
    check_may(by, "step_up.draft")
    row = _taken(row)
    _check_requested(row)
    check_open(row.evaluation, at)
    if row.agreement is not None and row.agreement.state not in _TURNED_DOWN:
        raise rules.AskedAlready(agreement=row.evaluation.number, number=row.agreement.number)
    families = {version.family for version in _wordings(template)}
    if rules.FAMILY in families:
        raise rules.NotFull
    row.agreement = agreements.draft(
        row.evaluation.licensee, schedule=schedule, release=release, template=template, variables=variables,
        term=term, background=background, by=by, at=at,
    )  # fmt: skip
    _record(row, "step_up.drafted", {"full": row.agreement.number}, "", by=by, at=at)
    return row.agreement


def decline(row: StepUp, *, reason: str, by: Viewer, at: datetime) -> StepUp:
    """The licensor declines, naming the condition that is not met; the evaluation goes on to its end."""
    check_may(by, "step_up.decline")
    return _settle(row, StepUp.State.DECLINED, "step_up.declined", reason, by=by, at=at)


def withdraw(row: StepUp, *, reason: str, by: Viewer, at: datetime) -> StepUp:
    """The licensee takes its request back."""
    check_may(by, "step_up.withdraw")
    _check_own(row.evaluation, by)
    return _settle(row, StepUp.State.WITHDRAWN, "step_up.withdrawn", reason, by=by, at=at)


def check_open(evaluation: Agreement, at: datetime) -> None:
    """Refuse a step-up unless the clause allows it now: it runs, the licensee is screened and in no breach."""
    for check in found.conditions(evaluation, at):
        if check.refusal is not None:
            raise check.refusal
    agreements.check_licensee(evaluation.licensee, at)


def obstacles(evaluation: Agreement, at: datetime) -> list[tuple[found.Condition, Refused | None]]:
    """Each condition of the clause with what stands against it, for the page."""
    checks = [(one, one.refusal) for one in found.conditions(evaluation, at)]
    refused = None
    try:
        agreements.check_licensee(evaluation.licensee, at)
    except Refused as refusal:
        refused = refusal
    return [*checks, (found.SCREENED, refused)]


def _before(agreement: Agreement, at: datetime) -> None:
    """What the clause asks must still hold when the full licence is offered and signed."""
    row = StepUp.objects.filter(agreement=agreement).first()
    if row is not None:
        _check_requested(row)
        check_open(row.evaluation, at)


def _concluded(agreement: Agreement, *, by: Viewer, at: datetime) -> None:
    """With the full licence concluded the evaluation ends."""
    row = StepUp.objects.filter(agreement=agreement).first()
    if row is None:
        return
    row = _taken(row)
    row.state, row.settled_at = StepUp.State.CONCLUDED, at
    _record(row, "step_up.concluded", {"full": agreement.number}, "", by=by, at=at)
    if standing.termination_of(row.evaluation) is None:
        terminations.end_stepped_up(row.evaluation, agreement, by=by, at=at)


@transaction.atomic
def _settle(row: StepUp, state: str, kind: str, reason: str, *, by: Viewer, at: datetime) -> StepUp:
    reason = contracts.check_reason(reason)
    row = _taken(row)
    _check_requested(row)
    row.state, row.settled_at, row.settled_reason = state, at, reason
    _record(row, kind, {}, reason, by=by, at=at)
    return row


def _wordings(template: str) -> list:
    """The clauses that a template may use."""
    used = {entry.clause for entry in assembly.template(clauses.template(template).document).entries}
    return [version for version in clauses.library() if version.id in used]


def _check_requested(row: StepUp) -> None:
    if row.state != StepUp.State.REQUESTED:
        raise rules.NotOpen(number=row.number, state=rules.STATES[row.state])


def _check_own(evaluation: Agreement, by: Viewer) -> None:
    if by.workplace == LICENSEE and by.acting != evaluation.licensee.organization.code:
        raise NotYourAgreement


def _locked(evaluation: Agreement) -> Agreement:
    return standing.gathered([agreements.locked(evaluation)])[0]


def _taken(row: StepUp) -> StepUp:
    evaluation = _locked(row.evaluation)
    row = StepUp.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=row.pk)
    row.evaluation = evaluation
    return row


def _record(row: StepUp, kind: str, facts: dict, text: str, *, by: Viewer, at: datetime) -> None:
    attached = [journal.Attachment("reason.txt", "text/plain; charset=utf-8", text.encode())] if text else []
    entry = journal.append(
        kind,
        subject=f"agreement:{row.evaluation.number}",
        facts={"step_up": row.number, "agreement": row.evaluation.number, **facts},
        annexes=attached,
        by=by,
        at=at,
    )
    row.seq = entry.seq
    row.save()


_TURNED_DOWN = {Agreement.State.DECLINED, Agreement.State.WITHDRAWN}
agreements.BEFORE.append(_before)
agreements.CONCLUDED.append(_concluded)
