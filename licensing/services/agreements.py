"""Licence agreements: drafted from a template, proved equal in both languages, approved, offered, signed, in force.

From the offer on the stored file is what everybody is served. Rendering happens before the transaction that freezes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from contributions.core import terms as came_in
from contributions.core.errors import Refused
from contributions.core.periods import JST, jst_date
from contributions.core.roles import Viewer, check_may
from contributions.services import exclusions, independence, journal, numbers
from licensing.adapters import seal
from licensing.core import agreements as rules
from licensing.core import assembly, drafts, negotiations, rewordings
from licensing.core import origins as asking
from licensing.core import variables as values
from licensing.core.licensees import CLASSES
from licensing.core.signatures import Act
from licensing.models import Agreement, AgreementDocument, Licensee, Negotiation, Release, Schedule
from licensing.selectors import clauses, origins, releases
from licensing.selectors.agreements import reader_of
from licensing.services import approvals, checklists, deviations, licences, licensees, papers, signatures

# What another noun says before an agreement is offered or signed, and does once it is concluded: nouns above this one
# enter themselves, as a step-up does, whose evaluation ends when its full licence begins.
BEFORE: list[Callable[[Agreement, datetime], None]] = []
CONCLUDED: list[Callable[..., None]] = []


class LicenseeNotApproved(Refused):
    code = "licensee-not-approved"
    ja = "利用者 {licensee} は承認されていないため、契約を締結できません。"
    en = "Licensee {licensee} is not approved, so no agreement can be concluded."


class ScheduleNotAdopted(Refused):
    code = "schedule-not-adopted"
    ja = "料金表 {schedule} は採択されていません。"
    en = "Schedule {schedule} is not adopted."


class OtherClass(Refused):
    code = "schedule-of-another-class"
    ja = "料金表 {schedule} は「{priced}」向け、利用者 {licensee} は「{held}」です。その区分の料金表を選んでください。"
    en = "Price list {schedule} is for “{priced}”; {licensee} is “{held}”. Choose a price list of that class."


class NotYourAgreement(Refused):
    code = "not-your-agreement"
    ja = "この契約の当事者だけが署名できます。"
    en = "Only a party to the agreement can sign it."


class StillNegotiated(Refused):
    code = "agreement-negotiated"
    ja = "契約 {agreement} の交渉は「{state}」です。合意してから承認・提示してください。"
    en = "The negotiation of agreement {agreement} is {state}. Approve and offer it once the text is agreed."


@dataclass(frozen=True, slots=True)
class Assembled:
    """An agreement as text: its tree, the JSON it carries, and the proof that both languages and the rates agree."""

    tree: assembly.Tree
    embedded: dict
    proofs: tuple[rules.Proof, ...]


def assembled(agreement: Agreement) -> Assembled:
    """Put the agreement's text together and prove it equal; refuses naming the clause and the figure."""
    source = assembly.template(agreement.template.document)
    template, library = rewordings.overlaid(source, clauses.for_agreement(agreement), agreement.wordings)
    tree = assembly.assemble(template, library, agreement.variables)
    rated = agreement.agreed_terms or agreement.schedule.terms
    proofs = rules.prove_equal(tree, template, agreement.variables, rated)
    embedded = rules.embedded(
        agreement.number, 1, template, library, tree, agreement.variables, str(agreement.schedule)
    )
    return Assembled(tree, embedded, proofs)


@transaction.atomic
def draft(
    licensee: Licensee,
    *,
    schedule: Schedule,
    release: Release,
    template: str,
    variables: dict,
    term: tuple[date, date],
    by: Viewer,
    at: datetime,
    background: Sequence[str] = (),
) -> Agreement:
    """Draft an agreement; it is refused unless it assembles whole, proves equal, and asks no more than came in.

    `background` names the background IP that the licensee may use with the model, by number.
    """
    check_may(by, "agreement.draft")
    check_licensee(licensee, at)
    if schedule.state != Schedule.State.ADOPTED:
        raise ScheduleNotAdopted(schedule=str(schedule))
    check_class(licensee, schedule)
    check_exclusions(licensee, release, by=by, at=at)
    number = numbers.take(Agreement, f"L-{term[0].year}", width=3)
    row = clauses.template(template, jst_date(at))
    agreement = Agreement(
        number=number,
        licensee=licensee,
        schedule=schedule,
        release=release,
        template=row,
        variables=_stated(row.document, variables, number),
        term_from=term[0],
        term_until=term[1],
        background=sorted(set(background)),
        drafted_at=at,
        authors=[str(by.user)] if by.user else [],
    )
    drafts.check(assembly.template(row.document).schema, agreement.variables, field=schedule.field_of_use)
    check_covered(agreement, by)
    text = assembled(agreement)
    agreement.clauses = text.embedded["clauses"]
    agreement.terms_sha256 = rules.digest(text.embedded)
    entry = journal.append(
        "agreement.drafted",
        subject=f"agreement:{number}",
        facts={
            "agreement": number,
            "licensee": licensee.organization.code,
            "schedule": str(schedule),
            "release": release.number,
            "terms_sha256": agreement.terms_sha256,
            **({"background": agreement.background} if agreement.background else {}),
        },
        by=by,
        at=at,
    )
    agreement.seq = entry.seq
    agreement.save()
    return agreement


