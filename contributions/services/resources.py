"""Cash, people and background IP: pledged and submitted by their member, judged by a second pair of eyes.

Every step of the course is an entry of its own and a row of `ResourceStep`; the quantity stands on the member's account
while the contribution does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core import completeness, courses
from contributions.core import resources as rules
from contributions.core import worklogs as log_rules
from contributions.core.completeness import Appraisal
from contributions.core.money import fraction_text
from contributions.core.periods import Period, jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import FundingSource, InboundAgreement, Member, Resource, ResourceStep
from contributions.selectors import independence
from contributions.services import journal, numbers, replacements, terms
from contributions.services.datasets import check_own
from contributions.services.journal import Attachment


def record(*, by: Viewer, at: datetime, **stated) -> Resource:
    """Enter one contribution as submitted; see `_enter` for what it states."""
    check_may(by, "resource.record")
    return _enter("resource.recorded", Resource.State.SUBMITTED, **stated, by=by, at=at)


def pledge(*, by: Viewer, at: datetime, **stated) -> Resource:
    """Enter a contribution that is promised and not yet made: it stands on no account and counts nothing."""
    check_may(by, "resource.pledge")
    return _enter("resource.pledged", Resource.State.PLEDGED, **stated, by=by, at=at)


@transaction.atomic
def _enter(
    kind_of_entry: str,
    state: str,
    *,
    member: Member,
    kind: str,
    title_ja: str,
    title_en: str,
    period_from: date,
    by: Viewer,
    at: datetime,
    quantity: int | None = None,
    unit: str = "",
    period_until: date | None = None,
    nature: str = "",
    grade: str = "",
    funding: FundingSource | None = None,
    agreement: InboundAgreement | None = None,
    illustrative: bool = False,
    foreign: rules.ForeignCash | None = None,
    appraisal: Appraisal | None = None,
    evidence: Sequence[Attachment] = (),
    supersedes: Resource | None = None,
    source_sha256: str = "",
) -> Resource:
    """The quantity of foreign cash is the yen that its rate fixes; any other is stated in its unit's smallest part."""
    check_own(member, by)
    terms.check_party(agreement, member)
    Period(period_from, period_until)
    if kind in rules.PROMISED and state != Resource.State.PLEDGED:
        raise rules.OnlyPledged
    quantity = completeness.complete(kind, quantity, nature, grade, foreign, appraisal, on=jst_date(at))
    resource = Resource(
        member=member,
        kind=kind,
        nature=rules.check_nature(nature) if nature else "",
        grade=rules.check_grade(grade) if grade else "",
        title_ja=title_ja,
        title_en=title_en,
        quantity=quantity,
        unit=rules.unit_of(kind, unit),
        period_from=period_from,
        period_until=period_until,
        funding=funding,
        agreement=agreement,
        illustrative=illustrative,
        state=state,
        supersedes=supersedes,
        source_sha256=source_sha256,
        recorded_by_id=by.user,
        **_foreign(foreign),
        **_appraised(appraisal),
    )
    resource.number = numbers.take(Resource, f"C-{member.code}")
    entry = journal.append(
        kind_of_entry,
        subject=f"resource:{resource.number}",
        member=member.code,
        facts=facts(resource),
        effective=(period_from, period_until),
        movements=_movements(resource, 1) if courses.stands(state) else [],
        annexes=evidence,
        by=by,
        at=at,
    )
    resource.seq = entry.seq
    resource.save()
    _step(resource, "submit" if state == Resource.State.SUBMITTED else "pledge", entry, by=by)
    return resource


@transaction.atomic
def submit(resource: Resource, *, by: Viewer, at: datetime, evidence: Sequence[Attachment] = ()) -> Resource:
    """What was pledged has been made: it is recorded in full and waits to be accepted."""
    check_may(by, "resource.submit")
    resource = locked(resource)
    check_own(resource.member, by)
    if resource.kind in rules.PROMISED:
        raise rules.OnlyPledged
    resource.state = courses.step(resource.state, "submit", number=resource.number)
    entry = journal.append(
        "resource.recorded",
        subject=f"resource:{resource.number}",
        member=resource.member.code,
        facts=facts(resource),
        effective=(resource.period_from, resource.period_until),
        movements=_movements(resource, 1),
        annexes=evidence,
        by=by,
        at=at,
    )
    return _moved(resource, "submit", entry, by=by)


@transaction.atomic
def take_up(resource: Resource, *, by: Viewer, at: datetime) -> Resource:
    """Begin to check a contribution: its member sees that somebody has it in hand."""
    check_may(by, "resource.examine")
    resource = _judged(resource, by=by, at=at)
    return stepped(resource, "take_up", "resource.examined", by=by, at=at)


