"""What people do in an approval (稟議), and what follows: the deviation stands, and its proposal is accepted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import User
from contributions.services import journal
from licensing.core import approvals as rules
from licensing.core import negotiations as negotiation_rules
from licensing.models import Agreement, Approval, ApprovalAct, Deviation, Negotiation, Proposal
from licensing.selectors import approvals as found
from licensing.services import approvals, deviations, proposals


@transaction.atomic
def opine(approval: Approval, *, favourable: bool, opinion: str, by: Viewer, at: datetime) -> Approval:
    """A consultation's opinion, for or against; it is heard and holds nothing up."""
    approval, step, principal = _asked(approval, rules.CONSULT, by, at)
    note = rules.check_reason(opinion)
    _act(approval, "opinion", step.code, note, principal, favourable=favourable, by=by, at=at)
    return approval


@transaction.atomic
def approve(approval: Approval, *, note: str = "", by: Viewer, at: datetime) -> Approval:
    """Approve one step; with the last one the approval is granted and what it was asked for goes ahead."""
    approval, step, principal = _asked(approval, rules.APPROVE, by, at)
    _act(approval, "approve", step.code, note.strip(), principal, favourable=True, by=by, at=at)
    if found.position_of(approval).state == "approved":
        _close(approval, Approval.State.APPROVED, "approval.granted", by=by, at=at)
        _follow(approval, granted=True, by=by, at=at)
    return approval


@transaction.atomic
def refuse(approval: Approval, *, reason: str, by: Viewer, at: datetime) -> Approval:
    """Refuse for good; the deviation is refused and the proposal is on the table again."""
    reason = rules.check_reason(reason)
    approval, step, principal = _asked(approval, rules.APPROVE, by, at)
    _act(approval, "refuse", step.code, reason, principal, favourable=False, by=by, at=at, journaled=False)
    _close(approval, Approval.State.REFUSED, "approval.refused", note=reason, by=by, at=at)
    _follow(approval, granted=False, by=by, at=at)
    return approval


@transaction.atomic
def send_back(approval: Approval, *, to: str, reason: str, by: Viewer, at: datetime) -> Approval:
    """Send back to an earlier step, or to whoever applied; what was done from there on is done again."""
    reason = rules.check_reason(reason)
    approval, step, principal = _asked(approval, None, by, at)
    rules.check_target(found.steps_of(approval), step.code, to)
    _act(approval, "send_back", step.code, reason, principal, to=to, by=by, at=at, journaled=False)
    approval.state = found.position_of(approval).state
    facts = {"approval": approval.number, "step": step.code, "to": to}
    _record(approval, "approval.returned", facts, reason, by=by, at=at)
    return approval


@transaction.atomic
def resubmit(approval: Approval, *, reason: str, by: Viewer, at: datetime) -> Approval:
    """Whoever applied answers and submits again, from the first step on."""
    reason = rules.check_reason(reason)
    approval = _applicants(approval, (Approval.State.SENT_BACK,), by)
    _act(approval, "resubmit", "", reason, None, by=by, at=at, journaled=False)
    approval.state, approval.reason = Approval.State.OPEN, reason
    _record(approval, "approval.resubmitted", {"approval": approval.number}, reason, by=by, at=at)
    return approval


@transaction.atomic
def withdraw(approval: Approval, *, reason: str, by: Viewer, at: datetime) -> Approval:
    """Whoever applied takes the application back."""
    reason = rules.check_reason(reason)
    approval = _applicants(approval, (Approval.State.OPEN, Approval.State.SENT_BACK), by)
    _act(approval, "withdraw", "", reason, None, by=by, at=at, journaled=False)
    _close(approval, Approval.State.WITHDRAWN, "approval.withdrawn", note=reason, by=by, at=at)
    if approval.deviation is not None and approval.deviation.state == Deviation.State.PENDING:
        deviations.withdraw(approval.deviation, by=by, at=at)
        _return_proposal(approval)
    return approval


