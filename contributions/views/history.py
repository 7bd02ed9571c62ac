"""A subject's entries for the rail of its page, and the page that a subject of the log has."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.urls import NoReverseMatch, reverse

from contributions import selectors
from contributions.core.roles import WORKPLACES, Viewer
from contributions.core.words import Text
from contributions.selectors.journal import ReadableEntry
from contributions.views import doors

LINES_MAX = 30

# Which page shows a subject "noun:number". The licensing wing adds its own nouns at start-up.
PAGES: dict[str, str] = {
    "batch": "contributions:batch",
    "breach": "contributions:breach",
    "dataset": "contributions:dataset",
    "entry": "contributions:entry",
    "exclusion": "contributions:exclusion",
    "facility": "contributions:facility",
    "funding": "contributions:funding_source",
    "member": "contributions:member",
    "organization": "contributions:organization",
    "person": "contributions:person",
    "resource": "contributions:resource",
    "terms": "contributions:term",
}


# Nouns whose pages only these workplaces have; the licensing wing enters its own at start-up.
OPEN_TO: dict[str, Collection[str]] = {
    "batch": doors.FIGURES,
    "breach": doors.FIGURES,
    "dataset": doors.REVIEWS,
    "exclusion": doors.FIGURES,
    "facility": doors.FIGURES,
    "funding": doors.COMMON,
    "member": doors.MEMBERS,
    "organization": doors.COMMON,
    "person": doors.PEOPLE,
    "resource": doors.RESOURCES,
    "terms": doors.FIGURES,
}


def about(viewer: Viewer | None, *subjects: str, besides: int | None = None) -> list[dict]:
    """The history of subjects, newest first, as components/history.html prints it, less the entry `besides`.

    Metered days are left out: a batch has one for every day, and its page lists them as a table.
    """
    entries = selectors.journal.open_to(viewer).filter(subject__in=subjects).exclude(kind="compute.metered")
    if besides is not None:
        entries = entries.exclude(seq=besides)
    rows = entries.select_related("statement").order_by("-seq")[:LINES_MAX]
    return rail(viewer, readable(rows))


def readable(entries: Iterable) -> list[ReadableEntry]:
    """Entries that still have their statement; one that was erased has nothing to read."""
    return [selectors.journal.readable(entry) for entry in entries if hasattr(entry, "statement")]


def rail(viewer: Viewer | None, entries: Iterable[ReadableEntry]) -> list[dict]:
    """Entries as lines of a rail, each with its own page and its proof."""
    names = names_for(viewer)
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


def names_for(viewer: Viewer | None) -> dict[str, Text]:
    """Short names of the organizations that the reader may know of; the secretariat goes without saying."""
    rows = selectors.organizations.visible_to(viewer).exclude(kind="office")
    return {row.code: Text(row.short_ja, row.short_en) for row in rows}


def author(by: dict, names: dict[str, Text]) -> Text:
    """Who wrote an entry: the workplace, and its organization where the reader may know of it."""
    place = WORKPLACES.get(by["workplace"], Text(by["workplace"], by["workplace"]))
    name = names.get(by.get("organization") or "")
    return Text(f"{name.ja}・{place.ja}", f"{name.en} · {place.en}") if name else place


def page_of(subject: str, viewer: Viewer | None) -> str | None:
    """The address of the subject's page, where it has one that is open to the viewer's workplace."""
    noun, _, number = subject.partition(":")
    if viewer is None or viewer.workplace not in OPEN_TO.get(noun, {viewer.workplace}):
        return None
    try:
        return reverse(PAGES[noun], args=[number]) if noun in PAGES else None
    except NoReverseMatch:
        return None
