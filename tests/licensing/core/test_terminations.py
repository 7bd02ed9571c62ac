"""Terminations: each ground with what must come before it, what winds down and what survives."""

from datetime import date

import pytest

from licensing.core import clauses, terminations
from licensing.core.terminations import DemandNeeded, GroundUnknown, PaperNeeded, TerminatesTooEarly

VARIABLES = {"cure_days": 30, "winddown_months": 6, "confidentiality_years": 5, "record_years": 7}
USED = ("termination", "convenience", "antisocial", "control", "entire")
ON = date(2026, 10, 1)


def check(ground: str, day: date = ON, party: str = "licensor", **more):
    given = {"on": ON, "variables": VARIABLES, "used": USED} | more
    return terminations.check(ground, party=party, day=day, **given)


def test_a_breach_needs_a_demand_and_its_days():
    with pytest.raises(DemandNeeded):
        check("cause")
    with pytest.raises(TerminatesTooEarly) as refusal:
        check("cause", date(2026, 10, 31), demanded_on=ON)
    assert "2026-11-01" in refusal.value.text("ja")
    assert check("cause", date(2026, 11, 1), demanded_on=ON).before == "demand"


def test_antisocial_forces_end_it_at_once_without_demand_and_without_wind_down():
    ground = check("antisocial")
    assert terminations.wind_down_until(ground, ON, VARIABLES) is None


def test_nothing_ends_in_the_past():
    with pytest.raises(TerminatesTooEarly):
        check("antisocial", date(2026, 9, 30))


def test_convenience_is_open_only_where_months_were_agreed():
    with pytest.raises(GroundUnknown):
        check("convenience")
    with pytest.raises(TerminatesTooEarly):
        check("convenience", date(2026, 12, 31), variables=VARIABLES | {"termination_months": 3})
    assert check("convenience", date(2027, 1, 1), variables=VARIABLES | {"termination_months": 3})


def test_only_the_licensor_ends_it_for_a_change_of_control_and_only_under_its_clause():
    assert check("control").winds_down
    with pytest.raises(GroundUnknown):
        check("control", party="licensee")
    with pytest.raises(GroundUnknown):
        check("control", used=("termination",))
    with pytest.raises(GroundUnknown):
        check("whim")


@pytest.mark.parametrize("wording", ["control-notice", "control-free"])
def test_a_wording_that_leaves_the_licence_alone_on_a_change_of_control_is_no_ground(wording):
    with pytest.raises(GroundUnknown):
        check("control", used=(*USED, wording))


def test_an_evaluation_is_ended_by_its_licensee_on_the_days_of_notice():
    given = {"party": "licensee", "used": (*USED, "term-evaluation"), "variables": VARIABLES | {"exit_days": 30}}
    with pytest.raises(TerminatesTooEarly) as refusal:
        check("exit", date(2026, 10, 30), **given)
    assert "2026-10-31" in refusal.value.text("ja") and "予告" in refusal.value.text("ja")
    assert not check("exit", date(2026, 10, 31), **given).winds_down
    for wrong in ({"party": "licensor"}, {"used": USED}):
        with pytest.raises(GroundUnknown):
            check("exit", date(2026, 10, 31), **(given | wrong))


def test_nobody_ends_it_by_agreement_alone():
    with pytest.raises(PaperNeeded):
        check("agreed")
    with pytest.raises(GroundUnknown, match="Both parties sign a paper"):
        check("agreed", party="licensee", has_paper=True)


def test_wind_down_counts_months():
    until = terminations.wind_down_until(check("agreed", has_paper=True), ON, VARIABLES)
    assert until == date(2027, 4, 1) and (until - ON).days == 182


def test_survivors_end_where_their_own_clause_says():
    clause = clauses.clause(
        {
            "id": "survival", "family": "survival", "version": 1, "heading": {"ja": "存続", "en": "Survival"},
            "paragraphs": [{"ja": "{ref:ownership.1}、{ref:confidentiality}、{ref:audit}は存続する。",
                            "en": "{ref:ownership.1}, {ref:confidentiality} and {ref:audit} survive.", "items": []}],
            "variables": [], "condition": None, "from": None,
        }
    )  # fmt: skip
    found = terminations.survivors(clause, ended_on=ON, variables=VARIABLES)
    assert [(one.reference, one.until) for one in found] == [
        ("ownership.1", None), ("confidentiality", date(2031, 10, 1)), ("audit", date(2033, 10, 1)),
    ]  # fmt: skip
    assert terminations.survivors(None, ended_on=ON, variables={}) == ()
