"""Witnesses, their cosignatures, and the threshold. Whose key a witness's is, only members and the secretariat read."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import AsOfQuery, DayAsked, DayQuery, stood
from contributions.api.doors import Door, acts, lists, one, shows, writes
from contributions.api.fields import Instant
from contributions.api.queries import Strict
from contributions.core.roles import MEMBER
from contributions.core.witnesses import KINDS, NEUTRAL, OFFICER, SITE, THRESHOLD_MAX
from contributions.core.words import Text

VKEY_MAX, NOTE_MAX = 300, 64 * 1024
NOBODY = "-"


class WitnessSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="the hash of its key, eight hexadecimal digits")
    name = serializers.CharField()
    vkey = serializers.CharField(help_text="name+hash+base64, of type 0x04")
    kind = serializers.CharField(help_text="one of: " + ", ".join(KINDS))
    organization = serializers.SerializerMethodField(help_text="null where the caller may not know whose key it is")
    valid_from = serializers.DateField()
    retired_from = serializers.DateField(allow_null=True)
    entry = serializers.IntegerField(source="seq")

    def get_organization(self, witness) -> str | None:
        may_know = selectors.witnesses.knows_whose(self.context["request"].viewer)
        return witness.organization.code if may_know else None


class WitnessBody(Strict):
    vkey = serializers.CharField(max_length=VKEY_MAX, help_text="of a member's own site, or of a neutral witness")
    organization = serializers.CharField(max_length=32, required=False, help_text="by default the caller's own")
    valid_from = serializers.DateField()


class RetirementBody(Strict):
    retired_from = serializers.DateField()


class CosignatureSerializer(serializers.Serializer):
    witness = serializers.CharField(source="name")
    kind = serializers.CharField()
    organization = serializers.SerializerMethodField(help_text="null where the caller may not know whose key it is")
    at = Instant(help_text="by the witness's own clock")
    line = serializers.CharField(help_text="the signature line, as it stands on the note")
    counts = serializers.BooleanField(help_text="whether it counts towards the threshold")

    def get_organization(self, seen) -> str | None:
        return seen.organization.code if seen.organization else None


class WitnessedSerializer(serializers.Serializer):
    witnessed = serializers.BooleanField(source="is_witnessed")
    counted = serializers.IntegerField(help_text="organizations that cosigned and count")
    threshold = serializers.IntegerField(help_text="how many must; 0 where none is set")
    cosignatures = CosignatureSerializer(source="seen", many=True)


class CosignedBody(Strict):
    note = serializers.CharField(
        max_length=NOTE_MAX, trim_whitespace=False, help_text="a checkpoint of this log with cosignature lines"
    )


class ThresholdSerializer(serializers.Serializer):
    threshold = serializers.IntegerField()
    kinds = serializers.ListField(child=serializers.CharField())
    valid_from = serializers.DateField()
    source_ja = serializers.CharField()
    source_en = serializers.CharField()
    entry = serializers.IntegerField(source="seq")


class ThresholdBody(Strict):
    threshold = serializers.IntegerField(min_value=0, max_value=THRESHOLD_MAX)
    kinds = serializers.ListField(child=serializers.ChoiceField((OFFICER, SITE, NEUTRAL)), allow_empty=False)
    valid_from = serializers.DateField()
    source_ja = serializers.CharField(max_length=200)
    source_en = serializers.CharField(max_length=200)


class Witnesses(Door):
    @lists(WitnessSerializer, query=DayQuery, tag="log")
    def get(self, request, asked):
        """Every witness and its key; as of a day, those enrolled by then."""
        rows = selectors.witnesses.visible_to(request.viewer)
        return selectors.witnesses.then(rows, asked.day) if asked.is_chosen else rows

    @acts(WitnessSerializer, does="enroll_witness", tag="log", body=WitnessBody, status=201)
    def post(self, request, given):
        """Enrol a member's own site, or, as the secretariat, a neutral witness."""
        stated = dict(given)
        viewer = request.viewer
        code = stated.pop("organization", None) or viewer.acting
        organization = refusals.named(
            selectors.organizations.visible_to(viewer), "organization", code or NOBODY, "code"
        )
        kind = SITE if viewer.workplace == MEMBER else NEUTRAL
        return services.witnesses.enroll(organization, kind=kind, **stated, by=viewer, at=now())


class Witness(Door):
    @shows(WitnessSerializer, tag="log", query=DayAsked)
    def get(self, request, asked, code):
        """One witness; as of a day, whether it was then in office."""
        rows = selectors.witnesses.visible_to(request.viewer)
        found = one(rows, code=code)
        return stood(selectors.witnesses.then(rows.filter(pk=found.pk), asked.day)) if asked.is_chosen else found


class WitnessRetirement(Door):
    @acts(WitnessSerializer, does="retire_witness", tag="log", body=RetirementBody)
    def post(self, request, given, code):
        """Retire a witness from a day on; what it cosigned stays."""
        witness = one(selectors.witnesses.visible_to(request.viewer), code=code)
        return services.witnesses.retire(witness, **given, by=request.viewer, at=now())


class CheckpointCosignatures(Door):
    @shows(WitnessedSerializer, tag="log")
    def get(self, request, checkpoint):
        """Who cosigned a checkpoint, and whether they are enough."""
        found = one(selectors.log.checkpoints(), number=checkpoint)
        return selectors.witnesses.standing(found, request.viewer)

    @acts(WitnessedSerializer, does="cosign_checkpoint", tag="log")
    def post(self, request, checkpoint):
        """Cosign a checkpoint as a member's officer, with the key that this system holds."""
        found = one(selectors.log.checkpoints(), number=checkpoint)
        services.witnesses.confirm(found, by=request.viewer, at=now())
        return selectors.witnesses.standing(found, request.viewer)


class Cosignatures(Door):
    @acts(WitnessedSerializer, does="receive_cosignatures", tag="log", body=CosignedBody)
    def post(self, request, given):
        """Hand in a checkpoint that enrolled witnesses have cosigned elsewhere."""
        kept = services.witnesses.receive(given["note"], by=request.viewer, at=now())
        return selectors.witnesses.standing(kept[0].checkpoint, request.viewer)


class CheckpointConsistency(Door):
    @writes("text/plain", tag="log")
    def get(self, request, checkpoint, old):
        """The proof that an older checkpoint is a beginning of this one, as a witness is handed it."""
        newer = one(selectors.log.checkpoints(), number=checkpoint)
        older = one(selectors.log.checkpoints().filter(size__lte=newer.size), number=old)
        return selectors.log.consistency(older.size, newer, selectors.witnesses.note_of(newer)).text()


class Thresholds(Door):
    @lists(ThresholdSerializer, query=AsOfQuery, tag="log")
    def get(self, request, asked):
        """Every threshold adopted, in order of its day; as of a day, those that had begun by then."""
        rows = selectors.witnesses.rules_known(known_at=asked.size)
        return [row for row in rows if row.valid_from <= asked.day] if asked.is_chosen else rows

    @acts(ThresholdSerializer, does="adopt_threshold", tag="log", body=ThresholdBody, status=201)
    def post(self, request, given):
        """Record how many organizations must have cosigned from a day on."""
        stated = dict(given)
        source = Text(stated.pop("source_ja"), stated.pop("source_en"))
        return services.witnesses.adopt_threshold(**stated, source=source, by=request.viewer, at=now())
