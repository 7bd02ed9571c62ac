"""Checking a signed PDF; nothing of it is stored."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.utils.timezone import now
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from contributions.api.doors import Door, acts
from contributions.api.fields import Digest, Instant
from contributions.api.queries import Strict
from licensing import services

FORM_BYTES = 2**16


class CheckIn(Strict):
    file = serializers.FileField(max_length=255)


class VerdictSerializer(serializers.Serializer):
    field = serializers.CharField()
    signer = serializers.CharField()
    issuer = serializers.CharField()
    signed_at = Instant(allow_null=True)
    valid = serializers.BooleanField(help_text="bytes intact, certificate trusted, nothing added that is not permitted")
    intact = serializers.BooleanField()
    trusted = serializers.BooleanField()
    test = serializers.BooleanField(help_text="a test signature, without legal force")
    level = serializers.CharField(help_text="AdES level: B-B, B-T, B-LT or B-LTA")
    code = serializers.CharField(source="ades", help_text="of ETSI EN 319 102-1")
    said = serializers.SerializerMethodField()

    def get_said(self, verdict) -> dict:
        return {"ja": f"{verdict.text.ja} {verdict.lasting.ja}", "en": f"{verdict.text.en} {verdict.lasting.en}"}


class CheckedSerializer(serializers.Serializer):
    sha256 = Digest()
    signatures = VerdictSerializer(many=True)


class SignatureCheck(Door):
    parser_classes = [MultiPartParser]
    max_bytes = settings.SIGNED_BYTES_MAX + FORM_BYTES

    @acts(
        CheckedSerializer,
        does="check_signatures",
        tag="signatures",
        body=CheckIn,
        media={"multipart/form-data": CheckIn},
    )
    def post(self, request, sent):
        """Check every signature of a PDF: integrity, and the AdES level."""
        content = sent["file"].read()
        found = services.signatures.verdicts(content, now())
        return {"sha256": hashlib.sha256(content).hexdigest(), "signatures": found}
