"""Windows for whoever runs the installation: every table here can be read and none can be written.

What others rely on is written by a service together with its journal entry, so nothing is edited in these pages. What
a member put in is not shown at all: operating the machine gives no right to know it.
"""

from __future__ import annotations

from django.contrib import admin

from contributions.models import (
    Checkpoint,
    Cursor,
    Facility,
    FundingSource,
    Job,
    LogHead,
    Organization,
    RateCard,
    RoleGrant,
    User,
)


class Window(admin.ModelAdmin):
    """A table to look at."""

    def has_add_permission(self, request, *_) -> bool:
        return False

    def has_change_permission(self, request, *_) -> bool:
        return False

    def has_delete_permission(self, request, *_) -> bool:
        return False

    def has_view_permission(self, request, *_) -> bool:
        return request.user.is_active and request.user.is_superuser


@admin.register(Organization)
class Organizations(Window):
    list_display = ("code", "name_ja", "name_en", "kind", "country")
    search_fields = ("code", "name_ja", "name_en")


@admin.register(User)
class Users(Window):
    list_display = ("username", "name_ja", "home", "is_active", "last_login")
    search_fields = ("username", "name_ja", "name_en", "email")
    exclude = ("password",)


@admin.register(RoleGrant)
class RoleGrants(Window):
    list_display = ("user", "organization", "workplace", "valid_from", "valid_until")
    list_filter = ("workplace",)


@admin.register(Facility)
class Facilities(Window):
    list_display = ("code", "name_ja", "operator", "country", "zone", "default_accelerator")


@admin.register(FundingSource)
class FundingSources(Window):
    list_display = ("code", "name_ja", "mode", "state_rate")
    exclude = ("recipient",)  # who receives a grant is that one's and the secretariat's to know

    def get_queryset(self, request):
        return super().get_queryset(request).filter(recipient=None)


@admin.register(RateCard)
class RateCards(Window):
    list_display = ("card", "version", "valid_from", "source_ja")
    exclude = ("lines",)  # factors of datasets are their owners'


@admin.register(Job)
class Jobs(Window):
    list_display = ("service", "state", "attempts", "requested_at", "finished_at")
    list_filter = ("state", "service")
    exclude = ("arguments", "result")


@admin.register(LogHead)
class LogHeads(Window):
    list_display = ("origin", "size", "recorded_at", "demo")


@admin.register(Checkpoint)
class Checkpoints(Window):
    list_display = ("number", "size", "sealed_at")
    fields = ("number", "size", "note", "sealed_at")


@admin.register(Cursor)
class Cursors(Window):
    list_display = ("name", "seq")
