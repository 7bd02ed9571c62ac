"""Files handed in with entries: found by name or digest, and erased for good."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api.doors import Door, acts, lists, one
from contributions.api.fields import Digest, Instant
from contributions.api.queries import Query, Strict


class AnnexSerializer(serializers.Serializer):
    sha256 = Digest(help_text="salted: SHA-256(salt ‖ bytes)")
    name = serializers.CharField()
    media = serializers.CharField()
    bytes = serializers.IntegerField(source="size")
    subject = serializers.CharField(source="entry.subject", help_text="noun:number")
    entry = serializers.IntegerField(source="entry.seq")
    erased_at = Instant(allow_null=True)


class AnnexQuery(Query):
    q = serializers.CharField(max_length=200, required=False, help_text="in the name, or the digest's first digits")


class ErasureIn(Strict):
    reason = serializers.CharField(max_length=2000)


class Annexes(Door):
    @lists(AnnexSerializer, query=AnnexQuery, tag="log")
    def get(self, request, asked):
        """Files of the entries that the caller may read, newest first."""
        rows = selectors.annexes.visible_to(request.viewer)
        return selectors.annexes.matching(rows, asked.validated_data.get("q", ""))


class AnnexErasure(Door):
    @acts(AnnexSerializer, does="erase_annex", tag="log", body=ErasureIn)
    def post(self, request, sent, sha256):
        """Erase a file for good, with a reason. Its entry and every proof stay."""
        found = one(selectors.annexes.visible_to(request.viewer), sha256=sha256)
        return services.annexes.erase(found, **sent, by=request.viewer, at=now())
