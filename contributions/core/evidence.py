"""A file that somebody hands in beside what they state: an opinion, a certificate, a contract.

Its own name may name people or plants, so the statement calls it "evidence", and only the page shows its name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from contributions.core.errors import Refused

BYTES_MAX = 32 * 1024 * 1024
NAME = "evidence"
MEDIA = "application/octet-stream"
_NAME_MAX = 120


class EvidenceTooLong(Refused):
    code = "evidence-too-long"
    ja = "証拠ファイル「{name}」は {size} バイトあり、上限 {limit} バイトを超えています。"
    en = "The file of evidence “{name}” has {size} bytes; the limit is {limit}."


class EvidenceEmpty(Refused):
    code = "evidence-empty"
    ja = "証拠ファイル「{name}」は空です。"
    en = "The file of evidence “{name}” is empty."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was handed in, under the name that its owner gave it."""

    name: str
    content: bytes


def check(name: str, content: bytes) -> Evidence:
    """The file with a name that is safe to show, if it holds something and not too much."""
    shown = "".join(sign for sign in unicodedata.normalize("NFC", name) if sign.isprintable() and sign not in "/\\")
    shown = shown.strip(". ")[-_NAME_MAX:] or NAME
    if not content:
        raise EvidenceEmpty(name=shown)
    if len(content) > BYTES_MAX:
        raise EvidenceTooLong(name=shown, size=len(content), limit=BYTES_MAX)
    return Evidence(shown, content)
