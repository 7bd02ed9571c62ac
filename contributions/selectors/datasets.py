"""Datasets a viewer may see, and how each version stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from contributions.core import countries, records
from contributions.core import datasets as rules
from contributions.core import reviews as review_rules
from contributions.core.roles import DESK, LEGAL, MEMBER, REVIEWER, Viewer
from contributions.core.words import Text
from contributions.models import Dataset, DatasetVersion, Movement, Opinion, Review
from contributions.selectors import barriers, exclusions, funding, terms

_JUDGED = ("reviews__body", "reviews__opinions__conditions")
_BEHIND = ("agreement__editions", "funding__editions")


# What was made of a dataset version, as far as a viewer may know: the licensing wing enters its selector at start-up.
USES: list[Callable[[Viewer, DatasetVersion], Iterable[Use]]] = []


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that a withdrawal touches, and what becomes of it."""

    noun: Text
    number: str
    name: Text
    effect: Text
    subject: str = ""


# What a withdrawal of a dataset from a day on would touch: the licensing wing enters its own at start-up.
CONSEQUENCES: list[Callable[[Viewer, Dataset, date], Iterable[Consequence]]] = []


def consequences_of(viewer: Viewer, dataset: Dataset, on: date) -> list[Consequence]:
    """Everything that a withdrawal of the dataset would touch, as far as the viewer may know."""
    return [one for source in CONSEQUENCES for one in source(viewer, dataset, on)]


@dataclass(frozen=True, slots=True)
class Use:
    """Something that a version went into: a training run, a release, a licence."""

    noun: Text
    number: str
    on: date
    subject: str
    note: Text


def visible_to(viewer: Viewer | None) -> QuerySet[Dataset]:
    """Legal, desk and auditor see all; a member its own; a review body what it may be asked to review.

    From a reviewer's list everything is left out of which its employer or its desk is the owner, of one group with it,
    or its rival: whoever may not judge it does not learn that it exists.
    """
    rows = Dataset.objects.select_related("member__organization")
    if viewer is None:
        return rows.none()
    rows = barriers.past(rows, viewer, "member__organization__code")
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    if viewer.workplace == REVIEWER:
        asked = Review.objects.filter(Q(body=None) | Q(body__code=viewer.acting)).values("version__dataset")
        return rows.filter(pk__in=asked).exclude(member__organization__code__in=exclusions.barred_to(viewer))
    return rows.none()


def versions_visible_to(viewer: Viewer | None) -> QuerySet[DatasetVersion]:
    """Versions of the datasets that the viewer may see."""
    return (
        DatasetVersion.objects.filter(dataset__in=visible_to(viewer))
        .select_related("dataset__member__organization", "agreement", "funding")
        .prefetch_related(*_JUDGED, *_BEHIND, "breaches")
    )


def in_force(version: DatasetVersion, on: date) -> bool:
    """Whether the version was submitted by that day and not withdrawn."""
    return version.submitted_on <= on and (version.withdrawn_on is None or version.withdrawn_on > on)


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing on which it depends whether a version counts, and how it stands; `code` is its eligibility line."""

    code: str
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
    superseded_by: int | None = None

    @property
    def counts(self) -> bool:
        """Whether nothing on record keeps it from counting, and no later version counts in its place."""
        return self.superseded_by is None and all(ground.is_met for ground in self.grounds)

    @property
    def place(self) -> Ground:
        """Where it lies, with what was found to lie elsewhere."""
        return next(ground for ground in self.grounds if ground.code == "resident")

    @property
    def state(self) -> str:
        """The standing in one word."""
        if self.version.withdrawn_on is not None and self.version.withdrawn_on <= self.chain.at:
            return "withdrawn"
        if self.superseded_by is not None:
            return "superseded"
        if self.chain.reason == review_rules.REFUSAL:
            return "refused"
        if self.chain.reason == review_rules.EXPIRED:
            return "expired"
        if self.chain.reason == review_rules.MISSING:
            return "in_review" if self.version.reviews.all() else "new"
        return "usable" if self.counts else "not_counted"


def standing(version: DatasetVersion, on: date) -> Standing:
    """The version's reviews, copies, terms and funding on that day, in words."""
    chain = chain_of(version, on)
    residency = rules.residency(copies_of(version), settings.RESIDENCY, on)
    grounds = (
        Ground("accepted", Text("データ審査", "Data review"), chain.is_complete, chain.text),
        _residency_ground(version, residency, on),
        _terms_ground(version, on),
        _force_ground(version, on),
        _funding_ground(version),
    )
    return Standing(version, chain, residency, grounds)


