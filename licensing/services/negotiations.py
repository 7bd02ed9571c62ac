"""Negotiations: opened on a draft, handed to and fro, agreed or broken off; every round is frozen with its digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.services import journal
from licensing.core import agreements as agreement_rules
from licensing.core import negotiations as rules
from licensing.core import redlines, rewordings
from licensing.models import Agreement, AgreementVersion, Comment, Negotiation, Proposal
from licensing.selectors import negotiations as found
from licensing.services import agreements, approvals, contents, proposals

COMMENT_MAX = 4000


class NotADraft(Refused):
    code = "negotiation-needs-draft"
    ja = "契約 {agreement} は「{state}」のため、交渉を始められません。起案の段階で始めてください。"
    en = "Agreement {agreement} is {state}; a negotiation begins on a draft."


class AlreadyOpen(Refused):
    code = "negotiation-open"
    ja = "契約 {agreement} の交渉は既に始まっています。"
    en = "The negotiation of agreement {agreement} has begun already."


class EmptyComment(Refused):
    code = "comment-empty"
    ja = "コメントを1字以上{most}字以内で記載してください。"
    en = "Write a comment of 1 to {most} characters."


class NothingToHandOver(Refused):
    code = "nothing-to-hand-over"
    ja = "相手方に示す提案も回答もありません。文言に異存がなければ「合意」してください。"
    en = "There is neither a proposal nor an answer to hand over. Where you have no objection, agree to the text."


@transaction.atomic
def open(agreement: Agreement, *, by: Viewer, at: datetime) -> Negotiation:
    """Lay a draft before its licensee: from here on both sides see the same text and the same state."""
    check_may(by, "negotiation.open")
    agreement = Agreement.objects.select_for_update(of=("self",)).select_related(
        "licensee__organization", "schedule", "release", "template"
    ).get(pk=agreement.pk)  # fmt: skip
    if agreement.state != Agreement.State.DRAFTED:
        raise NotADraft(agreement=agreement.number, state=agreement_rules.STATES[agreement.state])
    if Negotiation.objects.filter(agreement=agreement).exists():
        raise AlreadyOpen(agreement=agreement.number)
    version = _freeze(agreement, rules.LICENSOR, "opened", [], "negotiation.opened", {}, by=by, at=at)
    return Negotiation.objects.create(
        seq=version.seq,
        agreement=agreement,
        state=Negotiation.State.WITH_LICENSEE,
        opened_at=at,
        moved_at=at,
    )


@transaction.atomic
def comment(negotiation: Negotiation, *, clause: str, text: str, internal: bool, by: Viewer, at: datetime) -> Comment:
    """A remark on a clause: for both sides, or a note that stays in the secretariat. Nobody needs the turn to speak."""
    negotiation, side = proposals.locked(negotiation, by)
    text = text.strip()
    if not 0 < len(text) <= COMMENT_MAX:
        raise EmptyComment(most=COMMENT_MAX)
    return Comment.objects.create(
        negotiation=negotiation,
        clause=clause,
        side=side,
        internal=internal and side == rules.LICENSOR,
        text=text,
        written_by_id=by.user,
        written_at=at,
    )


@transaction.atomic
def hand_over(negotiation: Negotiation, *, by: Viewer, at: datetime) -> Negotiation:
    """Give the turn to the other side: one's drafts become proposals, and the round is frozen."""
    negotiation, side = proposals.locked(negotiation, by)
    return _handed(negotiation, side, {}, by=by, at=at)


@transaction.atomic
def receive(negotiation: Negotiation, *, sha256: str, by: Viewer, at: datetime) -> Negotiation:
    """What the licensee sent by other means counts as handed over; the entry names the file by its digest."""
    check_may(by, "negotiation.open")
    negotiation, _ = proposals.locked(negotiation, by)
    return _handed(negotiation, rules.LICENSEE, {"received_sha256": sha256}, by=by, at=at)


def _handed(negotiation: Negotiation, side: str, more: dict, *, by: Viewer, at: datetime) -> Negotiation:
    after = rules.step(negotiation.state, side, "hand_over")
    drafts = list(negotiation.proposals.filter(side=side, state=Proposal.State.DRAFT).order_by("number"))
    countered = {row.counters_id for row in drafts if row.counters_id}
    _check_table(negotiation, side, drafts, countered, by=by, at=at)
    if not drafts and not negotiation.proposals.filter(answered_at__gte=negotiation.moved_at).exists():
        raise NothingToHandOver
    negotiation.proposals.filter(pk__in=countered, state=Proposal.State.PROPOSED).update(
        state=Proposal.State.COUNTERED, answered_at=at
    )
    for row in drafts:
        row.state, row.proposed_at = rules.proposal_step(str(row), row.state, "propose"), at
    facts = {"proposals": [[row.number, row.kind, row.subject, contents.digest(row)] for row in drafts]} | more
    version = _freeze(negotiation.agreement, side, "proposed", drafts, "negotiation.proposed", facts, by=by, at=at)
    for row in drafts:
        row.seq = version.seq
        row.save(update_fields=["state", "proposed_at", "seq"])
    return _moved(negotiation, after, version.seq, at)


@transaction.atomic
def agree(negotiation: Negotiation, *, by: Viewer, at: datetime) -> Negotiation:
    """The side whose turn it is agrees to the text as it stands; nothing may be on the table."""
    negotiation, side = proposals.locked(negotiation, by)
    after = rules.step(negotiation.state, side, "agree")
    rules.check_agree(found.standings(negotiation))
    facts = {"terms_sha256": negotiation.agreement.terms_sha256}
    version = _freeze(negotiation.agreement, side, "agreed", [], "negotiation.agreed", facts, by=by, at=at)
    return _moved(negotiation, after, version.seq, at)


