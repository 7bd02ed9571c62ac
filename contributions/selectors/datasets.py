"""Datasets a viewer may see, and how each version stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from contributions.adapters.evidence import EvidenceStore
from contributions.core import datasets as rules
from contributions.core import reviews as review_rules
from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.roles import LEGAL, MEMBER, REVIEWER, Viewer
from contributions.core.words import Text
from contributions.models import Dataset, DatasetVersion
from contributions.selectors import barriers


def visible_to(viewer: Viewer | None) -> QuerySet[Dataset]:
    """Legal, desk and auditor see all; a member its own; the review body those it is asked to review."""
    rows = Dataset.objects.select_related("member__organization")
    if viewer is None:
        return rows.none()
    rows = barriers.past(rows, viewer, "member__organization__code")
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    if viewer.workplace == REVIEWER:
        return rows.filter(versions__reviews__isnull=False).exclude(member__organization__code=viewer.home).distinct()
    return rows.none()


def versions_visible_to(viewer: Viewer | None) -> QuerySet[DatasetVersion]:
    """Versions of the datasets that the viewer may see."""
    return (
        DatasetVersion.objects.filter(dataset__in=visible_to(viewer))
        .select_related("dataset__member__organization", "agreement", "funding")
        .prefetch_related("reviews")
    )


def in_force(version: DatasetVersion, on: date) -> bool:
    """Whether the version was submitted by that day and not withdrawn."""
    return version.submitted_on <= on and (version.withdrawn_on is None or version.withdrawn_on > on)


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing on which it depends whether a version counts, and how it stands."""

    name: Text
    is_met: bool
    text: Text


@dataclass(frozen=True, slots=True)
class Standing:
    """How a version stands on a day. Whether and how much it counts in an allocation, that one's policy decides."""

    version: DatasetVersion
    chain: review_rules.Chain
    residency: rules.Residency
    grounds: tuple[Ground, ...]

    @property
    def counts(self) -> bool:
        """Whether nothing on record keeps it from counting."""
        return all(ground.is_met for ground in self.grounds)

    @property
    def state(self) -> str:
        """The standing in one word."""
        if self.version.withdrawn_on is not None and self.version.withdrawn_on <= self.chain.at:
            return "withdrawn"
        if self.chain.reason == review_rules.REFUSAL:
            return "refused"
        if self.chain.reason == review_rules.EXPIRED:
            return "expired"
        if self.chain.reason == review_rules.MISSING:
            return "in_review" if self.version.reviews.all() else "new"
        return "usable" if self.counts else "not_counted"


def standing(version: DatasetVersion, on: date) -> Standing:
    """The version's reviews, copies, terms and funding on that day, in words."""
    chain = review_rules.chain(version.required, _decisions(version), on)
    copies = [rules.Copy(copy["country"], copy["region"], version.submitted_on) for copy in version.copies]
    residency = rules.residency(copies, settings.RESIDENCY, on)
    grounds = (
        Ground(Text("データ審査", "Data review"), chain.is_complete, chain.text),
        Ground(Text("保管場所", "Place of storage"), residency.is_kept, residency.text),
        _terms_ground(version, on),
        _force_ground(version, on),
        _funding_ground(version),
    )
    return Standing(version, chain, residency, grounds)


def standings(viewer: Viewer | None, on: date, *, query: str = "", state: str = "", member: str = "") -> list[Standing]:
    """The latest version of each dataset that the viewer may see, with its standing on the day."""
    rows = matching(visible_to(viewer), query).prefetch_related(
        "versions__reviews", "versions__agreement__rights", "versions__funding"
    )
    if member:
        rows = rows.filter(member__organization__code=member)
    found = []
    for dataset in rows:
        version = max(dataset.versions.all(), key=lambda each: each.version, default=None)
        if version is not None:
            version.dataset = dataset
            found.append(standing(version, on))
    return [one for one in found if state in {"", one.state}]


def matching(rows: QuerySet[Dataset], query: str) -> QuerySet[Dataset]:
    """Datasets whose number, name, member or one of whose digests holds the text."""
    if not query:
        return rows
    named = Q(number__icontains=query) | Q(name_ja__icontains=query) | Q(name_en__icontains=query)
    owned = Q(member__organization__name_ja__icontains=query) | Q(member__organization__name_en__icontains=query)
    sealed = Q(versions__file_sha256__startswith=query.lower()) | Q(versions__files__icontains=query.lower())
    return rows.filter(named | owned | (sealed if len(query) >= 6 else Q())).distinct()


def description_of(version: DatasetVersion) -> bytes:
    """The Croissant file of the version, as it was sent."""
    return EvidenceStore(Path(settings.MOYAI_HOME) / "evidence").get(version.evidence_sha256)


def stated(version: DatasetVersion) -> dict[str, str]:
    """What the contributor states in its file beside the standard terms; empty where the file is erased."""
    try:
        document = json.loads(description_of(version))
    except Refused:
        return {}
    prefixes = ("moyai:", "rai:")
    return {
        key: "、".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in document.items()
        if key.startswith(prefixes)
    }


def _decisions(version: DatasetVersion) -> list[review_rules.Decision]:
    return [
        review_rules.Decision(row.kind, row.state, row.valid_from, row.valid_until, order=row.pk)
        for row in version.reviews.all()
        if row.decided_at is not None
    ]


def _terms_ground(version: DatasetVersion, on: date) -> Ground:
    name, terms = Text("受入契約", "Inbound agreement"), version.agreement
    if terms is None:
        return Ground(name, False, Text("受入契約が示されていません", "no inbound agreement is named"))
    if terms.valid_from > on or (terms.valid_until is not None and terms.valid_until <= on):
        return Ground(name, False, Text(f"{terms.number} は有効期間の外です", f"{terms.number} is not in force"))
    if not any(right.subject == "data" for right in terms.rights.all()):
        return Ground(name, False, Text(f"{terms.number} にデータの定めがありません", f"{terms.number} grants no data"))
    return Ground(name, True, Text(f"{terms.number} により利用可", f"granted by {terms.number}"))


def _force_ground(version: DatasetVersion, on: date) -> Ground:
    name, member = Text("提供の効力", "In force"), version.dataset.member
    if version.withdrawn_on is not None and version.withdrawn_on <= on:
        day = version.withdrawn_on
        return Ground(name, False, Text(f"{day} に取り下げられました", f"withdrawn on {day}"))
    if member.admitted_on > on or (member.withdrawn_on is not None and member.withdrawn_on <= on):
        return Ground(name, False, Text("会員である期間の外です", "outside the period of membership"))
    day = version.submitted_on
    return Ground(name, True, Text(f"{day} から有効", f"since {day}"))


def _funding_ground(version: DatasetVersion) -> Ground:
    name, source = Text("資金源", "Funding"), version.funding
    part = fraction(source.state_rate) if source else fraction("0")
    if part == 0:
        return Ground(name, True, Text("自己資金", "own money"))
    if part >= 1:
        return Ground(name, False, Text(f"{source.code}：全部を国が負担", f"{source.code}: paid in full by the state"))
    ja, en = f"国が負担した {part} を除いて数える", f"less the {part} paid by the state"
    return Ground(name, True, Text(f"{source.code}：{ja}", f"{source.code}: {en}"))
