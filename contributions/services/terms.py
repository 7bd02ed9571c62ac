"""Inbound agreements: concluding, amending and ending the terms under which contributions come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core import terms as rules
from contributions.core.errors import Refused
from contributions.core.periods import Period
from contributions.core.roles import Viewer, check_may
from contributions.models import AgreementType, InboundAgreement, Member, Organization, RightIn, TermsEdition
from contributions.selectors import terms
from contributions.services import journal, numbers


class ConsortiumNeeded(Refused):
    code = "terms-without-the-consortium"
    ja = "受入契約の相手方はコンソーシアムです。当事者（{parties}）にコンソーシアムを加えてください。"
    en = "The consortium is not among the parties ({parties}). An inbound agreement is made with it: add it to them."


@transaction.atomic
def conclude(
    *,
    organization: Organization,
    type: str,
    title_ja: str,
    title_en: str,
    rights: Sequence[dict],
    valid_from: date,
    by: Viewer,
    at: datetime,
    valid_until: date | None = None,
    parties: Sequence[Organization] = (),
    file: journal.Attachment | None = None,
    marks: Sequence[str] = (),
    illustrative: bool = False,
) -> InboundAgreement:
    """Record an agreement with its typed rights-in: one for each subject it covers. Its file becomes an annex."""
    check_may(by, "terms.conclude")
    rights = _checked(type, rights, valid_from, valid_until)
    others = sorted({party.code for party in parties} - {organization.code})
    if others and not any(party.kind == Organization.Kind.OFFICE for party in parties):
        raise ConsortiumNeeded(parties="、".join(others))  # where no other party is stated, it is the consortium
    number = numbers.take(InboundAgreement, f"T-{organization.code}")
    entry = journal.append(
        "terms.concluded",
        subject=f"terms:{number}",
        member=organization.code,
        facts={
            "agreement": number,
            "type": type,
            "organization": organization.code,
            "parties": others,
            "rights": rights,
            "marks": sorted(marks),
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
        effective=(valid_from, valid_until),
        annexes=[file] if file else [],
        by=by,
        at=at,
    )
    agreement = InboundAgreement.objects.create(
        seq=entry.seq,
        number=number,
        type=type,
        organization=organization,
        title_ja=title_ja,
        title_en=title_en,
        valid_from=valid_from,
        valid_until=valid_until,
        illustrative=illustrative,
    )
    agreement.parties.set([party for party in parties if party.code in others])
    _edition(agreement, 1, entry, rights=rights, start=valid_from, until=valid_until, file=file, marks=marks)
    return agreement


@transaction.atomic
def amend(
    agreement: InboundAgreement,
    *,
    rights: Sequence[dict],
    valid_from: date,
    by: Viewer,
    at: datetime,
    valid_until: date | None = None,
    type: str | None = None,
    file: journal.Attachment | None = None,
    marks: Sequence[str] = (),
) -> InboundAgreement:
    """Add an edition that stands from a day on; the one before it stays as it was, up to that day."""
    check_may(by, "terms.amend")
    agreement = _standing(agreement)
    type = type or agreement.type
    rights = _checked(type, rights, valid_from, valid_until)
    last = agreement.editions.order_by("-edition").first()
    if valid_from <= last.valid_from:
        raise rules.BackwardEdition(start=valid_from, before=last.valid_from)
    entry = journal.append(
        "terms.amended",
        subject=f"terms:{agreement.number}",
        member=agreement.organization.code,
        facts={
            "agreement": agreement.number,
            "edition": last.edition + 1,
            "type": type,
            "organization": agreement.organization.code,
            "parties": sorted(agreement.parties.values_list("code", flat=True)),
            "rights": rights,
            "marks": sorted(marks),
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
        effective=(valid_from, valid_until),
        annexes=[file] if file else [],
        by=by,
        at=at,
    )
    agreement.type, agreement.valid_until, agreement.seq = type, valid_until, entry.seq
    agreement.save(update_fields=["type", "valid_until", "seq"])
    _edition(
        agreement, last.edition + 1, entry, rights=rights, start=valid_from, until=valid_until, file=file, marks=marks
    )
    return agreement


@transaction.atomic
def end(agreement: InboundAgreement, *, ended_from: date, by: Viewer, at: datetime) -> InboundAgreement:
    """End an agreement before its term, from a day on; what remains, its rights say (after withdrawal)."""
    check_may(by, "terms.end")
    agreement = _standing(agreement)
    Period(agreement.valid_from, ended_from)
    entry = journal.append(
        "terms.ended",
        subject=f"terms:{agreement.number}",
        member=agreement.organization.code,
        facts={"agreement": agreement.number, "from": ended_from.isoformat()},
        effective=(ended_from, None),
        by=by,
        at=at,
    )
    agreement.ended_from, agreement.ended_seq = ended_from, entry.seq
    agreement.save(update_fields=["ended_from", "ended_seq"])
    return agreement


@transaction.atomic
def list_type(
    *,
    code: str,
    name_ja: str,
    name_en: str,
    valid_from: date,
    by: Viewer,
    at: datetime,
    valid_until: date | None = None,
) -> AgreementType:
    """List a type of agreement, or name or close one anew, from a day on. The rows before it stay readable."""
    check_may(by, "terms.type")
    Period(valid_from, valid_until)
    entry = journal.append(
        "terms.typed",
        subject=f"termstype:{code}",
        facts={
            "type": code,
            "name": {"ja": name_ja, "en": name_en},
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
        effective=(valid_from, valid_until),
        by=by,
        at=at,
    )
    return AgreementType.objects.create(
        seq=entry.seq, code=code, name_ja=name_ja, name_en=name_en, valid_from=valid_from, valid_until=valid_until
    )


def check_party(agreement: InboundAgreement | None, member: Member) -> None:
    """Refuse a contribution under an agreement that its member is no party to."""
    if agreement is None or agreement.organization_id == member.organization_id:
        return
    if not agreement.parties.filter(pk=member.organization_id).exists():
        raise rules.NotAParty(agreement=agreement.number, member=member.code)


def _checked(type: str, rights: Sequence[dict], start: date, until: date | None) -> list[dict]:
    Period(start, until)
    known = terms.types(start)
    if type not in known:
        raise rules.UnknownWord(word=type, what=_TYPES, known="、".join(known))
    return rules.check_rights(rights)


def _standing(agreement: InboundAgreement) -> InboundAgreement:
    rows = InboundAgreement.objects.select_for_update(of=("self",)).select_related("organization")
    agreement = rows.get(pk=agreement.pk)
    if agreement.ended_seq is not None:
        raise rules.AlreadyEnded(agreement=agreement.number)
    return agreement


def _edition(agreement: InboundAgreement, number: int, entry, *, rights, start, until, file, marks) -> None:
    TermsEdition.objects.create(
        seq=entry.seq,
        agreement=agreement,
        edition=number,
        type=agreement.type,
        valid_from=start,
        valid_until=until,
        rights=rights,
        file_name=(file.shown or file.name) if file else "",
        file_sha256=entry.annexes.get().sha256 if file else "",
        marks=sorted(marks),
    )
    RightIn.objects.filter(agreement=agreement).delete()
    RightIn.objects.bulk_create(RightIn(agreement=agreement, **right) for right in rights)


_TYPES = rules.Text("受入契約の種類", "types of inbound agreement")
