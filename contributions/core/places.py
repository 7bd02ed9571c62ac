"""Whether a country is evidenced or only stated: what an attestation of a place must be to be taken in."""

from __future__ import annotations

from datetime import date

from contributions.core import countries
from contributions.core.errors import Refused


class OtherCountry(Refused):
    code = "place-other-country"
    ja = "証拠が示す国（{country}）は、登録されている国（{held}）と異なります。所在国違反として記録してください。"
    en = "The evidence shows {country}, but {held} is on record. Record it as a breach of residency."


class NotYet(Refused):
    code = "place-not-yet"
    ja = "証明の日（{on}）は記録の日（{today}）以前にしてください。"
    en = "A place cannot be attested for {on}, after today ({today})."


class FileNeeded(Refused):
    code = "place-file-needed"
    ja = "所在を示す証拠ファイルを添付してください。"
    en = "Hand in the file that shows the place."


class NotYourFacility(Refused):
    code = "not-your-facility"
    ja = "{facility} の所在は、事務局・監査人または施設の運営者だけが証明できます。"
    en = "Only the secretariat, the auditor or its operator attests where {facility} stands."


def check(*, country: str, held: str, on: date, today: date) -> None:
    """Refuse evidence of another country than the one on record, or for a day to come."""
    if country != held:
        raise OtherCountry(country=countries.name(country), held=countries.name(held))
    if on > today:
        raise NotYet(on=on, today=today)
