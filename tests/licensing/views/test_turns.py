"""Whose turn it is with an agreement: what its page says first, to either side, at each step of its way."""

from datetime import date
from types import SimpleNamespace

import pytest

from contributions.core.roles import FINANCE, LEGAL, LICENSEE
from licensing.views import turns


def said(state: str, workplace: str, *, talks: str = "", owed=(), obligations=()) -> dict | None:
    return turns.of_agreement(
        SimpleNamespace(state=state, number="L-2026-001"),
        SimpleNamespace(workplace=workplace),
        talks=SimpleNamespace(state=talks) if talks else None,
        owed=list(owed),
        obligations=list(obligations),
    )


@pytest.mark.parametrize(
    ("state", "side", "step"),
    [
        ("drafted", LEGAL, "Read the draft over and approve it"),
        ("approved", LEGAL, "Offer it to the licensee"),
        ("offered", LEGAL, "The licensor’s signature"),
        ("signed", LICENSEE, "The licensee’s signature, which concludes it"),
    ],
)
def test_before_it_is_concluded_the_next_signature_leads_and_is_mine_only_on_its_own_side(state, side, step):
    for workplace in (LEGAL, LICENSEE, FINANCE):
        turn = said(state, workplace)
        assert (turn["what"].en, turn["mine"], turn["day"]) == (step, workplace == side, None)


def test_while_it_is_negotiated_the_table_leads_not_the_draft():
    turn = said("drafted", LICENSEE, talks="with_licensee")
    assert (turn["what"], turn["mine"], turn["url"]) == (turns.NEGOTIATED, True, "/agreements/L-2026-001/negotiation/")
    assert not said("drafted", LICENSEE, talks="with_licensor")["mine"]
    assert said("drafted", LEGAL, talks="agreed")["what"].en == "Read the draft over and approve it"


def test_once_it_runs_a_report_that_is_owed_leads_then_the_first_duty_of_either_side():
    owed = SimpleNamespace(due_on=date(2026, 11, 29), overdue=True)
    duty = SimpleNamespace(
        party="licensor", due_on=date(2026, 12, 1), standing="due", title_ja="提供", title_en="Deliver",
        number="O-L-2026-001-01",
    )  # fmt: skip
    turn = said("executed", LICENSEE, owed=[owed], obligations=[duty])
    assert (turn["what"], turn["mine"], turn["day"], turn["late"]) == (turns.REPORT, True, date(2026, 11, 29), True)
    turn = said("executed", LICENSEE, obligations=[duty])
    assert (turn["mine"], turn["day"], turn["late"]) == (False, date(2026, 12, 1), False)
    assert turn["url"] == "/obligations/O-L-2026-001-01/" and turn["what"] in {"提供", "Deliver"}


def test_nobody_has_a_turn_with_what_ended_or_owes_nothing():
    assert said("executed", LEGAL) is None
    assert [said(state, LEGAL) for state in sorted(turns.ENDED)] == [None] * 4
