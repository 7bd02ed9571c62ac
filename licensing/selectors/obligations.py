"""Obligations of the agreements that a viewer may see, how each stands on a day, and what the rules now expect."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, When

from contributions.core import canonical
from contributions.core.periods import Period, day_after, jst_date, last_day
from contributions.core.roles import (
    FINANCE,
    LEGAL,
    LICENSEE,
    OF_CONTRACTS,
    OF_MODELS,
    OF_MONEY,
    OF_USAGE,
    Viewer,
    reads,
)
from contributions.models import Annex, Entry
from contributions.selectors import log
from licensing.adapters.holidays import is_business_day
from licensing.core import deadlines
from licensing.core import obligations as rules
from licensing.core.obligations import Expected, Occasion
from licensing.models import Agreement, Obligation, StepUp, Termination
from licensing.selectors import agreements, amendments, lives, outside

# The duties that a role inside a licensee reads who has no part in its contracts.
PART_OF_RULE = {
    "report": OF_USAGE,
    "pay": OF_MONEY,
    "pay-evaluation": OF_MONEY,
    "minimum": OF_MONEY,
    "deliver": OF_MODELS,
    "accept": OF_MODELS,
    "delete": OF_MODELS,
    "results": OF_MODELS,
}


# What the inbox names under its own noun already.
NOTED_ELSEWHERE = ("report", "pay", "pay-evaluation", "minimum", "accept")


def visible_to(viewer: Viewer | None) -> QuerySet[Obligation]:
    """What both sides owe under the agreements, ours and outside ones, that the viewer may see.

    What was superseded is history.
    """
    ours, others = Q(agreement__in=agreements.visible_to(viewer)), Q(outside__in=outside.visible_to(viewer))
    rows = Obligation.objects.filter(ours | others).select_related("agreement__licensee__organization", "outside")
    if not reads(viewer, OF_CONTRACTS):
        rows = rows.filter(rule__in=[rule for rule, part in PART_OF_RULE.items() if reads(viewer, part)])
    return rows


def by_urgency(rows: QuerySet[Obligation], on: date) -> QuerySet[Obligation]:
    """What is overdue first, then what can be done now, then what is to come; what is settled last."""
    stands = Q(state=Obligation.State.OPEN)
    rank = Case(
        When(stands & Q(due_on__lt=on), then=0),
        When(stands & Q(opens_on__lte=on), then=1),
        When(stands, then=2),
        default=3,
        output_field=IntegerField(),
    )
    return rows.annotate(rank=rank).order_by("rank", "due_on", "number")


def subject_of(row: Obligation) -> str:
    """Of what the log's entries on it speak."""
    return f"agreement:{row.agreement.number}" if row.agreement is not None else f"outside:{row.contract.number}"


def standing_on(rows: QuerySet[Obligation], state: str, on: date) -> QuerySet[Obligation]:
    """Those of the rows that stand so on the day."""
    stands = Q(state=Obligation.State.OPEN)
    asked = {
        rules.LATE: stands & Q(due_on__lt=on),
        rules.DUE: stands & Q(due_on__gte=on, opens_on__lte=on),
        rules.FUTURE: stands & Q(due_on__gte=on, opens_on__gt=on),
    }
    return rows.filter(asked.get(state, Q(state=state)))


def state_on(row: Obligation, on: date) -> str:
    """How an obligation stands on a day."""
    return rules.state_on(row.state, opens_on=row.opens_on, due_on=row.due_on, on=on)


def waiting_for(viewer: Viewer | None, *, on: date) -> list[Obligation]:
    """Open duties of the viewer's own side that can be done now; finance decides waivers that legal has asked for."""
    rows = visible_to(viewer).filter(state=Obligation.State.OPEN)
    if viewer is None or viewer.workplace not in {LEGAL, LICENSEE, FINANCE}:
        return []
    if viewer.workplace == FINANCE:
        return list(rows.filter(waiver_asked_at__isnull=False).exclude(waiver_asked_by_id=viewer.user))
    party = "licensee" if viewer.workplace == LICENSEE else "licensor"
    # reports, payments and acceptances wait in the inbox under their own names
    return list(rows.filter(party=party, opens_on__lte=on).exclude(rule__in=NOTED_ELSEWHERE))


