"""What a dataset version's Croissant file says, and the version as such a file; for whoever may see the version."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from django.conf import settings

from contributions.adapters import croissant, croissant_export
from contributions.adapters.evidence import EvidenceStore
from contributions.core import records
from contributions.core.errors import Refused
from contributions.models import DatasetVersion
from contributions.selectors import datasets


def description_of(version: DatasetVersion) -> bytes:
    """The Croissant file of the version, as it was sent."""
    return EvidenceStore(Path(settings.MOYAI_HOME) / "evidence").get(version.evidence_sha256)


def exported(version: DatasetVersion, on: date) -> bytes:
    """The version as a Croissant file with our additions, as it stands on the day."""
    try:
        source = description_of(version)
    except Refused:
        source = None
    known = {
        "name": {"ja": version.name_ja, "en": version.name_en},
        "description": {"ja": version.description_ja, "en": version.description_en},
        "licence": version.licence,
        "url": version.url,
        "version": f"{version.version}.0.0",
        "files": version.files,
    }
    return croissant_export.export(source, known, _additions(version, on))


def _additions(version: DatasetVersion, on: date) -> dict:
    chain = datasets.chain_of(version, on)
    return {
        "number": version.dataset.number,
        "datasetVersion": str(version.version),
        "member": version.dataset.member.code,
        "kind": version.dataset.modality,
        "quantity": str(version.quantity),
        "unit": version.unit,
        **({"agreement": version.agreement.number} if version.agreement else {}),
        **records.stated(version.record),
        "copies": [
            {"country": copy["country"], "region": copy["region"], "on": copy["on"]}
            for copy in version.copies
            if copy.get("on") and not copy.get("until")
        ],
        "reviews": [
            {
                "review": row.kind,
                "outcome": chain.standing_of(row.kind),
                "from": row.valid_from.isoformat() if row.valid_from else None,
                "until": row.valid_until.isoformat() if row.valid_until else None,
                "ground": row.ground or None,
            }
            for row in version.reviews.all()
        ],
    }


def columns_of(version: DatasetVersion) -> list[tuple[str, str]]:
    """The columns that the version's file describes, by record set; none where the file is erased."""
    try:
        return list(croissant.describe(description_of(version)).columns)
    except Refused:
        return []


def stated(version: DatasetVersion) -> dict[str, str]:
    """What the contributor's file states beside the standard terms and the record; empty where the file is erased."""
    try:
        document = json.loads(description_of(version))
    except Refused:
        return {}
    return {
        key: "、".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in document.items()
        if key.startswith("rai:")
    }
