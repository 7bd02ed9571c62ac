"""Lists: fifty rows a page, narrowed by what the reader typed."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from contributions.forms.fields import sought

PER_PAGE = 50


def page_of(request, rows: QuerySet | Sequence) -> Page:
    """The page that the request asks for; a page that does not exist is the nearest that does."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def query_of(request) -> str:
    """What was typed into the list's own search."""
    return sought(request.GET.get("q", "")[:200])


def wanted_file(request) -> str:
    """The form in which the list is asked for as a file: csv, xlsx, or the empty text for a page."""
    asked = request.GET.get("format", "")
    return asked if asked in {"csv", "xlsx"} else ""


def wants_csv(request) -> bool:
    """Whether the list is asked for as a file."""
    return request.GET.get("format") == "csv"


def index_in(request, name: str) -> int | None:
    """The index that an address names, or None where it names none that could be one."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