@transaction.atomic
def accept(resource: Resource, *, by: Viewer, at: datetime) -> Resource:
    """Accept a contribution: from now on it counts, and one that it replaces no longer does."""
    check_may(by, "resource.accept")
    resource = _judged(resource, by=by, at=at)
    _check_logged(resource)
    old = _place_of(resource)
    resource = stepped(resource, "accept", "resource.accepted", by=by, at=at)
    _give_way(old, resource, by=by, at=at)
    return resource


def _place_of(resource: Resource) -> Resource | None:
    """What an accepted replacement takes the place of, locked: the two must never count together."""
    if resource.supersedes_id is None:
        return None
    old = locked(resource.supersedes)
    if old.state == Resource.State.DISPUTED:
        raise courses.PlaceInDispute(number=old.number)
    replacements.check_free(old, resource, (Resource.State.ACCEPTED,))
    return old


def _give_way(old: Resource | None, new: Resource, *, by: Viewer, at: datetime) -> None:
    if old is not None and old.state == Resource.State.ACCEPTED:
        stepped(old, "supersede", "resource.superseded", {"replacement": new.number}, by=by, at=at)


@transaction.atomic
def refuse(resource: Resource, *, reason: str, by: Viewer, at: datetime) -> Resource:
    """Refuse a contribution with a reason; its member may dispute, replace or withdraw it."""
    check_may(by, "resource.refuse")
    resource = _judged(resource, by=by, at=at)
    return stepped(resource, "refuse", "resource.refused", reason=reason, by=by, at=at)


@transaction.atomic
def dispute(resource: Resource, *, reason: str, by: Viewer, at: datetime) -> Resource:
    """The member objects to a refusal or to what was accepted; until it is answered the contribution counts nothing."""
    check_may(by, "resource.dispute")
    resource = locked(resource)
    check_own(resource.member, by)
    return stepped(resource, "dispute", "resource.disputed", reason=reason, by=by, at=at)


@transaction.atomic
def answer(resource: Resource, *, outcome: str, reason: str, by: Viewer, at: datetime) -> Resource:
    """Answer a dispute: by somebody other than who took the decision that is disputed."""
    check_may(by, "resource.answer")
    resource = _judged(resource, besides=("accept", "refuse", "answer"), by=by, at=at)
    state = courses.answered(resource.state, outcome, number=resource.number)
    old = _place_of(resource) if state == Resource.State.ACCEPTED else None
    resource = stepped(
        resource, "answer", "resource.answered", {"outcome": outcome}, state=state, reason=reason, by=by, at=at
    )
    _give_way(old, resource, by=by, at=at)
    return resource


@transaction.atomic
def reverse(resource: Resource, *, reason: str, by: Viewer, at: datetime) -> Resource:
    """Take an accepted contribution off the books, as if it had never been put in."""
    check_may(by, "resource.reverse")
    resource = _judged(resource, by=by, at=at)
    return stepped(resource, "reverse", "resource.reversed", reason=reason, by=by, at=at)


@transaction.atomic
def supersede(resource: Resource, *, by: Viewer, at: datetime, foreign_amount: str = "", **stated) -> Resource:
    """Submit another contribution in the place of this one. What was accepted counts until the new one is.

    What is not stated anew stays: background IP keeps its limits and appraisal, foreign cash its currency and rate.
    """
    check_may(by, "resource.supersede")
    resource = locked(resource)
    check_own(resource.member, by)
    courses.step(resource.state, "supersede", number=resource.number)
    replacements.check_free(resource, None, courses.STANDING)
    kept = replacements.kept(resource, foreign_amount)
    new = _enter("resource.recorded", Resource.State.SUBMITTED, **(kept | stated), supersedes=resource, by=by, at=at)
    if resource.state != Resource.State.ACCEPTED:
        stepped(resource, "supersede", "resource.superseded", {"replacement": new.number}, by=by, at=at)
    return new


@transaction.atomic
def withdraw(resource: Resource, *, by: Viewer, at: datetime, withdrawn_from: date | None = None) -> Resource:
    """The member takes its contribution back. Of what is accepted only background IP can be, from a day on."""
    check_may(by, "resource.withdraw")
    resource = locked(resource)
    check_own(resource.member, by)
    if resource.state == Resource.State.ACCEPTED and resource.kind != Resource.Kind.BACKGROUND:
        raise rules.NotWithdrawable(number=resource.number)
    resource.withdrawn_from = withdrawn_from or at.date()
    facts_of_day = {"from": resource.withdrawn_from.isoformat()}
    return stepped(resource, "withdraw", "resource.withdrawn", facts_of_day, by=by, at=at)


