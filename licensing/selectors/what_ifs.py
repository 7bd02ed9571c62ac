"""What an allocation would be under other assumptions: gathered again from the journal where the facts differ.

Read only. Whoever sees everything may ask for another policy, another checkpoint, or the log without one member's
corrections; a member is answered from its own view (`core.what_ifs.own`) and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contributions.core import canonical
from contributions.core.roles import AUDITOR, DESK, Viewer
from contributions.selectors import journal, log
from licensing.core import ancestry, inputs
from licensing.core.allocations import pooled
from licensing.core.divisions import Pool
from licensing.core.policies import Policy as Rule
from licensing.models import Allocation, Policy
from licensing.selectors import allocations


@dataclass(frozen=True, slots=True)
class Facts:
    """From which facts to calculate: under which policy, as known at which checkpoint, without whose corrections."""

    policy: Policy | None = None
    known_at: int | None = None
    uncorrected: str = ""


def pool(allocation: Allocation, viewer: Viewer, facts: Facts = Facts()) -> tuple[Rule, Pool]:
    """The rule and the pool of an allocation, as stored or gathered anew; for whoever sees everything."""
    assert viewer.workplace in {DESK, AUDITOR}
    allocations.check_whole(viewer, allocation)
    if facts == Facts():
        return pooled(allocation.policy.document, canonical.loads(bytes(allocation.inputs)))
    document = (facts.policy or allocation.policy).document
    return pooled(document, _gathered(allocation, document, facts))


def _gathered(allocation: Allocation, document: dict, facts: Facts) -> dict:
    size = facts.known_at or allocation.log_size
    root = log.checkpoints().filter(size=size).values_list("root", flat=True).first()
    release, wanted = allocation.release.number, []
    if ancestry.is_needed(document):
        wanted = ancestry.allocations(journal.statements(size=size), release)
    rows = Allocation.objects.filter(number__in=wanted).values_list("number", "rows")
    return inputs.fold(
        _kept(journal.statements(size=size), facts.uncorrected),
        policy=document,
        release=release,
        window=(allocation.window_from.isoformat(), allocation.window_until.isoformat()),
        log={"size": size, "root": bytes(root).hex() if root else ""},
        opened={number: canonical.loads(bytes(content)) for number, content in rows},
    )


def _kept(statements: Iterator[dict], uncorrected: str) -> Iterator[dict]:
    """The statements, without the corrections of one member: as if it had never corrected anything."""
    for statement in statements:
        if not (uncorrected and statement.get("member") == uncorrected and statement.get("corrects")):
            yield statement
