"""Inbound agreements a viewer may read, and which rights came in under them as of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from contributions.core import terms as rules
from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.core.words import Text
from contributions.models import AgreementType, Annex, InboundAgreement, Organization, TermsEdition
from contributions.selectors import barriers


def visible_to(viewer: Viewer | None) -> QuerySet[InboundAgreement]:
    """Legal, desk and auditor see every inbound agreement; a member those it is a party to."""
    rows = InboundAgreement.objects.select_related("organization").prefetch_related("rights", "editions", "parties")
    if viewer is None:
        return rows.none()
    rows = barriers.past(rows, viewer, "organization__code")
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        own = viewer.acting or ""  # who acts for nobody is a party to nothing; None would find agreements of one party
        party = Q(organization__code=own) | Q(parties__code=own)
        return rows.filter(party).distinct()
    return rows.none()


def matching(rows: QuerySet[InboundAgreement], query: str) -> QuerySet[InboundAgreement]:
    """Agreements whose number, title or organization holds the text, or the digest of one of whose files begins so."""
    if not query:
        return rows
    wanted = Q(editions__file_sha256__startswith=query.lower()) if len(query) >= 6 else Q(pk__in=[])
    for name in ("number", "title_ja", "title_en", "organization__name_ja", "organization__name_en"):
        wanted |= Q(**{f"{name}__icontains": query})
    return rows.filter(wanted).distinct()


def file_of(viewer: Viewer | None, number: str, edition: int) -> tuple[TermsEdition, Annex] | None:
    """The file of an edition that the viewer may read, unless there is none or it was erased."""
    agreement = visible_to(viewer).filter(number=number).first()
    row = agreement and agreement.editions.filter(edition=edition).exclude(file_sha256="").first()
    annex = Annex.objects.filter(sha256=row.file_sha256, erased_at=None).first() if row else None
    return (row, annex) if annex else None


def edition_at(agreement: InboundAgreement, at: date, *, known_at: int | None = None) -> TermsEdition | None:
    """The edition that stands on the day, as far as the first `known_at` entries tell; all of them if None."""
    begun = [
        row for row in agreement.editions.all() if row.valid_from <= at and (known_at is None or row.seq < known_at)
    ]
    return max(begun, key=lambda row: (row.valid_from, row.edition), default=None)


def then(rows: Iterable[InboundAgreement], on: date) -> list[InboundAgreement]:
    """The agreements concluded by the day, each by its edition of the day; an end that lay ahead is left out."""
    found = []
    for row in rows:
        if (edition := edition_at(row, on)) is None:
            continue
        row.type, row.valid_until, row.seq, row.stood = edition.type, edition.valid_until, edition.seq, edition
        if row.ended_from is not None and row.ended_from > on:
            row.ended_from = row.ended_seq = None
        found.append(row)
    return found


def rights_in(
    agreement: InboundAgreement | None, subject: str, at: date, *, known_at: int | None = None
) -> rules.Right | None:
    """The right in that subject which came in under the agreement, by its edition of the day.

    Its term ends where the edition or the agreement ends, whichever is first: whether that lies before `at` is for the
    rule to say, since some rights outlast their agreement.
    """
    edition = edition_at(agreement, at, known_at=known_at) if agreement else None
    if agreement is None or edition is None:
        return None
    stated = next((right for right in edition.rights if right["subject"] == subject), None)
    return _right(agreement, edition, stated, _ended(agreement, known_at)) if stated else None


def of_people(viewer: Viewer | None, employer: Organization, on: date) -> list[InboundAgreement]:
    """The agreements that the viewer may read under which an employer's people work here on the day."""
    rows = visible_to(viewer).filter(Q(organization=employer) | Q(parties=employer)).distinct()
    return [row for row in rows if covers(row, rules.PEOPLE, on)]


def covers(agreement: InboundAgreement | None, subject: str, at: date) -> bool:
    """Whether a contribution of that subject stands under the agreement on the day, by its edition of the day.

    As the fold of an allocation asks it: once the agreement has ended, only a right that stays goes on.
    """
    edition = edition_at(agreement, at) if agreement else None
    right = rights_in(agreement, subject, at)
    if agreement is None or edition is None or right is None:
        return False
    if edition.valid_until is not None and edition.valid_until <= at:
        return False
    is_ended = agreement.ended_from is not None and agreement.ended_from <= at
    return not is_ended or right.after_withdrawal == "stays"


def types(at: date, *, known_at: int | None = None) -> dict[str, Text]:
    """The types of agreement there are on a day: the first list, and what the consortium has listed since."""
    found = dict(rules.TYPES)
    rows = AgreementType.objects.filter(valid_from__lte=at)
    for row in rows if known_at is None else rows.filter(seq__lt=known_at):
        if row.valid_until is not None and row.valid_until <= at:
            found.pop(row.code, None)
        else:
            found[row.code] = Text(row.name_ja, row.name_en)
    return found


def type_name(code: str, at: date) -> Text:
    """What a type is called on a day; a code that nobody has named reads as it was recorded."""
    rows = AgreementType.objects.filter(code=code, valid_from__lte=at).order_by("-seq")
    row = rows.first()
    return Text(row.name_ja, row.name_en) if row else rules.TYPES.get(code, Text(code, code))


def state_of(agreement: InboundAgreement, on: date) -> str:
    """Whether it stands on the day, in one word."""
    if agreement.ended_from is not None and agreement.ended_from <= on:
        return "terminated"
    if agreement.valid_from > on:
        return "new"
    return "expired" if agreement.valid_until is not None and agreement.valid_until <= on else "in_force"


def _ended(agreement: InboundAgreement, known_at: int | None) -> date | None:
    known = agreement.ended_seq is not None and (known_at is None or agreement.ended_seq < known_at)
    return agreement.ended_from if known else None


def _right(agreement: InboundAgreement, edition: TermsEdition, stated: dict, ended: date | None) -> rules.Right:
    ends: Iterable[date] = [day for day in (edition.valid_until, ended) if day is not None]
    return rules.Right(
        agreement=agreement.number,
        edition=edition.edition,
        subject=stated["subject"],
        purposes=frozenset(stated["purposes"]),
        fields=frozenset(stated["fields"]),
        territory=frozenset(stated["territory"]),
        sublicensing=bool(stated["sublicensing"]),
        further_training=bool(stated["further_training"]),
        after_withdrawal=stated["after_withdrawal"],
        start=agreement.valid_from,
        until=min(ends, default=None),
    )
