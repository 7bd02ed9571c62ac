"""The review of agreements: adopting an edition of the questions, answering them, and asking before an approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from contributions.core.periods import JST
from contributions.core.roles import Viewer, check_may
from contributions.services import journal
from licensing.core import checklists as rules
from licensing.models import Agreement, Checklist, ChecklistAnswer
from licensing.selectors import checklists


class NoSource(rules.ChecklistRefused):
    code = "checklist-no-source"
    ja = "点検表の出典を両言語で記載してください。"
    en = "State the checklist's source in both languages."


class NoEdition(rules.ChecklistRefused):
    code = "checklist-none"
    ja = "採択された点検表がありません。"
    en = "No checklist has been adopted."


@transaction.atomic
def adopt(
    items: Sequence[Mapping], *, valid_from: date, source_ja: str, source_en: str, by: Viewer, at: datetime
) -> Checklist:
    """Put an edition of the questions in force from a day on."""
    check_may(by, "checklist.adopt")
    rules.items(items)
    if not source_ja.strip() or not source_en.strip():
        raise NoSource
    journal.lock()
    version = Checklist.objects.count() + 1
    entry = journal.append(
        "checklist.adopted",
        subject=f"checklist-edition:{version}",
        facts={
            "version": version,
            "from": valid_from.isoformat(),
            "items": [row["code"] for row in items],
            "source": {"ja": source_ja, "en": source_en},
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return Checklist.objects.create(
        seq=entry.seq,
        version=version,
        valid_from=valid_from,
        items=list(items),
        source_ja=source_ja,
        source_en=source_en,
    )


@transaction.atomic
def answer(agreement: Agreement, given: Sequence[rules.Given], *, by: Viewer, at: datetime) -> list[ChecklistAnswer]:
    """Record answers, all of them or none; earlier answers stay and the newest counts."""
    check_may(by, "checklist.answer")
    edition = checklists.in_force(_day(at))
    if edition is None:
        raise NoEdition
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    rules.check(given, rules.items(edition.items), [one["id"] for one in agreement.clauses])
    held = checklists.answers_of(agreement)
    new = [one for one in given if _says_more(one, held.get(one.item))]
    if not new:
        return []
    entry = journal.append(
        "checklist.answered",
        subject=f"checklist:{agreement.number}",
        facts={
            "agreement": agreement.number,
            "checklist": edition.version,
            "items": {one.item: one.answer for one in new},
        },
        by=by,
        at=at,
    )
    return ChecklistAnswer.objects.bulk_create(
        ChecklistAnswer(
            seq=entry.seq,
            agreement=agreement,
            checklist=edition,
            item=one.item,
            answer=one.answer,
            clause=one.clause,
            note=one.note.strip(),
            reviewer_id=by.user,
            answered_at=at,
        )
        for one in new
    )


def check_before_approval(agreement: Agreement, *, at: datetime) -> list[rules.Item]:
    """The questions still open when an agreement is to be approved; refused where the setting says so."""
    edition = checklists.in_force(_day(at))
    if edition is None:
        return []
    answered = {code: row.answer for code, row in checklists.answers_of(agreement).items()}
    return rules.check_complete(rules.items(edition.items), answered, settings.CHECKLIST)


def _says_more(given: rules.Given, held: ChecklistAnswer | None) -> bool:
    if held is None:
        return True
    return (given.answer, given.clause, given.note.strip()) != (held.answer, held.clause, held.note)


def _day(at: datetime) -> date:
    return at.astimezone(JST).date()
