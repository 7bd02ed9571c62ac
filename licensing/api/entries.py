"""Log entries with their statements and proofs, for those whose lines they are."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers

from contributions import selectors as contributed
from contributions.api.doors import Door, lists, one, shows, writes
from contributions.api.fields import Both, Digest, Instant
from contributions.api.queries import Query, word
from contributions.core import canonical
from licensing import selectors


class EntrySerializer(serializers.Serializer):
    seq = serializers.IntegerField()
    id = serializers.UUIDField()
    kind = serializers.CharField()
    label = serializers.SerializerMethodField()
    subject = serializers.CharField()
    recorded_at = Instant()
    leaf = serializers.SerializerMethodField(help_text="the canonical JSON that the tree hashes, as text")
    leaf_hash = Digest()
    statement = serializers.SerializerMethodField(help_text="what happened; its SHA-256 stands in the leaf")

    def get_label(self, entry) -> Both:
        return Both(contributed.kinds.label(entry.kind)).data

    def get_leaf(self, entry) -> str:
        return bytes(entry.leaf).decode()

    def get_statement(self, entry) -> dict:
        return canonical.loads(bytes(entry.statement.content))


class EntryQuery(Query):
    kind = word()
    subject = word(help_text="noun:number, such as dataset:D-example-0001")
    since = serializers.IntegerField(min_value=0, max_value=2**62, required=False, help_text="from this entry on")
    where = {"kind": "kind", "subject": "subject", "since": "seq__gte"}


class Entries(Door):
    @lists(EntrySerializer, query=EntryQuery, tag="log")
    def get(self, request, asked):
        """Entries that the caller may read, in the log's order."""
        return asked.narrow(_visible(request))


class Entry(Door):
    @shows(EntrySerializer, tag="log")
    def get(self, request, seq):
        """One entry."""
        return one(_visible(request), seq=seq)


class EntryProof(Door):
    @writes("text/plain", tag="log")
    def get(self, request, seq):
        """The proof that a signed checkpoint counts the entry (C2SP tlog-proof)."""
        entry = one(_visible(request), seq=seq)
        checkpoint = contributed.log.covering(entry.seq)
        if checkpoint is None:
            raise exceptions.NotFound(_("No checkpoint counts this entry yet. Seal the log first."), code="not-sealed")
        return contributed.log.proof_for(entry.seq, checkpoint, contributed.witnesses.note_of(checkpoint))


def _visible(request):
    return selectors.entries.visible_to(request.viewer).select_related("statement").order_by("seq")
