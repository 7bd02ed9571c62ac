"""The access record: who opened a member's material, and the note that an endpoint leaves in it."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api.doors import Door, lists
from contributions.api.fields import Instant, Named
from contributions.api.queries import Query, word


class OpeningSerializer(serializers.Serializer):
    owner = serializers.CharField(source="owner.code", help_text="whose material it is")
    subject = serializers.CharField(help_text="what was opened, as noun:number")
    person = Named(source="user")
    workplace = serializers.CharField()
    organization = serializers.SerializerMethodField(help_text="that it acted for; null where you may not know it")
    employer = serializers.SerializerMethodField(help_text="null where you may not know it")
    opened_at = Instant(help_text="the first time on that day")

    def get_organization(self, row) -> str | None:
        return self._known(row.acting)

    def get_employer(self, row) -> str | None:
        return self._known(row.home)

    def _known(self, organization) -> str | None:
        if not hasattr(self, "known"):
            visible = selectors.organizations.visible_to(self.context["request"].viewer)
            self.known = set(visible.values_list("pk", flat=True))
        return organization.code if organization is not None and organization.pk in self.known else None


class OpeningQuery(Query):
    subject = word(80)
    workplace = word()
    where = {"subject": "subject", "workplace": "workplace"}


class Openings(Door):
    @lists(OpeningSerializer, query=OpeningQuery, tag="people")
    def get(self, request, asked):
        """Who outside opened the caller's material, newest first; one line a person, subject and day."""
        rows = selectors.openings.visible_to(request.viewer)
        return asked.narrow(selectors.openings.shown(rows, localdate()))


def noted(request, noun: str, row):
    """The row, once its opening is noted for its owner."""
    owner = row.member.organization if hasattr(row, "member") else row.organization
    services.openings.record(f"{noun}:{row.number}", owner=owner, by=request.viewer, at=now())
    return row
