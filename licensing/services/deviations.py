"""Deviations: a change is judged by ladder and rules, recorded with its reason, and approved or refused by its tier."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.money import fraction, fraction_text
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.services import journal, numbers
from licensing.core import approvals as route_rules
from licensing.core import clauses, rewordings
from licensing.core import deviations as rules
from licensing.models import Agreement, Approval, Deviation, Proposal
from licensing.selectors import clauses as library
from licensing.selectors import deviations as found
from licensing.services import approvals


class AlreadyRecorded(Refused):
    code = "deviation-recorded"
    ja = "この標準外条項は {number} として記録済みです（{state}）。"
    en = "This deviation is on record as {number} ({state})."


class NotADeviation(Refused):
    code = "not-a-deviation"
    ja = "「{subject}」は標準のとおりです。記録する標準外条項はありません。"
    en = "“{subject}” stands as the standard has it. There is no deviation to record."


def judge(agreement: Agreement, kind: str, subject: str, content: object, at: datetime) -> rules.Judgement:
    """Whether a change is allowed and how grave it is, by the ladder of its clause and the rules in force.

    `content` is an entry of the agreement's wordings, or a variable's value. What is forbidden is refused.
    """
    adopted = approvals.rules_on(jst_date(at))
    read = route_rules.read(adopted.document)
    named = Text(f"交渉・決裁規程 第{adopted.version}版", f"the negotiation rules, version {adopted.version}")
    if kind == "price":
        acceptable, approval, tier = read.price
        judged = rules.judge_price(agreement.schedule.terms, content, acceptable, approval, tier)
    elif kind == "variable":
        judged = rules.judge_figure(fraction(str(content)), read.figures[subject])
    else:
        judged = _judge_wording(agreement, read, kind, subject, content)
    label = found.labels_of(agreement).get(subject, subject)
    return rules.check_allowed(judged, label, named)


def _judge_wording(agreement: Agreement, read: route_rules.Rules, kind: str, subject: str, content) -> rules.Judgement:
    approved = next((one for one in library.for_agreement(agreement) if one.id == subject), None)
    tier, fixed = route_rules.tier_of(read, subject, approved.family if approved else rewordings.SPECIAL)
    if approved is None:
        return rules.Judgement(clauses.APPROVAL, tier)
    if kind == "removed":
        return rules.Judgement(clauses.FORBIDDEN if fixed else clauses.APPROVAL, tier)
    changed = rewordings.sha256(clauses.clause(content["document"]))
    rung = rules.rung_of(changed, rewordings.sha256(approved), found.ladder(subject))
    return rules.Judgement(clauses.FORBIDDEN if fixed and rung == clauses.APPROVAL else rung, tier)


@transaction.atomic
def record(
    agreement: Agreement,
    kind: str,
    subject: str,
    content: object,
    *,
    reason: str,
    by: Viewer,
    at: datetime,
    proposal: Proposal | None = None,
) -> Deviation | None:
    """Record a deviation and, where its tier calls for it, ask for the approval. Nothing where it is the standard."""
    check_may(by, "deviation.record")
    judged = judge(agreement, kind, subject, content, at)
    one = _found(agreement, kind, subject, content, jst_date(at))
    if one is None:
        return None
    reason = route_rules.check_reason(reason)
    held = _held(agreement, one, jst_date(at))
    if held is not None:
        return held
    number = numbers.take(Deviation, f"DV-{jst_date(at).year}", width=3)
    state = Deviation.State.PENDING if judged.needs_approval else Deviation.State.ALLOWED
    entry = journal.append(
        "deviation.recorded",
        subject=f"deviation:{number}",
        facts={
            "deviation": number,
            "agreement": agreement.number,
            "kind": kind,
            "subject": subject,
            "approved_sha256": one.approved_sha256,
            "changed_sha256": one.changed_sha256,
            "rung": judged.rung,
            "tier": judged.tier,
        },
        annexes=[approvals.note(reason)],
        by=by,
        at=at,
    )
    row = Deviation.objects.create(
        seq=entry.seq,
        number=number,
        agreement=agreement,
        proposal=proposal,
        kind=kind,
        subject=subject,
        approved_sha256=one.approved_sha256,
        changed_sha256=one.changed_sha256,
        standard=_standard(agreement, kind, subject, jst_date(at)),
        content=content,
        reason=reason,
        rung=judged.rung,
        tier=judged.tier,
        state=state,
        recorded_at=at,
        recorded_by_id=by.user,
    )
    if judged.needs_approval:
        approvals.apply(agreement, reason=reason, deviation=row, by=by, at=at)
    return row


@transaction.atomic
def record_standing(agreement: Agreement, subject: str, *, reason: str, by: Viewer, at: datetime) -> Deviation:
    """Record a deviation that stands in an agreement's terms without one."""
    check_may(by, "deviation.record")
    agreement = Agreement.objects.select_for_update(of=("self",)).select_related("schedule", "template").get(
        pk=agreement.pk
    )  # fmt: skip
    one = next((each for each in found.uncovered(agreement, jst_date(at)) if each.subject == subject), None)
    if one is None:
        raise NotADeviation(subject=found.labels_of(agreement).get(subject, subject))
    pending = agreement.deviations.filter(
        subject=subject, changed_sha256=one.changed_sha256, state=Deviation.State.PENDING
    ).first()
    if pending is not None:
        raise AlreadyRecorded(number=pending.number, state=rules.STATES[pending.state])
    content = _content(agreement, one)
    row = record(agreement, one.kind, subject, content, reason=reason, by=by, at=at)
    assert row is not None
    return row