def facts(resource: Resource) -> dict:
    """What a statement says of a contribution. Free text is not in it: that stands in the row and in annexes."""
    found = {
        "resource": resource.number,
        "member": resource.member.code,
        "kind": resource.kind,
        "nature": resource.nature or None,
        "grade": resource.grade or None,
        "unit": resource.unit,
        "quantity": str(resource.quantity),
        "period": [resource.period_from.isoformat(), resource.period_until and resource.period_until.isoformat()],
        "funding": resource.funding.code if resource.funding else None,
        "agreement": resource.agreement.number if resource.agreement else None,
    }
    if resource.foreign_amount:
        found["foreign"] = {
            "currency": resource.currency,
            "minor": resource.foreign_amount,
            "rate": resource.exchange_rate,
            "source": resource.exchange_source,
            "on": resource.exchange_on.isoformat() if resource.exchange_on else None,
        }
    if resource.kind == Resource.Kind.BACKGROUND:
        found["fields"], found["users"] = sorted(resource.use_fields), sorted(resource.use_by)
        found["appraised_on"] = resource.appraised_on.isoformat() if resource.appraised_on else None
    if resource.supersedes:
        found["supersedes"] = resource.supersedes.number
    return found


def _foreign(foreign: rules.ForeignCash | None) -> dict:
    if foreign is None:
        return {}
    return {
        "currency": foreign.currency,
        "foreign_amount": str(foreign.minor),
        "exchange_rate": fraction_text(foreign.rate),
        "exchange_source": foreign.source,
        "exchange_on": foreign.on,
    }


def _appraised(appraisal: Appraisal | None) -> dict:
    if appraisal is None:
        return {}
    return {
        "appraiser": appraisal.appraiser,
        "appraised_on": appraisal.on,
        "limits": appraisal.limits,
        "use_fields": sorted(appraisal.use_fields),
        "use_by": sorted(appraisal.use_by),
    }


def locked(resource: Resource) -> Resource:
    """The contribution with its row locked, for a verb that takes a step of it."""
    rows = Resource.objects.select_for_update(of=("self",)).select_related("member__organization")
    return rows.get(pk=resource.pk)


def _judged(resource: Resource, *, by: Viewer, at: datetime, besides: Sequence[str] = ()) -> Resource:
    """The contribution, locked, once whoever acts may judge it."""
    resource = locked(resource)
    decided = resource.steps.filter(step__in=besides).order_by("-seq").values_list("taken_by", flat=True)[:1]
    before = {str(user) for user in (resource.recorded_by_id, *decided) if user is not None}
    independence.check(by, resource.member.code, at=jst_date(at), before=before)
    return resource


def _check_logged(resource: Resource) -> None:
    """Where work logs stand behind minutes, they come to the same."""
    logged = sum(resource.work_logs.filter(withdrawn_seq=None).values_list("minutes", flat=True))
    if logged and logged != resource.quantity:
        raise log_rules.Mismatch(number=resource.number, logged=logged, quantity=resource.quantity)


def stepped(
    resource: Resource,
    verb: str,
    kind_of_entry: str,
    more: dict | None = None,
    *,
    by: Viewer,
    at: datetime,
    state: str = "",
    reason: str = "",
) -> Resource:
    """Take one step: its entry with the reason as an annex, the movement it makes, and the row."""
    stated = courses.check_reason(verb, reason)
    before = resource.state
    resource.state = state or courses.step(before, verb, number=resource.number)
    change = courses.stands(resource.state) - courses.stands(before)
    entry = journal.append(
        kind_of_entry,
        subject=f"resource:{resource.number}",
        member=resource.member.code,
        facts={"resource": resource.number, **(more or {})},
        movements=_movements(resource, change) if change else [],
        annexes=[Attachment("reason.txt", "text/plain", stated.encode())] if stated else [],
        corrects=_last_entry(resource) if verb in {"answer", "reverse", "supersede", "withdraw"} else None,
        by=by,
        at=at,
    )
    return _moved(resource, verb, entry, by=by, reason=stated)


def _last_entry(resource: Resource):
    return journal.Entry.objects.get(seq=resource.seq).id


def _moved(resource: Resource, verb: str, entry, *, by: Viewer, reason: str = "") -> Resource:
    resource.seq = entry.seq
    resource.save(update_fields=["state", "seq", "withdrawn_from"])
    _step(resource, verb, entry, by=by, reason=reason)
    return resource


def _step(resource: Resource, verb: str, entry, *, by: Viewer, reason: str = "") -> None:
    ResourceStep.objects.create(
        seq=entry.seq,
        resource=resource,
        step=verb,
        state=resource.state,
        taken_by_id=by.user,
        workplace=by.workplace,
        organization=by.acting or "",
        taken_at=entry.recorded_at,
        reason=reason,
    )


def _movements(resource: Resource, sign: int) -> list[journal.Move]:
    """The quantity onto the member's account, or off it again."""
    amount = sign * resource.quantity
    if not amount:
        return []
    account = f"member:{resource.member.code}:{resource.kind}"
    return [(account, resource.unit, amount), (f"source:{resource.kind}", resource.unit, -amount)]
