"""The effect of a withdrawal by the right that came in: the hardest of several, and what descends."""

from __future__ import annotations

import pytest

from contributions.core.terms import AFTER_WITHDRAWAL
from licensing.core import impacts


def test_every_rule_of_an_inbound_agreement_has_an_effect():
    assert all(impacts.effect(code) != impacts.UNKNOWN for code in AFTER_WITHDRAWAL)
    assert impacts.effect(None) == impacts.UNKNOWN


@pytest.mark.parametrize(
    ("effects", "worst"),
    [([], "remains"), (["remains", "no-further-training"], "no-further-training"), (["unknown", "ends"], "ends")],
)
def test_of_several_the_hardest_holds(effects, worst):
    assert impacts.worst(effects) == worst


def test_what_was_made_before_the_day_of_a_frozen_release_remains():
    assert [impacts.inherited(one) for one in ("remains", "no-further-training", "ends")] == [
        "remains", "remains", "ends",
    ]  # fmt: skip
