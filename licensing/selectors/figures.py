"""What an inbox shows beside its list: the figures a workplace looks at first, and the newest entries it may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import F, Sum

from contributions.core.periods import last_day
from contributions.core.reviews import REVIEWS
from contributions.core.roles import (
    AUDITOR,
    DESK,
    FINANCE,
    LEGAL,
    LICENSEE,
    MEMBER,
    OF_MONEY,
    OF_USAGE,
    REVIEWER,
    Viewer,
    reads,
)
from contributions.core.words import Text
from contributions.models import Resource, Review
from contributions.selectors import compute, datasets, journal, log, resources, reviews
from licensing.core import calendar
from licensing.models import Agreement, Allocation, Ballot, Invoice, Payout, Receipt
from licensing.selectors import agreements, allocations, ballots, distributions, entries, invoices, lives, usage

NEAR_DAYS = 90


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, how it reads (count, yen, share, quantity, day, text), and the page that shows its lines."""

    label: Text
    value: object
    reads: str = "count"
    unit: str = ""
    note: Text | None = None
    page: str = ""
    arguments: tuple = ()


def for_workplace(viewer: Viewer, *, on: date) -> list[Figure]:
    """The figures of the viewer's workplace as of a day."""
    figures = {
        LEGAL: _legal,
        FINANCE: _finance,
        DESK: _desk,
        AUDITOR: _auditor,
        MEMBER: _member,
        LICENSEE: _licensee,
        REVIEWER: _reviewer,
    }.get(viewer.workplace)
    return figures(viewer, on) if figures else []


def latest_entries(viewer: Viewer, *, count: int = 8) -> list[journal.ReadableEntry]:
    """The newest entries that the viewer may read."""
    rows = entries.visible_to(viewer).select_related("statement").order_by("-seq")
    return [journal.readable(entry) for entry in rows[:count]]


def notice_by(agreement: Agreement, on: date) -> date:
    """The last day to refuse or to propose renewal."""
    found = lives.notice_day(agreement, on)
    return found.day if found else last_day(lives.until(agreement, on))


def _legal(viewer: Viewer, on: date) -> list[Figure]:
    in_force = list(agreements.in_force(viewer))
    near = [day for one in in_force if on <= (day := notice_by(one, on)) <= on + timedelta(days=NEAR_DAYS)]
    states = (Agreement.State.DRAFTED, Agreement.State.APPROVED, Agreement.State.OFFERED, Agreement.State.SIGNED)
    under_way = agreements.visible_to(viewer).filter(state__in=states).count()
    voting = ballots.visible_to(viewer).filter(state=Ballot.State.OPEN).count()
    return [
        Figure(Text("効力のある利用契約", "Agreements in force"), len(in_force), page="licensing:agreements"),
        Figure(
            Text("90日以内の通知期限", "Notice deadlines within 90 days"),
            len(near),
            note=_earliest(near),
            page="licensing:renewals",
        ),
        Figure(Text("手続中の利用契約", "Agreements under way"), under_way, page="licensing:agreements"),
        Figure(Text("投票中の議決", "Open ballots"), voting, page="licensing:ballots"),
    ]


def _finance(viewer: Viewer, on: date) -> list[Figure]:
    owed = invoices.visible_to(viewer).filter(state=Invoice.State.ISSUED)
    outstanding = sum(row.gross - row.received for row in owed)
    overdue = sum(1 for row in owed if row.due_on < on)
    quarter = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
    received = Receipt.objects.filter(
        invoice__in=invoices.visible_to(viewer), received_on__gte=quarter, received_on__lte=on
    )
    unpaid = distributions.payouts_visible_to(viewer).filter(state__in=[Payout.State.NOTIFIED, Payout.State.CONFIRMED])
    return [
        Figure(
            Text("未収額（税込）", "Outstanding, with tax"),
            outstanding,
            "yen",
            note=Text(f"うち期限を過ぎた請求書 {overdue} 通", f"{overdue} invoice(s) overdue") if overdue else None,
            page="licensing:invoices",
        ),
        Figure(
            Text("当四半期の入金", "Received this quarter"),
            _sum(received, "amount"),
            "yen",
            note=Text(f"{quarter} から", f"since {quarter}"),
            page="licensing:invoices",
        ),
        Figure(
            Text("分配前の入金", "Received, not yet distributed"),
            _sum(invoices.undistributed(viewer), "amount"),
            "yen",
            page="licensing:distributions",
        ),
        Figure(Text("支払前の分配額", "Payouts not yet paid"), _sum(unpaid, "gross"), "yen", page="licensing:payouts"),
    ]


def _desk(viewer: Viewer, on: date) -> list[Figure]:
    return [_awaiting(viewer), *_log_figures(), _open_reviews(viewer)]


def _auditor(viewer: Viewer, on: date) -> list[Figure]:
    findings = _sum(compute.batches_visible_to(viewer), "findings_count")
    return [
        *_log_figures(),
        _awaiting(viewer),
        Figure(
            Text("取込みで除いた行", "Rows kept aside in imports"),
            findings,
            note=Text("計算実績ファイルの不備", "faults of usage files"),
            page="contributions:compute",
        ),
    ]


def _awaiting(viewer: Viewer) -> Figure:
    rows = allocations.visible_to(viewer).filter(state=Allocation.State.RUN)
    return Figure(
        Text("確認を待つ配分計算", "Allocations awaiting attestation"), rows.count(), page="licensing:allocations"
    )


