"""By whom a statement was signed, as far as the viewer may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from contributions.core import canonical
from contributions.core import signed_statements as rules
from contributions.core.roles import Viewer, may
from contributions.models import Entry, LogHead, Witness
from contributions.selectors import journal


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: by which key of the member's, where that key lies, when, and the entry that records it."""

    name: str
    kind: str
    at: datetime
    seq: int


def subject_of(entry: Entry) -> str:
    """Under which subject the signatures of an entry's statement stand."""
    return f"entry:{entry.seq}"


def of(viewer: Viewer | None, entry: Entry) -> list[Signed]:
    """The signatures of an entry's statement, in order."""
    rows = journal.visible_to(viewer).filter(kind=rules.SIGNED, subject=subject_of(entry)).select_related("statement")
    stated = [(row.seq, _facts(row)) for row in rows.order_by("seq")]
    known = {row.code: row for row in Witness.objects.filter(code__in=[facts["witness"] for _, facts in stated])}
    return [
        Signed(
            known[facts["witness"]].name, known[facts["witness"]].kind, datetime.fromtimestamp(facts["time"], UTC), seq
        )
        for seq, facts in stated
    ]


def by_key(entry: Entry, code: str) -> Entry | None:
    """The entry that records the signature by that key, if there is one."""
    rows = Entry.objects.filter(kind=rules.SIGNED, subject=subject_of(entry)).select_related("statement")
    return next((row for row in rows if _facts(row)["witness"] == code), None)


def may_sign(viewer: Viewer | None, statement: dict | None) -> bool:
    """Whether the viewer acts for the member whose statement it is."""
    return (
        viewer is not None
        and statement is not None
        and may(viewer, "statement.sign")
        and rules.is_of(statement, viewer.acting)
    )


def request_for(entry: Entry) -> str:
    """The file that the member's own machine signs."""
    return rules.request(LogHead.objects.get().origin, entry.seq, bytes(entry.statement.content))


def _facts(row: Entry) -> dict:
    return canonical.loads(bytes(row.statement.content))["facts"]
