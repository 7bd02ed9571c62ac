"""Taking in contracts concluded outside: file and typed terms, corrections, and erasing when their time is over.

The terms and the file are erasable annexes; the entry says that, by whom and when something was taken in. The same file
again is known. A signed PDF is checked as it comes in, and the verdict is kept beside it: it is no condition, since a
scan of paper has none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from contributions.core import canonical, evidence
from contributions.core.errors import Finding, Refused
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import Annex, Entry, Organization
from contributions.services import journal, numbers
from licensing.adapters import validation
from licensing.core import outside as rules
from licensing.core import retention
from licensing.core.outside import Batch, Duty, Row, Terms
from licensing.models import OutsideAgreement
from licensing.selectors import agreements
from licensing.selectors import outside as read
from licensing.selectors import retention as retained
from licensing.services import obligations, signatures


class KnownFile(rules.OutsideRefused):
    code = "outside-known"
    field = "file"
    ja = "同じファイルは {number} として受け入れ済みです。"
    en = "The same file was taken in as {number}."


class NoSuchAgreement(rules.OutsideRefused):
    code = "outside-no-such-agreement"
    field = "follows"
    ja = "契約「{number}」は登録されていません。"
    en = "There is no agreement “{number}” on record."


class AlreadyErased(Refused):
    code = "outside-erased"
    ja = "{number} のファイルは消去済みです。"
    en = "The file of {number} was erased already."


@transaction.atomic
def take(
    terms: Terms, *, name: str, content: bytes, by: Viewer, at: datetime, organization: Organization | None = None,
    follows: str = "", duties: Sequence[Duty] = (),
) -> OutsideAgreement:  # fmt: skip
    """Take in one contract with its file; `follows` is the number of the agreement that its relation refers to.

    `duties` are what its terms ask of either side, as somebody read them; more can be recorded at any time.
    """
    check_may(by, "outside.take")
    rules.check_signed(terms, jst_date(at))
    file = evidence.check(name, content)
    media = rules.media_of(file.name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    if (held := OutsideAgreement.objects.filter(sha256=sha256).first()) is not None:
        raise KnownFile(number=held.number)
    row = OutsideAgreement(
        number=numbers.take(OutsideAgreement, f"X-{terms.signed_on.year}", width=3),
        organization=organization,
        file_name=file.name,
        media=media,
        size=len(content),
        sha256=sha256,
        verdicts=_verdicts(content, at) if media == "application/pdf" else [],
        taken_in_at=at,
    )
    _fill(row, terms, follows, by)
    attached = [journal.Attachment(read.FILE, media, content), _terms(terms, row)]
    row = _recorded(row, "outside.taken", attached, by=by, at=at)
    if duties:
        obligations.add_outside(row, duties, by=by, at=at)
    return row


@transaction.atomic
def take_all(
    rows: Sequence[Row], content_of: Callable[[str], bytes | None], *, strict: bool, by: Viewer, at: datetime,
    organizations: Mapping[str, Organization],
) -> Batch:  # fmt: skip
    """Take in the contracts of a list: good rows come in, bad ones are told by line; `strict`: all rows or none.

    `content_of` gives the bytes of a file by its name, nothing where there is none.
    """
    check_may(by, "outside.take")
    taken: dict[str, str] = {}
    findings: list[Finding] = []
    for row in rows:
        content = content_of(row.file) if row.file else None
        found = list(row.faults)
        if content is None:
            found.insert(0, _finding(row, rules.FileMissing(name=row.file)))
        elif not found:
            found = _taken(row, content, taken, organizations, by=by, at=at)
        findings += found
    if strict and findings:
        transaction.set_rollback(True)
        taken = {}
    return Batch(tuple(taken.items()), tuple(findings))


def _taken(
    row: Row, content: bytes, taken: dict[str, str], organizations: Mapping[str, Organization], *, by: Viewer,
    at: datetime,
) -> list[Finding]:  # fmt: skip
    """Take in one row, adding its number to what is taken; or what is wrong with it."""
    assert row.terms is not None
    try:
        with transaction.atomic():
            one = take(
                row.terms, name=row.file, content=content, organization=organizations.get(row.organization),
                follows=taken.get(row.follows, row.follows), duties=row.duties, by=by, at=at,
            )  # fmt: skip
    except Refused as refusal:
        return [_finding(row, refusal)]
    taken[row.file] = one.number
    return []


def _finding(row: Row, refusal: Refused) -> Finding:
    field = getattr(refusal, "field", "") or "row"
    return Finding(row.line, field, refusal.code, refusal.ja, refusal.en, refusal.facts)


@transaction.atomic
def correct(
    row: OutsideAgreement, terms: Terms, *, by: Viewer, at: datetime, organization: Organization | None = None,
    follows: str = "",
) -> OutsideAgreement:  # fmt: skip
    """Correct what was typed; the file stays as it is, and the history shows what stood before."""
    check_may(by, "outside.correct")
    rules.check_signed(terms, jst_date(at))
    row = OutsideAgreement.objects.select_for_update().get(pk=row.pk)
    row.organization = organization
    _fill(row, terms, follows, by)
    return _recorded(row, "outside.corrected", [_terms(terms, row)], by=by, at=at)


@transaction.atomic
def erase(row: OutsideAgreement, *, by: Viewer, at: datetime) -> OutsideAgreement:
    """Erase the file and its typed terms once the time for keeping them is over; the line and its proof remain."""
    check_may(by, "outside.erase")
    row = OutsideAgreement.objects.select_for_update().get(pk=row.pk)
    if row.erased_at is not None:
        raise AlreadyErased(number=row.number)
    on = jst_date(at)
    rule = retention.rule_for(retained.table(), "outside", on)
    end = rules.ends(row.term_until, row.renewal, row.renewal_months, on)
    retention.check_over(row.number, rule, end, on)
    row.erased_at = at
    row = _recorded(row, "outside.erased", [], by=by, at=at)
    annexes = list(Annex.objects.select_for_update().filter(entry__subject=f"outside:{row.number}", erased_at=None))
    recorded_at = Entry.objects.get(pk=row.seq).recorded_at
    for annex in annexes:
        annex.salt, annex.erased_at = None, recorded_at
        annex.save(update_fields=["salt", "erased_at"])
    transaction.on_commit(lambda: [journal.store().erase(annex.sha256) for annex in annexes])
    return row


def _fill(row: OutsideAgreement, terms: Terms, follows: str, by: Viewer) -> None:
    for name, value in asdict(terms).items():
        setattr(row, name, value)
    row.notice_by = rules.notice_by(terms)
    if bool(follows) != bool(terms.relation):
        raise rules.RelationAlone
    row.follows = read.visible_to(by).filter(number=follows).first() if follows else None
    ours = agreements.visible_to(by).filter(number=follows)
    row.follows_agreement = ours.first() if follows and row.follows is None else None
    if follows and row.follows is None and row.follows_agreement is None:
        raise NoSuchAgreement(number=follows)
    above = row.follows
    while above is not None:
        if above.pk == row.pk:
            raise rules.OwnAncestor(number=follows)
        above = above.follows


def _terms(terms: Terms, row: OutsideAgreement) -> journal.Attachment:
    follows = row.follows or row.follows_agreement
    document = terms.document() | {
        "organization": row.organization.code if row.organization else "",
        "follows": follows.number if follows else "",
        "sha256": row.sha256,
    }
    return journal.Attachment(read.TERMS, "application/json", canonical.dumps(document))


def _verdicts(content: bytes, at: datetime) -> list[dict]:
    try:
        found = validation.validate(content, signatures.trust(at), at)
    except validation.Unreadable as refusal:
        return [{"signer": "", "valid": False, "ja": refusal.text("ja"), "en": refusal.text("en")}]
    return [
        {
            "signer": one.signer,
            "valid": one.valid,
            "ja": f"{one.text.ja}{one.lasting.ja}",
            "en": f"{one.text.en} {one.lasting.en}",
        }
        for one in found
    ]


def _recorded(row: OutsideAgreement, kind: str, attached: list, *, by: Viewer, at: datetime) -> OutsideAgreement:
    facts = {"outside": row.number, "kind": row.kind}
    entry = journal.append(kind, subject=f"outside:{row.number}", facts=facts, annexes=attached, by=by, at=at)
    row.seq = entry.seq
    row.save()
    return row