def history_of(viewer: Viewer | None, dataset: Dataset, on: date) -> list[Standing]:
    """Every version submitted by the day with its standing, the newest first; one that counts supersedes all before."""
    return succession(versions_visible_to(viewer).filter(dataset=dataset), on)


def succession(versions: Iterable[DatasetVersion], on: date) -> list[Standing]:
    """The same of the versions of one dataset in hand."""
    found: list[Standing] = []
    counting: int | None = None
    for version in sorted(versions, key=lambda row: -row.version):
        if version.submitted_on > on:
            continue
        one = replace(standing(version, on), superseded_by=counting)
        counting = counting or (version.version if one.counts else None)
        found.append(one)
    return found


def then(version: DatasetVersion, on: date) -> DatasetVersion:
    """The version as of a past day: without the copies that came later, nor a deletion or withdrawal that lay ahead."""
    if version.withdrawn_on is not None and version.withdrawn_on > on:
        version.withdrawn_on = version.withdrawn_seq = None
    version.copies = [_copy_then(copy, on) for copy in version.copies if (copy.get("on") or "") <= on.isoformat()]
    return version


def moved_off(versions: Iterable[DatasetVersion]) -> frozenset[int]:
    """The entries of those withdrawals that took the quantity off the account; the first ones did not yet."""
    entries = {version.withdrawn_seq for version in versions} - {None}
    return frozenset(Movement.objects.filter(entry_id__in=entries).values_list("entry_id", flat=True))


def is_on_account(version: DatasetVersion, on: date, moved: frozenset[int]) -> bool:
    """Whether its quantity stands on the member's account: from its submission until it is withdrawn."""
    is_off = version.withdrawn_on is not None and version.withdrawn_on <= on and version.withdrawn_seq in moved
    return bool(version.quantity) and version.submitted_on <= on and not is_off


def _copy_then(copy: dict, on: date) -> dict:
    if (copy.get("until") or "") <= on.isoformat():
        return copy
    return {name: value for name, value in copy.items() if name != "certificate"} | {"until": None}


def chain_of(version: DatasetVersion, on: date) -> review_rules.Chain:
    """The version's chain of reviews on that day."""
    return review_rules.chain(version.required, _decisions(version), on, version.quotas)


def copies_of(version: DatasetVersion) -> list[rules.Copy]:
    """The version's copies as the core reads them."""
    return [
        rules.Copy(
            copy["country"],
            copy["region"],
            date.fromisoformat(copy["on"]) if copy.get("on") else version.submitted_on,
            date.fromisoformat(copy["until"]) if copy.get("until") else None,
        )
        for copy in version.copies
    ]


def gaps_of(version: DatasetVersion) -> list[Text]:
    """What has to be stated before reviews can begin: of the description, of the minimum record, and of the copies."""
    gaps = [Text(gap["ja"], gap["en"]) for gap in version.gaps]
    gaps += records.gaps(version.record)
    if not version.copies:
        gaps.append(Text("保管場所の記録がありません。", "No place of storage is on record."))
    return gaps


def may_see_columns(viewer: Viewer | None, version: DatasetVersion) -> bool:
    """Whether the viewer may read the names of columns: a plant's know-how.

    The owner, and a review body once a review is assigned to it that cannot be decided without them. The secretariat
    and the auditor keep the file, and may. The allocation desk counts quantities, and has no use for them.
    """
    if viewer is None or viewer.workplace == DESK:
        return False
    if viewer.workplace != REVIEWER:
        return True
    return any(
        review.body is not None and review.body.code == viewer.acting and review.kind in review_rules.NEEDS_COLUMNS
        for review in version.reviews.all()
    )


def uses_of(viewer: Viewer, version: DatasetVersion) -> list[Use]:
    """What the version went into, as far as the viewer may know, oldest first."""
    return sorted((use for uses in USES for use in uses(viewer, version)), key=lambda use: (use.on, use.number))


def spoken(review: Review, on: date) -> Opinion | None:
    """The opinion that speaks for a review on the day: of those in effect by then the last; none before the first."""
    given = [opinion for opinion in review.opinions.all() if opinion.valid_from <= on]
    return max(given, key=lambda opinion: (opinion.round, opinion.pk), default=None)


