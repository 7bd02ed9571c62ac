"""Which reviews are needed: adopted tables with a first day, and the strictest reading where there is none."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import requirements
from contributions.core.datasets import UnknownKind
from contributions.core.requirements import Table
from contributions.core.reviews import REVIEWS, UnknownReview

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)
FIRST = Table(1, APRIL, {"simulation": {"title": 1, "export": 1}})
SECOND = Table(2, JULY, {"simulation": {"title": 2}})


def test_without_a_table_and_for_a_kind_it_does_not_name_every_review_is_required() -> None:
    assert requirements.required([], "plant", APRIL) == dict.fromkeys(REVIEWS, 1)
    assert requirements.required([FIRST], "plant", APRIL) == dict.fromkeys(REVIEWS, 1)


def test_a_table_holds_from_its_day_until_the_next_begins() -> None:
    tables = [FIRST, SECOND]
    assert requirements.required(tables, "simulation", date(2026, 3, 31)) == dict.fromkeys(REVIEWS, 1)
    assert requirements.required(tables, "simulation", date(2026, 6, 30)) == {"title": 1, "export": 1}
    assert requirements.required(tables, "simulation", JULY) == {"title": 2}


def test_of_two_tables_of_one_day_the_later_version_speaks() -> None:
    assert requirements.in_force([Table(2, APRIL, {}), Table(1, APRIL, {})], APRIL) == Table(2, APRIL, {})


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ({"poetry": {"title": 1}}, UnknownKind),
        ({"plant": {"taste": 1}}, UnknownReview),
        ({"plant": {}}, requirements.NothingRequired),
        ({"plant": {"title": 0}}, requirements.NotAQuota),
        ({"plant": {"title": 10}}, requirements.NotAQuota),
        ({"plant": {"title": True}}, requirements.NotAQuota),
    ],
)
def test_a_table_that_names_nothing_known_is_refused(lines, refusal) -> None:
    with pytest.raises(refusal):
        requirements.check(lines)


def test_an_unknown_kind_needs_no_reviews_because_there_is_none() -> None:
    with pytest.raises(UnknownKind):
        requirements.required([], "poetry", APRIL)
