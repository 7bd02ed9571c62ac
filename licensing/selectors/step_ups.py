"""Requests to step up from an evaluation, and how the conditions of its clause stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from contributions.core.errors import Refused
from contributions.core.periods import jst_date
from contributions.core.roles import LICENSEE, OF_CONTRACTS, Viewer, reads
from contributions.core.words import Text
from licensing.core import editions
from licensing.core import step_ups as rules
from licensing.models import Agreement, Obligation, StepUp
from licensing.selectors import agreements, amendments, lives


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the clause, and what refuses it."""

    words: Text
    refusal: Refused | None = None


RUNNING = Text("評価期間が満了していないこと", "The Evaluation Period has not expired")
KEPT = Text("期限を過ぎた利用者の義務がないこと", "The licensee is overdue with nothing")
SCREENED = Condition(Text("利用者審査が有効であること", "The screening of the licensee is valid"))


def visible_to(viewer: Viewer | None) -> QuerySet[StepUp]:
    """Requests under the agreements that the viewer may see."""
    rows = StepUp.objects.filter(evaluation__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_CONTRACTS) else rows.none()
    return rows.select_related("evaluation__licensee__organization", "agreement")


def shown(row: StepUp | None, viewer: Viewer | None) -> Agreement | None:
    """The full licence that a request led to, once the viewer may see it."""
    if row is None or row.agreement is None:
        return None
    return agreements.visible_to(viewer).filter(pk=row.agreement_id).first()


def waiting_for(viewer: Viewer | None) -> QuerySet[StepUp]:
    """Requests to which no draft answers yet: the licensor's step."""
    rows = visible_to(viewer).filter(state=StepUp.State.REQUESTED)
    if viewer is None or viewer.workplace == LICENSEE:
        return rows.none()
    return rows.filter(agreement=None)


def open_of(evaluation: Agreement) -> StepUp | None:
    """The request of an evaluation that is open or was concluded."""
    states = (StepUp.State.REQUESTED, StepUp.State.CONCLUDED)
    return evaluation.step_ups.filter(state__in=states).select_related("agreement").first()


def is_evaluation(agreement: Agreement, at: datetime) -> bool:
    """Whether its text has a clause on stepping up."""
    return rules.FAMILY in _families(agreement, at)


def conditions(evaluation: Agreement, at: datetime) -> list[Condition]:
    """What the agreement itself decides: its clause, its standing, the licensee's overdue duties."""
    on = jst_date(at)
    late = Obligation.objects.filter(agreement=evaluation, party="licensee", state="open", due_on__lt=on)
    overdue = list(late.order_by("due_on", "number").values_list("number", flat=True))
    stands, until = lives.standing(evaluation, at), lives.until(evaluation, on)
    rules.check_clause(evaluation.number, _families(evaluation, at))
    return [
        Condition(RUNNING, _refused(rules.check_running, evaluation.number, stands, until)),
        Condition(KEPT, _refused(rules.check_kept, evaluation.number, overdue)),
    ]


def _families(agreement: Agreement, at: datetime) -> set[str]:
    edition = editions.as_of(lives.editions_of(agreement, jst_date(at)), jst_date(at))
    return set(amendments.families(agreement, edition))


def _refused(check, *given) -> Refused | None:
    try:
        check(*given)
    except Refused as refusal:
        return refusal
    return None
