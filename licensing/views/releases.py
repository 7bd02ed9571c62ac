"""Model releases: what each is, what it was trained on as far as a viewer may know, and what was allocated from it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, LICENSEE, MEMBER, may
from licensing import selectors
from licensing.core import lineage
from licensing.views import lists, rails
from licensing.views.doors import RIGHTS, open_to

SEARCH = ("number", "name_ja", "name_en", "weights_sha256")
HEADER = ("release", "name_ja", "name_en", "published_on", "withdrawn_on", "weights_sha256")


@require_safe
@open_to(RIGHTS | {LICENSEE})
def index(request):
    found = selectors.releases.visible_to(request.viewer)
    rows, context = lists.narrowed(request, found, search=SEARCH)
    if lists.wants_csv(request):
        return lists.csv("releases", HEADER, [_cells(row) for row in rows])
    context |= lists.paged(request, rows) | {"may_record": may(request.viewer, "run.record")}
    return render(request, "licensing/releases/list.html", context)


@require_safe
def detail(request, number):
    viewer = request.viewer
    found = get_object_or_404(selectors.releases.visible_to(viewer), number=number)
    runs = selectors.releases.placed(selectors.releases.runs_visible_to(viewer).filter(release=found))
    in_force = selectors.agreements.in_force(viewer).filter(release=found)
    nodes, edges = selectors.releases.lineage(viewer, found)
    counts_licences = viewer.workplace in {LEGAL, FINANCE, AUDITOR}
    context = {
        "release": found,
        "state": "withdrawn" if found.withdrawn_on else "published",
        "runs": runs,
        "gpu_s": sum(run.gpu_s for run in runs),
        "is_member": viewer.workplace == MEMBER,
        "own_versions": selectors.releases.own_versions(viewer, found),
        "run_breaches": selectors.releases.run_breaches_visible_to(viewer).filter(run__release=found),
        "may_breach": may(viewer, "run.breach"),
        "edges": edges,
        "svg": lineage.draw(nodes, edges, me=found.number, language=request.LANGUAGE_CODE) if edges else "",
        "finding": lineage.finding(nodes, edges, found.number),
        "breaches": selectors.releases.breaches_visible_to(viewer, found),
        "allocations": selectors.allocations.visible_to(viewer).filter(release=found),
        "licences": in_force.count() if counts_licences else None,
        "sees_files": viewer.workplace in {LEGAL, AUDITOR},
        "behind": selectors.origins.behind(viewer, found, localdate()),
        "own_agreements": in_force if viewer.workplace == LICENSEE else [],
        "history": rails.history(viewer, f"release:{found.number}"),
    }
    return render(request, "licensing/releases/detail.html", context)


def _cells(row) -> tuple:
    return row.number, row.name_ja, row.name_en, row.published_on, row.withdrawn_on, row.weights_sha256
