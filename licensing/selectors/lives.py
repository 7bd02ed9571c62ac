"""How agreements stand on a day: their editions, their term with the renewals that have come about, their standing.

Everything is computed from what was journaled; nothing here waits for a nightly task. These are rules for callers that
have found an agreement they may see; what a viewer may list is decided beside each noun.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db.models import prefetch_related_objects

from contributions.core.periods import Period, day_after, jst_date, last_day
from contributions.selectors import log
from licensing.adapters.holidays import is_business_day
from licensing.core import editions, lives, renewals, step_ups
from licensing.core.deadlines import NoticeDay, months_from
from licensing.core.editions import Edition
from licensing.core.lives import Ending, Life, Pause
from licensing.models import Agreement, Amendment, StepUp, Suspension, Termination

BEHIND = (
    "amendments__schedule",
    "renewal_notices",
    "price_announcements__schedule",
    "step_ups",
    "suspensions",
    "termination",
)


def gathered(rows: Iterable[Agreement]) -> list[Agreement]:
    """Agreements with all that decides how they stand, in a few queries."""
    found = list(rows)
    prefetch_related_objects(found, *BEHIND)
    return found


def then(agreement: Agreement, on: date) -> Agreement:
    """The agreement with what had been done about it by the end of the day and nothing that came later: a copy.

    It is read as one that `gathered` gives, and never saved.
    """
    read, over, known = copy.copy(agreement), day_after(on), log.size_on(on)
    read._prefetched_objects_cache = {
        "amendments": [row for row in agreement.amendments.all() if row.seq < known],
        "renewal_notices": [row for row in agreement.renewal_notices.all() if row.given_at < over],
        "price_announcements": [row for row in agreement.price_announcements.all() if row.announced_at < over],
        "step_ups": [_unsettled(row, over) for row in agreement.step_ups.all() if row.requested_at < over],
        "suspensions": suspended_by(agreement.suspensions.all(), on),
    }
    ending = termination_of(agreement)
    read._state.fields_cache["termination"] = ending if ending is not None and ending.given_at < over else None
    return read


def suspended_by(rows: Iterable[Suspension], on: date) -> list[Suspension]:
    """The suspensions that had begun by the end of the day; one lifted later still held."""
    over = day_after(on)
    return [_lifted(row, over) for row in rows if row.effective_at < over]


def _unsettled(row: StepUp, over: datetime) -> StepUp:
    if row.settled_at is not None and row.settled_at >= over:
        row.settled_at = None
    return row


def _lifted(row: Suspension, over: datetime) -> Suspension:
    if row.lifted_at is not None and row.lifted_at >= over:
        row.lifted_at, row.lifted_seq, row.lifted_reason = None, None, ""
    return row


def executed_amendments(agreement: Agreement) -> list[Amendment]:
    """Those that both parties have signed, in the order in which they were concluded."""
    rows = [row for row in agreement.amendments.all() if row.state == Amendment.State.EXECUTED]
    return sorted(rows, key=lambda row: row.seq)


def plan_of(agreement: Agreement, on: date) -> renewals.Plan:
    """What the agreement says on a day of its renewal."""
    edition = editions.as_of(_signed_editions(agreement), on)
    return renewals.plan(edition.variables, [clause for clause, _ in edition.clauses])


def until(agreement: Agreement, on: date) -> date:
    """The end of its term, not including, with the renewals that have come about by the day."""
    end = signed_until(agreement)
    refused = {row.term_until for row in agreement.renewal_notices.all()}
    plan = plan_of(agreement, on)
    reached = renewals.reached(plan, end, refused=refused, on=on, is_business_day=is_business_day)
    return _awaiting(agreement, reached[-1] if reached else end, on)


def _awaiting(agreement: Agreement, end: date, on: date) -> date:
    """An evaluation runs on for a while, where a step-up was asked for in time and is not settled."""
    for row in agreement.step_ups.all():
        settled = jst_date(row.settled_at) if row.settled_at else None
        asked, months = jst_date(row.requested_at), int(agreement.variables.get("extension_months") or 0)
        end = max(end, step_ups.runs_until(end, months=months, asked_on=asked, settled_on=settled, on=on))
    return end


def signed_until(agreement: Agreement) -> date:
    """The end of the term that was last signed for, before any renewal."""
    for row in reversed(executed_amendments(agreement)):
        if "term" in row.changes:
            return date.fromisoformat(row.variables["term"]["until"])
    return agreement.term_until


def ends(agreement: Agreement, on: date) -> date:
    """The first day on which it no longer runs, as known on a day: its term is over, or it was terminated before."""
    return lives.ends(_life(agreement, on))


def stock_until(agreement: Agreement, on: date) -> date | None:
    """Before which day stock may be sold once the term has run out, where its clause on the end says so."""
    end = until(agreement, on)
    variables = editions.as_of(_signed_editions(agreement), last_day(end)).variables
    months = int(str(variables.get("winddown_months") or 0))
    return months_from(end, months) if months else None


def editions_of(agreement: Agreement, on: date) -> tuple[Edition, ...]:
    """Every edition concluded by now: as signed, amended, and at the prices announced for a renewal that came about."""
    found = list(_signed_editions(agreement))
    end = until(agreement, on)
    for row in agreement.price_announcements.all():
        if row.effective_from < end:
            before = editions.as_of(found, row.effective_from)
            variables = {**before.variables, **row.changes}
            found.append(Edition(0, agreement.number, row.effective_from, variables, before.clauses, str(row.schedule)))
    found.sort(key=lambda edition: edition.effective_from)
    return tuple(
        Edition(number, one.source, one.effective_from, one.variables, one.clauses, one.schedule)
        for number, one in enumerate(found, 1)
    )


def life_of(agreement: Agreement, at: datetime) -> Life:
    """What decides how the agreement stands at the instant."""
    return _life(agreement, jst_date(at))


def _life(agreement: Agreement, on: date) -> Life:
    return Life(
        concluded_at=agreement.executed_at,
        start=agreement.term_from,
        until=until(agreement, on),
        pauses=tuple(Pause(row.effective_at, row.lifted_at) for row in agreement.suspensions.all()),
        ending=_ending(termination_of(agreement)),
        stock_until=stock_until(agreement, on),
    )


def termination_of(agreement: Agreement) -> Termination | None:
    """The termination that was given, whether or not it has taken effect."""
    return getattr(agreement, "termination", None)


def standing(agreement: Agreement, at: datetime) -> str:
    """How it stands at the instant, the same for both sides."""
    return lives.standing(life_of(agreement, at), at)


def notice_day(agreement: Agreement, on: date) -> NoticeDay | None:
    """The next last day to refuse or propose a renewal; none where nothing is to be said."""
    plan, end = plan_of(agreement, on), until(agreement, on)
    if not (plan.months or plan.business_days):
        return None
    return renewals.notice_day(plan, end, is_business_day)


def as_of(agreement: Agreement, day: date, *, edition: Edition | None = None) -> Agreement:
    """The agreement as it reads on a day: a copy that is never saved, for whatever reads its terms."""
    edition = edition or editions.as_of(editions_of(agreement, day), day)
    read = copy.copy(agreement)
    read.variables = dict(edition.variables)
    read.term_until = max(until(agreement, day), date.fromisoformat(_until_of(edition, agreement)))
    read.schedule = schedule_of(agreement, edition)
    return read


def schedule_of(agreement: Agreement, edition: Edition):
    """The price list that an edition stands on."""
    for row in (*executed_amendments(agreement), *agreement.price_announcements.all()):
        if str(row.schedule) == edition.schedule:
            return row.schedule
    return agreement.schedule


def variables_on(agreement: Agreement, day: date, *, known_on: date | None = None) -> dict:
    """The variables in force on a day of use."""
    return dict(editions.as_of(editions_of(agreement, known_on or day), day).variables)


def reported_term(agreement: Agreement, on: date) -> Period:
    """The days for which usage is reported, as known on a day: the term, cut at an ending, with its wind-down.

    Until the term is over nobody knows whether it will be renewed instead, so its wind-down counts from then on.
    """
    life = _life(agreement, on)
    return lives.reported_term(life if on >= life.until else replace(life, stock_until=None))


def reporting_periods(agreement: Agreement, *, on: date, ended_by: date | None = None) -> list[Period]:
    """The reporting periods ended by a day (`on` unless another is named), each under one edition's prices."""
    known = editions_of(agreement, on)
    return editions.reporting_periods(reported_term(agreement, on), known, on=ended_by or on)


