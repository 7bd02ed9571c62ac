"""Reference data of this wing, and windows on its ledger rows that change nothing."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from licensing.models import (
    Agreement,
    AuditReport,
    ClauseVersion,
    Distribution,
    Invoice,
    Licensee,
    OutsideAgreement,
    RetentionRule,
    Schedule,
    Slip,
    TaxRate,
)


@admin.register(TaxRate)
class TaxRateAdmin(admin.ModelAdmin):
    """Rates of consumption tax: a change of law is a new line with its first day; a line in use keeps its figures."""

    list_display = ("code", "rate", "valid_from", "valid_until", "name_ja", "source")
    list_filter = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: TaxRate | None = None) -> tuple[str, ...]:
        return () if obj is None else ("code", "rate", "valid_from")

    def has_delete_permission(self, request: HttpRequest, obj: TaxRate | None = None) -> bool:
        return False


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin):
    """How long records are kept: a change of law, or a year that needs longer, is a new line with its first day."""

    list_display = ("kind", "years", "valid_from", "valid_until", "source_ja")
    list_filter = ("kind",)

    def get_readonly_fields(self, request: HttpRequest, obj: RetentionRule | None = None) -> tuple[str, ...]:
        return () if obj is None else ("kind", "years", "valid_from")

    def has_delete_permission(self, request: HttpRequest, obj: RetentionRule | None = None) -> bool:
        return False


class Window(admin.ModelAdmin):
    """A look at rows that only services write, each together with its journal entry."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Licensee)
class LicenseeWindow(Window):
    list_display = ("organization", "licensee_class", "field_of_use", "state", "seq")


@admin.register(Schedule)
class ScheduleWindow(Window):
    list_display = ("number", "version", "field_of_use", "state", "valid_from", "seq")


@admin.register(ClauseVersion)
class ClauseWindow(Window):
    list_display = ("clause", "version", "state", "valid_from", "seq")
    search_fields = ("clause__code",)


@admin.register(Agreement)
class AgreementWindow(Window):
    list_display = ("number", "licensee", "schedule", "state", "term_from", "term_until", "seq")
    search_fields = ("number",)


@admin.register(Invoice)
class InvoiceWindow(Window):
    list_display = ("number", "agreement", "issued_on", "due_on", "gross", "state", "seq")
    search_fields = ("number",)


@admin.register(OutsideAgreement)
class OutsideAgreementWindow(Window):
    """Numbers and days alone: whose contracts they are is for the pages, which know who is looking."""

    list_display = ("number", "kind", "signed_on", "term_until", "seq")
    fields = ("number", "kind", "signed_on", "term_from", "term_until", "sha256", "seq")
    search_fields = ("number",)


@admin.register(Distribution)
class DistributionWindow(Window):
    """Without its payouts: who is paid what is for the pages, which know who is looking."""

    list_display = ("number", "allocation", "period_from", "period_until", "state", "seq")


@admin.register(Slip)
class SlipWindow(Window):
    list_display = ("number", "day", "source", "seq")
    search_fields = ("number", "source")


@admin.register(AuditReport)
class ReportWindow(Window):
    list_display = ("number", "agreement", "checkpoint_size", "prepared_at", "seq")
    exclude = ("facts",)