def check_covered(agreement: Agreement, by: Viewer) -> None:
    """Refuse a licence that goes further than what came in behind its release, with every excess at once.

    Unlisted background IP is not licensed: whatever the licence names must stand on the list of an inbound agreement,
    for its fields of use and for licensees.
    """
    field = agreement.schedule.field_of_use
    asked = asking.of_licence(agreement.variables, field=field, term=(agreement.term_from, agreement.term_until))
    on = agreement.term_from
    listed = origins.background_listed(on) if agreement.background else []
    came_in.check(
        origins.of_release(agreement.release, on),
        asked,
        named=origins.may_name(by),
        besides=came_in.unlisted(agreement.background, listed, fields=asked.fields, user="licensees"),
    )


def _stated(document: dict, variables: dict, number: str) -> dict:
    """The variables as they are frozen: with the agreement's own number and the template's defaults."""
    schema = assembly.template(document).schema
    return values.filled(schema, {**variables, "number": number} if "number" in schema else variables)


def check_licensee(licensee: Licensee, at: datetime) -> None:
    """Refuse to draft, offer or sign with a licensee that is not approved, or whose screening has failed since."""
    if licensee.state != Licensee.State.APPROVED:
        raise LicenseeNotApproved(licensee=licensee.organization.code)
    licensees.check_licensable(licensee, jst_date(at))


def check_class(licensee: Licensee, schedule: Schedule) -> None:
    """Refuse prices of another class than the licensee's."""
    priced, held = CLASSES[schedule.licensee_class], CLASSES[licensee.licensee_class]
    if priced != held:
        raise OtherClass(schedule=str(schedule), licensee=licensee.organization.code, priced=priced, held=held)


def check_settled(agreement: Agreement, at: datetime) -> None:
    """Refuse an agreement that is still negotiated, deviates without an approval, or whose approval is open."""
    talks = Negotiation.objects.filter(agreement=agreement).exclude(state=Negotiation.State.AGREED).first()
    if talks is not None:
        raise StillNegotiated(agreement=agreement.number, state=negotiations.STATES[talks.state])
    approvals.check_granted(agreement, at)
    deviations.check_covered(agreement, at)


@transaction.atomic
def approve(agreement: Agreement, *, by: Viewer, at: datetime) -> Agreement:
    """A second pair of eyes in the legal staff approves the draft: none of those who wrote it."""
    check_may(by, "agreement.approve")
    agreement = locked(agreement)
    agreement.state = rules.step(agreement.state, "approve")
    independence.check_second(by, agreement.authors, name=agreement.number, at=at, fit=reader_of(agreement))
    check_settled(agreement, at)
    checklists.check_before_approval(agreement, at=at)
    agreement.approved_at, agreement.approved_by_id = at, by.user
    _record(agreement, "agreement.approved", {"terms_sha256": agreement.terms_sha256}, by=by, at=at)
    return agreement


def offer(agreement: Agreement, *, by: Viewer, at: datetime) -> Agreement:
    """Send the approved text to its licensee; text and file are frozen from here on."""
    check_may(by, "agreement.offer")
    rules.step(agreement.state, "offer")
    check_settled(agreement, at)
    check_licensee(agreement.licensee, at)
    _check_before(agreement, at)
    check_exclusions(agreement.licensee, agreement.release, by=by, at=at)
    check_covered(agreement, by)
    pdf = papers.agreement(agreement, assembled(agreement), at=at)
    with transaction.atomic():
        agreement = locked(agreement)
        agreement.state = rules.step(agreement.state, "offer")
        agreement.offered_at = at
        record_file(agreement, "agreement.offered", pdf, by=by, at=at, stage=agreement.state)
    return agreement


def sign(agreement: Agreement, *, by: Viewer, at: datetime, act: Act | None = None) -> Agreement:
    """The licensor signs: a certifying PAdES signature on the offered file, confirmed by a second factor."""
    check_may(by, "agreement.sign")
    check_exclusions(agreement.licensee, agreement.release, by=by, at=at)
    return _signed(agreement, "sign", "licensor", act=act, by=by, at=at)


def countersign(agreement: Agreement, *, by: Viewer, at: datetime, act: Act | None = None) -> Agreement:
    """The licensee countersigns, and the agreement is in force."""
    check_may(by, "agreement.countersign")
    if by.workplace == "licensee" and by.acting != agreement.licensee.organization.code:
        raise NotYourAgreement
    return _signed(agreement, "countersign", "licensee", act=act, by=by, at=at)


def send_back(agreement: Agreement, *, reason: str, by: Viewer, at: datetime) -> Agreement:
    """Return an approved draft to its drafter, saying why."""
    check_may(by, "agreement.send_back")
    return _turn_down(agreement, "send_back", "agreement.sent_back", reason, by=by, at=at)


