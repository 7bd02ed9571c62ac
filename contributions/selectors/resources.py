"""Cash, people and background IP that a viewer may see: how each stands, what of it counts, what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet, Sum

from contributions.core import courses, eligibility
from contributions.core import resources as rules
from contributions.core.periods import jst_date, last_day
from contributions.core.roles import FINANCE, LEGAL, MEMBER, Viewer, may
from contributions.core.words import Text
from contributions.models import Annex, Resource, ResourceStep, WorkLog
from contributions.selectors import barriers, funding, log, ratecards, recoveries, terms

ACTION_OF = {
    "submit": "resource.submit",
    "fulfil": "resource.fulfil",
    "take_up": "resource.examine",
    "accept": "resource.accept",
    "refuse": "resource.refuse",
    "dispute": "resource.dispute",
    "answer": "resource.answer",
    "reverse": "resource.reverse",
    "supersede": "resource.supersede",
    "withdraw": "resource.withdraw",
}


def visible_to(viewer: Viewer | None) -> QuerySet[Resource]:
    """Legal, finance, desk and auditor see all; a member its own."""
    rows = Resource.objects.select_related("member__organization", "funding", "agreement", "supersedes")
    if viewer is None:
        return rows.none()
    rows = barriers.past(rows, viewer, "member__organization__code")
    if viewer.workplace in {LEGAL, FINANCE} or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()


def matching(rows: QuerySet[Resource], query: str) -> QuerySet[Resource]:
    """Contributions whose number, title, member or exact amount is the text."""
    if not query:
        return rows
    named = Q(number__icontains=query) | Q(title_ja__icontains=query) | Q(title_en__icontains=query)
    owned = Q(member__organization__name_ja__icontains=query) | Q(member__organization__name_en__icontains=query)
    digits = query.replace(",", "")
    exact = Q(quantity=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 19 else Q(pk__in=[])
    return rows.filter(named | owned | exact)


def totals(rows: QuerySet[Resource]) -> list[dict]:
    """Sums by kind and unit of what stands: no pledge, and nothing that has fallen away."""
    counted = rows.filter(state__in=courses.STANDING).order_by()
    return sorted(
        counted.values("kind", "unit").annotate(quantity=Sum("quantity")), key=lambda row: (row["kind"], row["unit"])
    )


def step_on(resource: Resource, on: date) -> ResourceStep | None:
    """The last step of its course by the end of the day; none before it was recorded."""
    return max(steps_by(resource, on), key=lambda step: step.seq, default=None)


def then(rows: Iterable[Resource], on: date) -> list[Resource]:
    """Those recorded by the end of the day, each in the state in which it then stood."""
    found = []
    for row in rows:
        if (step := step_on(row, on)) is not None:
            row.state, row.seq = step.state, step.seq
            found.append(row)
    return found


def steps_by(resource: Resource, on: date) -> list[ResourceStep]:
    """The steps of its course taken by the end of the day."""
    return [step for step in resource.steps.all() if jst_date(step.taken_at) <= on]


def work_logs_then(rows: QuerySet[WorkLog], on: date) -> list[WorkLog]:
    """The work logs received by the end of the day; one taken back later still stood."""
    known = log.size_on(on)
    found = list(rows.filter(seq__lt=known))
    for row in found:
        if row.withdrawn_seq is not None and row.withdrawn_seq >= known:
            row.withdrawn_seq = None
    return found


def summed(rows: Iterable[Resource]) -> list[dict]:
    """The same sums as `totals`, of rows in hand."""
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        if courses.stands(row.state):
            sums[row.kind, row.unit] = sums.get((row.kind, row.unit), 0) + row.quantity
    return [{"kind": kind, "unit": unit, "quantity": sums[kind, unit]} for kind, unit in sorted(sums)]


def steps_open_to(viewer: Viewer, resource: Resource) -> list[str]:
    """The steps that this workplace may take now; whether this very person may, the service asks."""
    open_now = [step for step in courses.steps(resource.state) if may(viewer, ACTION_OF[step])]
    fixed = resource.state == courses.ACCEPTED and resource.kind != Resource.Kind.BACKGROUND
    closed = {"withdraw"} if fixed else set()
    closed.add("submit" if resource.kind in rules.PROMISED else "fulfil")
    return [step for step in open_now if step not in closed]


def steps_of(viewer: Viewer) -> frozenset[str]:
    """The steps that this workplace can ever take."""
    return frozenset(step for step, action in ACTION_OF.items() if may(viewer, action))


def evidence_of(resource: Resource) -> QuerySet[Annex]:
    """The files that stand behind a contribution, as they were handed in; reasons are no evidence."""
    rows = Annex.objects.filter(entry__subject=f"resource:{resource.number}").exclude(name="reason.txt")
    return rows.order_by("entry_id", "name")


def evidence(viewer: Viewer | None, number: str, sha256: str) -> Annex | None:
    """One file behind a contribution that the viewer may see, unless it was erased."""
    resource = visible_to(viewer).filter(number=number).first()
    return evidence_of(resource).filter(sha256=sha256, erased_at=None).first() if resource else None


def state_at(resource: Resource, *, known_at: int) -> str | None:
    """Where it stood in its course, as far as the first `known_at` entries tell."""
    step = resource.steps.filter(seq__lt=known_at).order_by("seq").last()
    return step.state if step else None


def valued(resource: Resource, *, known_at: int | None = None) -> tuple[Fraction, int] | None:
    """For people: yen an hour of the grade by the card of the day, and the yen the minutes come to."""
    if resource.kind != Resource.Kind.PEOPLE:
        return None
    rate = ratecards.value_at("hourly", resource.grade, resource.period_from, known_at=known_at)
    return (rate, rules.valued(resource.quantity, rate)) if rate is not None else None


def logged(resource: Resource) -> int:
    """Minutes that the work logs behind it come to."""
    return sum(resource.work_logs.filter(withdrawn_seq=None).values_list("minutes", flat=True))


def work_logs_visible_to(viewer: Viewer | None) -> QuerySet[WorkLog]:
    """The work logs behind what the viewer may see."""
    return WorkLog.objects.filter(resource__in=visible_to(viewer)).select_related("resource", "person")


def work_logs_matching(rows: QuerySet[WorkLog], query: str) -> QuerySet[WorkLog]:
    """Work logs whose number, file or secondee holds the text."""
    wanted = Q(number__icontains=query) | Q(file_name__icontains=query)
    named = Q(person__name_ja__icontains=query) | Q(person__name_en__icontains=query)
    return rows.filter(wanted | named) if query else rows


def eligibility_of(resource: Resource, on: date) -> tuple[eligibility.Line, ...]:
    """Line by line what of the contribution can count on that day, apart from what an allocation's policy decides.

    A promise of data or compute has no lines: what is given in its place has its own.
    """
    if resource.kind in rules.PROMISED:
        return ()
    faults, said = _faults(resource, on)
    state = funding.paid_by_state(resource.funding, resource.period_from)
    back = recoveries.part(resource, on)
    said["state"] = eligibility.less(state, eligibility.BY_THE_STATE)
    said["recovered"] = eligibility.less(back, eligibility.ELSEWHERE)
    asked = [code for code in eligibility.LINES if code != "resident" and (code != "nature" or resource.nature)]
    if resource.kind == Resource.Kind.CASH:
        asked.remove("terms")
    return eligibility.lines(faults, state=state, recovered=back, said=said, asked=asked)


def _faults(resource: Resource, on: date) -> tuple[set[str], dict[str, Text]]:
    faults: set[str] = set()
    said: dict[str, Text] = {}
    first = min((step.seq for step in resource.steps.all()), default=resource.seq)
    for code, fault, text in (
        ("incurred", _incurred(resource), _span(resource)),
        ("recorded", _recorded(resource), Text(f"台帳記録 第 {first} 号", f"entry {first}")),
        ("period", "outside-window" if resource.period_from > on else "", _span(resource)),
        ("membership", *_membership(resource)),
        ("accepted", *_accepted(resource)),
        ("terms", *_terms(resource, on)),
        ("granted", *_granted(resource)),
        ("nature", *_nature(resource)),
    ):
        said[code] = text
        if fault and not (code == "terms" and resource.kind == Resource.Kind.CASH):
            faults.add(fault)
    return faults, said


def _incurred(resource: Resource) -> str:
    return "not-incurred" if resource.state == Resource.State.PLEDGED else ""


def _recorded(resource: Resource) -> str:
    return resource.state if resource.state in {"superseded", "reversed", "withdrawn"} else ""


def _membership(resource: Resource) -> tuple[str, Text]:
    member, day = resource.member, resource.period_from
    inside = member.admitted_on <= day and (member.withdrawn_on is None or day < member.withdrawn_on)
    since = Text(f"{member.admitted_on} 加入", f"member since {member.admitted_on}")
    return "" if inside else "outside-membership", since


def _accepted(resource: Resource) -> tuple[str, Text]:
    text = courses.STATES[resource.state]
    if resource.state == Resource.State.ACCEPTED:
        return "", text
    return {"refused": "refused", "disputed": "disputed"}.get(resource.state, "not-accepted"), text


def _terms(resource: Resource, on: date) -> tuple[str, Text]:
    day = on if resource.kind == Resource.Kind.BACKGROUND else resource.period_from
    number = resource.agreement.number if resource.agreement else ""
    if terms.covers(resource.agreement, resource.kind, day):
        return "", Text(f"{number} により受入れ", f"came in under {number}")
    return "no-terms", Text("この対象を定めた有効な受入契約がありません", "no inbound agreement in force covers it")


def _granted(resource: Resource) -> tuple[str, Text]:
    edition = funding.edition_at(resource.funding, resource.period_from) if resource.funding else None
    decided = edition.decided_on if edition else None
    if decided is None:
        return "", Text("交付決定・契約の定めなし", "no decision or contract is named")
    early = resource.period_from < decided
    return "before-grant" if early else "", Text(f"{decided} の決定・契約", f"decided or contracted on {decided}")


def _nature(resource: Resource) -> tuple[str, Text]:
    name = rules.NATURES.get(resource.nature, Text(resource.nature, resource.nature))
    return "equity" if resource.nature == rules.EQUITY else "", name


def _span(resource: Resource) -> Text:
    start, until = resource.period_from, resource.period_until
    if until is None:
        return Text(f"{start} から", f"from {start}")
    last = last_day(until)
    return Text(f"{start} から {last} まで", f"from {start} to {last}")
