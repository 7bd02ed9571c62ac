"""Proposals: drafted on one side, handed over, and accepted, rejected or countered by the other, each with its reason.

An accepted proposal changes the agreement's text at once. Where the rules ask for an approval, accepting a proposal or
handing over one's own waits for it (`decisions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.services import journal
from licensing.core import agreements as agreement_rules
from licensing.core import negotiations as rules
from licensing.models import Agreement, Negotiation, Proposal, ProposalEdition
from licensing.selectors import deviations as found
from licensing.selectors.negotiations import side_of, standings
from licensing.services import agreements, approvals, contents
from licensing.services import deviations as deviating


class NotANegotiation(Refused):
    code = "not-your-negotiation"
    ja = "この交渉の当事者だけが行えます。"
    en = "Only a party to this negotiation can do this."


class TableClosed(Refused):
    code = "negotiation-closed"
    ja = "契約 {agreement} は「{state}」のため、交渉できません。"
    en = "Agreement {agreement} is {state}; it is not negotiated any more."


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving a draft. `stale` is the text that was kept aside because somebody had saved in between."""

    proposal: Proposal
    stale: ProposalEdition | None = None


def save(
    negotiation: Negotiation,
    *,
    kind: str,
    subject: str,
    by: Viewer,
    at: datetime,
    ja: str = "",
    en: str = "",
    value: object = None,
    reason: str = "",
    heading: dict | None = None,
    after: str = "",
    proposal: Proposal | None = None,
    edition: int = 0,
    counters: Proposal | None = None,
    side: str | None = None,
) -> Saved:
    """Save a draft. One that was opened before somebody else saved is refused, and kept as an edition beside it.

    `side` is whose draft it is, if not the writer's: legal takes in what a licensee sent.
    """
    typed = {"ja": ja, "en": en, "value": value, "reason": reason}
    with transaction.atomic():
        negotiation, own = locked(negotiation, by)
        side = side or own
        rules.step(negotiation.state, side, "propose")
        if proposal is None:
            proposal = _new(negotiation, side, kind, subject, heading, after, counters, at)
        proposal = _draft_of(proposal, side)
        newest = proposal.editions.aggregate(newest=Max("edition"))["newest"] or 0
        stale = rules.is_stale(edition, proposal.edition)
        kept = ProposalEdition.objects.create(
            proposal=proposal, edition=newest + 1, stale=stale, typed_by_id=by.user, typed_at=at, **typed
        )
        if not stale:
            for name, given in typed.items():
                setattr(proposal, name, given)
            proposal.edition = kept.edition
            proposal.content = contents.content_of(negotiation.agreement, proposal)
            proposal.before = contents.before_document(negotiation.agreement, proposal)
            proposal.based_on = contents.based_on(negotiation.agreement, proposal.subject)
            proposal.save()
    return Saved(proposal, kept if stale else None)


@transaction.atomic
def accept(proposal: Proposal, *, by: Viewer, at: datetime, reason: str = "", answer: str = "") -> Proposal:
    """Accept what the other side proposed. Where the licensor needs an approval first, it is asked for instead.

    `reason` is why the licensor may deviate, for its own file; `answer` is what the other side reads.
    """
    negotiation, side = locked(proposal.negotiation, by)
    rules.step(negotiation.state, side, "answer")
    proposal = _of_other(proposal, side)
    rules.proposal_step(str(proposal), proposal.state, "accept")
    proposal.answer = answer.strip()
    if side == rules.LICENSOR and not _cleared(negotiation.agreement, proposal, reason, by=by, at=at):
        return _submitted(proposal, negotiation)
    return conclude(proposal, negotiation, by=by, at=at)


@transaction.atomic
def submit(proposal: Proposal, *, reason: str, by: Viewer, at: datetime) -> Proposal:
    """Clear a draft of the licensor's own: it is judged, and where the rules ask for it an approval is asked for."""
    negotiation, side = locked(proposal.negotiation, by)
    rules.step(negotiation.state, side, "propose")
    proposal = _draft_of(proposal, side)
    if side != rules.LICENSOR:
        raise rules.NotYourProposal
    cleared = _cleared(negotiation.agreement, proposal, reason, by=by, at=at)
    return proposal if cleared else _submitted(proposal, negotiation)


