"""Both time axes of a what-if, and what stands without a correction: for the desk all shares, for a member its points.

Kuruma pays in twice: in June, on record on 5 October; in May, on record only on the 20th. Tetsu corrects what it paid.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from contributions import selectors as contributed
from contributions import services as contributing
from contributions.models import Entry
from licensing import selectors
from licensing.core.what_ifs import Change
from licensing.models import Allocation
from licensing.selectors.what_ifs import Facts, NothingCorrected, NothingKnown

pytestmark = pytest.mark.django_db
MAY = (date(2026, 5, 1), date(2026, 6, 1))


@pytest.fixture
def run(allocated_world) -> Allocation:
    """The present: an allocation of April to September, known in October."""
    world = allocated_world
    world.wait_until("2026-10-05 09:00")
    world.cash("kuruma", 3_000_000, on=date(2026, 6, 1))
    world.wait_until("2026-10-20 09:00")
    world.cash("kuruma", 5_000_000, on=date(2026, 5, 2))
    wrong = world.cash("tetsu", 1_000_000)
    right = contributing.resources.supersede(wrong, quantity=9_000_000, **world.by("tetsu"))
    contributing.resources.accept(right, **world.by("finance"))
    return world.run()


def cash(world, run: Allocation, **facts) -> Fraction:
    """The total of cash, as the desk would see it."""
    view = selectors.allocations.view(run, world.viewer("desk"))
    right = selectors.allocations.right(run, view)
    answer = selectors.what_ifs.answer(run, world.viewer("desk"), right, Change(), Facts(**facts))
    assert sum((row.difference for row in answer.rows), Fraction(0)) == 0
    return {code: after - before for code, before, after in answer.totals}["cash"]


def own(world, run: Allocation, member: str, **facts) -> dict[str, tuple[Fraction, Fraction]]:
    rows = selectors.what_ifs.own_points(run, world.viewer(member), Facts(**facts))
    return {code: (before, after) for code, before, after in rows}


def test_what_was_known_and_what_was_in_effect_do_not_move_each_other(allocated_world, run):
    then = selectors.what_ifs.known_on(date(2026, 10, 5))
    assert then < run.log_size
    before = own(allocated_world, run, "kuruma")["cash"][0]
    known = own(allocated_world, run, "kuruma", size=then)["cash"][1]
    assert known == before - 5, "the whole period, without what was recorded later"
    may = own(allocated_world, run, "kuruma", window=MAY)["cash"][1]
    assert may == before - 3, "May as it is known now, without what was paid in June"
    both = own(allocated_world, run, "kuruma", size=then, window=MAY)["cash"][1]
    assert both == before - 8, "as known on 5 October about May"
    assert cash(allocated_world, run, size=then) == -5 - 9
    assert cash(allocated_world, run, size=then, window=MAY) == -5 - 9 - 3


def test_without_a_correction_the_first_figure_stands_once(allocated_world, run):
    desk, member, rival = (allocated_world.viewer(who) for who in ("desk", "tetsu", "kuruma"))
    (made,) = selectors.what_ifs.corrections(desk)
    assert (made.member, made.kind) == ("tetsu", "resource.superseded")
    assert cash(allocated_world, run, uncorrected=selectors.what_ifs.chosen(desk, made.key)) == -8
    left_out = selectors.what_ifs.chosen(member, "tetsu")
    before, after = own(allocated_world, run, "tetsu", uncorrected=left_out)["cash"]
    assert after == before - 8
    assert selectors.what_ifs.corrections(rival) == [], "a rival's correction is nothing that a member may know of"
    for wanted in ("tetsu", made.key, "nobody"):
        with pytest.raises(NothingCorrected):
            selectors.what_ifs.chosen(rival, wanted)


def test_a_members_answer_is_folded_from_its_own_entries_and_the_common_ones(allocated_world, run, monkeypatch):
    read = []
    ask = contributed.journal.statements_of

    def noted(kinds, **where):
        read.extend(ask(kinds, **where))
        return ask(kinds, **where)

    monkeypatch.setattr(contributed.journal, "statements_of", noted)
    monkeypatch.setattr(contributed.journal, "statements", None)
    own(allocated_world, run, "kuruma", window=MAY)
    assert {said["member"] for said in read} == {None, "kuruma"}


def test_nothing_is_written_and_a_day_before_the_ledger_is_refused(allocated_world, run):
    entries = Entry.objects.count()
    cash(allocated_world, run, window=MAY)
    own(allocated_world, run, "tetsu", window=MAY)
    assert Entry.objects.count() == entries
    with pytest.raises(NothingKnown):
        selectors.what_ifs.known_on(date(2020, 1, 1))
