"""One search over every noun: numbers, names, digests, amounts, entries, as far as the reader may see.

Each finder answers for one noun with what its selector shows this viewer. The licensing wing adds its own finders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from contributions import selectors
from contributions.core import ratecards as rules
from contributions.core.reviews import REVIEWS
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.forms.fields import sought
from contributions.templatetags.contributed import text_of
from contributions.views import doors

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
    typed = request.GET.get("q", "").strip()[:QUERY_MAX]
    query = sought(typed)
    groups: dict[Text, list[Hit]] = {}
    if query:
        for finder in FINDERS:
            for hit in finder(request.viewer, query):
                groups.setdefault(hit.noun, []).append(hit)
    count = sum(len(hits) for hits in groups.values())
    context = {
        "search_query": typed if query else "",
        "groups": list(groups.items()),
        "count": count,
        "limit": HITS_MAX,
    }
    return render(request, "contributions/search.html", context)


def finder(
    noun: Text,
    found: Callable[[Viewer, str], Iterable],
    page: str,
    name: Callable,
    *,
    arguments: Callable = lambda row: [row.number],
    number: Callable = str,
    note: Callable = lambda row: "",
    states: str = "",
) -> Finder:
    """A finder of one noun: the rows that its selector shows this viewer for the query, each with its page.

    `states` names the table of words for the rows' states; without it a state reads as everywhere.
    """

    def find(viewer: Viewer, query: str) -> list[Hit]:
        hits = []
        for row in islice(found(viewer, query), HITS_MAX):
            state = str(getattr(row, "course", getattr(row, "state", "")))
            label = text_of(states, state) if states else ""
            hits.append(Hit(noun, number(row), name(row), reverse(page, args=arguments(row)), note(row), state, label))
        return hits

    return find


def _facilities(viewer: Viewer, query: str) -> Iterable:
    rows = selectors.facilities.then(selectors.compute.facilities_visible_to(viewer), localdate())
    told = "{0.code} {0.name_ja} {0.name_en} {0.region} {0.operator.name_ja} {0.operator.name_en}"
    return [row for row in rows if query.lower() in told.format(row).lower()]


def _batches(viewer: Viewer, query: str) -> Iterable:
    """Usage files, each with the state that its own page shows."""
    rows = selectors.compute.matching(selectors.compute.batches_visible_to(viewer), query)
    return selectors.courses.tell(rows[:HITS_MAX])


def _run_by(facility) -> Text:
    return _named(facility.operator)


def _cards(viewer: Viewer, query: str) -> Iterable:
    """Rate cards whose name or one of whose lines, as far as the reader sees them, holds the text."""
    for each in selectors.ratecards.visible_to(viewer):
        name = rules.name_of(each.card.card)
        told = " ".join((each.card.card, name.ja, name.en, *each.lines))
        if query.lower() in told.lower():
            yield each.card


def _organizations(viewer: Viewer, query: str) -> Iterable:
    """Where the reader's workplace has the page of an organization at all."""
    if viewer is None or viewer.workplace not in doors.COMMON:
        return []
    return selectors.organizations.matching(selectors.organizations.visible_to(viewer), query)


def _by_code(row) -> list:
    return [row.code]


def _named(row) -> Text:
    return Text(row.name_ja, row.name_en)


def _titled(row) -> Text:
    return Text(row.title_ja, row.title_en)


def _owner(row) -> Text:
    return _named(row.member.organization)


