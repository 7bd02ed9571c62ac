"""How values read in JSON: exact, and without a format that loses anything.

Amounts are decimal strings of the unit's smallest part, fractions "n/d", days ISO dates, instants UTC with Z, digests
hex, and texts we author stand in both languages. Small counts, versions and sequence numbers are numbers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers

from contributions.core.money import fraction, fraction_text
from contributions.core.periods import instant_text, is_plausible
from contributions.core.units import AMOUNT_MAX

WHOLE = r"^-?[0-9]+$"
RATIO = r"^-?[0-9]+(/[0-9]+)?$"
HEX = r"^[0-9a-f]{64}$"


class Both(serializers.Serializer):
    """A text in Japanese and English."""

    ja = serializers.CharField()
    en = serializers.CharField()


@extend_schema_field({"type": "string", "pattern": WHOLE, "example": "1843200"})
class Whole(serializers.Field):
    """An integer of any size as a decimal string."""

    def to_representation(self, value: int | str) -> str:
        return str(int(value))


@extend_schema_field({"type": "string", "pattern": RATIO, "example": "3/10"})
class Ratio(serializers.Field):
    """An exact fraction, in lowest terms."""

    def to_representation(self, value: Fraction | int | str) -> str:
        return fraction_text(fraction(value) if isinstance(value, str) else Fraction(value))


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-10-31T05:00:00Z"})
class Instant(serializers.Field):
    """An instant in UTC, whole seconds, with Z."""

    def to_representation(self, value: datetime) -> str:
        return instant_text(value.astimezone(UTC))


@extend_schema_field({"type": "string", "pattern": HEX})
class Digest(serializers.Field):
    """32 bytes in hex; the empty text where there is none yet reads as null."""

    def to_representation(self, value: bytes | memoryview | str) -> str | None:
        return (value if isinstance(value, str) else bytes(value).hex()) or None


@extend_schema_field(Both)
class Named(serializers.Field):
    """The pair of columns `name_ja` and `name_en` of a row, or of whatever prefix is given."""

    def __init__(self, prefix: str = "name", **options) -> None:
        self.prefix = prefix
        super().__init__(**({"source": "*", "read_only": True} | options))

    def to_representation(self, row: object) -> dict[str, str]:
        return {language: getattr(row, f"{self.prefix}_{language}") for language in ("ja", "en")}


class Day(serializers.DateField):
    """A calendar date as it is sent, of a year that can be meant."""

    def to_internal_value(self, value: object) -> date:
        day = super().to_internal_value(value)
        if not is_plausible(day):
            raise exceptions.ValidationError(_("The year of this date cannot be right."), "year")
        return day


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,19}$", "example": "10527000"})
class Amount(serializers.RegexField):
    """A whole amount as it is sent: a string of digits, so that no client rounds it. Read as an int."""

    def __init__(self, **options) -> None:
        super().__init__(r"^[0-9]{1,19}$", **options)

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            raise exceptions.ValidationError(_("Send amounts as strings of digits."), "not-a-string")
        return super().to_internal_value(data)

    def run_validation(self, data: object = serializers.empty) -> int | None:
        text = super().run_validation(data)
        if text is None:
            return None
        amount = int(text)
        if amount >= AMOUNT_MAX:
            raise exceptions.ValidationError(_("This amount is too large."), "too-large")
        return amount
