"""Erasing a file that was handed in, or words that were kept beside an entry: content and salt go, every proof stays.

The statement names the file by salted digest; without salt and bytes nobody can tell what it was. Words that a row
repeats so that a page can print them go with their file.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.models import Annex, Breach, Clearance, Condition, Opinion, Reply, ResourceStep, Review
from contributions.services import journal

PLAIN = "text/plain; charset=utf-8"


class AlreadyErased(Refused):
    code = "annex-erased"
    ja = "ファイル {annex} は消去済みです。"
    en = "The file {annex} has been erased already."


class NoReason(Refused):
    code = "erasure-without-reason"
    ja = "消去の理由（請求者、根拠など）を記載してください。"
    en = "State why it is erased: at whose request, on which ground."


@transaction.atomic
def erase(annex: Annex, *, reason: str, by: Viewer, at: datetime) -> Annex:
    """Erase one file for good, with an entry that says so and holds the reason as an annex of its own."""
    check_may(by, "annex.erase")
    annex = Annex.objects.select_for_update(of=("self",)).select_related("entry").get(pk=annex.pk)
    if annex.erased_at is not None:
        raise AlreadyErased(annex=annex.sha256[:8])
    if not reason.strip():
        raise NoReason
    journal.append(
        "annex.erased",
        subject=annex.entry.subject,
        member=annex.entry.member or None,
        facts={"annex": annex.sha256, "entry": annex.entry.seq},
        annexes=[journal.Attachment("erasure.txt", PLAIN, reason.strip().encode())],
        by=by,
        at=at,
    )
    annex.salt, annex.erased_at = None, at
    annex.save(update_fields=["salt", "erased_at"])
    _blank_repeats(annex)
    transaction.on_commit(lambda: journal.store().erase(annex.sha256))
    return annex


def _blank_repeats(annex: Annex) -> None:
    """The words that rows repeat from it."""
    for model in (Opinion, Condition, Reply):
        model.objects.filter(text_sha256=annex.sha256).update(text="")
    Review.objects.filter(opinion_sha256=annex.sha256).update(opinion="")
    seq = annex.entry.seq
    if annex.name == "reason.txt":
        ResourceStep.objects.filter(seq=seq).update(reason="")
    elif annex.name == "note.txt":
        Breach.objects.filter(seq=seq).update(note="")
    elif annex.name == "purpose.txt":
        Clearance.objects.filter(seq=seq).update(purpose="")
    elif annex.name == "details.json":
        Opinion.objects.filter(seq=seq).update(details={})