def decision_of(opinion: Opinion, kind: str) -> review_rules.Decision:
    """A reviewer's opinion as the core reads it."""
    return review_rules.Decision(
        kind,
        opinion.decision,
        opinion.valid_from,
        opinion.valid_until,
        order=opinion.pk,
        round=opinion.round,
        conditions=tuple(
            review_rules.Condition(row.number, row.due, row.fulfilled_on) for row in opinion.conditions.all()
        ),
    )


def standings(viewer: Viewer | None, on: date, *, query: str = "", state: str = "", member: str = "") -> list[Standing]:
    """The latest version by the day of each dataset that the viewer may see, with its standing on the day."""
    rows = matching(visible_to(viewer), query).prefetch_related(
        *(f"versions__{name}" for name in (*_JUDGED, *_BEHIND)), "versions__breaches"
    )
    if member:
        rows = rows.filter(member__organization__code=member)
    found = []
    for dataset in rows:
        begun = [version for version in dataset.versions.all() if version.submitted_on <= on]
        version = max(begun, key=lambda each: each.version, default=None)
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


def _decisions(version: DatasetVersion) -> list[review_rules.Decision]:
    return [decision_of(opinion, row.kind) for row in version.reviews.all() for opinion in row.opinions.all()]


def _residency_ground(version: DatasetVersion, residency: rules.Residency, on: date) -> Ground:
    name = Text("保管場所", "Place of storage")
    if not residency.is_kept:
        return Ground("resident", name, False, residency.text)
    open_now = [row for row in version.breaches.all() if row.since <= on and (row.until is None or on < row.until)]
    if open_now:
        each = [(row.number, countries.name(row.country)) for row in open_now]
        ja = "、".join(f"{number}（{where.ja}）" for number, where in each)
        en = ", ".join(f"{number} ({where.en})" for number, where in each)
        return Ground("resident", name, False, Text(f"所在国違反あり：{ja}", f"a breach stands: {en}"))
    return Ground("resident", name, True, residency.text)


def _terms_ground(version: DatasetVersion, on: date) -> Ground:
    name, agreement = Text("受入契約", "Inbound agreement"), version.agreement
    if agreement is None:
        text = Text("受入契約が示されていません", "no inbound agreement is named")
        return Ground("terms", name, False, text)
    number, right = agreement.number, terms.rights_in(agreement, "data", on)
    if terms.covers(agreement, "data", on):
        return Ground("terms", name, True, Text(f"{number} により利用可", f"granted by {number}"))
    if right is None and terms.edition_at(agreement, on) is not None:
        return Ground("terms", name, False, Text(f"{number} にデータの定めがありません", f"{number} grants no data"))
    if agreement.ended_from is not None and agreement.ended_from <= on:
        day = agreement.ended_from
        return Ground("terms", name, False, Text(f"{number} は {day} に終了しました", f"{number} ended on {day}"))
    return Ground("terms", name, False, Text(f"{number} は有効期間の外です", f"{number} is not in force"))


def _force_ground(version: DatasetVersion, on: date) -> Ground:
    name, member = Text("提供の効力", "In force"), version.dataset.member
    if version.withdrawn_on is not None and version.withdrawn_on <= on:
        day = version.withdrawn_on
        return Ground("recorded", name, False, Text(f"{day} に取り下げられました", f"withdrawn on {day}"))
    if member.admitted_on > on or (member.withdrawn_on is not None and member.withdrawn_on <= on):
        text = Text("会員である期間の外です", "outside the period of membership")
        return Ground("membership", name, False, text)
    day = version.submitted_on
    return Ground("recorded", name, True, Text(f"{day} から有効", f"since {day}"))


def _funding_ground(version: DatasetVersion) -> Ground:
    """By the edition of the day on which the version was submitted, as the fold of an allocation reads it."""
    name, source = Text("資金源", "Funding"), version.funding
    paid = funding.paid_by_state(source, version.submitted_on)
    if source is not None and funding.is_before_grant(source, version.submitted_on):
        ja, en = "交付決定・契約より前の費用です", "cost before the decision or contract"
        return Ground("granted", name, False, Text(f"{source.code}：{ja}", f"{source.code}: {en}"))
    if source is None or paid == 0:
        return Ground("state", name, True, Text("自己資金", "own money"))
    if paid >= 1:
        text = Text(f"{source.code}：全部を国が負担", f"{source.code}: paid in full by the state")
        return Ground("state", name, False, text)
    ja, en = f"国が負担した {paid} を除いて数える", f"less the {paid} paid by the state"
    return Ground("state", name, True, Text(f"{source.code}：{ja}", f"{source.code}: {en}"))
