"""Obligations: raised from an agreement's clauses and variables, fulfilled with evidence, waived by two people.

`raise_for` may run again and again: it compares what the rules expect with what is held, raises what is missing, and
puts another in the place of what a later edition changed. What was settled is never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.periods import jst_date
from contributions.core.roles import FINANCE, LEGAL, LICENSEE, SYSTEM, Viewer, check_may
from contributions.core.words import Text
from contributions.services import journal
from licensing.core import obligations as rules
from licensing.core import outside as outside_rules
from licensing.core.agreements import check_reason
from licensing.core.obligations import Expected
from licensing.core.outside import Duty
from licensing.models import Agreement, Amendment, Invoice, Obligation, OutsideAgreement, UsageReport
from licensing.selectors import evaluation_fees, lives
from licensing.selectors import obligations as standing
from licensing.services import agreements


class WaiverNotAsked(Refused):
    code = "waiver-not-asked"
    ja = "義務 {number} の免除は申し出られていません。"
    en = "Nobody has asked for obligation {number} to be waived."


@transaction.atomic
def raise_for(agreement: Agreement, *, by: Viewer, at: datetime) -> list[Obligation]:
    """Raise what the rules expect by now and supersede what they no longer expect; returns what was raised."""
    check_may(by, "obligation.raise")
    agreement = lives.gathered([agreements.locked(agreement)])[0]
    if agreement.executed_at is None:
        return []
    rows = {
        (row.rule, row.occasion): row
        for row in agreement.obligations.exclude(state=Obligation.State.SUPERSEDED).exclude(rule="")
    }
    held = {key: Expected(*key, row.opens_on, row.due_on, row.amount) for key, row in rows.items()}
    open_keys = {key for key, row in rows.items() if row.state == Obligation.State.OPEN}
    wanted = standing.expected_of(agreement, jst_date(at))
    raised, gone = rules.reconcile(held, wanted, open_keys=open_keys)
    if not raised and not gone:
        return []
    used = agreement.obligations.count()
    made = [_made(agreement, one, used + number) for number, one in enumerate(raised, 1)]
    entry = journal.append(
        "obligation.raised",
        subject=f"agreement:{agreement.number}",
        facts={
            "agreement": agreement.number,
            "obligations": [_facts(row) for row in made],
            "superseded": sorted(rows[key].number for key in gone),
        },
        by=by,
        at=at,
    )
    for key in gone:
        rows[key].state, rows[key].seq = Obligation.State.SUPERSEDED, entry.seq
        rows[key].save(update_fields=["state", "seq"])
    for row in made:
        row.seq = entry.seq
    return Obligation.objects.bulk_create(made)


@transaction.atomic
def add(
    agreement: Agreement,
    *,
    clause: str,
    paragraph: int,
    party: str,
    title: Text,
    opens_on: date,
    due_on: date,
    by: Viewer,
    at: datetime,
    amount: int | None = None,
    evidence: Text | None = None,
) -> Obligation:
    """Record a duty that no rule knows, under the clause it comes from."""
    check_may(by, "obligation.add")
    agreement = lives.gathered([agreements.locked(agreement)])[0]
    row = Obligation(
        number=_number(agreement, agreement.obligations.count() + 1),
        agreement=agreement,
        clause=clause,
        paragraph=paragraph,
        party=party,
        title_ja=title.ja,
        title_en=title.en,
        trigger="date",
        opens_on=min(opens_on, due_on),
        due_on=due_on,
        amount=amount,
        money=amount is not None,
        evidence_ja=evidence.ja if evidence else "",
        evidence_en=evidence.en if evidence else "",
    )
    entry = journal.append(
        "obligation.raised",
        subject=f"agreement:{agreement.number}",
        facts={"agreement": agreement.number, "obligations": [_facts(row)], "superseded": []},
        by=by,
        at=at,
    )
    row.seq = entry.seq
    row.save()
    return row


@transaction.atomic
def fulfil(
    obligation: Obligation, *, by: Viewer, at: datetime, note: str = "", evidence: Evidence | None = None
) -> Obligation:
    """Record that a duty was fulfilled, with the evidence that it asks for."""
    check_may(by, "obligation.fulfil")
    row = _locked(obligation)
    _check_party(row, by)
    if row.evidence_ja and evidence is None:
        raise rules.EvidenceNeeded(number=row.number, evidence=Text(row.evidence_ja, row.evidence_en))
    return _fulfil(row, note, evidence, by=by, at=at)


def _fulfil(row: Obligation, note: str, evidence: Evidence | None, *, by: Viewer, at: datetime) -> Obligation:
    _check_open(row)
    files = journal.handed_in(evidence)
    if note.strip():
        files.append(journal.Attachment("note.txt", "text/plain; charset=utf-8", note.encode()))
    entry = _record(row, "obligation.fulfilled", {}, by=by, at=at, annexes=files)
    return _settle(row, Obligation.State.DONE, note, entry, by=by, at=at)


@transaction.atomic
def waive(obligation: Obligation, *, reason: str, by: Viewer, at: datetime) -> Obligation:
    """Waive a duty of the licensee; where it is about money this asks for it, and somebody else decides."""
    check_may(by, "obligation.waive")
    reason = check_reason(reason)
    row = _locked(obligation)
    _check_open(row)
    note = journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())
    if row.money:
        entry = _record(row, "waiver.asked", {}, by=by, at=at, annexes=[note])
        row.waiver_asked_at, row.waiver_asked_by_id, row.waiver_reason = at, by.user, reason
        row.seq = entry.seq
        row.save(update_fields=["waiver_asked_at", "waiver_asked_by", "waiver_reason", "seq"])
        return row
    entry = _record(row, "obligation.waived", {}, by=by, at=at, annexes=[note])
    row.waiver_reason = reason
    return _settle(row, Obligation.State.WAIVED, reason, entry, by=by, at=at)


@transaction.atomic
def grant_waiver(obligation: Obligation, *, by: Viewer, at: datetime) -> Obligation:
    """Approve a waiver that somebody else has asked for."""
    check_may(by, "obligation.waive")
    row = _locked(obligation)
    _check_open(row)
    if row.waiver_asked_at is None:
        raise WaiverNotAsked(number=row.number)
    if row.waiver_asked_by_id == by.user:
        raise rules.SecondEyes
    entry = _record(row, "obligation.waived", {"asked_by": str(row.waiver_asked_by_id)}, by=by, at=at)
    return _settle(row, Obligation.State.WAIVED, row.waiver_reason, entry, by=by, at=at)


@transaction.atomic
def add_outside(row: OutsideAgreement, duties: Sequence[Duty], *, by: Viewer, at: datetime) -> list[Obligation]:
    """Record what a contract concluded outside asks of either side; its free text stays off the log."""
    check_may(by, "obligation.add")
    row = OutsideAgreement.objects.select_for_update().get(pk=row.pk)
    if row.erased_at is not None:
        raise rules.ContractErased(number=row.number)
    used = row.obligations.count()
    made = [
        _typed(row, one, used + number) for number, one in enumerate(outside_rules.dated(duties, row.term_until), 1)
    ]
    entry = journal.append(
        "obligation.raised",
        subject=f"outside:{row.number}",
        facts={"agreement": row.number, "obligations": [_facts(one) for one in made], "superseded": []},
        by=by,
        at=at,
    )
    for one in made:
        one.seq = entry.seq
    return Obligation.objects.bulk_create(made)


def _typed(row: OutsideAgreement, one: Duty, count: int) -> Obligation:
    return Obligation(
        number=_number(row, count),
        outside=row,
        clause=one.clause,
        party=one.party,
        title_ja=one.title,
        title_en=one.title,
        trigger="date",
        opens_on=one.opens_on or one.due_on,
        due_on=one.due_on,
        amount=one.amount,
        money=one.amount is not None,
    )


# ---- what follows the journal: each may run again, and does nothing the second time ----
def follow_agreement(*, number: str, by: Viewer, at: datetime) -> dict:
    """Raise what an agreement owes after it was concluded, renewed, ended or expired."""
    made = raise_for(Agreement.objects.get(number=number), by=by, at=at)
    return {"agreement": number, "raised": len(made)}


def follow_amendment(*, number: str, by: Viewer, at: datetime) -> dict:
    """Bring what is owed into line with an amendment."""
    return follow_agreement(number=Amendment.objects.get(number=number).agreement.number, by=by, at=at)


def follow_usage(*, number: str, by: Viewer, at: datetime) -> dict:
    """A usage report was handed in: the duty to report its period is done."""
    report = UsageReport.objects.select_related("agreement").get(number=number)
    raise_for(report.agreement, by=by, at=at)
    done = _done(report.agreement, "report", report.period_from.isoformat(), number, by=by, at=at)
    return {"usage": number, "done": done}


def follow_invoice(*, number: str, by: Viewer, at: datetime) -> dict:
    """An invoice was issued or paid: its payment is owed, or done."""
    invoice = Invoice.objects.select_related("agreement").get(number=number)
    raise_for(invoice.agreement, by=by, at=at)
    paid = invoice.state == Invoice.State.PAID
    done = 0
    for rule in ("pay", "pay-evaluation") if paid else ():
        done += _done(invoice.agreement, rule, number, number, by=by, at=at)
    if invoice.credited is not None and not evaluation_fees.left(invoice.agreement):
        evaluation = Agreement.objects.get(number=invoice.credited["evaluation"])
        raise_for(evaluation, by=by, at=at)
        done += _done(evaluation, "credit", invoice.agreement.number, number, by=by, at=at)
    return {"invoice": number, "done": done}


def follow_deliveries(*, number: str, by: Viewer, at: datetime) -> dict:
    """Files were delivered, or checked: handing over is done, checking is owed, or done."""
    agreement = Agreement.objects.get(number=number)
    raise_for(agreement, by=by, at=at)
    done = 0
    for delivery in agreement.deliveries.prefetch_related("files").order_by("pk"):
        kinds = {file.kind for file in delivery.files.all()}
        done += _done(agreement, "deliver", "", delivery.number, by=by, at=at) if "weights" in kinds else 0
        done += _done(agreement, "classify", "", delivery.number, by=by, at=at) if "classification" in kinds else 0
        if delivery.settled_at is not None:
            done += _done(agreement, "accept", delivery.number, delivery.number, by=by, at=at)
    return {"agreement": number, "done": done}


def _done(agreement: Agreement, rule: str, occasion: str, note: str, *, by: Viewer, at: datetime) -> int:
    """Something on record fulfilled a duty: its number is the evidence."""
    rows = agreement.obligations.filter(rule=rule, occasion=occasion, state=Obligation.State.OPEN)
    with transaction.atomic():
        return len([_fulfil(_locked(row), note, None, by=by, at=at) for row in rows])


def _made(agreement: Agreement, one: Expected, count: int) -> Obligation:
    rule = rules.BY_ID[one.rule]
    formula, evidence = rule.formula or Text("", ""), rule.evidence or Text("", "")
    return Obligation(
        number=_number(agreement, count),
        agreement=agreement,
        rule=rule.id,
        occasion=one.occasion,
        clause=rule.clause,
        paragraph=rule.paragraph,
        party=rule.party,
        title_ja=rule.title.ja,
        title_en=rule.title.en,
        trigger=rule.trigger,
        opens_on=one.opens_on,
        due_on=one.due_on,
        amount=one.amount,
        formula_ja=formula.ja,
        formula_en=formula.en,
        evidence_ja=evidence.ja,
        evidence_en=evidence.en,
        money=rule.money,
    )


def _number(agreement: Agreement | OutsideAgreement, count: int) -> str:
    return f"O-{agreement.number}-{count:02d}"


def _facts(row: Obligation) -> dict:
    return {
        "obligation": row.number,
        "clause": f"{row.clause}.{row.paragraph}" if row.agreement is not None else "",
        "party": row.party,
        "due_on": row.due_on.isoformat(),
        "amount": None if row.amount is None else str(row.amount),
    }


def _check_party(row: Obligation, by: Viewer) -> None:
    """The licensee records its own duties; the secretariat those of either side, on the evidence it has."""
    if by.workplace in {LEGAL, FINANCE, SYSTEM}:
        return
    own = row.agreement is not None and by.acting == row.agreement.licensee.organization.code
    if by.workplace != LICENSEE or not own or row.party != "licensee":
        raise rules.NotYourObligation


def _check_open(row: Obligation) -> None:
    if row.state != Obligation.State.OPEN:
        raise rules.AlreadySettled(number=row.number, state=_STATES[row.state])


def _settle(row: Obligation, state: str, note: str, entry, *, by: Viewer, at: datetime) -> Obligation:
    row.state, row.settled_note, row.seq = state, note.strip(), entry.seq
    row.settled_at, row.settled_by_id = at, by.user
    row.save()
    return row


def _record(row: Obligation, kind: str, facts: dict, *, by: Viewer, at: datetime, annexes=()):
    return journal.append(
        kind,
        subject=standing.subject_of(row),
        facts={"agreement": row.contract.number, "obligation": row.number, **facts},
        annexes=annexes,
        by=by,
        at=at,
    )


def _locked(obligation: Obligation) -> Obligation:
    rows = Obligation.objects.select_for_update(of=("self",)).select_related(
        "agreement__licensee__organization", "outside"
    )
    return rows.get(pk=obligation.pk)


_STATES = {
    "done": Text("履行済み", "done"),
    "waived": Text("免除", "waived"),
    "superseded": Text("差替え済み", "superseded"),
}