def then(rows: QuerySet[Obligation], on: date) -> list[Obligation]:
    """What was owed on a past day, what was overdue then first: settled or superseded later, it was still open.

    What was raised only after the day is left out; of a row that changed since, the journal knows when it was raised.
    """
    known, over = log.size_on(on), day_after(on)
    found = []
    raised = _raised_by([row for row in rows if row.seq >= known], known)
    for row in rows:
        if row.seq >= known and row.number not in raised:
            continue
        if row.seq >= known and row.state == Obligation.State.SUPERSEDED:
            row.state = Obligation.State.OPEN
        if row.settled_at is not None and row.settled_at >= over:
            row.state, row.settled_at, row.settled_note = Obligation.State.OPEN, None, ""
        if row.waiver_asked_at is not None and row.waiver_asked_at >= over:
            row.waiver_asked_at, row.waiver_reason = None, ""
        if row.state != Obligation.State.SUPERSEDED:
            found.append(row)
    return sorted(found, key=lambda row: (_rank(row, on), row.due_on, row.number))


def _raised_by(rows: list[Obligation], known: int) -> set[str]:
    """Those of the rows, by number, that the first `known` entries raised."""
    subjects = {subject_of(row) for row in rows}
    entries = Entry.objects.filter(kind="obligation.raised", subject__in=subjects, seq__lt=known)
    found: set[str] = set()
    for content in entries.values_list("statement__content", flat=True):
        facts = canonical.loads(bytes(content))["facts"] if content is not None else {}
        found |= {one["obligation"] for one in facts.get("obligations", ())}
    return found


def _rank(row: Obligation, on: date) -> int:
    """The order of `by_urgency`."""
    if row.state != Obligation.State.OPEN:
        return 3
    return 0 if row.due_on < on else 1 if row.opens_on <= on else 2


def evidence_of(row: Obligation) -> QuerySet[Annex]:
    """The files by which it was fulfilled."""
    rows = Annex.objects.filter(entry__subject=subject_of(row), entry__seq=row.seq, entry__kind="obligation.fulfilled")
    return rows.exclude(name="note.txt").order_by("name")


def evidence(viewer: Viewer | None, number: str, sha256: str) -> Annex | None:
    """One file of an obligation that the viewer may see, unless it was erased."""
    row = visible_to(viewer).filter(number=number).first()
    return evidence_of(row).filter(sha256=sha256, erased_at=None).first() if row else None


def expected_of(agreement: Agreement, on: date) -> tuple[Expected, ...]:
    """What the rules expect of an agreement, given its editions and all that has happened by the day."""
    known = lives.editions_of(agreement, on)
    used = {name for edition in known for name in amendments.names_in(agreement, edition)}
    term, reported = Period(agreement.term_from, lives.ends(agreement, on)), lives.reported_term(agreement, on)
    happened = _occasions(agreement, on)
    return rules.expected(term, known, used, happened, is_business_day=is_business_day, reported=reported)


def _occasions(agreement: Agreement, on: date) -> list[Occasion]:
    found = [
        Occasion("delivery", row.number, jst_date(row.delivered_at), due_on=row.accept_by)
        for row in agreement.deliveries.all()
    ]
    found += [
        Occasion("invoice", row.number, row.issued_on, due_on=row.due_on, amount=row.gross)
        for row in agreement.invoices.all()
    ]
    ending = lives.termination_of(agreement)
    if ending is not None and ending.ground == "step-up":
        found += _stepped_up(agreement, ending)
    elif ending is not None:
        found.append(Occasion("end", ending.number, jst_date(ending.effective_at)))
    elif lives.until(agreement, on) <= on:
        found.append(Occasion("end", agreement.number, lives.until(agreement, on)))
    return found


def _stepped_up(agreement: Agreement, ending: Termination) -> list[Occasion]:
    """The copies are kept for the full licence; what was paid for the evaluation is credited to its first year."""
    day = jst_date(ending.effective_at)
    found = [Occasion("end", ending.number, day, spares=("delete",))]
    full = next((row.agreement for row in agreement.step_ups.all() if row.state == StepUp.State.CONCLUDED), None)
    fee = int(agreement.variables.get("evaluation_fee") or 0)
    if full is not None and fee:
        year = last_day(deadlines.months_from(full.term_from, 12))
        found.append(Occasion("step-up", full.number, day, due_on=year, amount=fee))
    return found
