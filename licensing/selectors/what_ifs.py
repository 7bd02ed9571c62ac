"""What an allocation would be under other assumptions: gathered again from the journal where the facts differ.

Read only. Whoever sees everything may ask for another policy, for another period as known at another time (each apart
from the other), or for the log without corrections. A member is answered from its own view (`core.what_ifs.own`), and
of other times from its own entries and the common rules: with its own points, never with a total that was not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.roles import AUDITOR, DESK, MEMBER, Viewer
from contributions.selectors import journal, log
from licensing.core import allocations as rules
from licensing.core import ancestry, extracts, inputs, policies, results, uncorrected, what_ifs
from licensing.core.policies import Policy as Rule
from licensing.core.policies import Right
from licensing.core.pools import Pool
from licensing.core.results import Shared
from licensing.core.uncorrected import Correction
from licensing.core.what_ifs import Change, Row
from licensing.models import Allocation, Policy
from licensing.selectors import allocations

ZERO = Fraction(0)


class NothingKnown(Refused):
    code = "nothing-known"
    ja = "{day} の終わりには、まだ台帳記録がありませんでした。後の日を選んでください。"
    en = "Nothing was on record at the end of {day}. Choose a later day."


class NothingCorrected(Refused):
    code = "nothing-corrected"
    ja = "「{wanted}」にあたる訂正はありません。訂正した会員か、訂正を選んでください。"
    en = "There is no correction “{wanted}”. Name a member that corrected something, or one of its corrections."


@dataclass(frozen=True, slots=True)
class Facts:
    """From which facts to calculate: under which policy, how much of the log, which period, without which corrections.

    What was known and what was in effect are two axes: neither moves the other.
    """

    policy: Policy | None = None
    size: int | None = None
    window: tuple[date, date] | None = None
    uncorrected: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One right before and after, by member, with the total of each category before and after."""

    before: Shared
    after: Shared
    rows: list[Row]
    totals: list[tuple[str, Fraction, Fraction]]


def known_on(day: date) -> int:
    """How many entries were on record when that day was over; refused where none was."""
    size = log.size_on(day)
    if not size:
        raise NothingKnown(day=day.isoformat())
    return size


def corrections(viewer: Viewer | None) -> list[Correction]:
    """What may be left out: everybody's corrections for the desk and the auditor, a member's own for itself."""
    head = log.head()
    if head is None or viewer is None or viewer.workplace not in {DESK, AUDITOR, MEMBER}:
        return []
    own = viewer.acting or "" if viewer.workplace == MEMBER else None
    found = uncorrected.corrections(journal.numbered(uncorrected.KINDS, size=head.size, member=own))
    return [one for one in found if one.member not in viewer.barred]


def chosen(viewer: Viewer | None, wanted: str = "") -> tuple[Correction, ...]:
    """All corrections of a member, or the one of that key, of those that this viewer may leave out."""
    found = tuple(one for one in corrections(viewer) if wanted in {one.member, one.key}) if wanted else ()
    if wanted and not found:
        raise NothingCorrected(wanted=wanted)
    return found


def answer(allocation: Allocation, viewer: Viewer, right: Right, change: Change, facts: Facts = Facts()) -> Answer:
    """One right as it is and as it would be, for whoever sees everything."""
    _, held = pool(allocation, viewer)
    before = what_ifs.changed(right, held, Change())
    other, other_held = pool(allocation, viewer, facts)
    after = what_ifs.changed(what_ifs.same(other, right), other_held, change)
    totals = [_totals(each) for each in (held, what_ifs.pool_of(other_held, change))]
    codes = list(dict.fromkeys(code for each in totals for code in each))
    rows = what_ifs.beside(before, after)
    return Answer(before, after, rows, [(code, *(each.get(code, ZERO) for each in totals)) for code in codes])


def pool(allocation: Allocation, viewer: Viewer, facts: Facts = Facts()) -> tuple[Rule, Pool]:
    """The rule and the pool of an allocation, as stored or gathered anew; for whoever sees everything."""
    assert viewer.workplace in {DESK, AUDITOR}
    allocations.check_whole(viewer, allocation)
    if facts == Facts():
        return rules.pooled(allocation.policy.document, canonical.loads(bytes(allocation.inputs)))
    document = (facts.policy or allocation.policy).document
    return rules.pooled(document, _gathered(allocation, document, facts))


def own_points(allocation: Allocation, viewer: Viewer, facts: Facts) -> list[tuple[str, Fraction, Fraction]]:
    """A member's own points by category, as they are and as they would be: from its own entries and the common rules.

    Nobody else's entry is read, and no total: what it could tell of others is nothing.
    """
    assert viewer.workplace == MEMBER and viewer.acting
    member, document = viewer.acting, extracts.of_lines(allocation.policy.document)
    before = results.points_of(canonical.loads(bytes(allocation.result)))
    size = facts.size or allocation.log_size
    said = journal.statements_of(inputs.kinds(document), size=size, member=member)
    folded = _fold(uncorrected.without(said, facts.uncorrected), allocation, document, facts, size)
    rule = policies.read(document)
    after = dict.fromkeys((category.code for category in rule.categories), ZERO)
    folded |= {"members": [{"member": member}], "lines": [row for row in folded["lines"] if row["member"] == member]}
    for line in rules.rated(rule, folded)[member]:
        after[line.category] += line.points
    return [(code, before.get(code, {}).get(member, ZERO), points) for code, points in after.items()]


def _gathered(allocation: Allocation, document: dict, facts: Facts) -> dict:
    size = facts.size or allocation.log_size
    wanted: list[str] = []
    if ancestry.is_needed(document):
        wanted = ancestry.allocations(journal.statements(size=size), allocation.release.number)
    rows = Allocation.objects.filter(number__in=wanted).values_list("number", "rows")
    opened = {number: canonical.loads(bytes(content)) for number, content in rows}
    kept = uncorrected.without(journal.statements(size=size), facts.uncorrected)
    return _fold(kept, allocation, document, facts, size, opened)


def _fold(
    said: Iterable[dict], allocation: Allocation, document: dict, facts: Facts, size: int, opened: dict | None = None
) -> dict:
    start, until = facts.window or (allocation.window_from, allocation.window_until)
    root = log.checkpoints().filter(size=size).values_list("root", flat=True).first()
    return inputs.fold(
        said,
        policy=document,
        release=allocation.release.number,
        window=(start.isoformat(), until.isoformat()),
        log={"size": size, "root": bytes(root).hex() if root else ""},
        opened=opened,
    )


def _totals(held: Pool) -> dict[str, Fraction]:
    return {code: sum(points.values(), ZERO) for code, points in held.points.items()}
