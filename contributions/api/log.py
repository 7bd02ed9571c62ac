"""The log: its head and signed checkpoints. This is hash material, open to whoever is signed in; entries are not."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.doors import Door, acts, lists, one, shows, writes
from contributions.api.fields import Digest, Instant
from contributions.api.queries import Query, Strict
from contributions.core.annexes import GROUNDS

NOTE = "text/plain"


class LogHeadSerializer(serializers.Serializer):
    origin = serializers.CharField(help_text="the log's name, as every checkpoint states it")
    size = serializers.IntegerField(help_text="entries so far, or as far as a checkpoint counts them")
    recorded_at = Instant(allow_null=True, help_text="of the newest of them")
    demo = serializers.BooleanField()


class CheckpointSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    size = serializers.IntegerField(help_text="entries that it counts")
    root = Digest()
    note = serializers.CharField(help_text="the signed note (C2SP), byte for byte, by the log alone")
    sealed_at = Instant()


class AnnexSerializer(serializers.Serializer):
    sha256 = Digest(help_text="of salt and content, as the statement names it")
    name = serializers.CharField()
    media = serializers.CharField()
    size = serializers.IntegerField()
    erased_at = Instant(allow_null=True)


class ErasureBody(Strict):
    ground = serializers.ChoiceField(tuple(GROUNDS))


class StatementSignatureSerializer(serializers.Serializer):
    key = serializers.CharField(source="name", help_text="the name of the member’s key")
    kind = serializers.CharField(help_text="where the key is: officer or site")
    at = Instant(help_text="by the signer's own clock")
    entry = serializers.IntegerField(source="seq", help_text="that records the signature")


class SignatureBody(Strict):
    line = serializers.CharField(
        max_length=500, required=False, help_text="from the member's own machine; without it the officer's key signs"
    )


class LogHead(Door):
    @shows(LogHeadSerializer, tag="log")
    def get(self, request):
        """The head of the log; outside the consortium's offices, as the newest checkpoint has it."""
        head = selectors.log.head() if selectors.log.sees_live(request.viewer) else selectors.log.sealed_head()
        if head is None:
            raise refusals.not_found()
        return head


class Checkpoints(Door):
    @lists(CheckpointSerializer, query=Query, tag="log")
    def get(self, request, asked):
        """Signed checkpoints, newest first."""
        return selectors.log.checkpoints()

    @acts(CheckpointSerializer, does="seal_log", tag="log")
    def post(self, request):
        """Seal the log as it stands; where nothing was added, the present checkpoint is the answer."""
        return services.log.seal(by=request.viewer, at=now())


class Checkpoint(Door):
    @shows(CheckpointSerializer, tag="log")
    def get(self, request, checkpoint):
        """One checkpoint."""
        return one(selectors.log.checkpoints(), number=checkpoint)


class CheckpointNote(Door):
    @writes(NOTE, tag="log")
    def get(self, request, checkpoint):
        """The signed note of a checkpoint (C2SP), byte for byte, with the cosignatures that it has so far."""
        return selectors.witnesses.note_of(one(selectors.log.checkpoints(), number=checkpoint))


class Annexes(Door):
    @lists(AnnexSerializer, query=Query, tag="log")
    def get(self, request, asked, seq):
        """What an entry names and does not say: free text, personal data, files of evidence."""
        return one(selectors.journal.open_to(request.viewer), seq=seq).annexes.order_by("name", "sha256")


class AnnexErasure(Door):
    @acts(AnnexSerializer, does="erase_annex", tag="log", body=ErasureBody)
    def post(self, request, given, seq, sha256):
        """Erase an annex for good: its content, its salt, and what pages show of it. Every proof stays."""
        entry = one(selectors.journal.open_to(request.viewer), seq=seq)
        return services.annexes.erase(one(entry.annexes.all(), sha256=sha256), **given, by=request.viewer, at=now())


class StatementSignatures(Door):
    @lists(StatementSignatureSerializer, query=Query, tag="log")
    def get(self, request, asked, seq):
        """The member's own signatures on an entry's statement."""
        return selectors.signed_statements.of(request.viewer, one(selectors.journal.open_to(request.viewer), seq=seq))

    @acts(StatementSignatureSerializer, does="sign_statement", tag="log", body=SignatureBody, status=201)
    def post(self, request, given, seq):
        """Sign what the caller's member stated: by the line of its own machine, or with its officers' key held here."""
        viewer, verbs = request.viewer, services.signed_statements
        entry = one(selectors.journal.open_to(viewer).select_related("statement"), seq=seq)
        if "line" in given:
            made = verbs.receive(entry, given["line"], by=viewer, at=now())
        else:
            made = verbs.sign(entry, by=viewer, at=now())
        return next(found for found in selectors.signed_statements.of(viewer, entry) if found.seq == made.seq)


class StatementRequest(Door):
    @writes(NOTE, tag="log")
    def get(self, request, seq):
        """The statement as a file to be signed on the member's own machine (see docs/log.md)."""
        entry = one(selectors.journal.open_to(request.viewer).select_related("statement"), seq=seq)
        return selectors.signed_statements.request_for(entry)
