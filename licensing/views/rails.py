"""The rail beside a subject: its journal entries, newest first, each with its seal and its proof."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from contributions.core.roles import WORKPLACES, Viewer
from licensing import selectors


def history(viewer: Viewer, *subjects: str) -> list[dict]:
    """What components/history.html prints on these subjects, as far as the viewer may read it."""
    return lines(selectors.entries.about(viewer, *subjects))


def history_of_part(viewer: Viewer, subject: str, number: str) -> list[dict]:
    """Of a whole subject's history, what names one part of it by number: an obligation, a delivery."""
    entries = selectors.entries.about(viewer, subject)
    return lines(entry for entry in entries if _names(entry.statement["facts"], number))


def _names(value, number: str) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return any(_names(each, number) for each in value)
    return value == number


def lines(entries: Iterable) -> list[dict]:
    """Readable entries as lines of a history."""
    return [
        {
            "recorded_at": entry.recorded_at,
            "title": entry.label,
            "by": WORKPLACES.get(entry.statement["by"]["workplace"], ""),
            "sequence": entry.seq,
            "url": reverse("contributions:entry", args=[entry.seq]),
            "proof_url": reverse("contributions:proof", args=[entry.seq]),
            "digest": entry.leaf_hash,
        }
        for entry in entries
    ]
