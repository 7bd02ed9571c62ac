"""A member's bundle: its own entries with their proofs, the policy, and its extract of the adopted division."""

from __future__ import annotations

from datetime import datetime

from contributions import selectors as contributed
from contributions.core import canonical, rate_rows
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.models import Entry
from contributions.services import log
from licensing import selectors
from licensing.core import bundles, extracts, inputs, ratings
from licensing.models import Allocation

# Three files an entry; a bundle holds 60,000 at most. Beyond, days of metered compute are left out, and it says so.
ENTRIES_MAX = 15_000
METERING = "compute.metered"
# Beside what is folded into lines: what was adopted, and who answers for the computation.
ADOPTION = ("policy.adopted", "allocation.attested", "allocation.adopted")


class NotAdoptedYet(Refused):
    code = "not-adopted-yet"
    ja = "配分計算 {number} はまだ採択されていません。検証資料は採択の後に作成できます。"
    en = "Allocation {number} is not adopted yet. Its bundle can be made once it is."


def make(allocation: Allocation, *, by: Viewer, at: datetime) -> tuple[str, bytes]:
    """The bundle of the member that the viewer acts for: its name and bytes. The same call gives the same bytes."""
    check_may(by, "bundle.own")
    if allocation.state not in selectors.allocations.SHOWN_TO_MEMBERS:
        raise NotAdoptedYet(number=allocation.number)
    member = by.acting or ""
    if contributed.log.covering(allocation.seq) is None:
        log.seal(by=Viewer.system("bundle"), at=at)
    checkpoint = contributed.witnesses.for_papers(seq=allocation.seq, newest=False)
    note = contributed.witnesses.note_of(checkpoint)
    document = selectors.allocations.extract(allocation, by)
    entries = _entries(allocation, by)
    said = [canonical.loads(bytes(entry.statement.content)) for entry in entries if entry.seq < allocation.log_size]
    document["unproven"] = extracts.unproven(document, said, allocation.policy.document)
    cards = contributed.journal.statements_of([rate_rows.ADOPTED], size=allocation.log_size)
    document |= ratings.of_own(document, said, allocation.policy.document, cards)
    proofs = contributed.log.proofs_for([entry.seq for entry in entries], checkpoint, note)
    parts = bundles.member_parts(
        entries=[
            bundles.Disclosed(entry.seq, bytes(entry.leaf), bytes(entry.statement.content), proofs[entry.seq])
            for entry in entries
        ],
        checkpoint=note,
        policy=allocation.policy.document,
        extract=document,
    )
    return f"member-{member}-{allocation.number}.zip", bundles.build(bundles.MEMBER, parts, log.signer())


def _entries(allocation: Allocation, by: Viewer) -> list[Entry]:
    """What the member may read of what its lines were folded from, and of the adoption; in the log's order."""
    open_to = selectors.entries.visible_to(by).select_related("statement")
    kinds = set(inputs.kinds(allocation.policy.document)) - set(ADOPTION)
    own = open_to.filter(kind__in=kinds, member=by.acting, seq__lt=allocation.log_size)
    common = open_to.filter(kind="funding.registered", member="", seq__lt=allocation.log_size)
    cards = open_to.filter(kind=rate_rows.COMMITTED, member="", seq__lt=allocation.log_size)
    if own.count() > ENTRIES_MAX:
        own = own.exclude(kind=METERING)
    subjects = [f"allocation:{allocation.number}", f"policy:{allocation.policy}"]
    adoption = open_to.filter(kind__in=ADOPTION, subject__in=subjects, seq__lte=allocation.seq)
    return sorted([*own, *common, *cards, *adoption], key=lambda entry: entry.seq)
