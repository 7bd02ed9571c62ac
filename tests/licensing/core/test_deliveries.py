"""Deliveries: the check in days or business days, silence, and what is owed again."""

from datetime import date

import pytest

from licensing.adapters.holidays import is_business_day
from licensing.core import deliveries
from licensing.core.deliveries import AcceptanceOver, DeliveryStepRefused


@pytest.mark.parametrize(
    ("variables", "day"),
    [
        ({"acceptance_days": 14}, date(2027, 1, 8)),
        ({"acceptance_days": 14, "acceptance_business_days": 5}, date(2027, 1, 5)),
    ],
)
def test_the_check_ends_over_the_year_end(variables, day):
    assert deliveries.accept_by(date(2026, 12, 25), variables, is_business_day=is_business_day) == day


def test_silence_accepts_only_where_the_agreement_says_so():
    days = {"accept_by": date(2027, 1, 5), "on": date(2027, 1, 6)}
    assert deliveries.state_on("received", deems=True, **days) == "deemed"
    assert deliveries.state_on("received", deems=False, **days) == "received"
    assert deliveries.state_on("rejected", deems=True, **days) == "rejected"
    assert deliveries.deems({"acceptance_days": 14}) and deliveries.deems({"acceptance_business_days": 5})
    assert not deliveries.deems({"acceptance_days": 14, "acceptance_deemed": False})
    assert not deliveries.deems({}), "an evaluation gives no days, so silence says nothing"


def test_steps_follow_one_another_and_end():
    day = {"number": "DL-1", "accept_by": date(2027, 1, 5)}
    assert deliveries.step("delivered", "receive", **day) == "received"
    assert deliveries.step("received", "reject", **day) == "rejected"
    with pytest.raises(AcceptanceOver):
        deliveries.step("deemed", "reject", **day)
    with pytest.raises(DeliveryStepRefused):
        deliveries.step("accepted", "reject", **day)


def test_a_file_in_a_newer_form_is_owed_again():
    filed, had = [("notes.txt", "b2"), ("w.bin", "a1")], [("w.bin", "a1"), ("notes.txt", "b1")]
    assert deliveries.owed(filed, had) == [("notes.txt", "b2")]