def settled_until(agreement: Agreement) -> date | None:
    """The end of the last period that was reported; nothing before it is changed any more."""
    newest = agreement.usage_reports.order_by("period_until").last()
    return newest.period_until if newest else None


def days_suspended(report, on: date) -> int:
    """On how many days of a reported period the licence stood suspended: use on them is to be looked into."""
    period = Period(report.period_from, report.period_until)
    pauses = tuple(Pause(row.effective_at, row.lifted_at) for row in report.agreement.suspensions.all())
    life = Life(report.agreement.executed_at, report.agreement.term_from, report.agreement.term_until, pauses)
    return lives.days_suspended(life, period, on=on)


def _signed_editions(agreement: Agreement) -> tuple[Edition, ...]:
    first = Edition(
        1, agreement.number, agreement.term_from, agreement.variables, _pins(agreement.clauses), str(agreement.schedule)
    )
    later = [
        Edition(number, row.number, row.effective_from, row.variables, _pins(row.clauses), str(row.schedule))
        for number, row in enumerate(executed_amendments(agreement), 2)
    ]
    return (first, *later)


def _pins(clauses: list[dict]) -> tuple[tuple[str, int], ...]:
    return tuple((row["id"], row["version"]) for row in clauses)


def _ending(row: Termination | None) -> Ending | None:
    return Ending(row.effective_at, row.ground, row.wind_down_until) if row else None


def _until_of(edition: Edition, agreement: Agreement) -> str:
    term = edition.variables.get("term")
    return term["until"] if isinstance(term, dict) else agreement.term_until.isoformat()