FINDERS: list[Finder] = [
    finder(
        Text("データセット", "Datasets"),
        lambda viewer, query: selectors.datasets.matching(
            selectors.datasets.visible_to(viewer), query.partition("@")[0]
        ),
        "contributions:dataset",
        _named,
        note=_owner,
    ),
    finder(
        Text("データ審査", "Data reviews"),
        lambda viewer, query: selectors.reviews.matching(selectors.reviews.visible_to(viewer), query),
        "contributions:review",
        lambda row: REVIEWS.get(row.kind, Text(row.kind, row.kind)),
        arguments=lambda row: [row.number],
        number=lambda row: str(row.version),
        note=lambda row: _named(row.version),
        states="review_state",
    ),
    finder(
        Text("除外指定", "Exclusions"),
        lambda viewer, query: selectors.exclusions.matching(selectors.exclusions.visible_to(viewer), query),
        "contributions:exclusion",
        _owner,
    ),
    finder(
        Text("所在国違反", "Residency breaches"),
        lambda viewer, query: selectors.residency.matching(selectors.residency.visible_to(viewer), query),
        "contributions:breach",
        lambda row: str(row.version or row.batch),
        note=_owner,
    ),
    finder(
        Text("計算実績", "Compute batches"),
        _batches,
        "contributions:batch",
        lambda row: row.file_name or "–",
        note=lambda row: _named(row.facility),
        states="batch_state",
    ),
    finder(
        Text("資金・従事・知財", "Cash, people, IP"),
        lambda viewer, query: selectors.resources.matching(selectors.resources.visible_to(viewer), query),
        "contributions:resource",
        _titled,
        note=_owner,
        states="resource_state",
    ),
    finder(
        Text("従事日誌", "Work logs"),
        lambda viewer, query: selectors.resources.work_logs_matching(
            selectors.resources.work_logs_visible_to(viewer), query
        ),
        "contributions:worklog_days",
        lambda row: _named(row.person),
        arguments=lambda row: [row.resource.number, row.number],
        note=lambda row: row.month,
    ),
    finder(
        Text("資金源", "Funding sources"),
        lambda viewer, query: selectors.funding.matching(selectors.funding.visible_to(viewer), query),
        "contributions:funding_source",
        _named,
        arguments=_by_code,
        note=lambda row: row.programme,
    ),
    finder(
        Text("取得財産", "Assets bought with a grant"),
        lambda viewer, query: selectors.funding.assets_matching(selectors.funding.assets_visible_to(viewer), query),
        "contributions:funding_source",
        _named,
        arguments=lambda row: [row.source.code],
        note=lambda row: _named(row.source),
    ),
    finder(
        Text("換算表", "Rate cards"),
        _cards,
        "contributions:ratecards",
        lambda row: rules.name_of(row.card),
        arguments=lambda row: [],
        note=lambda row: row.valid_from.isoformat(),
    ),
    finder(
        Text("受入契約", "Inbound agreements"),
        lambda viewer, query: selectors.terms.matching(selectors.terms.visible_to(viewer), query),
        "contributions:term",
        _titled,
        note=lambda row: _named(row.organization),
    ),
    finder(
        Text("会員", "Members"),
        lambda viewer, query: selectors.members.matching(selectors.members.visible_to(viewer), query),
        "contributions:member",
        lambda row: _named(row.organization),
        arguments=_by_code,
    ),
    finder(Text("組織", "Organizations"), _organizations, "contributions:organization", _named, arguments=_by_code),
    finder(
        Text("利用者・担当者", "People"),
        lambda viewer, query: selectors.people.matching(selectors.people.visible_to(viewer), query),
        "contributions:person",
        _named,
        arguments=lambda row: [row.pk],
        note=lambda row: _named(row.home) if row.home else "",
    ),
    finder(
        Text("クリーンチームの許可", "Clean-team grants"),
        lambda viewer, query: selectors.clearances.matching(selectors.clearances.visible_to(viewer), query),
        "contributions:clearances",
        lambda row: _named(row.user),
        arguments=lambda row: [],
        note=lambda row: _named(row.rival),
    ),
    finder(
        Text("計算施設", "Facilities"), _facilities, "contributions:facility", _named, arguments=_by_code, note=_run_by
    ),
    finder(
        Text("時点証明", "Log checkpoints"),
        lambda viewer, query: selectors.log.matching(query),
        "contributions:checkpoint",
        lambda row: Text(
            f"第{row.number:,}号（{row.size:,} 件まで）", f"Checkpoint {row.number:,} ({row.size:,} entries)"
        ),
        number=lambda row: str(row.number),
        note=lambda row: bytes(row.root).hex()[:16],
    ),
    finder(
        Text("台帳記録", "Log entries"),
        lambda viewer, query: selectors.journal.matching(selectors.journal.open_to(viewer), query=query).order_by(
            "-seq"
        ),
        "contributions:entry",
        lambda row: selectors.kinds.label(row.kind),
        arguments=lambda row: [row.seq],
        number=lambda row: f"{row.seq:,}",
        note=lambda row: row.subject.partition(":")[2] or row.subject,
    ),
    finder(
        Text("証拠ファイル", "Files of evidence"),
        lambda viewer, query: selectors.annexes.matching(selectors.annexes.visible_to(viewer), query),
        "contributions:entry",
        lambda row: row.name,
        arguments=lambda row: [row.entry.seq],
        number=lambda row: row.sha256[:8],
        note=lambda row: row.entry.subject.partition(":")[2] or row.entry.subject,
    ),
]
