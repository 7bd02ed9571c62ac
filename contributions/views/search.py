"""One search over every noun: numbers, names, digests, amounts, entries, as far as the reader may see.

Each finder answers for one noun with what its selector shows this viewer. The licensing wing adds its own finders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse

from contributions import selectors
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.templatetags.contributed import text_of

HITS_MAX = 20
QUERY_MAX = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is, its number, its name, and where it is read."""

    noun: Text
    number: str
    name: object
    url: str
    note: object = ""
    state: str = ""
    label: object = ""


Finder = Callable[[Viewer, str], list[Hit]]


def search(request):
    """Everything that the reader may see and that matches what was typed."""
    query = request.GET.get("q", "").strip()[:QUERY_MAX]
    groups: dict[Text, list[Hit]] = {}
    if query:
        for finder in FINDERS:
            for hit in finder(request.viewer, query):
                groups.setdefault(hit.noun, []).append(hit)
    count = sum(len(hits) for hits in groups.values())
    context = {"search_query": query, "groups": list(groups.items()), "count": count, "limit": HITS_MAX}
    return render(request, "contributions/search.html", context)


def _datasets(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.datasets.matching(selectors.datasets.visible_to(viewer), query.partition("@")[0])
    noun = Text("データセット", "Datasets")
    return [
        Hit(
            noun,
            row.number,
            _named(row),
            reverse("contributions:dataset", args=[row.number]),
            _named(row.member.organization),
        )
        for row in rows[:HITS_MAX]
    ]


def _batches(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.compute.matching(selectors.compute.batches_visible_to(viewer), query)
    noun = Text("計算実績", "Compute batches")
    return [
        Hit(
            noun,
            row.number,
            row.file_name,
            reverse("contributions:batch", args=[row.number]),
            _named(row.facility),
            row.state,
            text_of("batch_state", row.state),
        )
        for row in rows[:HITS_MAX]
    ]


def _resources(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.resources.matching(selectors.resources.visible_to(viewer), query)
    noun = Text("資金・従事・知財", "Cash, people, IP")
    return [
        Hit(
            noun,
            row.number,
            Text(row.title_ja, row.title_en),
            reverse("contributions:resource", args=[row.number]),
            _named(row.member.organization),
            row.state,
            text_of("resource_state", row.state),
        )
        for row in rows[:HITS_MAX]
    ]


def _members(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.members.matching(selectors.members.visible_to(viewer), query)
    noun = Text("会員", "Members")
    return [
        Hit(noun, row.code, _named(row.organization), reverse("contributions:member", args=[row.code]))
        for row in rows[:HITS_MAX]
    ]


def _terms(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.terms.matching(selectors.terms.visible_to(viewer), query)
    noun = Text("受入契約", "Inbound agreements")
    return [
        Hit(
            noun,
            row.number,
            Text(row.title_ja, row.title_en),
            reverse("contributions:term", args=[row.number]),
            _named(row.organization),
        )
        for row in rows[:HITS_MAX]
    ]


def _facilities(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.compute.facilities_visible_to(viewer)
    found = [row for row in rows if query.lower() in f"{row.code} {row.name_ja} {row.name_en}".lower()]
    noun = Text("計算施設", "Facilities")
    return [
        Hit(noun, row.code, _named(row), reverse("contributions:facility", args=[row.code])) for row in found[:HITS_MAX]
    ]


def _entries(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.journal.matching(selectors.journal.open_to(viewer), query=query).order_by("-seq")
    noun = Text("台帳記録", "Log entries")
    return [
        Hit(
            noun,
            f"{row.seq:,}",
            selectors.kinds.label(row.kind),
            reverse("contributions:entry", args=[row.seq]),
            row.subject,
        )
        for row in rows[:HITS_MAX]
    ]


def _checkpoints(viewer: Viewer, query: str) -> list[Hit]:
    noun = Text("時点証明", "Log checkpoints")
    return [
        Hit(
            noun,
            str(row.number),
            Text(f"第{row.number:,}号（{row.size:,} 件まで）", f"Checkpoint {row.number:,} ({row.size:,} entries)"),
            reverse("contributions:checkpoint", args=[row.number]),
            bytes(row.root).hex()[:16],
        )
        for row in selectors.log.matching(query)[:HITS_MAX]
    ]


def _named(row) -> Text:
    return Text(row.name_ja, row.name_en)


def _exclusions(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.exclusions.matching(selectors.exclusions.visible_to(viewer), query)
    noun = Text("除外指定", "Exclusions")
    return [
        Hit(
            noun,
            row.number,
            _named(row.member.organization),
            reverse("contributions:exclusion", args=[row.number]),
        )
        for row in rows[:HITS_MAX]
    ]


def _breaches(viewer: Viewer, query: str) -> list[Hit]:
    rows = selectors.residency.matching(selectors.residency.visible_to(viewer), query)
    noun = Text("所在国違反", "Residency breaches")
    return [
        Hit(
            noun,
            row.number,
            Text(str(row.version or row.batch), str(row.version or row.batch)),
            reverse("contributions:breach", args=[row.number]),
            _named(row.member.organization),
        )
        for row in rows[:HITS_MAX]
    ]


FINDERS: list[Finder] = [
    _datasets,
    _exclusions,
    _breaches,
    _batches,
    _resources,
    _terms,
    _members,
    _facilities,
    _checkpoints,
    _entries,
]
