"""Licence files: issued with the agreement's execution, and again at each renewal, suspension and resumption."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contributions.core import canonical, notes
from contributions.core.errors import Refused
from contributions.core.periods import instant_text, jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import Entry, LogHead
from contributions.selectors import log as log_read
from contributions.services import journal, log
from licensing.core import licences as rules
from licensing.models import Agreement, Licence, Licensee
from licensing.selectors import lives


class NotExecuted(Refused):
    code = "licence-not-executed"
    ja = "契約 {agreement} は締結されていません。権利は、両当事者が署名した契約だけから生じます。"
    en = "Agreement {agreement} is not executed. Rights come only from an agreement that both parties have signed."


class NotSealedYet(Refused):
    code = "licence-not-sealed"
    ja = "許諾証の証明は、次の時点証明を待っています。通常は1分ほどです。少し後に取得してください。"
    en = "The licence file waits for the next log checkpoint, usually a minute. Please fetch it a little later."


class NeverIssued(Refused):
    code = "licence-never-issued"
    ja = (
        "許諾証 {licence} は、交替済みの鍵で署名されており、台帳に発行の記録がありません。真正な許諾証としては"
        "認められません。"
    )
    en = (
        "Licence file {licence} is signed by a key that has been replaced, and the log has no record of its issue. "
        "It is not accepted as genuine."
    )


@transaction.atomic
def issue(agreement: Agreement, *, by: Viewer, at: datetime) -> Licence:
    """Issue the licence file of an agreement as it stands now; the newest one counts."""
    executed = Entry.objects.filter(kind="agreement.executed", subject=f"agreement:{agreement.number}").last()
    if executed is None or agreement.executed_at is None:
        raise NotExecuted(agreement=agreement.number)
    serial = agreement.licences.count() + 1
    certificate = _certificate(agreement, serial, executed.seq, at)
    body = canonical.dumps(certificate)
    sha256 = canonical.sha256_hex(body)
    number = f"{agreement.number}/{serial}"
    entry = journal.append(
        "licence.issued",
        subject=f"agreement:{agreement.number}",
        facts={
            "licence": number,
            "agreement": agreement.number,
            "licence_sha256": sha256,
            "status": certificate["status"],
        },
        by=by,
        at=at,
    )
    return Licence.objects.create(
        seq=entry.seq,
        agreement=agreement,
        serial=serial,
        status=certificate["status"],
        note=notes.sign(rules.certificate_text(certificate), log.signer()),
        sha256=sha256,
        executed_seq=executed.seq,
        valid_from=agreement.term_from,
        valid_until=agreement.term_until,
        issued_at=at,
    )


def reissue(agreement: Agreement, *, by: Viewer, at: datetime) -> Licence:
    """Issue the next licence file, since something that it says has changed: term, release, or standing."""
    check_may(by, "licence.issue")
    return issue(agreement, by=by, at=at)


def keep_current(*, by: Viewer, at: datetime) -> list[Licence]:
    """Issue anew where the day has made the newest file wrong, as when an amendment or new prices take effect.

    The same where the log's key was changed since: the next file bears the key that is published now.
    """
    rows = Agreement.objects.filter(state__in=(Agreement.State.EXECUTED, Agreement.State.SUSPENDED))
    rows = rows.select_related("licensee__organization", "schedule", "release", "template").order_by("number")
    return [made for row in lives.gathered(rows) if (made := _renewed(row, by=by, at=at)) is not None]


@transaction.atomic
def _renewed(agreement: Agreement, *, by: Viewer, at: datetime) -> Licence | None:
    read, newest = lives.as_of(agreement, jst_date(at)), agreement.licences.order_by("serial").last()
    if newest is None:
        return None
    told = rules.stated(newest.note)
    is_by_present_key = notes.parse_note(newest.note)[1][0].is_by(log.signer().verifier)
    if is_by_present_key and rules.tells_the_same(told, _certificate(read, newest.serial, newest.executed_seq, at)):
        return None
    return reissue(read, by=by, at=at)


def file_of(licence: Licence) -> bytes:
    """The licence file, with the proof of its entry under the oldest checkpoint by the key that signed the certificate.

    So one key checks the whole file, and the file is the same before and after a change of the log's key.
    """
    checkpoint = log_read.covering(licence.executed_seq, key_at=licence.seq)
    if checkpoint is None:
        raise NotSealedYet
    entry = Entry.objects.select_related("statement").get(seq=licence.executed_seq)
    proof = log_read.proof_for(entry.seq, checkpoint)
    return rules.compose(licence.note, bytes(entry.leaf), bytes(entry.statement.content), proof)


def check(content: bytes, given: notes.Verifier | None = None) -> rules.Licence:
    """Check a licence file under the log's keys, or those that follow from the given one.

    What a key signed that was replaced since counts only where the log has recorded its issue: a thief of the old key
    could sign any certificate, but cannot put it into the journal.
    """
    ring = log.ring(given)
    found = rules.check(content, ring)
    sha256 = canonical.sha256_hex(canonical.dumps(dict(found.certificate)))
    if found.key != ring.current and not Licence.objects.filter(sha256=sha256).exists():
        raise NeverIssued(licence=found.certificate["licence"])
    return found


def _certificate(agreement: Agreement, serial: int, entry: int, at: datetime) -> dict[str, object]:
    stated = agreement.variables
    limits = {name: str(stated[name]) for name in rules.LIMITS if name in stated}
    return {
        "v": 1,
        "licence": f"{agreement.number}/{serial}",
        "agreement": agreement.number,
        "terms_sha256": agreement.terms_sha256,
        "document_sha256": agreement.documents.last().sha256,
        "licensor": stated["licensor"],
        "licensee": stated["licensee"],
        "release": agreement.release.number,
        "weights_sha256": agreement.release.weights_sha256,
        "fields": list(stated["fields"]),
        "territory": list(stated["regions"]),
        "from": agreement.term_from.isoformat(),
        "until": agreement.term_until.isoformat(),
        "limits": limits,
        "status": _status(agreement),
        "issued_at": instant_text(at),
        "entry": entry,
        "test": any(row.trial for row in agreement.signatures.all()),
        "illustrative": LogHead.objects.get().demo,
    }


def _status(agreement: Agreement) -> str:
    """What is known now: in force, suspended, or ended."""
    if agreement.state == Agreement.State.EXECUTED:
        return rules.SUSPENDED if agreement.licensee.state == Licensee.State.SUSPENDED else rules.IN_FORCE
    return rules.SUSPENDED if agreement.state == "suspended" else rules.ENDED
