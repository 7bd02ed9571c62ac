"""The demo's chapter on an evaluation (評価・PoC): paid for, stepped up, and credited to the first fee of the licence.

The licensee is invented, and every figure illustrative.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from licensing.models import Agreement, Licensee, Release, Schedule, StepUp
from licensing.selectors import clauses
from licensing.services import agreement_drafts, agreements, checklists, invoices, step_ups
from licensing.services.story.cast import act, act_of, fresh

CODE = "isonami"
TRIAL = (date(2026, 7, 1), date(2026, 10, 1))
FULL = (date(2026, 9, 16), date(2028, 9, 16))
OWN = {
    "fields": ["manufacturing"],
    "regions": ["JP"],
    "liability_floor": "1000000",
    "evaluation_fee": "500000",
    "licensee_signatory": {
        "ja": "代表取締役　﨑山　渚（架空）",
        "en": "Nagisa Sakiyama, Representative Director (fictional)",
    },
}


def begin(usual: Callable, answers: Callable) -> None:
    """In June a maker of inspection machines concludes an evaluation for three months, for a fee."""
    house = usual(CODE, Schedule.objects.get(number="S-CELL"), "manufacturing", ["JP"], TRIAL)
    row = agreements.draft(
        _licensee(), **_made("evaluation", TRIAL, house | OWN), **act("homu", "2026-06-23 15:00", "draft trial")
    )
    _conclude(row, "2026-06-23 15", answers)


def step_up(answers: Callable) -> None:
    """It pays in August, asks for the full licence in September, and has it before the evaluation ends."""
    trial = Agreement.objects.get(licensee=_licensee())
    paper = invoices.issue_evaluation(
        trial, issued_on=date(2026, 8, 6), **act("keiri", "2026-08-06 10:00", "invoice trial")
    )
    invoices.record_receipt(
        paper, amount=paper.gross, received_on=date(2026, 8, 31), reference="見本銀行　振込",
        **act("keiri", "2026-08-31 15:00", "receipt trial"),
    )  # fmt: skip
    row = step_ups.request(
        fresh(trial), plan="検査装置への組込み。9月中旬から量産。（見本・架空）",
        **act_of(CODE, "2026-09-10 10:00", "ask step-up", "licensee"),
    )  # fmt: skip
    full = step_ups.draft(row, **_made("standard", FULL, {}, trial), **act("homu", "2026-09-11 10:00", "draft full"))
    _conclude(full, "2026-09-14 10", answers)


def bill(report_of: Callable) -> None:
    """Its first fee, of the last days of September, is credited with what it paid for the evaluation."""
    full = StepUp.objects.get(evaluation__licensee=_licensee()).agreement
    who = act_of(CODE, "2026-10-10 11:00", f"usage {CODE}", "licensee")
    report = report_of(full, FULL[0], [("cell", "JP", "30")], who)
    invoices.issue(report, issued_on=date(2026, 10, 13), **act("keiri", "2026-10-13 11:00", f"invoice {CODE}"))


def _licensee() -> Licensee:
    return Licensee.objects.get(organization__code=CODE)


def _made(template: str, term: tuple[date, date], own: dict, evaluation: Agreement | None = None) -> dict:
    """What an agreement is made of, as the page of a draft proposes it."""
    licensee, row = _licensee(), clauses.template(template)
    made = {
        "schedule": Schedule.objects.get(number="S-CELL"),
        "release": Release.objects.get(number="R-0.3"),
        "term": term,
    }
    settled = agreement_drafts.settled(licensee, **made, evaluation=evaluation)
    typed = agreement_drafts.usual(licensee, row, evaluation) | own
    return made | {"template": template, "variables": agreement_drafts.variables(row, settled, typed)}


def _conclude(row: Agreement, hour: str, answers: Callable) -> None:
    step = f"{row.template.code} {CODE}"
    checklists.answer(row, answers(row), **act("homu", f"{hour}:10", f"checklist {step}"))
    agreements.approve(row, **act("bucho", f"{hour}:20", f"approve {step}"))
    row = agreements.offer(fresh(row), **act("homu", f"{hour}:30", f"offer {step}"))
    row = agreements.sign(fresh(row), **act("homu", f"{hour}:40", f"sign {step}"))
    agreements.countersign(fresh(row), **act_of(CODE, f"{hour}:50", f"countersign {step}", "licensee"))
