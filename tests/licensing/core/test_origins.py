"""What each act asks of what came in."""

from __future__ import annotations

from datetime import date

from licensing.core import origins

TERM = (date(2026, 6, 24), date(2028, 6, 24))


def test_a_run_asks_for_its_purpose_its_country_and_its_days() -> None:
    asked = origins.of_run(purpose="fine-tuning", country="JP", started_on=TERM[0], ended_on=TERM[0])
    assert (asked.purposes, asked.territory, asked.further_training) == ({"fine-tuning"}, {"JP"}, True)
    assert asked.until == date(2026, 6, 25) and not asked.trained_already


def test_a_licence_asks_for_its_fields_regions_and_term_and_to_pass_rights_on() -> None:
    variables = {"fields": ["robot"], "regions": ["JP", "TH"], "further_training": True}
    asked = origins.of_licence(variables, field="robotics", term=TERM)
    assert (asked.fields, asked.territory, asked.start, asked.until) == ({"robot"}, {"JP", "TH"}, *TERM)
    assert asked.sublicensing and asked.further_training and asked.trained_already


def test_a_licence_without_fields_of_its_own_asks_for_its_price_lists() -> None:
    assert origins.of_licence({}, field="imaging", term=TERM).fields == {"imaging"}


def test_a_release_and_a_price_list_ask_on_their_day() -> None:
    assert origins.of_release(purposes={"training"}, published_on=TERM[0]).until == date(2026, 6, 25)
    assert origins.of_schedule(field="games", valid_from=TERM[0]).sublicensing


def test_a_price_list_asks_for_the_regions_it_prices_and_for_its_days() -> None:
    asked = origins.of_schedule(field="games", valid_from=TERM[0], valid_until=TERM[1], regions=["JP", "TH"])
    assert (asked.territory, asked.start, asked.until) == ({"JP", "TH"}, *TERM)
    endless = origins.of_schedule(field="games", valid_from=TERM[0])
    assert (endless.territory, endless.until) == (set(), date(2026, 6, 25))
