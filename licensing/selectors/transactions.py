"""Records of dealings that a viewer may search: what the law wants found by date, amount and counterparty.

Date and counterparty narrow each table in the database; the amount does where a table has it. What is left is compared
once more in the core, by the rule that the tests try.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils.timezone import localdate

from contributions.core.periods import jst_date
from contributions.core.roles import AUDITOR, FINANCE, LEGAL, Viewer
from contributions.core.words import Text
from licensing.core.transactions import Transaction, Wanted, found
from licensing.models import Agreement, Receipt
from licensing.selectors import agreements, amendments, apart, distributions, invoices, lives, outside


def visible_to(viewer: Viewer | None, wanted: Wanted | None = None) -> list[Transaction]:
    """The records that the viewer may see and looks for; legal, finance and the auditor only."""
    if viewer is None or viewer.workplace not in {LEGAL, FINANCE, AUDITOR, "system"}:
        return []
    wanted = wanted or Wanted()
    rows = [one for kind, read in _READ.items() if kind in wanted.kinds for one in read(viewer, wanted)]
    return found(rows, wanted)


def _agreements(viewer: Viewer, wanted: Wanted) -> Iterator[Transaction]:
    on = localdate()
    for row in lives.gathered(agreements.visible_to(viewer).exclude(executed_at=None)):
        yield Transaction(
            "agreement", row.number, jst_date(row.executed_at), _minimum(row.variables),
            _party(row.licensee.organization), _ended(row, on), "licensing:agreement", (row.number,),
        )  # fmt: skip


def _amendments(viewer: Viewer, wanted: Wanted) -> Iterator[Transaction]:
    on, rows = localdate(), list(amendments.visible_to(viewer).exclude(executed_at=None))
    held = {row.pk: row for row in lives.gathered({row.agreement_id: row.agreement for row in rows}.values())}
    for row in rows:
        yield Transaction(
            "amendment", row.number, jst_date(row.executed_at), _minimum(row.variables),
            _party(row.agreement.licensee.organization), _ended(held[row.agreement_id], on), "licensing:amendment",
            (row.number,),
        )  # fmt: skip


def _ended(row: Agreement, on: date) -> date | None:
    """When the dealing ends, renewals and terminations counted; nothing where it renews by itself and still runs."""
    ends = lives.ends(row, on)
    refused = {notice.term_until for notice in row.renewal_notices.all()}
    renews = lives.plan_of(row, on).mode == "automatic" and ends not in refused
    return None if renews and on < ends and lives.termination_of(row) is None else ends


def _outside(viewer: Viewer, wanted: Wanted) -> Iterator[Transaction]:
    for row in _of_days(outside.visible_to(viewer), "signed_on", wanted):
        named = Text(row.counterparty, row.counterparty)
        end = row.term_until if row.renewal != "automatic" else None
        yield Transaction(
            "outside", row.number, row.signed_on, row.amount, named, end, "licensing:outside_agreement",
            (row.number,), row.media,
        )  # fmt: skip


def _invoices(viewer: Viewer, wanted: Wanted) -> Iterator[Transaction]:
    for row in _of_days(invoices.visible_to(viewer), "issued_on", wanted):
        party = Text(**row.parties["recipient"]["name"])
        yield Transaction(
            "invoice", row.number, row.issued_on, row.gross, party, row.issued_on, "licensing:invoice", (row.number,)
        )


def _receipts(viewer: Viewer, wanted: Wanted) -> Iterator[Transaction]:
    rows = Receipt.objects.select_related("invoice").order_by("pk")
    rows = apart.past(rows, viewer, "invoice__agreement__licensee__organization__code")
    for row in _of_days(rows, "received_on", wanted):
        party = Text(**row.invoice.parties["recipient"]["name"])
        number = f"{row.invoice.number}#{row.pk}"
        yield Transaction(
            "receipt", number, row.received_on, row.amount, party, row.received_on, "licensing:invoice",
            (row.invoice.number,),
        )  # fmt: skip


def _statements(viewer: Viewer, wanted: Wanted) -> Iterator[Transaction]:
    rows = distributions.payouts_visible_to(viewer).exclude(distribution__approved_at=None)
    for row in rows:
        day = jst_date(row.distribution.approved_at)
        yield Transaction(
            "statement", row.number, day, row.gross, _party(row.member.organization), day, "licensing:payout",
            (row.number,),
        )  # fmt: skip


def _of_days(rows, field: str, wanted: Wanted):
    if wanted.day_from is not None:
        rows = rows.filter(**{f"{field}__gte": wanted.day_from})
    if wanted.day_to is not None:
        rows = rows.filter(**{f"{field}__lte": wanted.day_to})
    return rows


def _minimum(variables: Mapping[str, object]) -> int | None:
    """The amount that a licence names: its minimum fee of a licence year, an evaluation its fee, where it has one."""
    stated = str(variables.get("minimum") or variables.get("evaluation_fee") or "0")
    return int(stated) if stated.isdigit() and int(stated) else None


def _party(organization) -> Text:
    return Text(organization.name_ja, organization.name_en)


_READ = {
    "agreement": _agreements,
    "amendment": _amendments,
    "outside": _outside,
    "invoice": _invoices,
    "receipt": _receipts,
    "statement": _statements,
}
