"""The demo's chapter on an evaluation (評価・PoC): paid for, stepped up, and credited to the first fee of the licence.

The licensee is invented, and every figure illustrative.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from contributions.core.evidence import Evidence
from licensing.models import Agreement, Licensee, Obligation, Release, Schedule, StepUp
from licensing.selectors import clauses
from licensing.services import agreement_drafts, agreements, deliveries, invoices, obligations, step_ups
from licensing.services.story import contracts
from licensing.services.story.cast import act, act_of, fresh

CODE = "tsukimi"
TRIAL = (date(2026, 7, 1), date(2026, 10, 1))
FULL = (date(2026, 9, 16), date(2027, 4, 1))


def begin() -> None:
    """In June a maker of inspection machines concludes an evaluation for three months, for a fee."""
    own = {"liability_floor": "1000000", "evaluation_fee": "500000"}
    row = agreements.draft(_licensee(), **_made("evaluation", TRIAL, own), **act("homu", "2026-06-23 15:00", "trial"))
    contracts.conclude(row, "2026-06-23 15", CODE)


def hand_over() -> None:
    """On its first day it is given the model and the export classification."""
    row = deliveries.deliver(_trial(), **act("homu", "2026-07-01 09:00", "deliver trial"))
    deliveries.accept(row, **act_of(CODE, "2026-07-01 12:00", "accept trial", "licensee"))


def step_up() -> None:
    """It pays in August, asks for the full licence in September, and has it before the evaluation ends."""
    trial = _trial()
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
    contracts.conclude(full, "2026-09-14 10", CODE)


def bill(report_of: Callable) -> None:
    """Its first fee, of the last days of September, is credited with what it paid for the evaluation."""
    full = StepUp.objects.get(evaluation__licensee=_licensee()).agreement
    who = act_of(CODE, "2026-10-10 10:00", f"usage {CODE}", "licensee")
    report = report_of(full, FULL[0], [("cell", "JP", "30")], who)
    invoices.issue(report, issued_on=date(2026, 10, 13), **act("keiri", "2026-10-13 11:00", f"invoice {CODE}"))
    results = Obligation.objects.get(agreement=_trial(), rule="results")
    written = Evidence("評価結果の報告書.txt", "検査装置での評価の方法、結果の概要及び不具合（見本・架空）\n".encode())
    told = act_of(CODE, "2026-10-13 15:00", "results of the trial", "licensee")
    obligations.fulfil(results, note="評価結果を報告します。（見本・架空）", evidence=written, **told)
    purged = Obligation.objects.get(agreement=_trial(), rule="purge")
    obligations.fulfil(
        purged, note="評価で受け取ったデータを削除しました。（見本・架空）", **act("homu", "2026-10-13 16:00", "purge")
    )


def _trial() -> Agreement:
    return Agreement.objects.get(licensee=_licensee(), template__code="evaluation")


def _licensee() -> Licensee:
    return Licensee.objects.get(organization__code=CODE)


def _made(template: str, term: tuple[date, date], own: dict, evaluation: Agreement | None = None) -> dict:
    """What an agreement is made of: the parties and the house's terms, as the page of a draft settles them."""
    licensee, row, schedule = _licensee(), clauses.template(template), Schedule.objects.get(number="S-CELL")
    made = {"schedule": schedule, "release": Release.objects.get(number="R-0.3"), "term": term}
    settled = agreement_drafts.settled(licensee, **made, evaluation=evaluation)
    typed = contracts.usual(CODE, schedule, "manufacturing", ["JP"], term) | own
    return made | {"template": template, "variables": agreement_drafts.variables(row, settled, typed)}
