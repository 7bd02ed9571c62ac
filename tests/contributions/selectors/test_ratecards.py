"""Rate cards: common factors for all members, a dataset's own factors for its owner."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import world as cast
from contributions import selectors, services


def cards(viewer) -> dict:
    return {row.card.card: row for row in selectors.ratecards.visible_to(viewer)}


def test_a_member_reads_the_factors_of_its_own_datasets_and_no_others(contributed_world):
    shown = cards(contributed_world.member("tetsu"))["dataset"]
    assert set(shown.lines) == {"D-tetsu-0001@1/quality", "D-tetsu-0001@1/uniqueness"} and shown.withheld


def test_the_row_that_comes_along_holds_no_more_than_the_lines(contributed_world):
    shown = cards(contributed_world.member("tetsu"))["dataset"]
    assert shown.card.lines == shown.lines


def test_the_secretariat_reads_every_line(contributed_world):
    shown = cards(contributed_world.viewer("legal"))["dataset"]
    assert len(shown.lines) == 8 and not shown.withheld


def test_common_factors_are_common(contributed_world):
    shown = cards(contributed_world.member("ginko"))
    assert shown["grade"].lines == {"senior": "3/2", "staff": "1"} and not shown["grade"].withheld
    assert shown["dataset"].lines == {}


def test_licensees_read_none(contributed_world):
    assert cards(contributed_world.licensee("robo")) == cards(contributed_world.viewer("reviewer")) == {}


def test_a_table_that_a_policy_shares_by_opens_to_each_member_its_own_line(contributed_world):
    """What licensees used of whose part, in anonymous slots, is for the secretariat alone."""
    lines = {"tetsu": "4", "hagane": "7", "L1": "1000", "L1/tetsu": "90"}
    services.ratecards.adopt(
        card="table-needs", lines=lines, valid_from=date(2026, 6, 1), source_ja="見本", source_en="specimen",
        **contributed_world.by("legal"),
    )  # fmt: skip
    shown = cards(contributed_world.member("tetsu"))["table-needs"]
    assert shown.lines == {"tetsu": "4"} and shown.withheld
    assert cards(contributed_world.viewer("desk"))["table-needs"].lines == lines


def test_reference_hours_take_the_card_of_each_day(world):
    world.wait_until("2026-06-01 09:00")
    services.ratecards.adopt(
        card="accelerator", lines={"h100": "1/2", "cpu": "1"}, valid_from=date(2026, 5, 11), source_ja="改定",
        source_en="revised", **world.by("legal"),
    )  # fmt: skip
    world.batch("kuruma", cast.sacct((1, "2026-05-10", 4, 8), (2, "2026-05-11", 2, 8)))
    days = selectors.compute.days_visible_to(world.viewer("legal"))
    found = selectors.ratecards.reference_seconds(days)
    assert found == {("2026-05", "h100"): (4 * 8 + Fraction(1, 2) * 2 * 8) * 3600}
    assert selectors.ratecards.reference_seconds(selectors.compute.days_visible_to(world.viewer("tetsu"))) == {}
