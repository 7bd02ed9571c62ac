"""Which legal entities a viewer may know of, and how they belong together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from contributions.core import organizations as rules
from contributions.core.money import fraction
from contributions.core.roles import LICENSEE, MEMBER, OPERATOR, REVIEWER, Viewer
from contributions.models import Affiliation, Organization, Particulars

PARTICULARS = (
    "name_ja", "name_en", "short_ja", "short_en", "country", "corporate_number", "invoice_number", "address_ja",
    "address_en", "seq",
)  # fmt: skip


def visible_to(viewer: Viewer | None) -> QuerySet[Organization]:
    """The secretariat sees all; members see members and the consortium; everybody else itself and the consortium."""
    rows = Organization.objects.all()
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace == "system":
        return rows
    consortium = rows.exclude(kind=Organization.Kind.COMPANY)
    if viewer.workplace == MEMBER:
        return rows.filter(member__isnull=False) | consortium
    if viewer.workplace in {LICENSEE, REVIEWER}:
        return rows.filter(code=viewer.acting) | rows.filter(kind=Organization.Kind.OFFICE)
    return rows.none()


def all_for(viewer: Viewer | None) -> QuerySet[Organization]:
    """What a form of legal or of the operator may name: every organization, since people come from anywhere."""
    if viewer is not None and viewer.workplace == OPERATOR:
        return Organization.objects.all()
    return visible_to(viewer)


def group_of(code: str, *, at: date | None = None) -> frozenset[str]:
    """The organization and all it is affiliated with by majority control, up and down the tree."""
    return next((group for group in groups(at=at) if code in group), frozenset({code}))


def groups(*, at: date | None = None) -> list[frozenset[str]]:
    """Groups of organizations bound by majority control on the day; those standing alone are left out.

    Without a day, by the newest of what is on record.
    """
    return rules.groups(links(at=at or date.max))


def links(*, at: date, known_at: int | None = None) -> list[rules.Link]:
    """The shares of control in force on the day, as far as the first `known_at` entries tell; all of them if None."""
    return rules.in_force(links_on_record(known_at=known_at), at)


def links_on_record(*, known_at: int | None = None) -> list[rules.Link]:
    """Every share of control ever stated, by day and entry, those included that another has replaced."""
    rows = Affiliation.objects.select_related("parent", "child").order_by("valid_from", "seq")
    rows = rows if known_at is None else rows.filter(seq__lt=known_at)
    return [link_of(row) for row in rows]


def link_of(row: Affiliation) -> rules.Link:
    """A row as the core reads it."""
    return rules.Link(row.parent.code, row.child.code, fraction(row.control), row.valid_from)


def affiliations_visible_to(viewer: Viewer | None) -> QuerySet[Affiliation]:
    """The secretariat sees who holds how much of whom; a member what concerns itself."""
    rows = Affiliation.objects.select_related("parent", "child").order_by("valid_from", "seq")
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace == "system":
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(Q(parent__code=viewer.acting) | Q(child__code=viewer.acting))
    return rows.none()


def as_of(organization: Organization, on: date, *, known_at: int | None = None) -> Particulars | None:
    """The particulars on the day: of those that had begun the latest; none before the entity was registered."""
    return begun(organization, on, known_at=known_at).last()


def begun(organization: Organization, on: date, *, known_at: int | None = None) -> QuerySet[Particulars]:
    """The particulars that had begun by the day, oldest first."""
    rows = organization.particulars.filter(valid_from__lte=on).order_by("valid_from", "seq")
    return rows if known_at is None else rows.filter(seq__lt=known_at)


def then(rows: Iterable[Organization], on: date, *, known_at: int | None = None) -> list[Organization]:
    """Those of the entities that were registered by the day, each under the particulars it then had."""
    found = []
    for row in rows:
        if (was := as_of(row, on, known_at=known_at)) is not None:
            for field in PARTICULARS:
                setattr(row, field, getattr(was, field))
            found.append(row)
    return found


def holding(rows: QuerySet[Affiliation], on: date, *, known_at: int | None = None) -> list[Affiliation]:
    """Of each two the share of control that holds on the day; none where it has ended."""
    known = rows if known_at is None else rows.filter(seq__lt=known_at)
    latest = {(row.parent_id, row.child_id): row for row in known.filter(valid_from__lte=on)}
    return [row for row in latest.values() if fraction(row.control)]


def matching(rows: QuerySet[Organization], query: str) -> QuerySet[Organization]:
    """Organizations whose code, present or former name or number holds the text."""
    if not query:
        return rows
    wanted = Q(code__icontains=query)
    for name in ("name_ja", "name_en", "short_ja", "short_en", "corporate_number", "invoice_number"):
        wanted |= Q(**{f"{name}__icontains": query}) | Q(**{f"particulars__{name}__icontains": query})
    return rows.filter(wanted).distinct()


def names() -> dict[str, dict[str, str]]:
    """Short names by code, for places that print many."""
    return {row.code: {"ja": row.short_ja, "en": row.short_en} for row in Organization.objects.all()}