def _content(agreement: Agreement, one: rules.Found) -> object:
    """What stands in the agreement under a deviation found there: a value, a wording, or an alternative's wording."""
    if one.kind in {"variable", "price"}:
        return agreement.variables[one.subject]
    if one.subject in agreement.wordings:
        return agreement.wordings[one.subject]
    name = agreement.variables["alternatives"][one.subject]
    version = next(each for each in library.for_agreement(agreement) if each.id == name)
    return {"document": clauses.document(version)}


def settle(approval: Approval, *, granted: bool, by: Viewer, at: datetime) -> Deviation:
    """What an approval's end means for its deviation: approved until its last day, or refused."""
    row = approval.deviation
    assert row is not None
    kind = "deviation.approved" if granted else "deviation.refused"
    facts: dict[str, object] = {"deviation": row.number, "agreement": row.agreement.number, "approval": approval.number}
    if granted:
        days = route_rules.read(approval.rules.document).valid_days
        row.expires_on = jst_date(at) + timedelta(days=days)
        facts |= {"changed_sha256": row.changed_sha256, "expires_on": row.expires_on.isoformat()}
    entry = journal.append(kind, subject=f"deviation:{row.number}", facts=facts, by=by, at=at)
    row.state = Deviation.State.APPROVED if granted else Deviation.State.REFUSED
    row.decided_at, row.approver_id, row.seq = at, by.user, entry.seq
    row.save(update_fields=["state", "decided_at", "approver", "expires_on", "seq"])
    return row


def withdraw(row: Deviation, *, by: Viewer, at: datetime) -> None:
    """A deviation that is no longer asked for."""
    entry = journal.append(
        "deviation.withdrawn",
        subject=f"deviation:{row.number}",
        facts={"deviation": row.number, "agreement": row.agreement.number},
        by=by,
        at=at,
    )
    row.state, row.seq = Deviation.State.WITHDRAWN, entry.seq
    row.save(update_fields=["state", "seq"])


def check_covered(agreement: Agreement, at: datetime) -> None:
    """Refuse an agreement with a deviation that no approval in force covers."""
    if left := found.uncovered(agreement, jst_date(at)):
        labels = found.labels_of(agreement)
        named = [labels.get(one.subject, Text(one.subject, one.subject)) for one in left]
        raise rules.NotCovered(subjects=Text("、".join(one.ja for one in named), ", ".join(one.en for one in named)))


def _found(agreement: Agreement, kind: str, subject: str, content, on: date) -> rules.Found | None:
    """The deviation that the content would be, with both digests."""
    if kind in {"variable", "price"}:
        standard = found.standards_of(agreement, on)[subject]
        listed = rules.find([], {}, {subject: content}, {subject: standard})
    else:
        listed = rules.find(library.for_agreement(agreement), {subject: content}, {}, {})
    return listed[0] if listed else None


def covered(agreement: Agreement, kind: str, subject: str, content: object, at: datetime) -> Deviation | None:
    """The deviation on record that lets a change stand, if one does."""
    one = _found(agreement, kind, subject, content, jst_date(at))
    return None if one is None else _held(agreement, one, jst_date(at))


def _held(agreement: Agreement, one: rules.Found, on: date) -> Deviation | None:
    """A deviation on record that covers it already, so that nobody is asked twice."""
    for row in agreement.deviations.filter(subject=one.subject, changed_sha256=one.changed_sha256):
        cover = rules.Cover(row.subject, row.approved_sha256, row.changed_sha256, row.state, row.expires_on)
        if rules.stands(cover, one, on):
            return row
    return None


def _standard(agreement: Agreement, kind: str, subject: str, on: date) -> object:
    if kind in {"price", "variable"}:
        value = found.standards_of(agreement, on)[subject]
        return fraction_text(value) if isinstance(value, Fraction) else value
    version = next((one for one in library.for_agreement(agreement) if one.id == subject), None)
    return None if version is None else clauses.document(version)
