"""What every list does: narrow by words and by state, page, and leave as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from contributions import selectors as contributed
from contributions.adapters import tables
from contributions.templatetags.moyai import state_label, text
from licensing.forms.filters import ByState

PAGE_ROWS = 50


def narrowed(
    request: HttpRequest, rows: QuerySet, *, search: Sequence[str], states: Sequence[str] = ()
) -> tuple[QuerySet, dict]:
    """The rows that the request asks for, and what the list page needs to show how it was narrowed."""
    query = request.GET.get("q", "").strip()
    rows = matching(rows, query, search)
    context: dict = {"search": True, "query": query}
    if states:
        form = ByState(request.GET, states=[(state, state_label(state)) for state in states])
        rows = rows.filter(state=form.chosen) if form.chosen else rows
        context["filters"] = form
    return rows, context


def matching(rows: QuerySet, query: str, search: Sequence[str]) -> QuerySet:
    """The rows in one of whose fields the words stand; all of them where nothing is looked for."""
    if not query:
        return rows
    found = Q()
    for field in search:
        found |= Q(**{f"{field}__icontains": query})
    return rows.filter(found)


def paged(request: HttpRequest, rows) -> dict:
    """One page of rows, and where the whole list leaves as CSV; a number out of range gives the nearest page."""
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    wanted = request.GET.copy()
    wanted["format"] = "csv"
    wanted.pop("page", None)
    return {"rows": page, "page": page, "csv_url": f"{request.path}?{wanted.urlencode()}"}


def wants_csv(request: HttpRequest) -> bool:
    return request.GET.get("format") == "csv"


@dataclass(frozen=True, slots=True)
class Coded:
    """A column that holds codes: it leaves as two, what the code is called in the reader's language, and the code."""

    label: str
    words: Callable[[str], str]


def coded(label: str, words: Mapping[str, object] | Callable[[str], object] = state_label) -> Coded:
    """The head of a column of codes. Without words of its own a code is a state."""
    if isinstance(words, Mapping):
        return Coded(label, lambda code: text(words.get(code, code)))
    return Coded(label, lambda code: text(words(code)))


def csv(name: str, header: Sequence[str | Coded], rows: Iterable[Sequence]) -> HttpResponse:
    """The rows as a CSV file to keep; in a demo its first line says 見本・架空."""
    content = tables.csv_bytes(*worded(header, rows), illustrative=is_illustrative())
    return attachment(f"{name}.csv", content, "text/csv; charset=utf-8")


def worded(header: Sequence[str | Coded], rows: Iterable[Sequence]) -> tuple[list[str], Iterator[list]]:
    """A table with every column of codes as two: the words, then the code for machines."""
    heads: list[str] = []
    for one in header:
        heads += [one.label, _code_head(one.label)] if isinstance(one, Coded) else [one]
    return heads, (list(_worded(header, row)) for row in rows)


def _code_head(label: str) -> str:
    return f"{label}_code" if label.isidentifier() and label.isascii() and label.islower() else _("%s (code)") % label


def _worded(header: Sequence[str | Coded], row: Sequence) -> Iterator:
    for one, cell in zip(header, row, strict=True):
        if isinstance(one, Coded):
            yield one.words(str(cell)) if cell not in (None, "") else ""
        yield cell


def attachment(name: str, content: bytes, media: str) -> HttpResponse:
    """A file to keep."""
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def is_illustrative() -> bool:
    """Whether the figures of this installation are a demo's."""
    head = contributed.log.head()
    return head is not None and head.demo
