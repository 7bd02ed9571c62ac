"""What waits for a viewer: one list over every noun, each line one thing to do."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate, now

from contributions.core.roles import MEMBER, REVIEWER, Viewer
from contributions.core.words import Text
from contributions.models import Intake
from contributions.selectors import inbox as contributed
from contributions.selectors import intakes, log, reviews, witnesses
from licensing.selectors import chores, dues, errands, waiting
from licensing.selectors.waiting import Waiting


def count(viewer: Viewer | None) -> int:
    """How many things wait."""
    return len(waiting_for(viewer))


def waiting_for(viewer: Viewer | None, *, on: date | None = None, at: datetime | None = None) -> list[Waiting]:
    """Everything that waits for this viewer, what to do first at the top: due soon, then without a day, then later."""
    if viewer is None:
        return []
    on, at = on or localdate(), at or now()
    rows = [
        *errands.waiting_for(viewer, on=on),
        *chores.waiting_for(viewer, on=on),
        *waiting.papers_for(viewer, on),
        *_reviews(viewer),
        *_conditions(viewer),
        *_contributions(viewer),
        *_intakes(viewer),
        *waiting.ballots_for(viewer, at),
        *waiting.valuations_for(viewer),
        *waiting.notices_for(viewer, on),
        *waiting.allocations_for(viewer),
        *dues.waiting_for(viewer, on=on),
        *_witnessing(viewer),
    ]
    return sorted(rows, key=lambda row: waiting.order(row, on))


def _reviews(viewer: Viewer) -> list[Waiting]:
    return [
        Waiting(
            Text("データ審査の意見", "Decide a data review"),
            Text(row.version.dataset.name_ja, row.version.dataset.name_en),
            f"{row.version} {row.kind}",
            "contributions:review",
            (row.number,),
            state="in_review",
        )
        for row in reviews.waiting_for(viewer)
    ]


def _conditions(viewer: Viewer) -> list[Waiting]:
    """Conditions of a member's own reviews that it has not answered yet; those answered, for the review body."""
    if viewer.workplace not in {MEMBER, REVIEWER}:
        return []
    owner = viewer.workplace == MEMBER
    todo = Text("データ審査の条件に回答", "Answer a review's condition") if owner else Text(
        "データ審査の条件の履行を確認", "Confirm a review's condition"
    )  # fmt: skip
    return [
        Waiting(
            todo,
            Text(row.opinion.review.version.dataset.name_ja, row.opinion.review.version.dataset.name_en),
            f"{row.opinion.review.version} {row.opinion.review.kind}",
            "contributions:review",
            (row.opinion.review.number,),
            due_on=row.due,
        )
        for row in reviews.conditions_waiting(viewer, answered=not owner)
    ]


def _contributions(viewer: Viewer) -> list[Waiting]:
    """What the contributions wing holds for this viewer, apart from reviews and gaps, which its own inbox lists."""
    rows = [row for row in contributed.waiting_for(viewer) if row.kind in {"resource", "batch", "dispute"}]
    return [
        Waiting(row.todo, row.about, row.number, row.page, row.arguments, amount=row.amount, state=row.state)
        for row in rows
    ]


def _witnessing(viewer: Viewer) -> list[Waiting]:
    """Where the members have set a threshold: the newest checkpoint, until enough or this member have cosigned it."""
    given = witnesses.rules_known() if viewer.workplace == MEMBER else []
    newest = log.latest() if given else None
    if newest is None:
        return []
    standing = witnesses.standing(newest, viewer, given=given)
    done = any(one.organization is not None and one.organization.code == viewer.acting for one in standing.seen)
    if standing.is_witnessed or done:
        return []
    number = str(newest.number)
    said = Text(f"{standing.threshold} 組織中 {standing.counted} 組織", f"{standing.counted} of {standing.threshold}")
    title = Text("時点証明への立会署名", "Cosign a log checkpoint")
    return [Waiting(title, said, number, "contributions:checkpoint", (newest.number,), state="unwitnessed")]


def _intakes(viewer: Viewer) -> list[Waiting]:
    """Usage files that were read and wait for their sender."""
    todo = {
        Intake.State.PREVIEWED: Text("計算実績を登録", "Commit metered compute"),
        Intake.State.UNMAPPED: Text("計算実績の列を確認", "Name the columns of a usage file"),
    }
    return [
        Waiting(
            todo[row.state],
            Text(row.facility.name_ja, row.facility.name_en),
            row.file_name,
            "contributions:intake",
            (row.pk,),
            due_on=localdate(row.expires_at),
            state=row.state,
        )
        for row in intakes.visible_to(viewer).filter(state__in=list(todo))
    ]
