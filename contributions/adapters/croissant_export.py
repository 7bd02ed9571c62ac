"""A dataset version as a Croissant file with our additions, to be read by whoever reads Croissant, and by us again.

The owner's own file is the base and keeps every term of it; where that file has been erased, a plain description is
made of what the ledger knows. Ours stands beside it under our own prefix: the minimum record, the copies, what the
reviews came to, and the marks that travel with the data. Whoever reads the file back gets the same record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from contributions.adapters import croissant_json as strict
from contributions.core.errors import Refused

NAMESPACE = "urn:moyai:terms:"
OURS = "moyai:"
CONFORMS_TO = "http://mlcommons.org/croissant/1.1"

_TERMS = """
arrayShape citeAs column containedIn equivalentProperty extract field fileObject fileProperty fileSet format includes
isArray isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate
separator source subField transform
"""
_CONTEXT: dict[str, Any] = {
    "@language": "ja",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS.split()},
}


def export(source: bytes | None, known: Mapping[str, Any], additions: Mapping[str, Any]) -> bytes:
    """The file. `source`: the owner's own, None where it is erased; `known`: what a plain description is made of.

    `additions`: our terms without their prefix; texts, lists of texts, and lists of such tables.
    """
    document = _base(source) or _plain(known)
    for key in [key for key in document if key.startswith(OURS)]:
        del document[key]
    if known["licence"]:
        document.setdefault("license", known["licence"])
    context = document.get("@context")
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, dict):
            part["moyai"] = NAMESPACE
    document |= {f"{OURS}{term}": _prefixed(value) for term, value in additions.items()}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _base(source: bytes | None) -> dict[str, Any] | None:
    try:
        document = strict.load(source) if source is not None else None
    except Refused:
        return None
    return document if document and isinstance(document.get("@context"), dict | list) else None


def _plain(known: Mapping[str, Any]) -> dict[str, Any]:
    files = [file for file in known["files"] if file["sha256"]]  # one without a digest is no file to the validator
    described = {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "name": dict(known["name"]),
        "description": dict(known["description"]),
        "conformsTo": CONFORMS_TO,
        "license": known["licence"],
        "url": known["url"],
        "version": known["version"],
        "distribution": [_file(place, file) for place, file in enumerate(files, 1)],
    }
    return {key: value for key, value in described.items() if value}


def _file(place: int, file: Mapping[str, Any]) -> dict[str, Any]:
    size = file["bytes"]
    described = {
        "@type": "cr:FileObject",
        "@id": f"file-{place}",
        "name": file["name"],
        "contentUrl": file["name"],
        "contentSize": None if size is None else f"{size} B",
        "encodingFormat": "application/octet-stream",
        "sha256": file["sha256"],
    }
    return {key: value for key, value in described.items() if value is not None}


def _prefixed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {f"{OURS}{term}": _prefixed(part) for term, part in value.items() if part is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_prefixed(part) for part in value]
    return value
