"""The negotiation and approval rules: proposed by one person, adopted by another, in force from a day on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import User
from contributions.services import independence, journal, numbers
from licensing.core import approvals as rules
from licensing.core import mandates
from licensing.models import NegotiationRules, RulesProposal


class RulesTooEarly(Refused):
    code = "negotiation-rules-too-early"
    ja = "規程の適用日 {day} は、現在の規程の適用日 {latest} より後にしてください。"
    en = "The rules must begin after {latest}, when the present ones began; {day} does not."


class UnknownPerson(Refused):
    code = "approval-holder-unknown"
    ja = "担当者「{names}」という利用者がいません。"
    en = "There is no user named {names}."


@transaction.atomic
def propose(
    document: dict, *, valid_from: date, source_ja: str, source_en: str, reason: str, by: Viewer, at: datetime
) -> RulesProposal:
    """Propose the next version of the rules; what is wrong with it is refused naming the field."""
    check_may(by, "mandate.propose")
    reason = rules.check_reason(reason)
    sha256 = _checked(document, valid_from)
    latest = _latest()
    if latest is not None and not mandates.differences(rules.read(latest.document), rules.read(document), {}):
        raise mandates.NothingNew
    number = numbers.take(RulesProposal, f"MR-{jst_date(at).year}", width=2)
    entry = journal.append(
        "mandate.proposed",
        subject=f"mandate:{number}",
        facts={"proposal": number, "rules_sha256": sha256, "from": valid_from.isoformat()},
        annexes=[_annex(document), journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())],
        by=by,
        at=at,
    )
    return RulesProposal.objects.create(
        seq=entry.seq,
        number=number,
        document=document,
        sha256=sha256,
        source_ja=source_ja,
        source_en=source_en,
        valid_from=valid_from,
        reason=reason,
        proposed_by_id=by.user,
        proposed_at=at,
    )


@transaction.atomic
def adopt(proposal: RulesProposal, *, by: Viewer, at: datetime) -> NegotiationRules:
    """A second pair of eyes puts a proposed version in force; approvals asked for before keep their steps."""
    check_may(by, "mandate.adopt")
    proposal = _open(proposal)
    independence.check_second(by, [proposal.proposed_by_id], name=proposal.number, at=at)
    _checked(proposal.document, proposal.valid_from)
    latest = _latest()
    version = latest.version + 1 if latest else 1
    entry = journal.append(
        "mandate.adopted",
        subject=f"mandate:{version}",
        facts={"mandate": version, "proposal": proposal.number, "rules_sha256": proposal.sha256},
        effective=(proposal.valid_from, None),
        annexes=[_annex(proposal.document)],
        by=by,
        at=at,
    )
    row = NegotiationRules.objects.create(
        seq=entry.seq,
        version=version,
        document=proposal.document,
        sha256=proposal.sha256,
        source_ja=proposal.source_ja,
        source_en=proposal.source_en,
        valid_from=proposal.valid_from,
    )
    proposal.state, proposal.adopted, proposal.seq = RulesProposal.State.ADOPTED, row, entry.seq
    proposal.save(update_fields=["state", "adopted", "seq"])
    return row


@transaction.atomic
def withdraw(proposal: RulesProposal, *, by: Viewer, at: datetime) -> RulesProposal:
    """Take a proposed version back; its number stays used."""
    check_may(by, "mandate.propose")
    proposal = _open(proposal)
    entry = journal.append(
        "mandate.withdrawn",
        subject=f"mandate:{proposal.number}",
        facts={"proposal": proposal.number, "rules_sha256": proposal.sha256},
        by=by,
        at=at,
    )
    proposal.state, proposal.seq = RulesProposal.State.WITHDRAWN, entry.seq
    proposal.save(update_fields=["state", "seq"])
    return proposal


def _open(proposal: RulesProposal) -> RulesProposal:
    row = RulesProposal.objects.select_for_update().get(pk=proposal.pk)
    if row.state != RulesProposal.State.PROPOSED:
        raise mandates.NotProposed(number=row.number, state=mandates.STATES[row.state])
    return row


def _checked(document: dict, valid_from: date) -> str:
    """The digest of rules that can be read, whose people there are, and that begin after those in force."""
    read = rules.read(document)
    names = {holder for post in read.posts.values() for holder in post.holders}
    known = set(User.objects.filter(username__in=names, is_active=True).values_list("username", flat=True))
    if names - known:
        raise UnknownPerson(names="、".join(sorted(names - known)))
    latest = _latest()
    if latest is not None and valid_from <= latest.valid_from:
        raise RulesTooEarly(day=valid_from, latest=latest.valid_from)
    return canonical.sha256_hex(canonical.dumps(document))


def _latest() -> NegotiationRules | None:
    return NegotiationRules.objects.order_by("-version").first()


def _annex(document: dict) -> journal.Attachment:
    return journal.Attachment("rules.json", "application/json", canonical.dumps(document))