@transaction.atomic
def reopen(negotiation: Negotiation, *, reason: str, by: Viewer, at: datetime) -> Negotiation:
    """The licensor takes up again what was agreed and not yet approved, saying why."""
    check_may(by, "negotiation.open")
    return _turn(negotiation, "reopen", "negotiation.reopened", reason, by=by, at=at)


@transaction.atomic
def break_off(negotiation: Negotiation, *, reason: str, by: Viewer, at: datetime) -> Negotiation:
    """Either side ends the negotiation, saying why."""
    return _turn(negotiation, "break_off", "negotiation.ended", reason, by=by, at=at)


def _turn(negotiation: Negotiation, verb: str, kind: str, reason: str, *, by: Viewer, at: datetime) -> Negotiation:
    reason = rules.check_reason(reason)
    negotiation, side = proposals.locked(negotiation, by)
    after = rules.step(negotiation.state, side, verb)
    approvals.check_none_open(negotiation.agreement)
    entry = journal.append(
        kind,
        subject=f"agreement:{negotiation.agreement.number}",
        facts={"agreement": negotiation.agreement.number, "side": side},
        annexes=[approvals.note(reason)],
        by=by,
        at=at,
    )
    negotiation.closed_reason = reason
    return _moved(negotiation, after, entry.seq, at)


def _moved(negotiation: Negotiation, state: str, seq: int, at: datetime) -> Negotiation:
    negotiation.state, negotiation.moved_at, negotiation.seq = state, at, seq
    negotiation.save(update_fields=["state", "moved_at", "closed_reason", "seq"])
    return negotiation


def _check_table(
    negotiation: Negotiation, side: str, drafts: list, countered: set, *, by: Viewer, at: datetime
) -> None:
    """Everything of the other side's is answered, and what the licensor proposes is allowed or approved."""
    answered = {str(row) for row in negotiation.proposals.filter(pk__in=countered)}
    cleared = {str(row): proposals.put(negotiation.agreement, row, by=by, at=at) for row in drafts}
    rules.check_hand_over(
        side,
        [
            replace(one, cleared=cleared.get(one.number, True))
            for one in found.standings(negotiation)
            if one.number not in answered
        ],
    )


def _freeze(
    agreement: Agreement, side: str, occasion: str, drafts: list, kind: str, more: dict, *, by: Viewer, at: datetime
) -> AgreementVersion:
    """Freeze the text as it stands, with what the side proposes, under the digest that its entry names."""
    last = agreement.versions.order_by("-number").first()
    number = last.number + 1 if last else 1
    sections = redlines.document(tabled(agreement, drafts))
    changed = {row.subject: row.content for row in drafts}
    wordings = agreement.wordings | {row.subject: row.content for row in drafts if row.kind not in contents.VALUES}
    values = agreement.variables | {name: changed[name] for name in changed if name in agreement.variables}
    document = {
        "agreement": agreement.number,
        "version": number,
        "sections": sections,
        "variables": values,
        "wordings": wordings,
    }
    sha256 = canonical.sha256_hex(canonical.dumps(document))
    entry = journal.append(
        kind,
        subject=f"agreement:{agreement.number}",
        facts={"agreement": agreement.number, "version": number, "version_sha256": sha256, "side": side} | more,
        by=by,
        at=at,
    )
    return AgreementVersion.objects.create(
        seq=entry.seq,
        agreement=agreement,
        number=number,
        side=side,
        occasion=occasion,
        sections=sections,
        variables=values,
        wordings=wordings,
        sha256=sha256,
        made_at=at,
    )


def tabled(agreement: Agreement, drafts: list[Proposal]) -> tuple[redlines.Section, ...]:
    """The text with a side's proposals in it, worded as they were typed; it need not assemble yet."""
    values = {row.subject: row.content for row in drafts if row.kind in contents.VALUES}
    if "terms" in values:
        values["minimum"] = values["terms"].get("minimum") or "0"
        agreement.agreed_terms, before = values["terms"], agreement.agreed_terms
    kept, agreement.variables = agreement.variables, agreement.variables | values
    try:
        parts = list(redlines.sections(agreements.assembled(agreement).tree))
    finally:
        agreement.variables = kept
        if "terms" in values:
            agreement.agreed_terms = before
    for row in drafts:
        if row.kind not in contents.VALUES:
            parts = _placed(parts, row)
    return tuple(parts)


def _placed(parts: list[redlines.Section], row: Proposal) -> list[redlines.Section]:
    at = next((at for at, part in enumerate(parts) if part.key == row.subject), None)
    if row.kind == contents.REMOVED:
        return [part for part in parts if part.key != row.subject]
    ja, en = rewordings.read(row.ja), rewordings.read(row.en)
    if at is not None:
        return [*parts[:at], replace(parts[at], rows=redlines.typed_rows(ja, en)), *parts[at + 1 :]]
    heading = rewordings.heading(row.heading)
    added = redlines.Section(row.subject, rewordings.SPECIAL_LABEL, heading, redlines.typed_rows(ja, en))
    after = next((at for at, part in enumerate(parts) if part.key == row.after), len(parts) - 2)
    return [*parts[: after + 1], added, *parts[after + 1 :]]
