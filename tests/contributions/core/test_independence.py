"""One rule for whoever judges: apart from the owner, its group and its rivals, and not the same person again."""

from __future__ import annotations

import pytest

from contributions.core import independence
from contributions.core.independence import Eyes

OFFICE = Eyes("p1", "consortium", "consortium")
SIDES = {"owner": "honda", "group": {"honda-rd"}, "rivals": {"nissan"}}


def test_a_second_pair_of_eyes_from_outside_may_judge() -> None:
    independence.check(OFFICE, **SIDES, before={"p2", None})
    independence.check(Eyes(None, "lab", "reviewer"), **SIDES)


@pytest.mark.parametrize(
    ("home", "acting"), [("honda", "reviewer"), ("reviewer", "honda"), ("honda-rd", "reviewer"), ("nissan", None)]
)
def test_neither_owner_nor_its_group_nor_its_rival_judges_from_whichever_desk(home: str, acting: str | None) -> None:
    with pytest.raises(independence.InConflict):
        independence.check(Eyes("p1", home, acting), **SIDES)


def test_whoever_recorded_or_decided_before_does_not_judge() -> None:
    with pytest.raises(independence.SamePerson):
        independence.check(Eyes("p2", "consortium", "consortium"), **SIDES, before={"p2"})


def test_nobody_of_unknown_employer_judges_but_the_system_belongs_to_no_company() -> None:
    with pytest.raises(independence.HomeUnknown):
        independence.check(Eyes("p1", None, "reviewer"), **SIDES)
    with pytest.raises(independence.HomeUnknown):
        independence.check(Eyes(None, None, "reviewer"), **SIDES)
    independence.check(Eyes(None, None, None), **SIDES)
