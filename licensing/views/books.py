"""The books: the trial balance, the slips, and the journal as a file for the accounts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors as contributed
from contributions.adapters import tables
from contributions.core.roles import may
from contributions.core.words import Text
from licensing import selectors
from licensing.core import books as rules
from licensing.views import doors, lists

SEARCH = ("number", "source", "text_ja", "text_en", "postings__party")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@doors.open_to(doors.ACCOUNTS)
def index(request: HttpRequest) -> HttpResponse:
    """The balance of every account, and the slips, newest first."""
    viewer = request.viewer
    visible = selectors.books.visible_to(viewer).order_by("-day", "-number")
    rows, context = lists.narrowed(request, visible, search=SEARCH)
    context |= lists.paged(request, rows.distinct())
    names = {code: Text(name["ja"], name["en"]) for code, name in contributed.organizations.names().items()}
    balances = selectors.books.trial_balance(viewer)
    context |= {
        "slips": [_slip(row, names) for row in context["page"]],
        "balances": balances,
        "totals": {side: sum(getattr(row, side) for row in balances) for side in ("debit", "credit")},
        "may_export": may(viewer, "books.export"),
    }
    return render(request, "licensing/books/list.html", context)


def _slip(row, names: dict[str, Text]) -> dict:
    return {
        "slip": row,
        "text": Text(row.text_ja, row.text_en),
        "lines": [_line(posting, names) for posting in row.postings.all()],
    }


def _line(posting, names: dict[str, Text]) -> dict:
    return {
        "account": rules.ACCOUNTS[posting.account],
        "party": names.get(posting.party, posting.party),
        "debit": posting.amount if posting.side == rules.DEBIT else None,
        "credit": posting.amount if posting.side == rules.CREDIT else None,
        "tax": posting.tax,
    }


@doors.open_to(doors.ACCOUNTS)
def export(request: HttpRequest) -> HttpResponse:
    """Every posting line by line, as CSV or XLSX."""
    viewer = request.viewer
    rows = selectors.books.export_rows(viewer, get_language())
    columns = _columns()
    cells = [[row[name] for name in columns] for row in rows]
    if request.GET.get("format") == "xlsx":
        content = tables.xlsx_bytes(
            list(columns.values()), cells, sheet=_("Journal"), illustrative=lists.is_illustrative()
        )
        return lists.attachment("books.xlsx", content, XLSX)
    return lists.csv("books", list(columns.values()), cells)


def _columns() -> dict[str, str]:
    return {
        "date": _("Date"),
        "slip": _("Slip"),
        "line": _("Line"),
        "account": _("Account code"),
        "account_name": _("Account"),
        "party": _("Party"),
        "debit": _("Debit"),
        "credit": _("Credit"),
        "tax": _("Tax classification"),
        "source": _("Source"),
        "text": _("Description"),
    }
