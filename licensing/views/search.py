"""What the one search finds in this wing, and where its subjects in the log are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet

from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.views import history, jobs
from contributions.views import search as contributed
from contributions.views.search import Finder
from licensing import selectors
from licensing.views import doors

Rows = Callable[[Viewer], QuerySet]


def _finder(noun: Text, rows: Rows, fields: Iterable[str], page: str, name: Callable, arguments: Callable) -> Finder:
    """A finder of one noun of this wing: its rows narrowed by the fields that are searched."""
    wanted = tuple(fields)

    def found(viewer: Viewer, query: str) -> QuerySet:
        condition = Q()
        for field in wanted:
            condition |= Q(**{f"{field}__icontains": query})
        return rows(viewer).filter(condition).distinct()

    return contributed.finder(noun, found, page, name, arguments=arguments)


def _by_number(row) -> list:
    return [row.number]


def _party(row) -> Text:
    organization = row.licensee.organization
    return Text(organization.name_ja, organization.name_en)


def _own_name(row) -> Text:
    return Text(row.name_ja, row.name_en)


FINDERS: tuple[Finder, ...] = (
    _finder(
        Text("利用許諾契約", "Agreements"),
        selectors.agreements.visible_to,
        ("number", "terms_sha256", "licensee__organization__name_ja", "licensee__organization__name_en"),
        "licensing:agreement",
        _party,
        _by_number,
    ),
    _finder(
        Text("外部締結契約", "Outside agreements"),
        selectors.outside.visible_to,
        ("number", "title", "counterparty", "sha256", "file_name"),
        "licensing:outside_agreement",
        lambda row: Text(f"{row.counterparty}　{row.title}", f"{row.counterparty}: {row.title}"),
        _by_number,
    ),
    _finder(
        Text("標準外条項", "Deviations"),
        selectors.deviations.visible_to,
        ("number", "subject", "approved_sha256", "changed_sha256", "agreement__number"),
        "licensing:deviation",
        lambda row: Text(row.agreement.number, row.agreement.number),
        _by_number,
    ),
    _finder(
        Text("稟議", "Approvals"),
        selectors.approvals.visible_to,
        ("number", "agreement__number", "deviation__number", "subject_sha256"),
        "licensing:approval",
        lambda row: Text(row.agreement.number, row.agreement.number),
        _by_number,
    ),
    _finder(
        Text("利用者", "Licensees"),
        selectors.licensees.visible_to,
        ("organization__code", "organization__name_ja", "organization__name_en", "organization__corporate_number"),
        "licensing:licensee",
        lambda row: Text(row.organization.name_ja, row.organization.name_en),
        lambda row: [row.organization.code],
    ),
    _finder(
        Text("利用実績報告", "Usage reports"),
        selectors.usage.visible_to,
        ("number",),
        "licensing:usage_report",
        lambda row: _party(row.agreement),
        _by_number,
    ),
    _finder(
        Text("請求書", "Invoices"),
        selectors.invoices.visible_to,
        ("number", "gross", "net", "document_sha256"),
        "licensing:invoice",
        lambda row: _party(row.agreement),
        _by_number,
    ),
    _finder(
        Text("収益分配", "Distributions"),
        selectors.distributions.visible_to,
        ("number", "gross", "pool"),
        "licensing:distribution",
        lambda row: Text(row.allocation.number, row.allocation.number),
        _by_number,
    ),
    _finder(
        Text("分配額", "Payouts"),
        selectors.distributions.payouts_visible_to,
        ("number", "gross", "net"),
        "licensing:payout",
        lambda row: Text(row.member.organization.name_ja, row.member.organization.name_en),
        _by_number,
    ),
    _finder(
        Text("配分計算", "Allocations"),
        selectors.allocations.visible_to,
        ("number", "rows_root"),
        "licensing:allocation",
        lambda row: _own_name(row.release),
        _by_number,
    ),
    _finder(
        Text("配分規程", "Allocation policies"),
        selectors.policies.visible_to,
        ("number", "sha256"),
        "licensing:policy",
        lambda row: Text(f"第{row.version}版", f"version {row.version}"),
        lambda row: [row.number, row.version],
    ),
    _finder(
        Text("モデルリリース", "Model releases"),
        selectors.releases.visible_to,
        ("number", "name_ja", "name_en", "weights_sha256"),
        "licensing:release",
        _own_name,
        _by_number,
    ),
    _finder(
        Text("料金表", "Schedules"),
        selectors.schedules.visible_to,
        ("number", "name_ja", "name_en", "sha256"),
        "licensing:schedule",
        _own_name,
        lambda row: [row.number, row.version],
    ),
    _finder(
        Text("来歴・権利検証報告書", "Audit reports"),
        selectors.reports.visible_to,
        ("number", "facts_sha256", "document_sha256"),
        "licensing:report",
        lambda row: _party(row.agreement),
        _by_number,
    ),
)
PAGES = {
    noun: f"licensing:{page}"
    for noun, page in {
        "agreement": "agreement",
        "allocation": "allocation",
        "approval": "approval",
        "ballot": "ballot",
        "body": "body",
        "deviation": "deviation",
        "distribution": "distribution",
        "invention": "invention",
        "invoice": "invoice",
        "licensee": "licensee",
        "outside": "outside_agreement",
        "payout": "payout",
        "release": "release",
        "report": "report",
        "usage": "usage_report",
        "valuation": "valuation",
    }.items()
}
OPEN_TO = {
    **dict.fromkeys(("agreement", "invoice", "licensee", "report", "usage"), doors.PARTIES),
    **dict.fromkeys(("approval", "deviation"), doors.OFFICE),
    "distribution": doors.OFFICE,
    "outside": doors.OFFICE,
    "payout": doors.PAYEES,
    "ballot": doors.RIGHTS,
    "body": doors.RIGHTS,
    "invention": frozenset({"legal", "auditor", "member"}),
    "valuation": frozenset({"desk", "auditor"}),
}
LABELS = {
    "papers.draw_invoice": Text("請求書の作成", "Drawing an invoice"),
    "papers.draw_statements": Text("仕入明細書の作成", "Drawing statements"),
}


def join() -> None:
    """Let the other wing's search, histories and job pages know of this one; once, at start-up."""
    contributed.FINDERS.extend(finder for finder in FINDERS if finder not in contributed.FINDERS)
    history.PAGES.update(PAGES)
    history.OPEN_TO.update(OPEN_TO)
    jobs.LABELS.update(LABELS)
