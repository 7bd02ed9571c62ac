"""Invoices, frozen as they were issued, and the receipts on them."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions.api import refusals
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Amount, Day, Digest, Named, Ratio, Whole
from contributions.api.queries import Query, Strict, of_state, word
from contributions.core.roles import check_may
from licensing import selectors, services

STATES = ("issued", "paid")


class InvoiceLineSerializer(serializers.Serializer):
    description = Named("description")
    quantity = serializers.CharField(help_text="a fraction, or empty")
    price = serializers.CharField(help_text="a fraction, or empty")
    amount = Ratio()


class ReceiptSerializer(serializers.Serializer):
    received_on = Day()
    amount = Whole()
    reference = serializers.CharField()
    entry = serializers.IntegerField(source="seq")


class InvoiceSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    licensee = serializers.CharField(source="agreement.licensee.organization.code")
    usage = serializers.CharField(
        source="report.number",
        allow_null=True,
        default=None,
        help_text="null: the invoice of an advance, or of an evaluation",
    )
    parties = serializers.DictField(help_text="issuer and recipient, as the invoice prints them")
    issued_on = Day()
    due_on = Day()
    period_from = Day()
    period_until = Day(help_text="not including")
    lines = InvoiceLineSerializer(source="lines.all", many=True)
    credited = serializers.DictField(
        allow_null=True,
        help_text="what it credits of an evaluation's fee: evaluation, invoice, method, net, tax, rate",
    )
    net = Whole()
    tax_rate = Ratio()
    tax = Whole()
    gross = Whole()
    received = Whole()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    receipts = ReceiptSerializer(source="receipts.all", many=True)
    document_sha256 = Digest(allow_null=True, help_text="of the PDF; null until it was drawn")
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class InvoiceQuery(Query):
    state = of_state(*STATES)
    agreement = word()
    licensee = word()
    where = {
        "state": "state",
        "agreement": "agreement__number",
        "licensee": "agreement__licensee__organization__code",
    }


class InvoiceIn(Strict):
    usage = serializers.CharField(max_length=20, help_text="number of the accepted usage report")


class ReceiptIn(Strict):
    amount = Amount(help_text="whole yen")
    received_on = Day()
    reference = serializers.CharField(default="", allow_blank=True, max_length=120)


class Invoices(Door):
    @lists(InvoiceSerializer, query=InvoiceQuery, tag="invoices")
    def get(self, request, asked):
        """Invoices, newest first."""
        return asked.narrow(_visible(request))

    @acts(InvoiceSerializer, does="issue_invoice", tag="invoices", body=InvoiceIn, status=201)
    def post(self, request, sent):
        """Invoice an accepted usage report; number, parties, lines and tax are frozen."""
        check_may(request.viewer, "invoice.issue")
        report = refusals.named(selectors.usage.visible_to(request.viewer), "usage", sent["usage"], "number")
        invoice = services.invoices.issue(report, by=request.viewer, at=now(), issued_on=localdate())
        return _found(request, invoice.number)


class Invoice(Door):
    @shows(InvoiceSerializer, tag="invoices")
    def get(self, request, number):
        """One invoice with its lines and receipts."""
        return _found(request, number)


class AdvanceInvoice(Door):
    @acts(InvoiceSerializer, does="issue_advance_invoice", tag="invoices", status=201)
    def post(self, request, number):
        """Invoice the advance of an agreement in force, once."""
        check_may(request.viewer, "invoice.issue")
        agreement = one(selectors.agreements.visible_to(request.viewer), number=number)
        invoice = services.invoices.issue_advance(agreement, by=request.viewer, at=now(), issued_on=localdate())
        return _found(request, invoice.number)


class EvaluationFeeInvoice(Door):
    @acts(InvoiceSerializer, does="issue_evaluation_invoice", tag="invoices", status=201)
    def post(self, request, number):
        """Invoice the fee of a concluded evaluation, once."""
        check_may(request.viewer, "invoice.issue")
        agreement = one(selectors.agreements.visible_to(request.viewer), number=number)
        invoice = services.invoices.issue_evaluation(agreement, by=request.viewer, at=now(), issued_on=localdate())
        return _found(request, invoice.number)


class InvoiceReceipts(Door):
    @acts(InvoiceSerializer, does="record_receipt", tag="invoices", body=ReceiptIn, status=201)
    def post(self, request, sent, number):
        """Record money received; the invoice is paid once nothing is open."""
        services.invoices.record_receipt(_found(request, number), by=request.viewer, at=now(), **sent)
        return _found(request, number)


def _found(request, number: str):
    return one(_visible(request), number=number)


def _visible(request):
    return selectors.invoices.visible_to(request.viewer).prefetch_related("lines", "receipts")