def _open_reviews(viewer: Viewer) -> Figure:
    rows = reviews.visible_to(viewer).filter(state=Review.State.OPEN)
    return Figure(Text("未決のデータ審査", "Open data reviews"), rows.count(), page="contributions:reviews")


def _log_figures() -> list[Figure]:
    head, sealed = log.head(), log.latest()
    size = head.size if head else 0
    since = size - (sealed.size if sealed else 0)
    figures = [Figure(Text("台帳の記録", "Entries in the log"), size, page="contributions:log")]
    if sealed is not None:
        note = Text(f"その後の記録 {since:,} 件", f"{since:,} entries since") if since else None
        said = Text(f"第{sealed.size:,}号", f"{sealed.size:,}")
        figures.append(
            Figure(Text("最新の時点証明", "Latest checkpoint"), said, "text", note=note, page="contributions:log")
        )
    return figures


def _member(viewer: Viewer, on: date) -> list[Figure]:
    waiting = distributions.payouts_visible_to(viewer).filter(state=Payout.State.NOTIFIED)
    return [
        *_own_shares(viewer),
        *_own_contributions(viewer),
        Figure(
            Text("確認を待つ分配額", "Payouts to confirm"),
            _sum(waiting, "gross"),
            "yen",
            note=Text(f"{waiting.count()} 件", f"{waiting.count()} in all"),
            page="licensing:payouts",
        ),
    ]


def _own_shares(viewer: Viewer) -> list[Figure]:
    """The member's share in the newest adopted allocation of each release."""
    newest: dict[str, Allocation] = {}
    for row in allocations.visible_to(viewer).filter(state=Allocation.State.ADOPTED).order_by("adopted_at"):
        newest[row.release.number] = row
    figures = []
    for number, row in sorted(newest.items(), reverse=True):
        view = allocations.view(row, viewer)
        own = view.own
        if own is not None and view.grid:
            label = Text(f"配分比率（{number}）", f"Share ({number})")
            share = Fraction(own.grid, view.grid)
            figures.append(Figure(label, share, "share", page="licensing:allocation", arguments=(row.number,)))
    return figures


def _own_contributions(viewer: Viewer) -> list[Figure]:
    gpu_s = sum(row["gpu_s"] for row in compute.by_month(viewer))
    accepted = resources.visible_to(viewer).filter(state=Resource.State.ACCEPTED)
    figures = [
        Figure(Text("データ提供", "Datasets"), datasets.visible_to(viewer).count(), page="contributions:datasets"),
        Figure(Text("計算資源提供", "Compute"), gpu_s, "quantity", "gpu_s", page="contributions:compute"),
    ]
    for kind, label, unit in (
        (Resource.Kind.CASH, Text("資金", "Cash"), "JPY"),
        (Resource.Kind.PEOPLE, Text("出向・従事", "People"), "minute"),
    ):
        total = _sum(accepted.filter(kind=kind), "quantity")
        if total:
            reads = "yen" if unit == "JPY" else "quantity"
            figures.append(Figure(label, total, reads, unit, page="contributions:resources"))
    return figures


def _licensee(viewer: Viewer, on: date) -> list[Figure]:
    owed = usage.owed(viewer, on=on)
    due = owed[0].due_on if owed else _next_due(viewer, on)
    unpaid = invoices.visible_to(viewer).filter(state=Invoice.State.ISSUED)
    total = sum(row.gross - row.received for row in unpaid)
    first = unpaid.order_by("due_on").first()
    found = [
        Figure(
            Text("次の報告期限", "Next report due"),
            due,
            "day",
            note=Text(f"未提出 {len(owed)} 件", f"{len(owed)} not handed in") if owed else None,
            page="licensing:usage_reports",
        ),
        Figure(
            Text("未払の請求（税込）", "Open invoices, with tax"),
            total,
            "yen",
            note=Text(f"最初の期限 {first.due_on}", f"first due {first.due_on}") if first else None,
            page="licensing:invoices",
        ),
        Figure(
            Text("効力のある利用契約", "Agreements in force"),
            agreements.in_force(viewer).count(),
            page="licensing:agreements",
        ),
    ]
    return [one for one, part in zip(found, (OF_USAGE, OF_MONEY, ""), strict=True) if not part or reads(viewer, part)]


def _next_due(viewer: Viewer, on: date) -> date | None:
    """When the first report on a period still running will be due."""
    days = []
    for one in agreements.reporting(viewer).filter(pk__in=agreements.in_force(viewer)):
        ends = lives.reporting_periods(one, on=on, ended_by=lives.until(one, on))
        running = [period for period in ends if period.until > on]
        if running:
            terms = lives.variables_on(one, running[0].start, known_on=on)
            days.append(calendar.due_on(running[0], int(terms["report_days"])))
    return min(days, default=None)


def _reviewer(viewer: Viewer, on: date) -> list[Figure]:
    open_rows = reviews.visible_to(viewer).filter(state=Review.State.OPEN)
    counts = {kind: open_rows.filter(kind=kind).count() for kind in REVIEWS}
    return [
        Figure(REVIEWS[kind], count, note=Text("未決", "open"), page="contributions:reviews")
        for kind, count in counts.items()
        if count
    ] or [Figure(Text("未決のデータ審査", "Open data reviews"), 0, page="contributions:reviews")]


def _earliest(days: list[date]) -> Text | None:
    return Text(f"最初は {min(days)}", f"the first on {min(days)}") if days else None


def _sum(rows, field: str) -> int:
    return rows.aggregate(total=Sum(F(field)))["total"] or 0
