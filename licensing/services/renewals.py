"""Renewals: notices against one, prices announced for one, and writing down each that came about."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.periods import jst_date, last_day
from contributions.core.roles import LICENSEE, Viewer, check_may
from contributions.services import journal
from licensing.adapters.holidays import is_business_day
from licensing.core import assembly, drafts, editions, lives
from licensing.core import renewals as rules
from licensing.models import Agreement, PriceAnnouncement, Renewal, RenewalNotice, Schedule
from licensing.selectors import lives as standing
from licensing.services import agreements, amendments
from licensing.services.agreements import NotYourAgreement
from licensing.services.editions import priced, text_of


class SpokenAlready(Refused):
    code = "renewal-spoken-already"
    ja = "この期間については、すでに通知があります。"
    en = "Notice was given for this term already."


@transaction.atomic
def refuse(agreement: Agreement, *, by: Viewer, at: datetime, reason: str = "") -> RenewalNotice:
    """Give notice that the agreement is not to be renewed; only up to the notice day, and never twice."""
    check_may(by, "renewal.refuse")
    agreement, on = _locked(agreement), jst_date(at)
    if by.workplace == LICENSEE and by.acting != agreement.licensee.organization.code:
        raise NotYourAgreement
    lives.check(
        standing.life_of(agreement, at), at, agreement=agreement.number, allowed=(lives.IN_FORCE, lives.SUSPENDED)
    )
    plan, until = _renewing(agreement, on)
    rules.check_in_time(plan, until, on=on, is_business_day=is_business_day)
    party = "licensee" if by.workplace == LICENSEE else "licensor"
    if agreement.renewal_notices.filter(party=party, term_until=until).exists():
        raise SpokenAlready
    entry = journal.append(
        "renewal.refused",
        subject=f"agreement:{agreement.number}",
        facts={"agreement": agreement.number, "party": party, "term_until": until.isoformat()},
        annexes=_said(reason),
        by=by,
        at=at,
    )
    return RenewalNotice.objects.create(
        seq=entry.seq, agreement=agreement, party=party, term_until=until, given_at=at, reason=reason.strip()
    )


@transaction.atomic
def announce(agreement: Agreement, *, schedule: Schedule, by: Viewer, at: datetime) -> PriceAnnouncement:
    """Announce the price list of the next term: in time for the licensee to refuse, and within the agreed rise."""
    check_may(by, "renewal.announce")
    agreement, on = _locked(agreement), jst_date(at)
    lives.check(
        standing.life_of(agreement, at), at, agreement=agreement.number, allowed=(lives.IN_FORCE, lives.SUSPENDED)
    )
    plan, until = _renewing(agreement, on)
    rules.check_announced(plan, until, on=on, is_business_day=is_business_day)
    if agreement.price_announcements.filter(effective_from=until).exists():
        raise SpokenAlready
    before = editions.as_of(standing.editions_of(agreement, on), until)
    changes = priced(schedule)
    agreements.check_class(agreement.licensee, schedule)
    schema = assembly.template(agreement.template.document).schema
    drafts.check_priced(schema, {**before.variables, **changes}, field=schedule.field_of_use)
    rules.check_ratchet(before.variables["terms"], schedule.terms, rise_max=plan.rise_max)
    _check_text(agreement, before, changes, schedule)
    entry = journal.append(
        "renewal.announced",
        subject=f"agreement:{agreement.number}",
        facts={
            "agreement": agreement.number,
            "effective_from": until.isoformat(),
            "schedule": str(schedule),
            "schedule_sha256": schedule.sha256,
        },
        effective=(until, None),
        by=by,
        at=at,
    )
    return PriceAnnouncement.objects.create(
        seq=entry.seq, agreement=agreement, schedule=schedule, effective_from=until, changes=changes, announced_at=at
    )


def _renewing(agreement: Agreement, on: date) -> tuple[rules.Plan, date]:
    """How it renews itself, and from which day; refused where it does not, or ends before."""
    plan, until = standing.plan_of(agreement, on), standing.until(agreement, on)
    if plan.mode != "automatic":
        raise rules.NotAutomatic(agreement=agreement.number)
    if (ends := standing.ends(agreement, on)) < until:
        raise rules.EndsBefore(agreement=agreement.number, last=last_day(ends))
    return plan, until


def renew_due(*, by: Viewer, at: datetime) -> list[Renewal]:
    """Write down every renewal whose notice day has passed in silence; each on its own, once."""
    check_may(by, "renewal.record")
    rows = standing.gathered(Agreement.objects.filter(executed_at__isnull=False).order_by("number"))
    return [renewal for row in rows for renewal in _renew(row, by=by, at=at)]


@transaction.atomic
def _renew(agreement: Agreement, *, by: Viewer, at: datetime) -> list[Renewal]:
    on = jst_date(at)
    ending = standing.termination_of(agreement)
    end = standing.signed_until(agreement)
    refused = {row.term_until for row in agreement.renewal_notices.all()}
    plan = standing.plan_of(agreement, on)
    reached = rules.reached(plan, end, refused=refused, on=on, is_business_day=is_business_day)
    made = []
    for start, until in zip((end, *reached), reached, strict=False):
        if ending is not None and jst_date(ending.effective_at) < start:
            break
        if not agreement.renewals.filter(term_from=start).exists():
            announced = agreement.price_announcements.filter(effective_from=start).first()
            made.append(
                amendments.record_renewal(
                    agreement, mode="automatic", term=(start, until), announcement=announced, by=by, at=at
                )
            )
    return made


def obstacle(agreement: Agreement, *, by: Viewer, on: date) -> Refused | None:
    """What would keep the next term from being covered by the rights that came in."""
    read = standing.as_of(agreement, on)
    plan, until = standing.plan_of(agreement, on), standing.until(agreement, on)
    if plan.mode != "automatic":
        return None
    read.term_from, read.term_until = until, until.replace(year=until.year + plan.years)
    try:
        agreements.check_covered(read, by)
    except Refused as refusal:
        return refusal
    return None


def _check_text(agreement: Agreement, before: editions.Edition, changes: dict, schedule: Schedule) -> None:
    """The renewed text must assemble and prove equal, as any text does."""
    after = editions.Edition(
        before.version + 1, "", before.effective_from, {**before.variables, **changes}, before.clauses, str(schedule)
    )
    text_of(agreement, after, schedule)


def _locked(agreement: Agreement) -> Agreement:
    return standing.gathered([agreements.locked(agreement)])[0]


def _said(reason: str) -> list[journal.Attachment]:
    return [journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())] if reason.strip() else []
