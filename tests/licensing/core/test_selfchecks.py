"""The self-check says what the screening would ask, never less."""

from __future__ import annotations

from fractions import Fraction

import pytest

from licensing.core import screening, selfchecks

RULE = screening.rule(screening.FIRST_RULE)
GOOD = {
    "seat": "JP",
    "foreign_control": Fraction(0),
    "antisocial": "no",
    "residency": "no",
    "category": "no",
    "end_use": "civil",
    "inference": ("JP",),
    "affiliates": "no",
}


@pytest.mark.parametrize(
    ("changes", "outcome", "kind"),
    [
        ({}, "ready", "japanese"),
        ({"foreign_control": Fraction(1, 2)}, "ready", "other"),
        ({"seat": "ZZ"}, "ready", "other"),
        ({"antisocial": "yes"}, "stop", "japanese"),
        ({"antisocial": "unknown"}, "papers", "japanese"),
        ({"residency": "yes"}, "papers", "japanese"),
        ({"category": "yes"}, "papers", "japanese"),
        ({"end_use": "military"}, "stop", "japanese"),
        ({"inference": ("JP", "TH")}, "papers", "japanese"),
        ({"affiliates": "yes"}, "papers", "japanese"),
    ],
)
def test_each_answer_has_its_consequence_and_the_worst_decides(changes, outcome, kind):
    verdict = selfchecks.judge(RULE, **(GOOD | changes))
    assert (verdict.outcome, verdict.licensee_class) == (outcome, kind)
    assert len(verdict.answers) == 7 and all(answer.reason.ja and answer.reason.en for answer in verdict.answers)


@pytest.mark.parametrize("end_use", list(screening.END_USE))
def test_what_is_ready_here_would_not_be_blocked_there(end_use):
    verdict = selfchecks.judge(RULE, **(GOOD | {"end_use": end_use}))
    details = {"residency": "none", "category": "none", "end_use": end_use, "inference": ["JP"]}
    blocked = screening.blockers("export", details, rule=RULE, licensee_class="japanese", excluded=False)
    assert (verdict.outcome == "ready") is not bool(blocked)