def put(agreement: Agreement, proposal: Proposal, *, by: Viewer, at: datetime) -> bool:
    """Whether a draft may go on the table. What the ladder allows the licensor is put on record with it."""
    reason = rules.check_reason(proposal.reason)
    _check_base(agreement, proposal)
    if proposal.side == rules.LICENSEE:
        return True
    kind, subject, content = proposal.kind, proposal.subject, proposal.content
    if deviating.judge(agreement, kind, subject, content, at).needs_approval:
        return deviating.covered(agreement, kind, subject, content, at) is not None
    deviating.record(agreement, kind, subject, content, reason=reason, proposal=proposal, by=by, at=at)
    return True


def _cleared(agreement: Agreement, proposal: Proposal, reason: str, *, by: Viewer, at: datetime) -> bool:
    """Record the deviation that the proposal makes; false where an approval was asked for and is awaited."""
    contents.tentative(agreement, proposal)
    row = deviating.record(
        agreement, proposal.kind, proposal.subject, proposal.content, reason=reason, proposal=proposal, by=by, at=at
    )
    return row is None or row.state != row.State.PENDING


@transaction.atomic
def reject(proposal: Proposal, *, reason: str, by: Viewer, at: datetime) -> Proposal:
    """Turn down what the other side proposed, saying why."""
    return _turned(proposal, "reject", reason, by=by, at=at)


def counter(proposal: Proposal, *, reason: str, by: Viewer, at: datetime, **typed) -> Saved:
    """Answer a proposal with one's own: the other's is closed as countered, one's own is a draft on the same subject.

    The other's is closed when one's own is handed over; until then the draft may be withdrawn again.
    """
    with transaction.atomic():
        _, side = locked(proposal.negotiation, by)
        _of_other(proposal, side)
    stated = {"kind": proposal.kind, "subject": proposal.subject, "heading": proposal.heading, "after": proposal.after}
    return save(proposal.negotiation, **(stated | typed), reason=reason, counters=proposal, by=by, at=at)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Viewer, at: datetime) -> Proposal:
    """Take back a draft, or what one's own side proposed."""
    negotiation, side = locked(proposal.negotiation, by)
    proposal = _locked_row(proposal)
    if proposal.side != side:
        raise rules.NotYourProposal
    rules.step(negotiation.state, side, "propose")
    proposal.state = rules.proposal_step(str(proposal), proposal.state, "withdraw")
    proposal.answered_at = at
    proposal.save(update_fields=["state", "answered_at"])
    return proposal


