"""The search that 電子帳簿保存法 asks for, and what it finds as one archive of files with their index."""

from __future__ import annotations

import io
import zipfile
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions.adapters import tables
from contributions.core.periods import last_day
from contributions.services import journal
from licensing import selectors, services
from licensing.core import retention
from licensing.core import transactions as rules
from licensing.core.transactions import Transaction
from licensing.forms.transactions import SearchForm
from licensing.views import doors, lists

EXPORT_MAX = 500
_SUFFIX = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif"}


@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """What was exchanged with whom, when and for how much, narrowed by any combination."""
    form, hits = _asked(request)
    if lists.wants_csv(request) and form.is_valid():
        return lists.csv("transactions", *_table(hits))
    context = lists.paged(request, hits) | {
        "form": form,
        "export_url": f"{reverse('licensing:transactions_export')}?{request.GET.urlencode()}",
        "rules": selectors.retention.table(),
        "kinds": rules.KINDS,
        "too_many": len(hits) > EXPORT_MAX,
        "export_max": EXPORT_MAX,
    }
    context["lines"] = [_line(one) for one in context["page"]]
    return render(request, "licensing/transactions/list.html", context, status=200 if form.is_valid() else 422)


@doors.open_to(doors.OFFICE)
def export(request: HttpRequest) -> HttpResponse:
    """The files of what was found, named by day, counterparty and amount, with an index of them."""
    form, hits = _asked(request)
    if not form.is_valid() or not hits or len(hits) > EXPORT_MAX:
        raise Http404
    files = [(one, content) for one in hits if one.kind != "receipt" and (content := _content(request.viewer, one))]
    names = rules.distinct_names([one for one, _content_ in files], _suffix)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (_one, content) in zip(names, files, strict=True):
            archive.writestr(zipfile.ZipInfo(name), content)
        named = {one.number: name for name, (one, _content_) in zip(names, files, strict=True)}
        header, cells = _table(hits, named)
        index_csv = tables.csv_bytes(header, cells, illustrative=lists.is_illustrative())
        archive.writestr(zipfile.ZipInfo("index.csv"), index_csv)
    return lists.attachment(f"transactions-{localdate():%Y%m%d}.zip", out.getvalue(), "application/zip")


def _asked(request: HttpRequest) -> tuple[SearchForm, list[Transaction]]:
    form = SearchForm(request.GET)
    hits = selectors.transactions.visible_to(request.viewer, form.cleaned_data["wanted"]) if form.is_valid() else []
    return form, hits


def _line(one: Transaction) -> dict:
    return {
        "one": one,
        "kind": rules.KINDS[one.kind],
        "url": reverse(one.page, args=one.arguments),
        "kept_until": _kept_until(one),
        "outside": one.kind == "outside",
    }


def _kept_until(one: Transaction) -> date | None:
    kind = rules.KEPT_AS.get(one.kind, one.kind)
    rule = retention.rule_for(selectors.retention.table(), kind, localdate())
    return retention.kept_until(rule, one.ended) if rule and one.ended else None


def _table(hits: list[Transaction], names: dict[str, str] | None = None):
    header = [_("Date"), _("Amount, yen"), _("Counterparty"), _("Kind of record"), _("Number"), _("To be kept until")]
    language = get_language()
    cells = [
        [
            one.day, one.amount, one.party.of(language), rules.KINDS[one.kind].of(language), one.number,
            last_day(kept) if (kept := _kept_until(one)) else "",
        ]
        for one in hits
    ]  # fmt: skip
    if names is None:
        return header, cells
    return [*header, _("File")], [[*row, names.get(one.number, "")] for row, one in zip(cells, hits, strict=True)]


def _content(viewer, one: Transaction) -> bytes | None:
    """The paper itself; None where it was erased."""
    if one.kind == "agreement":
        row = selectors.agreements.visible_to(viewer).get(number=one.number)
        return services.papers.store().get(row.documents.last().sha256)
    if one.kind == "amendment":
        row = selectors.amendments.visible_to(viewer).get(number=one.number)
        return services.papers.store().get(row.documents.last().sha256)
    if one.kind == "invoice":
        return services.papers.invoice(selectors.invoices.visible_to(viewer).get(number=one.number))
    if one.kind == "statement":
        return services.papers.statement(selectors.distributions.payouts_visible_to(viewer).get(number=one.number))
    annex = selectors.outside.file_of(viewer, one.number)
    return journal.store().get(annex.sha256) if annex is not None else None


def _suffix(one: Transaction) -> str:
    return _SUFFIX.get(one.media, "")
