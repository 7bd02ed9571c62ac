"""Amendments: drafted as a whole new edition, proved like the first, offered and signed by both as a 覚書.

None reaches into a period that was reported, and one that another overtook is refused at its next step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from contributions.core.periods import Period, jst_date
from contributions.core.roles import Viewer, check_may
from contributions.services import independence, journal, numbers
from licensing.adapters import seal
from licensing.core import agreements as contracts
from licensing.core import amendments as rules
from licensing.core import assembly, drafts, editions, lives
from licensing.core.editions import Edition
from licensing.core.signatures import Act
from licensing.models import Agreement, Amendment, AmendmentDocument, AmendmentSignature, Renewal, Schedule
from licensing.selectors import amendments as wording
from licensing.selectors import lives as standing
from licensing.selectors.agreements import reader_of
from licensing.services import agreements, licences, memoranda, papers, signatures
from licensing.services.agreements import Assembled, NotYourAgreement
from licensing.services.editions import assembled, priced, text_of

OPEN_TO = (lives.AWAITING, lives.IN_FORCE, lives.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Compared:
    """An amendment as people read it: what changes, and both editions whole."""

    changes: tuple[rules.Change, ...]
    articles: tuple
    before: Assembled
    after: Assembled


def compared(amendment: Amendment) -> Compared:
    """An amendment beside the edition that it replaces."""
    agreement = amendment.agreement
    before = _replaced(amendment)
    old, new = text_of(agreement, before), _text(amendment)
    schema = assembly.template(agreement.template.document).schema
    return Compared(
        rules.changes_of(before.variables, amendment.variables, schema),
        rules.articles_changed(old.tree, new.tree),
        old,
        new,
    )


@transaction.atomic
def draft(
    agreement: Agreement,
    *,
    changes: dict,
    effective_from: date,
    reason: str,
    by: Viewer,
    at: datetime,
    schedule: Schedule | None = None,
    clauses: Sequence[str] = (),
) -> Amendment:
    """Draft an amendment: changed variables, another price list, and clauses to bring to their newest wording.

    It is refused unless the edition that results assembles whole, proves equal, and asks no more than came in.
    """
    check_may(by, "amendment.draft")
    return drafted(
        agreement, changes=changes, effective_from=effective_from, reason=reason, schedule=schedule, clauses=clauses,
        by=by, at=at,
    )  # fmt: skip


def drafted(
    agreement: Agreement, *, changes: dict, effective_from: date, reason: str, by: Viewer, at: datetime,
    schedule: Schedule | None = None, clauses: Sequence[str] = (), authors: Sequence[UUID] = (),
) -> Amendment:  # fmt: skip
    """The same for a verb that has asked its own permission, as where a proposed renewal is accepted.

    `authors` wrote it beside the person who acts: none of them approves it.
    """
    agreement, on = agreements.locked(agreement), jst_date(at)
    _check_running(agreement, at)
    known = standing.editions_of(agreement, on)
    before = editions.as_of(known, effective_from)
    whole = _term(agreement, changes, on)
    _check_day(agreement, effective_from, known, whole, on)
    if schedule is not None:
        agreements.check_class(agreement.licensee, schedule)
        changes = {**changes, **priced(schedule)}
    schema = assembly.template(agreement.template.document).schema
    variables = rules.revised(before, changes, schema=schema, day=effective_from)
    rules.check_minimum(before, variables, term=whole, day=effective_from)
    price_list = schedule or standing.schedule_of(agreement, before)
    drafts.check(schema, variables, field=price_list.field_of_use)
    after = Edition(len(known) + 1, "", effective_from, variables, (), str(price_list))
    text = assembled(agreement, after, _library(before, clauses), price_list)
    pins = text.embedded["clauses"]
    if variables == dict(before.variables) and {(row["id"], row["version"]) for row in pins} == set(before.clauses):
        raise rules.NothingChanges
    number = numbers.take(Amendment, f"M-{agreement.number}", width=1)
    amendment = Amendment(
        number=number,
        agreement=agreement,
        based_on=len(known),
        effective_from=effective_from,
        schedule=price_list,
        changes={name: variables.get(name) for name in schema if variables.get(name) != before.variables.get(name)},
        variables=variables,
        clauses=pins,
        reason=contracts.check_reason(reason),
        drafted_at=at,
        authors=sorted({str(person) for person in (by.user, *authors) if person}),
    )
    amendment.terms_sha256 = rules.digest(document(amendment, text))
    _check_covered(amendment, by)
    _record(amendment, "amendment.drafted", {"agreement": agreement.number}, by=by, at=at)
    return amendment


def document(amendment: Amendment, text: Assembled | None = None) -> dict:
    """amendment.json: what its paper carries inside."""
    text = text or _text(amendment)
    return rules.embedded(
        number=amendment.number,
        agreement=amendment.agreement.number,
        version=amendment.based_on + 1,
        effective_from=amendment.effective_from,
        before_sha256=_digest_before(amendment),
        changes=amendment.changes,
        terms=text.embedded,
    )


@transaction.atomic
def approve(amendment: Amendment, *, by: Viewer, at: datetime) -> Amendment:
    """A second pair of eyes in the legal staff approves the draft: none of those who wrote it."""
    check_may(by, "amendment.approve")
    fit = reader_of(amendment.agreement)
    independence.check_second(by, amendment.authors, name=amendment.number, at=at, fit=fit)
    amendment = locked(amendment)
    _check_open(amendment, at)
    amendment.state = contracts.step(amendment.state, "approve")
    amendment.approved_at, amendment.approved_by_id = at, by.user
    _record(amendment, "amendment.approved", {}, by=by, at=at)
    return amendment


def offer(amendment: Amendment, *, by: Viewer, at: datetime) -> Amendment:
    """Send the approved amendment to the licensee; its 覚書 is drawn and frozen."""
    check_may(by, "amendment.offer")
    contracts.step(amendment.state, "offer")
    _check_open(amendment, at)
    _check_covered(amendment, by)
    pdf = memoranda.memorandum(amendment, compared(amendment), document(amendment), at=at)
    with transaction.atomic():
        amendment = locked(amendment)
        amendment.state = contracts.step(amendment.state, "offer")
        amendment.offered_at = at
        record_file(amendment, "amendment.offered", pdf, by=by, at=at, stage=amendment.state)
    return amendment


def sign(amendment: Amendment, *, by: Viewer, at: datetime, act: Act | None = None) -> Amendment:
    """The licensor signs the 覚書."""
    check_may(by, "amendment.sign")
    agreements.check_exclusions(amendment.agreement.licensee, amendment.agreement.release, by=by, at=at)
    return _signed(amendment, "sign", "licensor", act=act, by=by, at=at)


def countersign(amendment: Amendment, *, by: Viewer, at: datetime, act: Act | None = None) -> Amendment:
    """The licensee signs, and the amendment holds from its effective day on."""
    check_may(by, "amendment.countersign")
    _check_own(amendment, by)
    return _signed(amendment, "countersign", "licensee", act=act, by=by, at=at)


def decline(amendment: Amendment, *, reason: str, by: Viewer, at: datetime) -> Amendment:
    """The licensee turns the amendment down; the agreement goes on as it was."""
    check_may(by, "amendment.decline")
    _check_own(amendment, by)
    return _turn_down(amendment, "decline", "amendment.declined", reason, by=by, at=at)


def withdraw(amendment: Amendment, *, reason: str, by: Viewer, at: datetime) -> Amendment:
    """The licensor takes back a draft or an offer that is not countersigned."""
    check_may(by, "amendment.withdraw")
    return _turn_down(amendment, "withdraw", "amendment.withdrawn", reason, by=by, at=at)


@transaction.atomic
def _turn_down(amendment: Amendment, verb: str, kind: str, reason: str, *, by: Viewer, at: datetime) -> Amendment:
    reason = contracts.check_reason(reason)
    amendment = locked(amendment)
    amendment.state = contracts.step(amendment.state, verb)
    amendment.turned_down_at, amendment.turned_down_reason = at, reason
    text = journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())
    _record(amendment, kind, {}, by=by, at=at, annexes=[text])
    return amendment


def _signed(amendment: Amendment, verb: str, party: str, *, act: Act | None, by: Viewer, at: datetime) -> Amendment:
    contracts.step(amendment.state, verb)
    _check_open(amendment, at)
    pdf, made = signatures.make(amendment.agreement, party, act=act, by=by, at=at, paper=amendment)
    return take_signed(amendment, [verb], [made], pdf, by=by, at=at)


@transaction.atomic
def take_signed(
    amendment: Amendment, verbs: Sequence[str], made: Sequence[signatures.Made], pdf: bytes, *, by: Viewer, at: datetime
) -> Amendment:
    """Store a 覚書 that one party, or both, have signed; with the last signature the amendment is concluded."""
    amendment = locked(amendment)
    _check_open(amendment, at)
    ends = standing.until(amendment.agreement, jst_date(at))
    for verb, one in zip(verbs, made, strict=True):
        amendment.state = contracts.step(amendment.state, verb)
        entry = record_file(
            amendment, "amendment.signed", pdf, by=by, at=at, facts=one.facts(), annexes=[one.attachment()],
            stage=amendment.state if one is made[-1] else None,
        )  # fmt: skip
        _store(amendment, one, seq=entry.seq, by=by, at=at)
    if amendment.state == Amendment.State.EXECUTED:
        _execute(amendment, ends, by=by, at=at)
    return amendment


def _store(amendment: Amendment, one: signatures.Made, *, seq: int, by: Viewer, at: datetime) -> AmendmentSignature:
    verdict = one.verdict
    return AmendmentSignature.objects.create(
        seq=seq,
        amendment=amendment,
        party=one.party,
        signer_id=by.user,
        certificate_name=verdict.signer[:200],
        certificate_sha256=verdict.certificate_sha256,
        signed_at=verdict.signed_at or at,
        trial=verdict.test,
        level=verdict.level,
        factor=one.factor,
        identity=one.identity,
        outside=one.outside,
    )


def _execute(amendment: Amendment, ends: date, *, by: Viewer, at: datetime) -> None:
    """It is concluded; a term that it makes longer than it was is a renewal by agreement, and written down as one."""
    agreement = amendment.agreement
    amendment.executed_at = at
    facts = {"agreement": agreement.number, "effective_from": amendment.effective_from.isoformat()}
    _record(amendment, "amendment.executed", facts, by=by, at=at, effective=(amendment.effective_from, None))
    longer = date.fromisoformat(amendment.variables["term"]["until"]) if "term" in amendment.changes else ends
    if longer > ends:
        record_renewal(agreement, mode="agreed", term=(ends, longer), by=by, at=at)
    elif amendment.effective_from <= jst_date(at):
        _issue(agreement, by=by, at=at)


def _issue(agreement: Agreement, *, by: Viewer, at: datetime) -> None:
    """The licence file follows what is agreed now."""
    fresh = Agreement.objects.select_related("licensee__organization", "schedule", "release", "template")
    licences.issue(standing.as_of(fresh.get(pk=agreement.pk), jst_date(at)), by=by, at=at)


def record_renewal(agreement: Agreement, *, mode: str, term: tuple[date, date], by: Viewer, at: datetime, **more):
    """Write down a term that was renewed."""
    number = numbers.take(Renewal, f"RN-{agreement.number}", width=1)
    entry = journal.append(
        "agreement.renewed",
        subject=f"agreement:{agreement.number}",
        facts={
            "agreement": agreement.number,
            "renewal": number,
            "mode": mode,
            "term": [day.isoformat() for day in term],
        },
        effective=term,
        by=by,
        at=at,
    )
    row = Renewal.objects.create(
        seq=entry.seq, number=number, agreement=agreement, mode=mode, term_from=term[0], term_until=term[1],
        renewed_at=at, **more,
    )  # fmt: skip
    _issue(agreement, by=by, at=at)
    return row


def _check_running(agreement: Agreement, at: datetime) -> None:
    lives.check(standing.life_of(agreement, at), at, agreement=agreement.number, allowed=OPEN_TO)


def _term(agreement: Agreement, changes: Mapping, on: date) -> Period:
    """The days on which it may take effect; a longer term may begin right behind the present one, without a gap."""
    until = standing.until(agreement, on)
    longer = date.fromisoformat(str(changes["term"]["until"])) if changes.get("term") else until
    return Period(agreement.term_from, longer if longer > until else until)


def _check_day(agreement: Agreement, day: date, known: Sequence[Edition], term: Period, on: date) -> None:
    rules.check_day(day, term=term)
    if day > (until := standing.until(agreement, on)):
        raise rules.LeavesAGap(day=day, until=until)
    editions.check_effective(day, editions=known, settled_until=standing.settled_until(agreement))


def _check_open(amendment: Amendment, at: datetime) -> None:
    """Refuse a step on an amendment that was overtaken, reaches into reported usage, or amends what has ended."""
    agreement, on = amendment.agreement, jst_date(at)
    _check_running(agreement, at)
    known = standing.editions_of(agreement, on)
    rules.check_current(amendment.based_on, known, agreement=agreement.number)
    _check_day(agreement, amendment.effective_from, known, _term(agreement, amendment.changes, on), on)


def _check_covered(amendment: Amendment, by: Viewer) -> None:
    agreement = amendment.agreement
    read = standing.as_of(agreement, amendment.effective_from, edition=_edition(amendment))
    if "term" in amendment.changes:
        read.term_until = date.fromisoformat(amendment.variables["term"]["until"])
    agreements.check_covered(read, by)


def _check_own(amendment: Amendment, by: Viewer) -> None:
    if by.workplace == "licensee" and by.acting != amendment.agreement.licensee.organization.code:
        raise NotYourAgreement


def _text(amendment: Amendment) -> Assembled:
    return text_of(amendment.agreement, _edition(amendment), amendment.schedule)


def _library(before: Edition, renewed: Sequence[str]):
    """Wording that stays as it is fixed, but for the clauses that the amendment brings to their newest version."""
    return wording.choices_of_wording([pin for pin in before.clauses if pin[0] not in set(renewed)])


def _edition(amendment: Amendment) -> Edition:
    pins = tuple((row["id"], row["version"]) for row in amendment.clauses)
    return Edition(
        amendment.based_on + 1, amendment.number, amendment.effective_from, amendment.variables, pins,
        str(amendment.schedule),
    )  # fmt: skip


def _replaced(amendment: Amendment) -> Edition:
    """The edition that the amendment was made from."""
    known = standing.editions_of(amendment.agreement, amendment.effective_from)
    return known[min(amendment.based_on, len(known)) - 1]


def _digest_before(amendment: Amendment) -> str:
    return contracts.digest(text_of(amendment.agreement, _replaced(amendment)).embedded)


def locked(amendment: Amendment) -> Amendment:
    """The row and its agreement, the agreement first, so that two amendments of one agreement wait for each other."""
    agreement = agreements.locked(amendment.agreement)
    row = Amendment.objects.select_for_update(of=("self",)).select_related("schedule").get(pk=amendment.pk)
    row.agreement = agreement
    return row


def _record(amendment: Amendment, kind: str, facts: dict, *, by: Viewer, at: datetime, **more):
    entry = journal.append(
        kind,
        subject=f"amendment:{amendment.number}",
        facts={"amendment": amendment.number, "terms_sha256": amendment.terms_sha256, **facts},
        by=by,
        at=at,
        **more,
    )
    amendment.seq = entry.seq
    amendment.save()
    return entry


def record_file(
    amendment: Amendment, kind: str, pdf: bytes, *, by: Viewer, at: datetime, stage: str | None,
    facts: dict | None = None, annexes=(),
):  # fmt: skip
    """Record a file of the amendment and keep it as that stage; of two signatures in one file the last one keeps it."""
    sha256 = papers.store().put(pdf)
    entry = _record(amendment, kind, {"document_sha256": sha256, **(facts or {})}, by=by, at=at, annexes=annexes)
    if stage is not None:
        until = seal.stamped_until(pdf)
        AmendmentDocument.objects.create(
            seq=entry.seq, amendment=amendment, stage=stage, sha256=sha256, size=len(pdf),
            level=signatures.rules.LTA if until else "", stamped_until=until, made_at=at,
        )  # fmt: skip
    return entry
