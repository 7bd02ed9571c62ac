"""Erasing the annexes of entries: the entry that says so, then salt, copies in rows, and content.

The content goes once all that is committed; what a machine that died left behind, `sweep` deletes.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from contributions.core import annexes as rules
from contributions.core import canonical
from contributions.core.kinds import KINDS
from contributions.core.roles import Viewer, check_may
from contributions.models import (
    Annex,
    Batch,
    Breach,
    Clearance,
    Condition,
    DatasetVersion,
    Opinion,
    Reply,
    ResourceStep,
    Review,
    TermsEdition,
    WorkLog,
)
from contributions.services import journal

# Rows that show what an annex holds or is called: the model, the column that names the annex, the column to blank.
COPIES: tuple[tuple[type[Model], str, str], ...] = (
    (Opinion, "text_sha256", "text"),
    (Opinion, "evidence_sha256", "evidence_name"),
    (Condition, "text_sha256", "text"),
    (Review, "opinion_sha256", "opinion"),
    (Reply, "text_sha256", "text"),
    (Reply, "evidence_sha256", "evidence_name"),
    (DatasetVersion, "evidence_sha256", "description_ja"),
    (DatasetVersion, "evidence_sha256", "description_en"),
    (TermsEdition, "file_sha256", "file_name"),
    (WorkLog, "file_sha256", "file_name"),
    (Batch, "evidence_sha256", "file_name"),
)
# Rows written with the annex's entry that show it without naming it: by the annex's name.
BESIDE: dict[str, tuple[type[Model], str, object]] = {
    "details.json": (Opinion, "details", {}),
    "purpose.txt": (Clearance, "purpose", ""),
    "note.txt": (Breach, "note", ""),
    "reason.txt": (ResourceStep, "reason", ""),
}


@transaction.atomic
def erase(annex: Annex, *, ground: str, by: Viewer, at: datetime) -> Annex:
    """Erase one annex for good; its digest, its entry and every proof stay as they are."""
    check_may(by, "annex.erase")
    annex = Annex.objects.select_for_update(of=("self",)).select_related("entry__statement").get(pk=annex.pk)
    entry = annex.entry
    rules.check(ground, kind=entry.kind, kinds=KINDS, is_erased=annex.erased_at is not None)
    for model, names, column in COPIES:
        model._base_manager.filter(**{names: annex.sha256}).update(**{column: ""})
    if annex.name in BESIDE:
        model, column, blank = BESIDE[annex.name]
        model._base_manager.filter(seq=entry.seq).update(**{column: blank})
    erased = journal.append(
        rules.ERASED,
        subject=entry.subject,
        member=entry.member or None,
        facts={"entry": entry.seq, "annex": annex.sha256, "ground": ground},
        by=by,
        at=at,
    )
    annex.name, annex.salt, annex.erased_at = _said_name(annex), None, erased.recorded_at
    annex.save(update_fields=["name", "salt", "erased_at"])
    transaction.on_commit(lambda: journal.store().erase(annex.sha256))
    return annex


def sweep() -> int:
    """Delete the content of erased annexes that a machine that died left here; how much there was."""
    store = journal.store()
    erased = Annex.objects.exclude(erased_at=None).values_list("sha256", flat=True)
    return sum(store.erase(sha256) for sha256 in erased)


def _said_name(annex: Annex) -> str:
    """The name in the statement, which tells nothing; the one shown beside the content may have named somebody."""
    said = canonical.loads(bytes(annex.entry.statement.content))["annexes"]
    return next(str(one["name"]) for one in said if one["sha256"] == annex.sha256)
