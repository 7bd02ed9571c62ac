"""What of data and of metered compute can count, line by line, as the page of each shows it.

Money, people and background IP have their lines in `resources`; all of them read the one rule of the core.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

from django.conf import settings
from django.db.models import Min, Sum, prefetch_related_objects

from contributions.core import countries, eligibility
from contributions.core import courses as rules
from contributions.core import reviews as review_rules
from contributions.core.eligibility import Line
from contributions.core.words import Text
from contributions.models import Batch, Member
from contributions.selectors import courses, facilities, funding, recoveries
from contributions.selectors.datasets import Standing

OF_DATA = ("incurred", "recorded", "membership", "accepted", "terms", "resident", "granted", "state", "recovered")
OF_COMPUTE = ("incurred", "recorded", "period", "membership", "accepted", "resident", "granted", "state", "recovered")
Found = tuple[tuple[str, str, Text], ...]


def of_version(standing: Standing, on: date) -> tuple[Line, ...]:
    """The lines of a dataset version as it stands on the day; its grounds say the same in fewer words."""
    version, source = standing.version, standing.version.funding
    grounds = {ground.code: ground for ground in standing.grounds}
    provided = version.submitted_on
    review_fault = "refused" if standing.chain.reason == review_rules.REFUSAL else "not-accepted"
    found = (
        ("incurred", "" if provided <= on else "not-incurred", Text(f"{provided} 提供", f"provided on {provided}")),
        ("recorded", *_version_recorded(standing, on)),
        ("membership", *_membership(version.dataset.member, on)),
        ("accepted", "" if grounds["accepted"].is_met else review_fault, grounds["accepted"].text),
        ("terms", "" if grounds["terms"].is_met else "no-terms", grounds["terms"].text),
        ("resident", "" if grounds["resident"].is_met else "not-resident", grounds["resident"].text),
        ("granted", *_granted(source, provided)),
    )
    return _lines(found, source, provided, OF_DATA, recoveries.part(version, on))


def of_batch(batch: Batch, on: date | None = None) -> tuple[Line, ...]:
    """The lines of a batch: each of its days has its own, and counts for as much as was computed on it.

    As of a day (for a batch as it then stood) without the breaches and recoveries that came later.
    """
    sums = (
        batch.days.order_by()
        .values("day")
        .annotate(gpu=Sum("gpu_s"), cpu=Sum("cpu_s"), node=Sum("node_s"), posted=Min("seq"))
    )
    days = {row["day"]: row for row in sums}
    if not days:
        return ()
    unit = next((name for name in ("gpu", "cpu", "node") if any(row[name] for row in days.values())), "cpu")
    span = _span(min(days), max(days))
    breaches = [row for row in batch.breaches.all() if on is None or row.since <= on]
    back = recoveries.part(batch, on)
    prefetch_related_objects([batch], "funding__editions", "facility__editions")
    weights: dict[tuple[Line, ...], int] = defaultdict(int)
    for day in sorted(days):
        weights[_day_lines(batch, day, span, breaches, back, days[day]["posted"])] += days[day][unit]
    return eligibility.together([(weight, lines) for lines, weight in weights.items()])


def _day_lines(batch: Batch, day: date, span: Text, breaches: list, back: Fraction, known_at: int) -> tuple[Line, ...]:
    """`known_at`: how many entries were known when the day was posted, whose entry then stated its country."""
    found = (
        ("incurred", "", span),
        ("recorded", *_batch_recorded(batch)),
        ("period", "", span),
        ("membership", *_membership(batch.member, day)),
        ("accepted", *_attested(batch)),
        ("resident", *_computed_in(batch, day, breaches, known_at)),
        ("granted", *_granted(batch.funding, day)),
    )
    return _lines(found, batch.funding, day, OF_COMPUTE, back)


def _lines(found: Found, source, day: date, asked: tuple[str, ...], back: Fraction) -> tuple[Line, ...]:
    faults = {fault for _code, fault, _text in found if fault}
    state = funding.paid_by_state(source, day)
    said = {code: text for code, _fault, text in found}
    said["state"] = eligibility.less(state, eligibility.BY_THE_STATE)
    said["recovered"] = eligibility.less(back, eligibility.ELSEWHERE)
    return eligibility.lines(faults, state=state, recovered=back, said=said, asked=asked)


def _version_recorded(standing: Standing, on: date) -> tuple[str, Text]:
    version, number = standing.version, standing.superseded_by
    if version.withdrawn_on is not None and version.withdrawn_on <= on:
        return "withdrawn", Text(f"{version.withdrawn_on} 取下げ", f"withdrawn on {version.withdrawn_on}")
    if number is not None:
        return "superseded", Text(f"第 {number} 版が算入されるため", f"version {number} counts in its place")
    return "", _entry(version.seq)


def _batch_recorded(batch: Batch) -> tuple[str, Text]:
    if batch.state == Batch.State.REVERSED:
        state = rules.STATES[courses.state_of(batch)]
        return "reversed", Text(f"台帳記録 第 {batch.seq} 号で{state.ja}", f"{state.en} by entry {batch.seq}")
    return "", _entry(batch.seq)


def _attested(batch: Batch) -> tuple[str, Text]:
    if batch.state == Batch.State.ACCEPTED:
        return "", Text("確認済", "attested")
    return "not-accepted", Text("まだ確認されていません", "nobody has attested it")


def _membership(member: Member, day: date) -> tuple[str, Text]:
    inside = member.admitted_on <= day and (member.withdrawn_on is None or day < member.withdrawn_on)
    since = Text(f"{member.admitted_on} 加入", f"member since {member.admitted_on}")
    return ("", since) if inside else ("outside-membership", Text("会員期間の外の日", "days outside the membership"))


def _computed_in(batch: Batch, day: date, breaches: list, known_at: int) -> tuple[str, Text]:
    breach = next((row for row in breaches if row.since <= day and (row.until is None or day < row.until)), None)
    if breach is not None:
        where = countries.name(breach.country)
        return "residency-breach", Text(
            f"所在国違反 {breach.number}（{where.ja}）", f"breach {breach.number}: {where.en}"
        )
    country = facilities.on(batch.facility, day, known_at=known_at).country
    where = countries.name(country)
    text = Text(f"{where.ja}で計算", f"computed in {where.en}")
    return "" if country in settings.RESIDENCY else "not-resident", text


def _granted(source, day: date) -> tuple[str, Text]:
    edition = funding.edition_at(source, day) if source else None
    if edition is None or edition.decided_on is None:
        return "", Text("交付決定・契約の定めなし", "no decision or contract is named")
    text = Text(f"{edition.decided_on} の決定・契約", f"decided or contracted on {edition.decided_on}")
    return "before-grant" if day < edition.decided_on else "", text


def _entry(seq: int) -> Text:
    return Text(f"台帳記録 第 {seq} 号", f"entry {seq}")


def _span(first: date, last: date) -> Text:
    return Text(f"{first} から {last} まで", f"from {first} to {last}")
