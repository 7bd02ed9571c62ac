"""Cash, people and background IP that a viewer may see: how each stands, what of it counts, what stands behind it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet, Sum

from contributions.core import courses, eligibility
from contributions.core import resources as rules
from contributions.core.money import fraction
from contributions.core.periods import last_day
from contributions.core.roles import FINANCE, LEGAL, MEMBER, Viewer, may
from contributions.core.words import Text
from contributions.models import Annex, Resource
from contributions.selectors import barriers, funding, ratecards, terms

ACTION_OF = {
    "submit": "resource.submit",
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


def steps_open_to(viewer: Viewer, resource: Resource) -> list[str]:
    """The steps that this workplace may take now; whether this very person may, the service asks."""
    open_now = [step for step in courses.steps(resource.state) if may(viewer, ACTION_OF[step])]
    fixed = resource.state == courses.ACCEPTED and resource.kind != Resource.Kind.BACKGROUND
    return [step for step in open_now if not (fixed and step == "withdraw")]


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


def recovered(resource: Resource, on: date) -> Fraction:
    """The part that had come back from elsewhere by the day."""
    parts = [fraction(row.part) for row in resource.recoveries.all() if row.recovered_on <= on]
    return sum(parts, Fraction(0))


def eligibility_of(resource: Resource, on: date) -> tuple[eligibility.Line, ...]:
    """Line by line what of the contribution can count on that day, apart from what an allocation's policy decides."""
    faults, said = _faults(resource, on)
    edition = funding.edition_at(resource.funding, resource.period_from) if resource.funding else None
    state = fraction(edition.state_rate) if edition else Fraction(0)
    back = recovered(resource, on)
    said |= {"state": _part(state, Text("国の負担", "paid by the state")), "recovered": _part(back, _RECOVERED)}
    asked = [code for code in eligibility.LINES if code != "resident" and (code != "nature" or resource.nature)]
    if resource.kind == Resource.Kind.CASH:
        asked.remove("terms")
    return eligibility.lines(faults, state=state, recovered=back, said=said, asked=asked)


def _faults(resource: Resource, on: date) -> tuple[set[str], dict[str, Text]]:
    faults: set[str] = set()
    said: dict[str, Text] = {}
    for code, fault, text in (
        ("incurred", _incurred(resource), _span(resource)),
        ("recorded", _recorded(resource), Text(f"台帳記録 第 {resource.seq} 号", f"entry {resource.seq}")),
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
    right = terms.rights_in(resource.agreement, resource.kind, day)
    covers = right is not None and (right.until is None or day < right.until or right.after_withdrawal == "stays")
    number = resource.agreement.number if resource.agreement else ""
    if covers:
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


def _part(part: Fraction, name: Text) -> Text:
    if not part:
        return Text("なし", "none")
    return Text(f"{name.ja} {part} を除く", f"less {part} {name.en}")


_RECOVERED = Text("他からの回収", "recovered elsewhere")
