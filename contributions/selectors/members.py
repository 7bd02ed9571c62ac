"""Members, and what class each had on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from contributions.core.roles import MEMBER, REVIEWER, Viewer
from contributions.models import Member, MemberClass


def visible_to(viewer: Viewer | None) -> QuerySet[Member]:
    """Who the members are is known to the secretariat, the members and the review body; not to licensees."""
    rows = Member.objects.select_related("organization")
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, REVIEWER, "system"}):
        return rows.none()
    return rows


def in_force(on: date) -> QuerySet[Member]:
    """Members on that day."""
    rows = Member.objects.select_related("organization").filter(admitted_on__lte=on)
    return rows.filter(withdrawn_on=None) | rows.filter(withdrawn_on__gt=on)


def as_of(viewer: Viewer | None, on: date, *, known_at: int | None = None) -> list[Member]:
    """Those whom the viewer may know of and who were members on the day, with the class they then had."""
    rows = visible_to(viewer).filter(admitted_on__lte=on)
    if known_at is not None:
        rows = rows.filter(Q(classes__seq__lt=known_at)).distinct()
    left = Q(withdrawn_on__lte=on) if known_at is None else Q(withdrawn_on__lte=on, withdrawn_seq__lt=known_at)
    found = list(rows.exclude(left))
    classes = classes_on(on, known_at=known_at)
    for member in found:
        member.member_class = classes.get(member.pk, member.member_class)
        member.withdrawn_on = None
    return found


def then(rows: QuerySet[Member], on: date, *, known_at: int | None = None) -> list[Member]:
    """Those admitted by the day, with the class they then had; whoever left by then has left, later ones have not."""
    rows = rows.filter(admitted_on__lte=on)
    found = list(rows if known_at is None else rows.filter(classes__seq__lt=known_at).distinct())
    classes = classes_on(on, known_at=known_at)
    for member in found:
        member.member_class = classes.get(member.pk, member.member_class)
        known = known_at is None or (member.withdrawn_seq is not None and member.withdrawn_seq < known_at)
        if member.withdrawn_on is not None and not (known and member.withdrawn_on <= on):
            member.withdrawn_on = None
    return found


def classes_on(on: date, *, known_at: int | None = None) -> dict[int, str]:
    """The class of each member on the day, by the member's key."""
    rows = MemberClass.objects.filter(valid_from__lte=on).order_by("valid_from", "seq")
    rows = rows if known_at is None else rows.filter(seq__lt=known_at)
    return {row.member_id: row.member_class for row in rows}


def classes_of(member: Member) -> QuerySet[MemberClass]:
    """A member's classes, oldest first: public among those who know the member."""
    return MemberClass.objects.filter(member=member).order_by("valid_from", "seq")


def matching(rows: QuerySet[Member], query: str) -> QuerySet[Member]:
    """Members whose code or name holds the text."""
    if not query:
        return rows
    names = ("code", "name_ja", "name_en", "short_ja", "short_en")
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"organization__{name}__icontains": query})
    return rows.filter(wanted)


def names(*, but: str = "") -> frozenset[str]:
    """Every name and code that a member goes by, but one; for rules that keep members unnamed, not for readers."""
    rows = Member.objects.select_related("organization").exclude(organization__code=but)
    found = {
        getattr(row.organization, name)
        for row in rows
        for name in ("code", "name_ja", "name_en", "short_ja", "short_en")
    }
    return frozenset(name.removesuffix("（架空）").removesuffix(" (fictional)") for name in found if name)