def decline(agreement: Agreement, *, reason: str, by: Viewer, at: datetime) -> Agreement:
    """The licensee turns down what was offered; a new offer is a new agreement."""
    check_may(by, "agreement.decline")
    if by.workplace == "licensee" and by.acting != agreement.licensee.organization.code:
        raise NotYourAgreement
    return _turn_down(agreement, "decline", "agreement.declined", reason, by=by, at=at)


def withdraw(agreement: Agreement, *, reason: str, by: Viewer, at: datetime) -> Agreement:
    """The licensor takes back a draft or an offer that the licensee has not countersigned."""
    check_may(by, "agreement.withdraw")
    return _turn_down(agreement, "withdraw", "agreement.withdrawn", reason, by=by, at=at)


@transaction.atomic
def _turn_down(agreement: Agreement, verb: str, kind: str, reason: str, *, by: Viewer, at: datetime) -> Agreement:
    reason = rules.check_reason(reason)
    agreement = locked(agreement)
    agreement.state = rules.step(agreement.state, verb)
    agreement.turned_down_at, agreement.turned_down_reason = at, reason
    if verb == "send_back":
        agreement.approved_at = agreement.approved_by = None
    text = journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())
    _record(agreement, kind, {"terms_sha256": agreement.terms_sha256}, by=by, at=at, annexes=[text])
    return agreement


def check_exclusions(licensee: Licensee, release: Release, *, by: Viewer, at: datetime) -> None:
    """Refuse a licence to somebody whom the owner of data in the release has excluded; whom, stays unsaid."""
    exclusions.check_use(
        releases.versions_in(release),
        purpose="licensing",
        served=[licensee.organization.code],
        on=at.astimezone(JST).date(),
        by=by,
    )


def _signed(agreement: Agreement, verb: str, party: str, *, act: Act | None, by: Viewer, at: datetime) -> Agreement:
    rules.step(agreement.state, verb)
    check_licensee(agreement.licensee, at)
    _check_before(agreement, at)
    pdf, made = signatures.make(agreement, party, act=act, by=by, at=at)
    return take_signed(agreement, [verb], [made], pdf, by=by, at=at)


@transaction.atomic
def take_signed(
    agreement: Agreement, verbs: Sequence[str], made: Sequence[signatures.Made], pdf: bytes, *, by: Viewer, at: datetime
) -> Agreement:
    """Store a file that one party, or both, have signed; with the last signature the agreement is in force."""
    agreement = locked(agreement)
    check_licensee(agreement.licensee, at)
    _check_before(agreement, at)
    for verb, one in zip(verbs, made, strict=True):
        agreement.state = rules.step(agreement.state, verb)
        stage = agreement.state if one is made[-1] else None
        attached = [one.attachment()]
        entry = record_file(
            agreement, "agreement.signed", pdf, by=by, at=at, facts=one.facts(), annexes=attached, stage=stage
        )
        signatures.store(agreement, one, seq=entry.seq, by=by, at=at)
    if agreement.state == Agreement.State.EXECUTED:
        agreement.executed_at = at
        _record(agreement, "agreement.executed", {"terms_sha256": agreement.terms_sha256}, by=by, at=at)
        licences.issue(agreement, by=by, at=at)
        for follow in CONCLUDED:
            follow(agreement, by=by, at=at)
    return agreement


def _check_before(agreement: Agreement, at: datetime) -> None:
    for check in BEFORE:
        check(agreement, at)


def locked(agreement: Agreement) -> Agreement:
    """The agreement's row, locked, with what its papers print."""
    return (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("licensee__organization", "schedule", "release", "template")
        .get(pk=agreement.pk)
    )


def _record(agreement: Agreement, kind: str, facts: dict, *, by: Viewer, at: datetime, annexes=()):
    entry = journal.append(
        kind,
        subject=f"agreement:{agreement.number}",
        facts={"agreement": agreement.number, **facts},
        annexes=annexes,
        by=by,
        at=at,
    )
    agreement.seq = entry.seq
    agreement.save()
    return entry


def record_file(
    agreement: Agreement, kind: str, pdf: bytes, *, by: Viewer, at: datetime, stage: str | None,
    facts: dict | None = None, annexes=(),
):  # fmt: skip
    """Record a file of the agreement and keep it as that stage; of two signatures in one file the last one keeps it."""
    sha256 = papers.store().put(pdf)
    said = {"document_sha256": sha256, "terms_sha256": agreement.terms_sha256, **(facts or {})}
    entry = _record(agreement, kind, said, by=by, at=at, annexes=annexes)
    if stage is not None:
        AgreementDocument.objects.create(
            seq=entry.seq,
            agreement=agreement,
            stage=stage,
            sha256=sha256,
            size=len(pdf),
            level=signatures.rules.LTA if (until := seal.stamped_until(pdf)) else "",
            stamped_until=until,
            made_at=at,
        )
    return entry