def _follow(approval: Approval, *, granted: bool, by: Viewer, at: datetime) -> None:
    if approval.deviation is None:
        return
    deviation = deviations.settle(approval, granted=granted, by=by, at=at)
    proposal = deviation.proposal
    if not granted:
        _return_proposal(approval)
    elif proposal is not None and proposal.state == Proposal.State.IN_APPROVAL:
        negotiation = Negotiation.objects.select_for_update().get(pk=proposal.negotiation_id)
        if proposal.side == negotiation_rules.LICENSEE:
            proposals.conclude(proposal, negotiation, by=by, at=at, author=approval.applicant_id)
        else:
            _move(proposal, "release")
        proposals.show_state(negotiation)


def _return_proposal(approval: Approval) -> None:
    """Without the approval a licensee's proposal waits for another answer, and one's own is a draft again."""
    proposal = approval.deviation.proposal if approval.deviation is not None else None
    if proposal is not None and proposal.state == Proposal.State.IN_APPROVAL:
        _move(proposal, "return" if proposal.side == negotiation_rules.LICENSEE else "release")
        proposals.show_state(proposal.negotiation)


def _move(proposal: Proposal, verb: str) -> None:
    proposal.state = negotiation_rules.proposal_step(str(proposal), proposal.state, verb)
    proposal.save(update_fields=["state"])


def _locked(approval: Approval, states: tuple[str, ...]) -> Approval:
    # negotiation, agreement, approval: the order in which every verb on them takes its locks
    list(Negotiation.objects.select_for_update().filter(agreement=approval.agreement_id))
    Agreement.objects.select_for_update().get(pk=approval.agreement_id)
    row = Approval.objects.select_for_update(of=("self",)).select_related(
        "agreement", "deviation__proposal__negotiation", "deviation__agreement", "rules", "applicant"
    ).get(pk=approval.pk)  # fmt: skip
    if row.state not in states:
        raise rules.NotOpen(number=row.number, state=rules.STATES[row.state])
    return row


def _asked(approval: Approval, kind: str | None, by: Viewer, at: datetime) -> tuple[Approval, rules.Step, User]:
    """The approval under its lock, the step that this person is asked for, and for whom it acts."""
    check_may(by, "approval.act")
    row = _locked(approval, (Approval.State.OPEN,))
    person = User.objects.get(pk=by.user)
    on = jst_date(at)
    applicant = row.applicant.username if row.applicant else ""
    step, principal = rules.step_for(
        found.position_of(row),
        rules.read(row.rules.document),
        person.username,
        applicant,
        found.deputies_on(on),
        on,
    )
    if kind is not None and step.kind != kind:
        raise rules.NotYourStep(reason=rules.STEP_KINDS[step.kind])
    return row, step, User.objects.get(username=principal)


def _applicants(approval: Approval, states: tuple[str, ...], by: Viewer) -> Approval:
    check_may(by, "approval.apply")
    row = _locked(approval, states)
    if row.applicant_id != by.user:
        raise rules.NotYourStep(reason=rules.ONLY_APPLICANT)
    return row


def _act(
    approval: Approval,
    kind: str,
    step: str,
    note: str,
    principal: User | None,
    *,
    by: Viewer,
    at: datetime,
    to: str = "",
    favourable: bool | None = None,
    journaled: bool = True,
) -> None:
    """One act as a posted row; those that end or turn an approval have an entry of their own kind besides."""
    if journaled:
        facts = {"approval": approval.number, "step": step, "act": kind}
        _record(approval, "approval.acted", facts, note, by=by, at=at)
    ApprovalAct.objects.create(
        seq=approval.seq,
        approval=approval,
        kind=kind,
        step=step,
        to=to,
        favourable=favourable,
        note=note,
        person_id=by.user,
        principal=principal,
        acted_at=at,
    )


def _close(approval: Approval, state: str, kind: str, *, by: Viewer, at: datetime, note: str = "") -> None:
    approval.state, approval.closed_at = state, at
    facts = {"approval": approval.number, "subject_sha256": approval.subject_sha256}
    _record(approval, kind, facts, note, by=by, at=at)


def _record(approval: Approval, kind: str, facts: dict, note: str, *, by: Viewer, at: datetime) -> None:
    annexes = [approvals.note(note)] if note else []
    entry = journal.append(kind, subject=f"approval:{approval.number}", facts=facts, annexes=annexes, by=by, at=at)
    approval.seq = entry.seq
    approval.save(update_fields=["state", "closed_at", "reason", "seq"])
