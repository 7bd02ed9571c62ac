"""A subject's entries for the rail of its page, and the page that a subject of the log has."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse

from contributions import selectors
from contributions.core.roles import WORKPLACES, Viewer
from contributions.core.words import Text
from contributions.selectors.journal import ReadableEntry

# Which page shows a subject "noun:number". The licensing wing adds its own nouns at start-up.
PAGES: dict[str, str] = {
    "batch": "contributions:batch",
    "dataset": "contributions:dataset",
    "facility": "contributions:facility",
    "member": "contributions:member",
    "resource": "contributions:resource",
    "terms": "contributions:term",
}


def about(viewer: Viewer | None, *subjects: str) -> list[dict]:
    """The history of subjects of this wing, newest first, as components/history.html prints it."""
    return rail(viewer, selectors.journal.about(viewer, *subjects))


def rail(viewer: Viewer | None, entries: Iterable[ReadableEntry]) -> list[dict]:
    """Entries as lines of a rail, each with its own page and its proof."""
    names = {row.code: Text(row.short_ja, row.short_en) for row in selectors.organizations.visible_to(viewer)}
    return [
        {
            "recorded_at": entry.recorded_at,
            "title": entry.label,
            "by": author(entry.statement["by"], names),
            "sequence": entry.seq,
            "digest": entry.leaf_hash,
            "url": reverse("contributions:entry", args=[entry.seq]),
            "proof_url": reverse("contributions:proof", args=[entry.seq]),
        }
        for entry in entries
    ]


def author(by: dict, names: dict[str, Text]) -> Text:
    """Who wrote an entry: the workplace, and its organization where the reader may know of it."""
    place = WORKPLACES.get(by["workplace"], Text(by["workplace"], by["workplace"]))
    name = names.get(by.get("organization") or "")
    return Text(f"{name.ja}・{place.ja}", f"{name.en} · {place.en}") if name else place


def page_of(subject: str) -> str | None:
    """The address of the subject's page, where it has one."""
    noun, _, number = subject.partition(":")
    try:
        return reverse(PAGES[noun], args=[number]) if noun in PAGES else None
    except NoReverseMatch:
        return None