def conclude(
    proposal: Proposal, negotiation: Negotiation, *, by: Viewer, at: datetime, author: UUID | None = None
) -> Proposal:
    """The proposal stands in the agreement from here on; refused unless the whole still assembles and proves equal.

    `author` is who took it into the text, where somebody else's approval is what brings it about.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).select_related(
        "licensee__organization", "schedule", "release", "template"
    ).get(pk=negotiation.agreement_id)  # fmt: skip
    _check_base(agreement, proposal)
    changed = contents.tentative(agreement, proposal)
    assembled = agreements.assembled(changed)
    changed.clauses = assembled.embedded["clauses"]
    changed.terms_sha256 = agreement_rules.digest(assembled.embedded)
    changed.authors = _authors(changed, proposal, author or (by.user if side_of(by) == rules.LICENSOR else None))
    proposal.state = rules.proposal_step(str(proposal), proposal.state, "accept")
    proposal.answered_at = at
    entry = journal.append(
        "negotiation.accepted",
        subject=f"agreement:{agreement.number}",
        facts={
            "agreement": agreement.number,
            "proposal": proposal.number,
            "subject": proposal.subject,
            "content_sha256": contents.digest(proposal),
            "terms_sha256": changed.terms_sha256,
        },
        by=by,
        at=at,
    )
    proposal.seq = changed.seq = entry.seq
    proposal.save(update_fields=["state", "answered_at", "answer", "seq"])
    changed.save(update_fields=["wordings", "variables", "agreed_terms", "clauses", "terms_sha256", "authors", "seq"])
    return proposal


def _authors(agreement: Agreement, proposal: Proposal, author: UUID | None) -> list[str]:
    """Who of the licensor stands behind the text: whoever typed the proposal or took it in, beside those before."""
    typed = proposal.editions.filter(stale=False).values_list("typed_by_id", flat=True)
    added = [author, *(typed if proposal.side == rules.LICENSOR else ())]
    return sorted({*agreement.authors, *(str(person) for person in added if person is not None)})


def locked(negotiation: Negotiation, by: Viewer) -> tuple[Negotiation, str]:
    """The negotiation under its lock, and at which side of it the viewer sits."""
    check_may(by, "negotiation.take_part")
    row = Negotiation.objects.select_for_update(of=("self", "agreement")).select_related(
        "agreement__licensee__organization", "agreement__schedule", "agreement__release", "agreement__template"
    ).get(pk=negotiation.pk)  # fmt: skip
    if by.workplace == "licensee" and by.acting != row.agreement.licensee.organization.code:
        raise NotANegotiation
    if row.agreement.state != Agreement.State.DRAFTED:
        raise TableClosed(agreement=row.agreement.number, state=agreement_rules.STATES[row.agreement.state])
    return row, side_of(by)


def _new(negotiation, side, kind, subject, heading, after, counters, at) -> Proposal:
    number = (negotiation.proposals.aggregate(last=Max("number"))["last"] or 0) + 1
    if kind == contents.ADDED and counters is None:
        subject = f"special-{number}"
    return Proposal.objects.create(
        negotiation=negotiation,
        number=number,
        side=side,
        kind=kind,
        subject=subject,
        heading=heading or {},
        after=after,
        counters=counters,
        based_on=contents.based_on(negotiation.agreement, subject),
        drafted_at=at,
    )


def _check_base(agreement: Agreement, proposal: Proposal) -> None:
    if proposal.based_on != contents.based_on(agreement, proposal.subject):
        raise rules.StaleText(clause=found.labels_of(agreement).get(proposal.subject, proposal.subject))


def _submitted(proposal: Proposal, negotiation: Negotiation) -> Proposal:
    proposal.state = rules.proposal_step(str(proposal), proposal.state, "submit")
    proposal.save(update_fields=["state", "answer"])
    show_state(negotiation)
    return proposal


def show_state(negotiation: Negotiation) -> None:
    """Both sides see that the licensor is waiting for an approval of its own, and when it no longer is."""
    negotiation.state = rules.shown(negotiation.state, standings(negotiation))
    negotiation.save(update_fields=["state"])


def _turned(proposal: Proposal, verb: str, reason: str, *, by: Viewer, at: datetime) -> Proposal:
    reason = rules.check_reason(reason)
    negotiation, side = locked(proposal.negotiation, by)
    rules.step(negotiation.state, side, "answer")
    proposal = _of_other(proposal, side)
    proposal.state = rules.proposal_step(str(proposal), proposal.state, verb)
    proposal.answered_at, proposal.answer = at, reason
    entry = journal.append(
        "negotiation.rejected",
        subject=f"agreement:{negotiation.agreement.number}",
        facts={
            "agreement": negotiation.agreement.number,
            "proposal": proposal.number,
            "subject": proposal.subject,
            "content_sha256": contents.digest(proposal),
        },
        annexes=[approvals.note(reason)],
        by=by,
        at=at,
    )
    proposal.seq = entry.seq
    proposal.save(update_fields=["state", "answered_at", "answer", "seq"])
    return proposal


def _draft_of(proposal: Proposal, side: str) -> Proposal:
    proposal = _locked_row(proposal)
    if proposal.side != side:
        raise rules.NotYourProposal
    if proposal.state != Proposal.State.DRAFT:
        raise rules.ProposalClosed(number=str(proposal), state=rules.PROPOSALS[proposal.state])
    return proposal


def _of_other(proposal: Proposal, side: str) -> Proposal:
    proposal = _locked_row(proposal)
    if proposal.side == side:
        raise rules.NotYourProposal
    return proposal


def _locked_row(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update(of=("self",)).select_related("negotiation__agreement").get(pk=proposal.pk)
