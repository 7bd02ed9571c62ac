"""A line of the inbox, and those about deciding: ballots, allocations, coalition values, notices on inventions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from contributions.core.periods import last_day
from contributions.core.roles import LEGAL, Viewer
from contributions.core.words import Text
from licensing.selectors import allocations, ballots, inventions, lives, renewals, step_ups, valuations

# How long before its day a notice stands in the inbox.
NOTICE_AHEAD = timedelta(days=90)
# What is due within this time, or overdue, stands before all that has no day; what is due later stands behind it.
SOON = timedelta(days=14)
OVERDUE, TODAY, DUE_SOON, ANY_DAY, LATER = "overdue", "today", "soon", "any", "later"
URGENCIES = {
    OVERDUE: Text("期限超過", "Overdue"),
    TODAY: Text("本日期限", "Due today"),
    DUE_SOON: Text(f"{SOON.days}日以内", f"Within {SOON.days} days"),
    ANY_DAY: Text("期限の定めなし", "Without a day"),
    LATER: Text("それ以降", "Later"),
}
# Of what has no day, the pages on which another party waits for this very step come first.
FIRST = ("licensing:approval", "licensing:agreement", "licensing:usage_report", "contributions:review")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, about what, where, until when, and the sum of money it is about."""

    todo: Text
    about: Text
    number: str
    page: str
    arguments: tuple
    due_on: date | None = None
    amount: int | None = None
    state: str = "waiting"


def licensee_of(row) -> Text:
    """The licensee's name, of an agreement."""
    organization = row.licensee.organization
    return Text(organization.name_ja, organization.name_en)


def urgency(row: Waiting, on: date) -> str:
    """How pressing a line is: by its day, or that it has none."""
    if row.due_on is None:
        return ANY_DAY
    if row.due_on <= on:
        return TODAY if row.due_on == on else OVERDUE
    return DUE_SOON if row.due_on <= on + SOON else LATER


def grouped(rows: Sequence[Waiting], on: date) -> list[tuple[Text, list[Waiting]]]:
    """Lines in their order, under the name of how pressing they are; a group without a line is not there."""
    of = {key: [row for row in rows if urgency(row, on) == key] for key in URGENCIES}
    return [(name, of[key]) for key, name in URGENCIES.items() if of[key]]


def order(row: Waiting, on: date) -> tuple[int, date, int, str]:
    """The key by which an inbox is sorted: overdue, due today, due soon, then without a day, then due later."""
    if row.due_on is None:
        rank = FIRST.index(row.page) if row.page in FIRST else len(FIRST)
        return 1, on, rank, row.number
    return 0 if row.due_on <= on + SOON else 2, row.due_on, 0, row.number


def ballots_for(viewer: Viewer, at: datetime) -> list[Waiting]:
    """A member's votes, and for legal the ballots that may be closed."""
    to_vote = [(Text("議決に投票", "Vote on a ballot"), row) for row in ballots.waiting_for(viewer, at=at)]
    to_close = [(Text("議決を締め切る", "Close a ballot"), row) for row in ballots.closable(viewer, at=at)]
    return [
        Waiting(
            todo,
            Text(f"配分規程 第{row.policy.version}版", f"Allocation policy, version {row.policy.version}")
            if row.policy
            else Text(f"配分計算 {row.allocation.number}", f"Allocation {row.allocation.number}"),
            str(row.number),
            "licensing:ballot",
            (row.number,),
            due_on=localdate(row.closes_at),
            state="open",
        )
        for todo, row in to_vote + to_close
    ]


def valuations_for(viewer: Viewer) -> list[Waiting]:
    """Tables of coalition values that somebody else handed in."""
    return [
        Waiting(
            Text("提携の値の表を確認して採択", "Check and adopt a table of coalition values"),
            Text(row.name_ja, row.name_en),
            row.number,
            "licensing:valuation",
            (row.number,),
            state="submitted",
        )
        for row in valuations.waiting_for(viewer)
    ]


def allocations_for(viewer: Viewer) -> list[Waiting]:
    """Allocations to recompute, to put to the vote, or to adopt."""
    return [
        Waiting(
            _step_of(viewer, row),
            Text(row.release.name_ja, row.release.name_en),
            row.number,
            "licensing:allocation",
            (row.number,),
            state=row.state,
        )
        for row in allocations.waiting_for(viewer)
    ]


def _step_of(viewer: Viewer, row) -> Text:
    """What is to be done with an allocation: attested by both, decided by a body, then adopted."""
    if viewer.workplace != LEGAL:
        return Text("配分計算を再計算して確認", "Recompute and attest an allocation")
    if row.ballots.filter(state="carried").exists():
        return Text("配分計算を採択", "Adopt an allocation")
    if row.ballots.filter(state="open").exists():
        return Text("配分計算の議決を待つ", "Wait for the ballot on an allocation")
    return Text("配分計算を議決に付す", "Put an allocation to the vote")


def notices_for(viewer: Viewer, on: date) -> list[Waiting]:
    """Notices on inventions that are due, or will be within three months."""
    return [
        Waiting(
            Text(f"{duty.name.ja}の届出", f"Give notice: {duty.name.en}"),
            Text(row.title_ja, row.title_en),
            row.number,
            "licensing:invention",
            (row.number,),
            due_on=duty.due,
            state=duty.state(on),
        )
        for row, duty in inventions.waiting_for(viewer, on=on)
        if duty.due is not None and duty.due <= on + NOTICE_AHEAD
    ]


def papers_for(viewer: Viewer, on: date) -> list[Waiting]:
    """Proposed renewals to answer, and requests to step up to which no draft answers yet."""
    rows = [
        Waiting(
            Text("更新の申入れに回答", "Answer a proposed renewal"),
            Text(row.agreement.licensee.organization.name_ja, row.agreement.licensee.organization.name_en),
            row.agreement.number,
            "licensing:agreement_life",
            (row.agreement.number,),
            due_on=last_day(row.term_until),
            state="open",
        )
        for row in renewals.to_answer(viewer)
    ]
    if viewer.workplace == LEGAL:
        rows += [
            Waiting(
                Text("利用許諾への移行の申出", "Draft the full licence that was asked for"),
                Text(row.evaluation.licensee.organization.name_ja, row.evaluation.licensee.organization.name_en),
                row.evaluation.number,
                "licensing:step_up",
                (row.evaluation.number,),
                due_on=last_day(lives.until(row.evaluation, on)),
                state="open",
            )
            for row in step_ups.waiting_for(viewer)
        ]
    return rows
